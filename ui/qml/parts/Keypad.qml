// Twelve keys.
import QtQuick
import QtQuick.Layouts
import ".."

GridLayout {
    id: keypad

    signal pressed(string key)

    columns: 3
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap
    Layout.fillWidth: true

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"]

        PushButton {
            required property string modelData

            Layout.fillWidth: true
            text: modelData
            font.pixelSize: Theme.large
            Accessible.name: ({ "*": qsTr("Star"), "#": qsTr("Hash") })[modelData] ?? modelData
            onClicked: keypad.pressed(modelData)
        }
    }
}
