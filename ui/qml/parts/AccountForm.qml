// An account in two fields; the rest under "More".
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: form

    readonly property bool complete: address.text.indexOf("@") > 0
    readonly property bool isRefused: accounts.problem !== "" || accounts.faults.length > 0

    // with what lets one try again
    signal refused(again: Item)

    function begin() {
        address.input.forceActiveFocus();
    }

    function submit() {
        if (complete && !accounts.busy)
            accounts.add({
                uri: address.text, secret: password.text, name: name.text, auth_user: user.text,
                transport: transport.value, proxy: proxy.text, policy: policy.value
            });
    }

    function reset() {
        for (const field of [address, password, name, user, proxy])
            field.text = "";
        accounts.clear();
    }

    Layout.fillWidth: true
    spacing: 1.5 * Theme.gap
    onIsRefusedChanged: if (isRefused) refused(adding)

    Field {
        id: address

        label: qsTr("Address")
        placeholder: qsTr("name@pbx.example")
        onAccepted: password.input.forceActiveFocus()
    }
    Field {
        id: password

        label: qsTr("Password")
        secret: true
        onAccepted: form.submit()
    }
    PushButton {
        id: more

        kind: "quiet"
        checkable: true
        text: checked ? qsTr("Less") : qsTr("More")
        Accessible.checkable: true
    }
    ColumnLayout {
        visible: more.checked
        spacing: 1.5 * Theme.gap

        Field { id: name; label: qsTr("Your name, as others see it") }
        Field { id: user; label: qsTr("Authentication user, if it is another") }
        Field { id: proxy; label: qsTr("Outbound proxy"); placeholder: "sip:proxy.example" }
        Choice {
            id: transport

            label: qsTr("Transport")
            value: "udp"
            options: [{ value: "udp", text: "UDP" }, { value: "tcp", text: "TCP" }, { value: "tls", text: "TLS" }]
            onChosen: value => transport.value = value
        }
        PolicyChoice { id: policy; value: "prefer"; onChosen: value => policy.value = value }
    }
    Notice {
        visible: accounts.problem !== ""
        text: accounts.problem
        color: Theme.colors.alarm
    }
    Faults { faults: accounts.faults }
    PushButton {
        id: adding

        Layout.fillWidth: true
        kind: "primary"
        enabled: form.complete && !accounts.busy
        text: accounts.busy ? qsTr("Asking the server...")
            : accounts.faults.length > 0 ? qsTr("Check again") : qsTr("Add account")
        onClicked: form.submit()
    }

    Connections {
        target: accounts

        function onAdded() { form.reset(); }
    }
}
