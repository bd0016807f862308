// One contact: who, where, and a way to call.
import QtQuick
import QtQuick.Layouts
import ".."

RowLayout {
    id: contact

    required property var row

    signal edited

    Layout.fillWidth: true
    spacing: Theme.gap

    Rectangle {
        visible: contact.row.presence !== ""
        implicitWidth: Theme.gap + 2
        implicitHeight: implicitWidth
        radius: width / 2
        color: Theme.ink(({ available: "good", busy: "alarm" })[contact.row.presence] ?? "")
        Accessible.role: Accessible.StaticText
        Accessible.name: ({ available: qsTr("Available"), busy: qsTr("On the phone") })[contact.row.presence] ?? qsTr("Away")
    }
    ColumnLayout {
        spacing: 0

        Words {
            Layout.fillWidth: true
            text: contact.row.title
            font.weight: Font.DemiBold
            maximumLineCount: 2
            elide: Text.ElideRight
        }
        Words {
            Layout.fillWidth: true
            text: contact.row.address
            muted: true
            font.pixelSize: Theme.small
            wrapMode: Text.NoWrap
            elide: Text.ElideMiddle
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: contact.row.words
            muted: true
            font.pixelSize: Theme.small
        }
    }
    PushButton {
        glyph: "phone"
        Accessible.name: qsTr("Call %1").arg(contact.row.title)
        onClicked: calls.dial(contact.row.name)
    }
    PushButton {
        glyph: "edit"
        Accessible.name: qsTr("Change %1").arg(contact.row.title)
        onClicked: contact.edited()
    }
}
