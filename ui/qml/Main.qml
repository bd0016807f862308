// The window: what the backend says on top, one page, and the way to the others below.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "."
import "pages"
import "parts"

ApplicationWindow {
    id: window

    readonly property bool welcoming: !settings.welcomed && accounts.known && accounts.rows.count === 0
        && history.rows.count === 0 && calls.rows.count === 0

    // it has been open for a while, and there is no call
    property bool leisure: false

    // larger text needs more room, as far as there is any
    width: Math.min(Math.round(220 + 220 * settings.text_size), Screen.desktopAvailableWidth || 440)
    height: Math.min(Math.round(590 + 200 * settings.text_size), Screen.desktopAvailableHeight || 790)
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: calls.current.title ? qsTr("%1, %2 - Parley").arg(calls.current.title).arg(calls.current.words) : "Parley"
    color: Theme.colors.background
    font.pixelSize: Theme.normal
    onClosing: desktop.leave()

    function comeForward() {
        window.show();
        window.raise();
        window.requestActivate();
    }

    Timer {
        interval: 2000
        running: backend.connected && calls.rows.count === 0 && !window.leisure
        onTriggered: window.leisure = true
    }
    Shortcut { sequence: "Ctrl+L"; onActivated: { tabs.currentIndex = 0; call.take(""); } }
    Shortcut { sequence: "Ctrl+Q"; onActivated: desktop.quit() }
    Shortcut {
        sequence: "Ctrl+M"
        enabled: calls.current.state === "connected"
        onActivated: calls.mute(calls.current.id, !calls.current.muted)
    }
    Shortcut {
        sequence: "Ctrl+Return"
        enabled: calls.incoming.id !== undefined
        onActivated: calls.answer(calls.incoming.id)
    }
    Shortcut {
        sequence: "Ctrl+D"
        enabled: calls.current.id !== undefined
        onActivated: calls.hang_up(calls.current.id)
    }

    header: Rectangle {
        implicitHeight: bar.implicitHeight + 2 * Theme.gap
        color: Theme.colors.surface

        Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.colors.line }
        RowLayout {
            id: bar

            anchors { fill: parent; leftMargin: 2 * Theme.gap; rightMargin: 2 * Theme.gap }
            spacing: Theme.gap

            Rectangle {
                implicitWidth: Math.round(0.75 * Theme.small)
                implicitHeight: implicitWidth
                radius: width / 2
                color: backend.connected ? Theme.ink(accounts.summary.tone) : Theme.colors.muted
            }
            Words {
                Layout.fillWidth: true
                text: backend.connected ? accounts.summary.words : backend.trouble !== "" ? qsTr("Not running") : qsTr("Starting...")
                font.pixelSize: Theme.small
                muted: true
                wrapMode: Text.NoWrap
                elide: Text.ElideMiddle
            }
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Card {
            Layout.margins: 2 * Theme.gap
            visible: backend.trouble !== ""
            color: Theme.colors.alarmTint
            border.color: Theme.colors.alarm

            Notice {
                text: backend.trouble
            }
            PushButton { text: qsTr("Start it again"); onClicked: backend.start() }
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: window.welcoming
            visible: active
            sourceComponent: WelcomePage {}
        }
        StackLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !window.welcoming
            currentIndex: tabs.currentIndex

            CallPage { id: call }
            Lazy { id: people; leisure: window.leisure; sourceComponent: ContactsPage {} }
            Lazy { leisure: window.leisure; sourceComponent: HistoryPage {} }
            Lazy { leisure: window.leisure; sourceComponent: PeersPage {} }
            Lazy { leisure: window.leisure; sourceComponent: SettingsPage {} }
        }
        Rehearsal { leisure: window.leisure }
        // a call stays in sight wherever one is
        LevelBand {
            Layout.fillWidth: true
            Layout.margins: Theme.gap
            visible: tabs.currentIndex !== 0 && calls.current.state === "connected"
            call: calls.current.words ? calls.current : ({ words: "", why: "", remedy: "", tone: "", shape: "", protected_by: "" })
        }
    }

    footer: TabBar {
        id: tabs

        visible: !window.welcoming
        implicitHeight: contentHeight + topPadding + bottomPadding
        topPadding: Theme.gap / 2
        bottomPadding: Theme.gap / 2
        Accessible.name: qsTr("Pages")

        background: Rectangle {
            color: Theme.colors.surface

            Rectangle { width: parent.width; height: 1; color: Theme.colors.line }
        }

        Tab { glyph: "phone"; text: qsTr("Call") }
        Tab { glyph: "card"; text: qsTr("Contacts") }
        Tab { glyph: "clock"; text: qsTr("History") }
        Tab { glyph: "people"; text: qsTr("Phones") }
        Tab { glyph: "gear"; text: qsTr("Settings") }
    }

    Connections {
        target: calls

        function onRang() {
            tabs.currentIndex = 0;
            window.comeForward();
            window.alert(0);
        }
        function onAlarmed() {
            tabs.currentIndex = 0;
            window.comeForward();
            window.alert(0);
        }
        function onDialled() { tabs.currentIndex = 0; }
    }
    Connections {
        target: contacts

        function onProposed(name, address) {
            tabs.currentIndex = 1;
            people.item.add(name, address);
        }
    }
    Connections {
        target: desktop

        function onTaken(address) {
            window.comeForward();
            if (address !== "")
                settings.welcome();
            tabs.currentIndex = 0;
            call.take(address);
        }
    }
}
