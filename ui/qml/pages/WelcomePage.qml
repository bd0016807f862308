// The first run: hear yourself now, or add an account.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

Screen {
    id: page

    name: qsTr("Welcome")

    RowLayout {
        spacing: 2 * Theme.gap

        Mark {
            shape: "disc"
            tone: "good"
            size: 2 * Theme.huge
        }
        Words {
            Layout.fillWidth: true
            text: qsTr("Calls that are private by themselves")
            font { pixelSize: Theme.huge; weight: Font.DemiBold }
            Accessible.role: Accessible.Heading
        }
    }
    Words {
        Layout.fillWidth: true
        text: qsTr("Two phones agree on keys by themselves. You read a short code to each other once, and from then on Parley recognises that phone.")
        muted: true
    }
    Card {
        Words { Layout.fillWidth: true; text: qsTr("Hear yourself"); font.weight: Font.DemiBold }
        Words {
            Layout.fillWidth: true
            text: qsTr("A secure call to an echo on this computer. No account, nothing leaves the machine.")
            muted: true
        }
        PushButton {
            Layout.fillWidth: true
            kind: "primary"
            glyph: "phone"
            enabled: backend.connected && !trial.running
            text: trial.running ? qsTr("Starting the echo...") : qsTr("Try it now")
            onClicked: trial.begin()
        }
    }
    Card {
        Words { Layout.fillWidth: true; text: qsTr("Your account"); font.weight: Font.DemiBold }

        AccountForm { onRefused: again => page.reveal(again) }
    }
    PushButton {
        Layout.alignment: Qt.AlignHCenter
        kind: "quiet"
        text: qsTr("Not now")
        onClicked: settings.welcome()
    }
}
