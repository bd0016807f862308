// Accounts, sound, the window itself, and the log.
import QtQuick
import ".."
import "../parts"

Screen {
    id: page

    title: qsTr("Settings")

    AccountSettings { onRefused: again => page.reveal(again) }
    KeptSettings {}
    SoundSettings {}
    WindowSettings {}
    OfferSettings {}
    ReportSettings {}
}
