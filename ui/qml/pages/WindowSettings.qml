// The window itself.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    Layout.fillWidth: true
    spacing: 2 * Theme.gap

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
        visible: settings.can_start_at_login
        text: qsTr("Start at login")
        checked: settings.at_login
        onToggled: settings.at_login = checked
    }
}
