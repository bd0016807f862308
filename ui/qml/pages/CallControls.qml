// What one does in a call, always in the same place.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

Rectangle {
    id: controls

    required property var call
    readonly property bool connected: call.state === "connected"
    // nothing but the way out, which the alarm has, and what keeps others from listening
    readonly property bool alarmed: !!call.alarmed
    // there is nothing to shut up while nothing passes
    readonly property bool silent: alarmed && (call.pending === "Protection lost" || call.alarm === "Codes do not match")
    property alias keypad: keys.checked
    property alias more: rest.checked
    property alias sound: loudness.checked

    implicitHeight: column.implicitHeight + 3 * Theme.gap
    color: Theme.colors.background

    ColumnLayout {
        id: column

        anchors.centerIn: parent
        width: Math.min(parent.width - 4 * Theme.gap, 560 * settings.text_size)
        spacing: 1.5 * Theme.gap

        GridLayout {
            visible: controls.connected
            columns: column.width > 310 * settings.text_size ? 5 : 3
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap
            uniformCellWidths: true

            Toggle {
                glyph: "mute"
                text: controls.call.muted ? qsTr("Unmute") : qsTr("Mute")
                checked: !!controls.call.muted
                onClicked: calls.mute(controls.call.id, !controls.call.muted)
            }
            Toggle {
                glyph: "pause"
                text: controls.call.held ? qsTr("Resume") : qsTr("Hold")
                checked: !!controls.call.held
                onClicked: calls.hold(controls.call.id, !controls.call.held)
            }
            Toggle {
                id: loudness

                visible: !controls.alarmed
                glyph: "speaker"
                text: qsTr("Sound")
                checkable: true
            }
            Toggle {
                id: keys

                visible: !controls.alarmed
                glyph: "keypad"
                text: qsTr("Keypad")
                checkable: true
            }
            Toggle {
                id: rest

                visible: !controls.alarmed
                glyph: "dots"
                text: qsTr("More")
                checkable: true
            }
        }
        PushButton {
            Layout.fillWidth: true
            visible: !controls.alarmed
            kind: "danger"
            glyph: "hangup"
            text: qsTr("Hang up")
            onClicked: calls.hang_up(controls.call.id)
        }
    }
}
