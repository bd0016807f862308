// Past calls.
import QtQuick
import ".."
import "../parts"

Screen {
    title: qsTr("History")

    Words {
        visible: history.rows.count === 0
        text: qsTr("No calls yet.")
        muted: true
    }
    Repeater {
        model: history.rows

        PastCall {
            onChosen: calls.dial(row.uri, row.account ?? "")
        }
    }
}
