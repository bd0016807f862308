// Accounts, sound, the window itself, and the log.
import QtQuick
import ".."
import "../parts"

Screen {
    title: qsTr("Settings")

    AccountSettings {}
    KeptSettings {}
    SoundSettings {}
    WindowSettings {}
    OfferSettings {}
    ReportSettings {}
}
