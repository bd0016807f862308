// Whom to call: a number, a name out of the history, or an address.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: dialler

    function take(address: string) {
        whom.take(address);
    }

    function call() {
        if (!whom.empty)
            calls.dial(whom.text);
    }

    Layout.fillWidth: true
    spacing: 1.5 * Theme.gap

    Whom {
        id: whom

        label: qsTr("Call")
        input.font.pixelSize: Theme.large
        onAccepted: dialler.call()
    }
    Notice {
        text: refusal.sentence
        color: Theme.colors.alarm
    }
    RowLayout {
        spacing: Theme.gap

        PushButton {
            Layout.fillWidth: true
            kind: "primary"
            glyph: "phone"
            text: qsTr("Call")
            enabled: !whom.empty && backend.connected
            onClicked: dialler.call()
        }
        PushButton {
            id: keys

            checkable: true
            glyph: "keypad"
            Accessible.name: qsTr("Keypad")
            Accessible.checkable: true
        }
    }
    Keypad {
        visible: keys.checked
        onPressed: key => whom.text += key
    }
    Repeater {
        model: accounts.mailboxes

        Mailbox {
            required property var modelData

            box: modelData
            several: accounts.mailboxes.length > 1
        }
    }
    ColumnLayout {
        Layout.topMargin: Theme.gap
        visible: history.recent.count > 0 && whom.fitting.length === 0
        spacing: Theme.gap / 2

        Words { text: qsTr("Recent"); muted: true; font.pixelSize: Theme.small }
        Repeater {
            model: history.recent

            PastCall {
                onChosen: calls.dial(row.uri, row.account ?? "")
            }
        }
    }
    Card {
        visible: accounts.known && accounts.rows.count === 0 && history.recent.count === 0

        Words {
            Layout.fillWidth: true
            text: qsTr("No account yet. You can call sip: addresses directly, or hear yourself first.")
            muted: true
        }
        PushButton {
            Layout.fillWidth: true
            enabled: !trial.running
            text: trial.running ? qsTr("Starting the echo...") : qsTr("Try it now")
            onClicked: trial.begin()
        }
    }

    Connections {
        id: refusal

        property string sentence

        target: calls

        function onRefused(sentence) { refusal.sentence = sentence; }
        function onDialled() {
            refusal.sentence = "";
            whom.text = "";
        }
        function onEnded(call) { refusal.sentence = call.status >= 300 && call.direction === "outgoing" ? call.reason : ""; }
    }
}
