// The log, a report of it, and a call to try everything with.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."
import "../parts"

ColumnLayout {
    Layout.fillWidth: true
    spacing: 2 * Theme.gap

    Words { text: qsTr("When something is wrong"); font.weight: Font.DemiBold; Accessible.role: Accessible.Heading }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.gap

        PushButton {
            id: showing

            checkable: true
            text: checked ? qsTr("Hide the log") : qsTr("Show the log")
            onClicked: report.refresh()
        }
        PushButton {
            text: qsTr("Copy a report")
            Accessible.description: what.text
            onClicked: {
                report.refresh();
                report.copy();
            }
        }
    }
    Words {
        id: what

        Layout.fillWidth: true
        text: qsTr("The report has versions and the log; names, numbers, keys and passwords are left out.")
        muted: true
        font.pixelSize: Theme.small
    }
    Notice {
        visible: report.copied
        text: qsTr("Copied: paste it into a mail or a report of a fault.")
    }
    Card {
        visible: showing.checked

        TextArea {
            Layout.fillWidth: true
            readOnly: true
            selectByMouse: true
            text: report.text !== "" ? report.text : qsTr("The log is empty.")
            color: Theme.colors.text
            font { family: "monospace"; pixelSize: Theme.small }
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            Accessible.name: qsTr("Log")
        }
    }
}
