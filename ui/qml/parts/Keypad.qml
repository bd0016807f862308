// Twelve keys.
import QtQuick
import QtQuick.Layouts
import ".."

GridLayout {
    id: keypad

    signal pressed(string key)

    // from then on they can be typed as well
    function begin() {
        keys.itemAt(0).forceActiveFocus(Qt.TabFocusReason);
    }

    Keys.onPressed: event => {
        if (event.text !== "" && "0123456789*#".includes(event.text)) {
            pressed(event.text);
            event.accepted = true;
        }
    }

    columns: 3
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap
    Layout.fillWidth: true

    Repeater {
        id: keys

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
