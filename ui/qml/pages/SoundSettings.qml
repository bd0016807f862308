// Microphone, loudspeaker and ringer.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    onVisibleChanged: devices.watch("settings", visible)
    Component.onCompleted: devices.watch("settings", visible)
    Layout.fillWidth: true
    spacing: 2 * Theme.gap

    Words { text: qsTr("Sound"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: devices.notice
        color: Theme.colors.warning
    }
    Repeater {
        model: devices.roles

        Choice {
            required property var modelData

            label: modelData.label
            options: modelData.options
            value: modelData.value
            onChosen: value => devices.choose(modelData.role, value)
        }
    }
    Meter { role: "microphone"; label: qsTr("Microphone") }
    Meter { role: "speaker"; label: qsTr("Loudspeaker") }
    Notice {
        text: refusal.sentence
        color: Theme.colors.alarm
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton { text: qsTr("Try the loudspeaker"); onClicked: devices.try_out("speaker") }
        PushButton { text: qsTr("Try the ringer"); onClicked: devices.try_out("ringer") }
        PushButton {
            enabled: !trial.running
            text: qsTr("Call the echo")
            Accessible.description: echo.text
            onClicked: trial.begin()
        }
    }
    Words {
        id: echo

        Layout.fillWidth: true
        text: qsTr("The echo, on this computer, says what you say a moment later: that is how to try the microphone.")
        muted: true
        font.pixelSize: Theme.small
    }
    Connections {
        id: refusal

        property string sentence

        target: devices

        function onRefused(sentence) { refusal.sentence = sentence; }
        function onChanged() { refusal.sentence = ""; }
    }
    Check {
        text: qsTr("Take echo and noise out of what I say")
        checked: devices.cancels_echo
        Accessible.description: devices.echo_reason
        onToggled: devices.cancel_echo(checked)
    }
    Words {
        Layout.fillWidth: true
        text: devices.echo_reason
        muted: true
        font.pixelSize: Theme.small
    }
    Check {
        text: qsTr("Make me as loud as others, however far the microphone is")
        checked: devices.evens_out
        onToggled: devices.even_out(checked)
    }
    Check {
        text: qsTr("Tell other phones that calls may be recorded")
        checked: settings.announce
        onToggled: calls.announce(checked)
    }
}
