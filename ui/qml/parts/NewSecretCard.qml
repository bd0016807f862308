// A secret that nobody can guess: first where the server keeps it, then here.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Card {
    id: card

    readonly property string section: new_secret.section
    property bool seen: false

    onSectionChanged: {
        if (section !== "" && !seen)
            copy.forceActiveFocus(Qt.TabFocusReason);
        seen = seen || section !== "";
    }

    spacing: 1.5 * Theme.gap
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("A new secret")

    Words {
        Layout.fillWidth: true
        visible: card.section !== ""
        text: qsTr("Put these lines into pjsip.conf of your Asterisk, in place of the account's auth section, and reload it. Then use the secret here.")
    }
    TextArea {
        id: lines

        Layout.fillWidth: true
        visible: card.section !== ""
        readOnly: true
        selectByMouse: true
        text: card.section
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

        visible: card.section !== ""
        text: qsTr("For an older Asterisk: the secret itself, in place of its digests")
        onToggled: new_secret.make(new_secret.account, checked)
    }
    Notice {
        text: new_secret.problem
        color: Theme.colors.alarm
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton {
            id: copy

            visible: card.section !== ""
            text: new_secret.copied ? qsTr("Copied") : qsTr("Copy")
            onClicked: new_secret.copy()
        }
        PushButton {
            visible: card.section !== ""
            kind: "primary"
            enabled: !new_secret.busy
            text: new_secret.busy ? qsTr("Asking the server...") : qsTr("They are there: use the secret")
            onClicked: new_secret.use()
        }
        PushButton { text: qsTr("Cancel"); onClicked: new_secret.cancel() }
    }
}
