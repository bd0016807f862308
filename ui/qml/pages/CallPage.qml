// The dial field when nobody is on the line; else the call in front.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: page

    readonly property var call: calls.current
    readonly property bool talking: call.id !== undefined

    function take(address: string) {
        dialler.take(address);
    }

    spacing: 0

    Screen {
        id: screen

        name: qsTr("Call")
        Layout.fillWidth: true
        Layout.fillHeight: true

        IncomingCall {
            visible: calls.incoming.id !== undefined
            call: calls.incoming
        }
        Dialler {
            id: dialler

            visible: !page.talking
        }
        LiveCall {
            visible: page.talking
            call: page.call
            keypad: controls.keypad
            more: controls.more
            sound: controls.sound
            onOpened: card => screen.reveal(card)
        }
        ColumnLayout {
            visible: calls.rows.count > 1
            spacing: Theme.gap

            Words { text: qsTr("Other calls"); muted: true; font.pixelSize: Theme.small }
            Repeater {
                model: calls.rows

                PushButton {
                    required property var row

                    Layout.fillWidth: true
                    visible: row.id !== page.call.id && row.state !== "incoming"
                    glyph: row.held ? "pause" : "phone"
                    text: qsTr("%1, %2: switch to it").arg(row.title).arg(row.held ? qsTr("on hold") : row.progress)
                    onClicked: calls.choose(row.id)
                }
            }
        }
    }
    CallControls {
        id: controls

        Layout.fillWidth: true
        visible: page.talking && !silent
        call: page.call
    }
}
