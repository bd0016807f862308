// A secret that nobody can guess: first where the server keeps it, then here.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Card {
    id: card

    spacing: 1.5 * Theme.gap
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("A new secret")

    Words {
        Layout.fillWidth: true
        visible: new_secret.section !== ""
        text: qsTr("Put these lines into pjsip.conf of your Asterisk, in place of the account's auth section, and reload it. Then use the secret here.")
    }
    TextArea {
        id: lines

        Layout.fillWidth: true
        visible: new_secret.section !== ""
        readOnly: true
        selectByMouse: true
        text: new_secret.section
        color: Theme.colors.text
        font { family: "monospace"; pixelSize: Theme.small }
        wrapMode: TextEdit.WrapAnywhere
        textFormat: TextEdit.PlainText
        Accessible.name: qsTr("Lines for pjsip.conf")
        KeyNavigation.priority: KeyNavigation.BeforeItem
        KeyNavigation.tab: copy

        background: Rectangle { color: Theme.colors.background; radius: Theme.radius }
    }
    Check {
        id: plain

        visible: new_secret.section !== ""
        text: qsTr("For an older Asterisk: the secret itself, in place of its digests")
        onToggled: new_secret.make(new_secret.account, checked)
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: new_secret.problem
        color: Theme.colors.alarm
        Accessible.role: Accessible.AlertMessage
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton {
            id: copy

            visible: new_secret.section !== ""
            text: new_secret.copied ? qsTr("Copied") : qsTr("Copy")
            onClicked: new_secret.copy()
        }
        PushButton {
            visible: new_secret.section !== ""
            kind: "primary"
            enabled: !new_secret.busy
            text: new_secret.busy ? qsTr("Asking the server...") : qsTr("They are there: use the secret")
            onClicked: new_secret.use()
        }
        PushButton { text: qsTr("Cancel"); onClicked: new_secret.cancel() }
    }
}
