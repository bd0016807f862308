// Whom to call: a number, a name out of the history, or an address.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: dialler

    function take(address: string) {
        // a link fills the field; it never dials
        if (address !== "")
            whom.text = contacts.dialable(address);
        whom.input.forceActiveFocus();
    }

    function call() {
        if (whom.text.trim() !== "")
            calls.dial(contacts.dialable(whom.text));
    }

    Layout.fillWidth: true
    spacing: 1.5 * Theme.gap

    Field {
        id: whom

        label: qsTr("Call")
        placeholder: qsTr("Number, name or sip: address")
        input.font.pixelSize: Theme.large
        input.maximumLength: 300
        onAccepted: dialler.call()
        onTextChanged: contacts.suggest(text)

        property int before: 0

        // more than one letter at once was pasted: what surrounds the address goes
        input.onTextEdited: {
            const pasted = text.length > before + 1;
            before = text.length;
            if (pasted && text !== contacts.dialable(text))
                text = contacts.dialable(text);
        }
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: refusal.sentence
        color: Theme.colors.alarm
        Accessible.role: Accessible.AlertMessage
    }
    Repeater {
        model: contacts.suggestions

        PushButton {
            required property var modelData

            Layout.fillWidth: true
            text: [modelData.name, modelData.address].filter(word => word !== "").join("   ")
            onClicked: dialler.take(modelData.address)
        }
    }
    RowLayout {
        spacing: Theme.gap

        PushButton {
            Layout.fillWidth: true
            kind: "primary"
            glyph: "phone"
            text: qsTr("Call")
            enabled: whom.text.trim() !== "" && backend.connected
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
        visible: history.recent.length > 0 && contacts.suggestions.length === 0
        spacing: Theme.gap / 2

        Words { text: qsTr("Recent"); muted: true; font.pixelSize: Theme.small }
        Repeater {
            model: history.recent

            PastCall {
                required property var modelData

                row: modelData
                onChosen: calls.dial(row.uri, row.account ?? "")
            }
        }
    }
    Card {
        visible: accounts.known && accounts.rows.count === 0 && history.recent.length === 0

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
