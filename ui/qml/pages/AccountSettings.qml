// The accounts, and what their calls need.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    Layout.fillWidth: true
    spacing: 2 * Theme.gap

    Words { text: qsTr("Accounts"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Repeater {
        model: accounts.rows

        Card {
            id: card

            required property var row
            property bool removing: false

            Words { Layout.fillWidth: true; text: card.row.id; font.weight: Font.DemiBold }
            Words {
                Layout.fillWidth: true
                text: card.row.reason !== "" ? card.row.words + ": " + card.row.reason : card.row.words
                color: Theme.ink(card.row.tone)
                font.pixelSize: Theme.small
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: card.row.advice
                color: Theme.colors.warning
                font.pixelSize: Theme.small
            }
            PolicyChoice {
                value: card.row.policy
                onChosen: value => accounts.require(card.row.id, value)
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.gap

                PushButton {
                    visible: !card.removing
                    text: qsTr("Connect again")
                    Accessible.description: card.row.id
                    onClicked: accounts.register(card.row.id)
                }
                PushButton {
                    visible: !card.removing
                    text: qsTr("Remove")
                    Accessible.description: card.row.id
                    onClicked: card.removing = true
                }
                PushButton { visible: card.removing; text: qsTr("Keep it"); onClicked: card.removing = false }
                PushButton {
                    visible: card.removing
                    kind: "danger"
                    text: qsTr("Remove it, and its password")
                    onClicked: accounts.remove(card.row.id)
                }
            }
        }
    }
    PushButton {
        id: adding

        checkable: true
        text: checked ? qsTr("Cancel") : qsTr("Add an account")
        onClicked: accounts.clear()
    }
    Card {
        visible: adding.checked

        AccountForm {}
    }
    Connections {
        target: accounts

        function onAdded() { adding.checked = false; }
    }
}
