// What calls offer of one kind: each on or off, and the best first.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: list

    required property var row

    Layout.fillWidth: true
    spacing: Theme.gap / 2

    Words { text: list.row.label; font.pixelSize: Theme.small; muted: true; Accessible.role: Accessible.Heading }
    Repeater {
        model: list.row.entries

        RowLayout {
            id: entry

            required property var modelData

            spacing: Theme.gap

            Check {
                text: entry.modelData.words
                checked: entry.modelData.offered
                enabled: !entry.modelData.fixed
                Accessible.description: entry.modelData.fixed ? qsTr("Cannot be switched off") : list.row.label
                onToggled: offers.offer(list.row.kind, entry.modelData.name, checked)
            }
            PushButton {
                visible: !entry.modelData.first
                kind: "quiet"
                glyph: "up"
                Accessible.name: qsTr("%1: offer it earlier").arg(entry.modelData.words)
                onClicked: offers.prefer(list.row.kind, entry.modelData.name)
            }
        }
    }
    PushButton {
        visible: list.row.chosen
        text: qsTr("As Parley comes")
        Accessible.description: list.row.label
        onClicked: offers.reset(list.row.kind)
    }
}
