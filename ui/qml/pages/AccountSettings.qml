// The accounts, and what their calls need.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: page

    // whose secret was made anew last
    property string renewed

    // with what lets one try again
    signal refused(again: Item)

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
                text: card.row.reason !== "" && card.row.faults.length === 0
                    ? card.row.words + ": " + card.row.reason : card.row.words
                color: Theme.ink(card.row.tone)
                font.pixelSize: Theme.small
            }
            Faults { faults: card.row.faults }
            Repeater {
                model: card.row.findings

                Words {
                    required property string modelData

                    Layout.fillWidth: true
                    text: modelData
                    color: Theme.colors.warning
                    font.pixelSize: Theme.small
                }
            }
            Words {
                Layout.fillWidth: true
                visible: card.row.findings.length > 0
                text: qsTr("Better: a new secret that nobody can guess.")
                font { pixelSize: Theme.small; weight: Font.DemiBold }
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
                    text: card.row.state === "failed" ? qsTr("Check again") : qsTr("Connect again")
                    Accessible.description: card.row.id
                    onClicked: accounts.register(card.row.id)
                }
                PushButton {
                    visible: !card.removing && new_secret.account !== card.row.id
                    text: qsTr("New secret...")
                    Accessible.description: card.row.id
                    onClicked: new_secret.make(card.row.id, false)
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
            Notice {
                visible: page.renewed === card.row.id
                text: qsTr("The server has taken the new secret.")
                color: Theme.colors.good
            }
            Loader {
                Layout.fillWidth: true
                active: new_secret.account === card.row.id
                visible: active
                sourceComponent: NewSecretCard {}
            }
        }
    }
    PushButton {
        id: adding

        checkable: true
        text: checked ? qsTr("Cancel") : qsTr("Add an account")
        onClicked: {
            accounts.clear();
            if (checked)
                form.begin();
        }
    }
    Card {
        visible: adding.checked

        AccountForm { id: form; onRefused: again => page.refused(again) }
    }
    Connections {
        target: accounts

        function onAdded() { adding.checked = false; }
    }
    Connections {
        target: new_secret

        function onTaken(account) { page.renewed = account; }
    }
}
