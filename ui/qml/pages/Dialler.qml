// Whom to call: a number, a name out of the history, or an address.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: dialler

    readonly property var matching: whom.text.length > 0 ? history.matching(whom.text) : []
    readonly property bool fitting: matching.length > 0 && whom.input.activeFocus

    function take(address: string) {
        // a link fills the field; it never dials
        if (address !== "")
            whom.text = address.replace(/^tel:/i, "").replace(/^(sips?):\/\//i, "$1:");
        whom.input.forceActiveFocus();
    }

    function call() {
        if (whom.text.trim() !== "")
            calls.dial(whom.text.trim());
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
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: refusal.sentence
        color: Theme.colors.alarm
        Accessible.role: Accessible.AlertMessage
    }
    Repeater {
        model: dialler.matching

        PushButton {
            required property var modelData

            Layout.fillWidth: true
            text: modelData.title + "   " + modelData.uri
            onClicked: {
                whom.text = modelData.uri;
                whom.input.forceActiveFocus();
            }
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
    ColumnLayout {
        Layout.topMargin: Theme.gap
        visible: history.recent.length > 0 && dialler.matching.length === 0
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
