// How far the call can be trusted: word, shape and colour, and on request why.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

AbstractButton {
    id: band

    required property var call
    property bool open: false
    readonly property string words: call.words

    // not while it is still being settled, and not for an alarm, which speaks for itself
    function say() {
        if (visible && words !== "" && call.shape !== "dots" && call.tone !== "alarm")
            Accessible.announce(words);
    }

    onWordsChanged: Qt.callLater(say)
    Layout.fillWidth: true
    padding: 1.5 * Theme.gap
    checkable: false
    Accessible.role: Accessible.Button
    Accessible.name: call.words
    Accessible.description: open ? call.why + " " + call.remedy : qsTr("Press to see why")
    onClicked: open = !open
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: Theme.tint(band.call.tone)

        FocusRing { around: band }
    }
    contentItem: ColumnLayout {
        spacing: Theme.gap

        RowLayout {
            spacing: 1.5 * Theme.gap

            Mark { shape: band.call.shape; tone: band.call.tone }
            Words {
                Layout.fillWidth: true
                text: band.call.words
                color: Theme.ink(band.call.tone)
                font.weight: Font.DemiBold
            }
            Icon {
                glyph: "more"
                ink: Theme.ink(band.call.tone)
                size: Theme.normal
                rotation: band.open ? 180 : 0
            }
        }
        Words {
            Layout.fillWidth: true
            visible: band.open && text !== ""
            text: band.call.why
            font.pixelSize: Theme.small
        }
        Words {
            Layout.fillWidth: true
            visible: band.open && text !== ""
            text: band.call.remedy
            font.pixelSize: Theme.small
            font.weight: Font.DemiBold
        }
        Words {
            Layout.fillWidth: true
            visible: band.open && text !== ""
            text: band.call.protected_by
            font.pixelSize: Theme.small
            muted: true
        }
    }
}
