// Name, address and policy of one contact.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: form

    // its name up to now; empty for a new one
    property string former
    property alias name: name.text
    property alias address: address.text
    property string policy

    signal cancelled

    function save() {
        if (keep.enabled)
            contacts.save(former, name.text, address.text, policy);
    }

    function begin() {
        name.input.forceActiveFocus();
    }

    Layout.fillWidth: true
    spacing: 1.5 * Theme.gap

    Field {
        id: name

        label: qsTr("Name")
        input.maximumLength: 100
        onAccepted: address.input.forceActiveFocus()
    }
    Field {
        id: address

        label: qsTr("Number or address")
        placeholder: qsTr("104 or sip:name@pbx.example")
        input.maximumLength: 300
        onAccepted: form.save()
    }
    PolicyChoice {
        inherited: true
        value: form.policy
        onChosen: value => form.policy = value
    }
    Notice {
        text: contacts.problem
        color: Theme.colors.alarm
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton {
            id: keep

            kind: "primary"
            text: qsTr("Save")
            enabled: name.text.trim() !== "" && address.text.trim() !== ""
            onClicked: form.save()
        }
        PushButton {
            text: qsTr("Cancel")
            onClicked: form.cancelled()
        }
        PushButton {
            visible: form.former !== ""
            kind: "danger"
            text: qsTr("Remove")
            Accessible.description: form.former
            onClicked: contacts.remove(form.former)
        }
    }
}
