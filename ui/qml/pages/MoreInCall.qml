// What is needed in few calls: sending somebody on, joining calls, recording.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

Card {
    id: more

    required property var call
    property bool asking: false
    readonly property var others: calls.others

    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: more.call.transfer ? more.call.transfer.text : ""
    }
    Whom {
        id: target

        label: qsTr("Send to")
        onAccepted: send.clicked()
    }
    PushButton {
        id: send

        Layout.fillWidth: true
        enabled: !target.empty
        text: qsTr("Send on")
        onClicked: if (!target.empty) calls.transfer(more.call.id, target.text)
    }
    Repeater {
        model: more.others

        ColumnLayout {
            id: other

            required property var modelData

            spacing: Theme.gap

            PushButton {
                Layout.fillWidth: true
                text: qsTr("Connect with %1, and leave").arg(other.modelData.title)
                onClicked: calls.transfer_to(more.call.id, other.modelData.id)
            }
            PushButton {
                Layout.fillWidth: true
                text: qsTr("Talk with %1 together").arg(other.modelData.title)
                onClicked: calls.join([more.call.id, other.modelData.id])
            }
        }
    }
    PushButton {
        Layout.fillWidth: true
        visible: !more.asking
        text: more.call.recording ? qsTr("Stop recording") : qsTr("Record...")
        onClicked: {
            if (more.call.recording)
                calls.record(more.call.id, false);
            else
                more.asking = true;
        }
    }
    Words {
        Layout.fillWidth: true
        visible: more.asking
        text: qsTr("In many places a call may be recorded only if everybody agrees. Ask first. The file is not encrypted.")
        color: Theme.colors.warning
    }
    Flow {
        Layout.fillWidth: true
        visible: more.asking
        spacing: Theme.gap

        PushButton {
            text: qsTr("They agree: record")
            onClicked: {
                calls.record(more.call.id, true);
                more.asking = false;
            }
        }
        PushButton { text: qsTr("Do not record"); onClicked: more.asking = false }
    }
}
