// Somebody calls.
import QtQuick
import QtQuick.Layouts
import ".."

Card {
    id: card

    required property var call
    property bool sending: false
    readonly property string lastLevel: call.remote_uri ? history.last_level(call.remote_uri) : ""

    spacing: 1.5 * Theme.gap
    border.color: Theme.colors.accent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: qsTr("%1 is calling").arg(call.title ?? "")

    Words {
        Layout.fillWidth: true
        text: qsTr("Incoming call")
        muted: true
        horizontalAlignment: Text.AlignHCenter
    }
    Name { text: card.call.title ?? "" }
    Words {
        Layout.fillWidth: true
        text: card.call.remote_uri ?? ""
        muted: true
        maximumLineCount: 2
        elide: Text.ElideRight
        font.pixelSize: Theme.small
        horizontalAlignment: Text.AlignHCenter
    }
    Words {
        Layout.fillWidth: true
        text: card.lastLevel !== "" ? qsTr("Last time: %1").arg(card.lastLevel) : qsTr("No call with this address yet")
        font.pixelSize: Theme.small
        horizontalAlignment: Text.AlignHCenter
    }
    GridLayout {
        columns: card.width > 330 * settings.text_size ? 2 : 1
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap

        PushButton {
            id: answer

            Layout.fillWidth: true
            kind: "answer"
            glyph: "phone"
            text: qsTr("Answer")
            onClicked: calls.answer(card.call.id)
        }
        PushButton {
            Layout.fillWidth: true
            glyph: "hangup"
            text: qsTr("Decline")
            onClicked: calls.reject(card.call.id)
        }
    }
    PushButton {
        Layout.fillWidth: true
        visible: !card.sending
        kind: "quiet"
        text: qsTr("Send to somebody else...")
        onClicked: {
            card.sending = true;
            elsewhere.input.forceActiveFocus();
        }
    }
    ColumnLayout {
        visible: card.sending
        spacing: Theme.gap

        Whom {
            id: elsewhere

            label: qsTr("Send the caller to")
            onAccepted: away.clicked()
        }
        PushButton {
            id: away

            Layout.fillWidth: true
            enabled: !elsewhere.empty
            text: qsTr("Send there")
            onClicked: if (!elsewhere.empty) calls.send_away(card.call.id, elsewhere.text)
        }
    }

    onVisibleChanged: {
        sending = false;
        elsewhere.text = "";
        if (visible)
            Qt.callLater(() => Accessible.announce(Accessible.name, Accessible.Assertive));
        // Enter must not answer a call for somebody who is typing
        if (visible && !(Window.activeFocusItem instanceof TextInput))
            answer.forceActiveFocus(Qt.TabFocusReason);
    }
}
