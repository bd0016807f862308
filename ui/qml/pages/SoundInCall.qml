// How loud a call is, and where it is heard.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

Card {
    onVisibleChanged: devices.watch("call", visible)

    Meter { role: "microphone"; label: qsTr("Microphone") }
    Meter { role: "speaker"; label: qsTr("Loudspeaker") }
    Repeater {
        model: devices.roles

        Choice {
            required property var modelData

            visible: modelData.role !== "ringer"
            label: modelData.label
            options: modelData.options
            value: modelData.value
            onChosen: value => devices.choose(modelData.role, value)
        }
    }
}
