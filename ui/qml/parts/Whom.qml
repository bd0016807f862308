// A field for a number, a name or an address, with those who may be meant below it.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: whom

    property alias label: field.label
    property alias text: field.text
    property alias input: field.input
    readonly property bool empty: text.trim() === ""
    readonly property var fitting: contacts.asking === field.label ? contacts.suggestions : []

    signal accepted

    // what is chosen fills the field; nothing is dialled by that
    function take(address: string) {
        if (address !== "")
            text = contacts.dialable(address);
        input.forceActiveFocus();
    }

    Layout.fillWidth: true
    spacing: Theme.gap

    Field {
        id: field

        placeholder: qsTr("Number, name or sip: address")
        input.maximumLength: 300
        onAccepted: whom.accepted()
        onTextChanged: contacts.suggest(label, text)

        property int before: 0

        // more than one letter at once was pasted: what surrounds the address goes
        input.onTextEdited: {
            const pasted = text.length > before + 1;
            before = text.length;
            if (pasted && text !== contacts.dialable(text))
                text = contacts.dialable(text);
        }
    }
    Repeater {
        model: whom.fitting

        PushButton {
            required property var modelData

            Layout.fillWidth: true
            text: [modelData.name, modelData.address].filter(word => word !== "").join("   ")
            onClicked: whom.take(modelData.address)
        }
    }
}
