// What the doctor has found broken, each with what helps.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: list

    property var faults: []

    Layout.fillWidth: true
    visible: faults.length > 0
    spacing: Theme.gap

    Repeater {
        model: list.faults

        ColumnLayout {
            id: fault

            required property var modelData

            Layout.fillWidth: true
            spacing: Theme.gap / 2

            Words {
                Layout.fillWidth: true
                text: fault.modelData.words
                color: Theme.colors.alarm
                Accessible.role: Accessible.AlertMessage
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: fault.modelData.remedy
                font.pixelSize: Theme.small
            }
        }
    }
}
