// One call: who, how far it can be trusted, and what to do with it.
import QtQuick
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    id: live

    required property var call
    property bool keypad: false
    property bool more: false
    property bool sound: false
    readonly property bool here: call.id !== undefined
    readonly property bool connected: call.state === "connected"
    readonly property bool asking: ["asking", "asking again", "naming"].includes(call.ritual)
    readonly property bool alarmed: here && !!call.alarmed

    // a card that has to be seen
    signal opened(Item card)

    Layout.fillWidth: true
    spacing: 2 * Theme.gap

    ColumnLayout {
        spacing: Theme.gap / 2

        Name { text: live.call.title ?? "" }
        Words {
            Layout.fillWidth: true
            text: [
                live.call.progress ?? "",
                live.call.held ? qsTr("on hold") : "",
                live.call.remote_held ? qsTr("held by the other side") : "",
                live.call.muted ? qsTr("microphone off") : "",
                live.call.recording ? qsTr("being recorded") : "",
                live.call.remote_records ? qsTr("the other side may record") : "",
                (live.call.conference ?? []).length > 0 ? qsTr("in a conference") : ""
            ].filter(word => word !== "").join(", ")
            muted: true
            horizontalAlignment: Text.AlignHCenter
        }
    }
    Notice {
        visible: live.here && text !== ""
        text: refusal.sentence
        color: Theme.colors.alarm
        horizontalAlignment: Text.AlignHCenter
    }
    Connections {
        id: refusal

        property string sentence

        target: calls

        function onRefused(sentence) { refusal.sentence = sentence; }
        function onDialled() { refusal.sentence = ""; }
        function onEnded() { refusal.sentence = ""; }
    }
    Timer {
        interval: 15000
        running: refusal.sentence !== ""
        onTriggered: refusal.sentence = ""
    }
    LevelBand {
        visible: live.here && !live.alarmed && (live.connected || live.call.state === "early")
        call: live.here ? live.call : ({ words: "", why: "", remedy: "", tone: "", shape: "", protected_by: "" })
    }
    Loader {
        Layout.fillWidth: true
        active: live.alarmed
        asynchronous: true
        visible: active
        sourceComponent: AlarmCard { call: live.call }
        onLoaded: Qt.callLater(live.opened, item)
    }
    Loader {
        Layout.fillWidth: true
        active: live.here && live.asking
        asynchronous: true
        visible: active
        sourceComponent: SasCard { call: live.call }
        onLoaded: Qt.callLater(live.opened, item)
    }
    Repeater {
        model: live.call.notices ?? []

        Notice {
            required property string modelData

            text: modelData
            color: Theme.colors.warning
        }
    }
    PushButton {
        Layout.alignment: Qt.AlignHCenter
        visible: live.connected && live.call.level === "ENCRYPTED" && !live.asking && !live.alarmed && !!live.call.sas
        kind: "primary"
        text: qsTr("Compare the code")
        onClicked: calls.compare(live.call.id)
    }
    PushButton {
        Layout.fillWidth: true
        visible: !!live.call.asks_for_trust
        enabled: !live.call.enrolled
        text: live.call.enrolled ? qsTr("Trusted from the next call on") : qsTr("It is my own PBX: trust it")
        onClicked: calls.enroll(live.call.id)
    }
    Notice {
        visible: live.here && text !== ""
        text: devices.notice
        color: Theme.colors.warning
    }
    SoundInCall {
        id: loudness

        onVisibleChanged: if (visible) Qt.callLater(live.opened, loudness)
        onHeightChanged: if (visible) Qt.callLater(live.opened, loudness)
        visible: live.connected && live.sound
    }
    MoreInCall {
        id: rest

        onVisibleChanged: if (visible) Qt.callLater(live.opened, rest)
        onHeightChanged: if (visible) Qt.callLater(live.opened, rest)
        visible: live.connected && live.more
        call: live.call
    }
    Keypad {
        onVisibleChanged: if (visible) begin()
        visible: live.connected && live.keypad
        onPressed: key => calls.press(live.call.id, key)
    }
    Quality {
        Layout.fillWidth: true
        visible: !!live.call.quality
        call: live.call
    }
}
