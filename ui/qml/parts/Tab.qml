// The way to one page.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

TabButton {
    id: tab

    property string glyph
    readonly property color inkColor: checked ? Theme.colors.accent : Theme.colors.muted

    Accessible.selectable: true
    Accessible.selected: checked
    implicitHeight: contentItem.implicitHeight + 1.5 * Theme.gap

    contentItem: ColumnLayout {
        spacing: Theme.gap / 4

        Icon {
            Layout.alignment: Qt.AlignHCenter
            glyph: tab.glyph
            ink: tab.inkColor
            size: Math.round(Theme.normal * 1.4)
        }
        Text {
            Layout.fillWidth: true
            text: tab.text
            // all alike, and as large as the widest allows
            font { pixelSize: Math.min(Theme.small, Math.max(12, Math.floor(tab.width / 6))); weight: tab.checked ? Font.DemiBold : Font.Normal }
            color: tab.inkColor
            horizontalAlignment: Text.AlignHCenter
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        color: "transparent"
        radius: Theme.radius

        FocusRing { around: tab; anchors.margins: 1 }
    }
}
