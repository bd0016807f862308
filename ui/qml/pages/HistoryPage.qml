// Past calls.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

Screen {
    id: page

    property bool clearing: false

    title: qsTr("History")

    Words {
        visible: history.rows.count === 0
        text: qsTr("No calls yet.")
        muted: true
    }
    Repeater {
        model: history.rows

        RowLayout {
            id: entry

            required property var row

            spacing: Theme.gap

            PastCall {
                row: entry.row
                onChosen: calls.dial(row.uri, row.account ?? "")
            }
            PushButton {
                // asks again whenever contacts change
                visible: contacts.total >= 0 && !contacts.has(entry.row.name)
                kind: "quiet"
                glyph: "plus"
                Accessible.name: qsTr("Add %1 to the contacts").arg(entry.row.title)
                onClicked: contacts.propose(entry.row.name, entry.row.uri)
            }
        }
    }
    PushButton {
        visible: history.rows.count > 0 && !page.clearing
        text: qsTr("Clear the history...")
        onClicked: page.clearing = true
    }
    Flow {
        Layout.fillWidth: true
        visible: page.clearing
        spacing: Theme.gap

        PushButton { text: qsTr("Keep it"); onClicked: page.clearing = false }
        PushButton {
            kind: "danger"
            text: qsTr("Forget all calls")
            onClicked: {
                history.clear();
                page.clearing = false;
            }
        }
    }
}
