// Accounts, the window itself, and the log.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."
import "../parts"

Screen {
    id: page

    title: qsTr("Settings")
    onVisibleChanged: devices.watch(visible)

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

    Words { text: qsTr("Sound"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: devices.notice
        color: Theme.colors.warning
    }
    Repeater {
        model: devices.roles

        Choice {
            required property var modelData

            label: modelData.label
            options: modelData.options
            value: modelData.value
            onChosen: value => devices.choose(modelData.role, value)
        }
    }
    Meter { role: "microphone"; label: qsTr("Microphone") }
    Meter { role: "speaker"; label: qsTr("Loudspeaker") }
    Words {
        Layout.fillWidth: true
        text: qsTr("To try them, call the echo: it says what you say, a moment later.")
        muted: true
        font.pixelSize: Theme.small
    }

    Check {
        text: qsTr("Tell other phones that calls may be recorded")
        checked: settings.announce
        onToggled: calls.announce(checked)
    }

    Words { text: qsTr("Window"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Choice {
        label: qsTr("Colours")
        value: settings.theme
        options: [
            { value: "system", text: qsTr("As the system") },
            { value: "light", text: qsTr("Light") },
            { value: "dark", text: qsTr("Dark") }
        ]
        onChosen: value => settings.theme = value
    }
    Choice {
        label: qsTr("Language")
        value: settings.language
        options: [
            { value: "system", text: qsTr("As the system") },
            { value: "en", text: "English" },
            { value: "de", text: "Deutsch" }
        ]
        onChosen: value => settings.language = value
    }
    ColumnLayout {
        spacing: Theme.gap / 2

        Words {
            id: sizeName

            text: qsTr("Text size: %1 %").arg(Math.round(settings.text_size * 100))
            font.pixelSize: Theme.small
            muted: true
        }
        Range {
            from: 1
            to: 2
            stepSize: 0.25
            value: settings.text_size
            Accessible.name: sizeName.text
            onMoved: settings.text_size = value
        }
    }
    Check {
        text: qsTr("Stay beside the clock when the window is closed")
        checked: settings.stay
        onToggled: settings.stay = checked
    }
    Check {
        text: qsTr("Start at login")
        checked: settings.at_login
        onToggled: settings.at_login = checked
    }

    Words { text: qsTr("When something is wrong"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton {
            id: showing

            checkable: true
            text: checked ? qsTr("Hide the log") : qsTr("Show the log")
            onClicked: report.refresh()
        }
        PushButton {
            text: qsTr("Copy a report")
            Accessible.description: qsTr("Versions and the log; neither has a password or a key")
            onClicked: {
                report.refresh();
                report.copy();
            }
        }
        PushButton {
            enabled: !trial.running
            text: qsTr("Call the echo")
            onClicked: trial.begin()
        }
    }
    Card {
        visible: showing.checked

        TextArea {
            Layout.fillWidth: true
            readOnly: true
            selectByMouse: true
            text: report.text !== "" ? report.text : qsTr("The log is empty.")
            color: Theme.colors.text
            font { family: "monospace"; pixelSize: Theme.small }
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            Accessible.name: qsTr("Log")
        }
    }
}
