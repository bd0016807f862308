// How the line is, in plain words; the numbers on request.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: quality

    required property var call
    property bool open: false

    spacing: 0

    PushButton {
        Layout.fillWidth: true
        kind: "quiet"
        font.pixelSize: Theme.small
        text: quality.call.quality ?? ""
        Accessible.description: quality.open ? numbers.text : qsTr("Press to see the numbers")
        onClicked: quality.open = !quality.open
    }
    Words {
        id: numbers

        Layout.fillWidth: true
        visible: quality.open
        text: quality.call.quality_details ?? ""
        muted: true
        font.pixelSize: Theme.small
        horizontalAlignment: Text.AlignHCenter
    }
}
