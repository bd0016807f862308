// The phones that Parley knows, and how well.
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import ".."
import "../parts"

Screen {
    id: page

    property string sentence

    title: qsTr("Phones you know")

    Words {
        Layout.fillWidth: true
        text: peers.rows.count === 0
            ? qsTr("After the first encrypted call a phone appears here. Compare the code with its owner once, and Parley recognises it from then on.")
            : qsTr("Each phone has a key of its own. Verified: you have compared the code with its owner.")
        muted: true
    }
    Notice {
        text: page.sentence
    }
    Repeater {
        model: peers.rows

        Card {
            id: card

            required property var row
            property string doing: ""

            RowLayout {
                spacing: 1.5 * Theme.gap

                Mark { shape: card.row.shape; tone: card.row.tone }
                ColumnLayout {
                    spacing: 0

                    Words { Layout.fillWidth: true; text: card.row.title; font.weight: Font.DemiBold }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: card.row.words
                        color: Theme.ink(card.row.tone)
                        font.pixelSize: Theme.small
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: card.row.proved
                        color: Theme.colors.good
                        font.pixelSize: Theme.small
                    }
                    Words {
                        Layout.fillWidth: true
                        text: card.row.uri
                        muted: true
                        font.pixelSize: Theme.small
                        wrapMode: Text.NoWrap
                        elide: Text.ElideMiddle
                    }
                    Words { Layout.fillWidth: true; text: card.row.seen; muted: true; font.pixelSize: Theme.small }
                }
            }
            Flow {
                Layout.fillWidth: true
                visible: card.doing === ""
                spacing: Theme.gap

                PushButton {
                    text: qsTr("Rename")
                    Accessible.description: card.row.title
                    onClicked: card.doing = "rename"
                }
                PushButton {
                    visible: !!card.row.verified_since
                    text: qsTr("Not verified any more")
                    Accessible.description: card.row.title
                    onClicked: peers.unverify(card.row.zid)
                }
                PushButton {
                    text: qsTr("Forget")
                    Accessible.description: card.row.title
                    onClicked: card.doing = "forget"
                }
            }
            ColumnLayout {
                visible: card.doing === "rename"
                // once: what is being typed stays when the phones are told anew
                onVisibleChanged: if (visible) name.text = card.row.name !== "" ? card.row.name : card.row.title

                Field {
                    id: name

                    label: qsTr("Whose phone is it?")
                    input.maximumLength: 100
                    onAccepted: rename.clicked()
                }
                PushButton {
                    id: rename

                    kind: "primary"
                    text: qsTr("Rename")
                    onClicked: {
                        peers.rename(card.row.zid, name.text);
                        card.doing = "";
                    }
                }
            }
            ColumnLayout {
                visible: card.doing === "forget"

                Words {
                    Layout.fillWidth: true
                    text: qsTr("Its key goes too: at the next call it is a stranger here, and to its owner your key will seem to have changed.")
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.gap

                    PushButton { text: qsTr("Keep it"); onClicked: card.doing = "" }
                    PushButton { kind: "danger"; text: qsTr("Forget it"); onClicked: peers.forget(card.row.zid) }
                }
            }
        }
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton { text: qsTr("Export..."); enabled: peers.rows.count > 0; onClicked: exporting.open() }
        PushButton { text: qsTr("Import..."); onClicked: importing.open() }
    }

    FileDialog {
        id: exporting

        fileMode: FileDialog.SaveFile
        defaultSuffix: "json"
        nameFilters: ["JSON (*.json)"]
        onAccepted: peers.export(selectedFile)
    }
    FileDialog {
        id: importing

        nameFilters: ["JSON (*.json)"]
        onAccepted: peers.learn(selectedFile)
    }
    Connections {
        target: peers

        function onTold(sentence) { page.sentence = sentence; }
    }
}
