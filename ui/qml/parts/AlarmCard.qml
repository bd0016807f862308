// What cannot be overlooked: it stands above all else of the call until it is settled.
import QtQuick
import QtQuick.Layouts
import ".."

Card {
    id: card

    required property var call
    readonly property bool differs: call.alarm === "Codes do not match"
    readonly property string heading: differs ? qsTr("Someone may be listening") : call.words

    color: Theme.colors.alarmTint
    border { color: Theme.colors.alarm; width: 2 }
    spacing: 1.5 * Theme.gap
    Accessible.role: Accessible.AlertMessage
    Accessible.name: heading + ". " + call.why + " " + call.remedy

    RowLayout {
        spacing: 1.5 * Theme.gap

        Mark { shape: "octagon"; tone: "alarm"; size: Theme.huge }
        Words {
            Layout.fillWidth: true
            text: card.heading
            color: Theme.colors.alarm
            font { pixelSize: Theme.large; weight: Font.Bold }
            Accessible.role: Accessible.Heading
        }
    }
    Words {
        Layout.fillWidth: true
        text: card.call.why
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: card.call.remedy
        font.weight: Font.DemiBold
    }
    PushButton {
        id: first

        Layout.fillWidth: true
        kind: "danger"
        glyph: "hangup"
        text: qsTr("Hang up")
        onClicked: calls.hang_up(card.call.id)
    }
    PushButton {
        Layout.fillWidth: true
        visible: card.call.ritual === "differed"
        text: qsTr("They misread it, try again")
        onClicked: calls.misread(card.call.id)
    }
    PushButton {
        Layout.fillWidth: true
        visible: card.call.alarm === "Key changed"
        text: qsTr("Compare the code now")
        onClicked: calls.compare(card.call.id)
    }
    Check {
        id: always

        visible: !!card.call.missing && !card.call.alarm
        text: qsTr("Do not ask again for this address")
    }
    PushButton {
        Layout.fillWidth: true
        visible: card.call.pending === "Protection lost" && card.call.level === "CLEAR"
        text: qsTr("Go on without encryption")
        onClicked: calls.allow_clear(card.call.id, always.visible && always.checked)
    }
    PushButton {
        Layout.fillWidth: true
        visible: card.call.pending === "Protection lost" && card.call.level !== "CLEAR" && !card.differs
        text: qsTr("Go on all the same")
        onClicked: calls.proceed(card.call.id, always.visible && always.checked)
    }

    function come() {
        if (!visible)
            return;
        first.forceActiveFocus(Qt.TabFocusReason);
        Accessible.announce(Accessible.name, Accessible.Assertive);
    }

    // once what had the keyboard before has gone
    Component.onCompleted: Qt.callLater(come)
    onHeadingChanged: Qt.callLater(come)
}
