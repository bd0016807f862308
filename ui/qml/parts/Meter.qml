// How loud it is, and how loud it shall be.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: meter

    required property string role
    required property string label

    Layout.fillWidth: true
    spacing: Theme.gap / 2

    Words {
        id: name

        Layout.fillWidth: true
        text: qsTr("%1: %2 %").arg(meter.label).arg(devices.volumes[meter.role])
        font.pixelSize: Theme.small
        muted: true
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: Theme.gap
        radius: height / 2
        color: Theme.colors.pressed
        Accessible.role: Accessible.ProgressBar
        Accessible.name: qsTr("%1, level").arg(meter.label)

        Rectangle {
            width: parent.width * devices.levels[meter.role]
            height: parent.height
            radius: height / 2
            color: Theme.colors.good
        }
    }
    Range {
        from: 0
        to: 200
        stepSize: 10
        value: devices.volumes[meter.role]
        Accessible.name: name.text
        onMoved: devices.volume(meter.role, value)
    }
}
