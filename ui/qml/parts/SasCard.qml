// The comparing of codes: seen by both, read aloud, and typed as it is heard.
import QtQuick
import QtQuick.Layouts
import ".."

Card {
    id: card

    required property var call
    readonly property bool naming: call.ritual === "naming"
    readonly property bool words: call.sas_scheme === "B256"

    border.color: Theme.colors.accent
    spacing: 1.5 * Theme.gap
    Accessible.role: Accessible.Grouping
    Accessible.name: naming ? qsTr("Verified") : qsTr("Compare the code")

    // asking

    Words {
        id: question

        Layout.fillWidth: true
        visible: !card.naming
        text: qsTr("Is it really %1?").arg(card.call.title)
        font { pixelSize: Theme.large; weight: Font.DemiBold }
        Accessible.role: Accessible.Heading
    }
    Words {
        Layout.fillWidth: true
        visible: !card.naming
        text: qsTr("Both of you see a code. Read yours aloud, let the other person read theirs, and type what you hear.")
        muted: true
    }
    Flow {
        id: code

        Layout.fillWidth: true
        visible: !card.naming
        spacing: Theme.gap
        Accessible.role: Accessible.StaticText
        Accessible.name: qsTr("Your code: %1").arg(card.call.spoken_code)

        Repeater {
            model: card.call.code

            Rectangle {
                id: part

                required property var modelData

                implicitWidth: Math.max(letter.implicitWidth, below.implicitWidth) + 2 * Theme.gap
                readonly property int count: card.call.code.length

                width: Math.max(implicitWidth, (code.width - (count - 1) * Theme.gap) / count - 1)
                height: letter.implicitHeight + (below.visible ? below.implicitHeight : 0) + Theme.gap
                radius: Theme.radius
                color: Theme.colors.calmTint

                Text {
                    id: letter

                    anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: Theme.gap / 2 }
                    text: part.modelData.text
                    font { pixelSize: card.words ? Theme.huge : Theme.code; weight: Font.DemiBold }
                    color: Theme.colors.text
                }
                Text {
                    id: below

                    visible: text !== ""
                    anchors { horizontalCenter: parent.horizontalCenter; top: letter.bottom }
                    text: part.modelData.below
                    font.pixelSize: Theme.small
                    color: Theme.colors.text
                }
            }
        }
    }
    Words {
        Layout.fillWidth: true
        visible: !card.naming && trial.code !== "" && card.call.remote_uri === trial.uri
        text: qsTr("The echo is a machine, so here is what a person would read to you: %1").arg(trial.code)
        color: Theme.colors.calm
    }
    Field {
        id: heard

        visible: !card.naming
        label: card.words ? qsTr("The two words you hear") : qsTr("The four characters you hear")
        input.maximumLength: 40
        onAccepted: if (text.trim() !== "") calls.verify(card.call.id, text)
        input.onTextEdited: {
            if (!card.words || completing)
                return;
            completing = true;
            complete();
            completing = false;
        }

        property bool completing: false
        property int before: 0

        // the rest of a word that can only be one, selected, so that typing on replaces it
        function complete() {
            const growing = text.length > before;
            before = text.length;
            const start = text.search(/[a-z]+$/i);
            if (!growing || start < 0)
                return;
            const begun = text.slice(start).toLowerCase();
            const fitting = calls.words.filter(word => word.toLowerCase().startsWith(begun));
            if (fitting.length !== 1 || fitting[0].length === begun.length)
                return;
            const end = text.length;
            text = text + fitting[0].slice(begun.length);
            input.select(text.length, end);
        }
    }
    Notice {
        visible: !card.naming && text !== ""
        text: calls.unreadable
        color: Theme.colors.warning
    }
    RowLayout {
        visible: !card.naming
        spacing: Theme.gap

        PushButton {
            Layout.fillWidth: true
            kind: "primary"
            text: qsTr("Compare")
            enabled: heard.text.trim() !== ""
            onClicked: calls.verify(card.call.id, heard.text)
        }
        PushButton {
            text: qsTr("Later")
            onClicked: calls.later(card.call.id)
        }
    }

    // naming

    RowLayout {
        visible: card.naming
        spacing: 1.5 * Theme.gap

        Mark { shape: "disc"; tone: "good"; size: Theme.huge }
        Words {
            id: matching

            Layout.fillWidth: true
            text: qsTr("The codes match. Nobody is in between.")
            font { pixelSize: Theme.large; weight: Font.DemiBold }
            Accessible.role: Accessible.Heading
        }
    }
    Field {
        id: who

        visible: card.naming
        label: qsTr("Whose phone is it?")
        input.maximumLength: 100
        onAccepted: calls.name(card.call.id, text)
    }
    PushButton {
        Layout.fillWidth: true
        visible: card.naming
        kind: "primary"
        text: qsTr("Remember")
        onClicked: calls.name(card.call.id, who.text)
    }

    function say() {
        if (!visible)
            return;
        Accessible.announce(naming ? matching.text : question.text + " " + code.Accessible.name);
    }

    // once: the call is told anew every second, and what is being typed must stay
    function ask() {
        if (!naming)
            return;
        who.text = call.title;
        who.input.forceActiveFocus();
    }

    Component.onCompleted: {
        Qt.callLater(say);
        ask();
    }
    onNamingChanged: {
        Qt.callLater(say);
        ask();
    }
}
