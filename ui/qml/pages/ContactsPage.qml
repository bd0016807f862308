// The people one calls.
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import ".."
import "../parts"

Screen {
    id: page

    property string sentence
    // the name of the contact that is being changed
    property string editing
    property bool adding: false

    function add(name: string, address: string) {
        editing = "";
        adding = true;
        fresh.name = name;
        fresh.address = address;
        fresh.policy = "";
        fresh.begin();
    }

    title: qsTr("Contacts")

    Notice {
        text: page.sentence
    }
    PushButton {
        Layout.fillWidth: true
        visible: !page.adding
        glyph: "plus"
        text: qsTr("Add a contact")
        onClicked: {
            contacts.clear();
            page.add("", "");
        }
    }
    Card {
        visible: page.adding

        ContactForm {
            id: fresh

            onCancelled: page.adding = false
        }
    }
    Field {
        id: wanted

        visible: contacts.total > 5
        label: qsTr("Find")
        placeholder: qsTr("Part of a name or address")
        input.maximumLength: 100
        onTextChanged: contacts.look_for(text)
    }
    Words {
        Layout.fillWidth: true
        visible: contacts.rows.count === 0
        text: contacts.total === 0
            ? qsTr("Nobody yet. Calls with contacts show their names, and the dial field completes them.")
            : qsTr("Nobody has this in the name or address.")
        muted: true
    }
    ColumnLayout {
        spacing: 1.5 * Theme.gap

        Repeater {
            model: contacts.rows

            ColumnLayout {
                id: contact

                required property var row

                spacing: Theme.gap

                ContactRow {
                    row: contact.row
                    onEdited: {
                        contacts.clear();
                        page.adding = false;
                        page.editing = contact.row.name;
                    }
                }
                Loader {
                    Layout.fillWidth: true
                    active: page.editing === contact.row.name
                    visible: active
                    sourceComponent: Card {
                        ContactForm {
                            former: contact.row.name
                            name: contact.row.name
                            address: contact.row.address
                            policy: contact.row.policy ?? ""
                            onCancelled: page.editing = ""
                            Component.onCompleted: begin()
                        }
                    }
                }
            }
        }
    }
    Words {
        Layout.fillWidth: true
        visible: contacts.hidden > 0
        text: qsTr("And %1 more: type a part of the name to find them.").arg(contacts.hidden)
        muted: true
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton { text: qsTr("Export..."); enabled: contacts.total > 0; onClicked: exporting.open() }
        PushButton { text: qsTr("Import..."); onClicked: importing.open() }
    }

    FileDialog {
        id: exporting

        fileMode: FileDialog.SaveFile
        defaultSuffix: "csv"
        nameFilters: ["CSV (*.csv)"]
        onAccepted: contacts.export(selectedFile)
    }
    FileDialog {
        id: importing

        nameFilters: ["CSV (*.csv)"]
        onAccepted: contacts.learn(selectedFile)
    }
    Connections {
        target: contacts

        function onTold(sentence) { page.sentence = sentence; }
        function onSaved() {
            page.adding = false;
            page.editing = "";
        }
    }
}
