// What waits in the mailbox of an account, and the way to hear it.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: mailbox

    required property var box
    property bool several: false

    Layout.fillWidth: true
    spacing: Theme.gap / 2

    PushButton {
        Layout.fillWidth: true
        glyph: "mail"
        text: mailbox.several ? mailbox.box.id + ": " + mailbox.box.words : mailbox.box.words
        font.weight: mailbox.box.waiting ? Font.DemiBold : Font.Normal
        Accessible.description: mailbox.box.dials !== "" ? qsTr("Press to hear them") : qsTr("Press to see how to hear them")
        onClicked: {
            if (mailbox.box.dials !== "")
                calls.dial(mailbox.box.dials, mailbox.box.id);
            else
                how.visible = !how.visible;
        }
    }
    Words {
        id: how

        Layout.fillWidth: true
        visible: false
        text: qsTr("The server does not say which number plays them. Often it is *97; whoever runs the server knows (voicemail_extension in Asterisk's pjsip.conf tells Parley).")
        muted: true
        font.pixelSize: Theme.small
    }
}
