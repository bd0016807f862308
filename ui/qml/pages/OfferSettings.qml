// Codecs and algorithms, for those who have a reason.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    spacing: 1.5 * Theme.gap
    Layout.fillWidth: true

    Words { text: qsTr("Codecs and algorithms"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Words {
        Layout.fillWidth: true
        text: qsTr("Parley offers sound choices by itself. What you change here counts from the next call on; the best that both phones have is taken.")
        muted: true
        font.pixelSize: Theme.small
    }
    PushButton {
        id: showing

        checkable: true
        text: checked ? qsTr("Hide them") : qsTr("Show them")
        Accessible.description: qsTr("Codecs and algorithms")
    }
    Notice {
        text: offers.problem
        color: Theme.colors.alarm
    }
    Loader {
        Layout.fillWidth: true
        active: showing.checked
        visible: active
        sourceComponent: Card {
            spacing: 2 * Theme.gap

            Repeater {
                model: offers.rows

                OfferList {}
            }
        }
    }
}
