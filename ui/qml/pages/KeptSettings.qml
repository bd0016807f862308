// Whose secrets are kept, so that they can be proved to those who call.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: page

    property string sentence

    Layout.fillWidth: true
    visible: kept.rows.count > 0
    spacing: 2 * Theme.gap

    Words { text: qsTr("Secrets of those who call"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Words {
        Layout.fillWidth: true
        text: qsTr("Whoever calls with one of these sees that this end is the right one.")
        muted: true
        font.pixelSize: Theme.small
    }
    Notice {
        text: page.sentence
        color: Theme.colors.alarm
    }
    Repeater {
        model: kept.rows

        Card {
            id: card

            required property var row

            Words { Layout.fillWidth: true; text: card.row.caller; font.weight: Font.DemiBold }
            Words {
                Layout.fillWidth: true
                text: card.row.words
                font.pixelSize: Theme.small
            }
            Words {
                Layout.fillWidth: true
                text: card.row.where
                muted: true
                font.pixelSize: Theme.small
            }
            PushButton {
                text: qsTr("Forget")
                Accessible.description: card.row.caller
                onClicked: kept.forget(card.row.caller, card.row.account)
            }
        }
    }
    Connections {
        target: kept

        function onTold(sentence) { page.sentence = sentence; }
    }
}
