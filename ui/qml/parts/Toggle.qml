// A square button with a picture and a word below it, that may be on.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Button {
    id: toggle

    property string glyph

    Layout.fillWidth: true
    implicitHeight: contentItem.implicitHeight + 3 * Theme.gap
    Accessible.checkable: checkable
    Accessible.checked: checked
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: ColumnLayout {
        spacing: Theme.gap / 2

        Icon {
            Layout.alignment: Qt.AlignHCenter
            glyph: toggle.glyph
            ink: toggle.checked ? Theme.colors.overAccent : Theme.colors.text
            size: Math.round(Theme.normal * 1.6)
        }
        Text {
            Layout.fillWidth: true
            text: toggle.text
            font.pixelSize: Theme.small
            color: toggle.checked ? Theme.colors.overAccent : Theme.colors.text
            horizontalAlignment: Text.AlignHCenter
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: toggle.checked ? Theme.colors.accent : toggle.down ? Theme.colors.pressed : Theme.colors.surface
        border { color: Theme.colors.line; width: toggle.checked ? 0 : 1 }

        FocusRing { around: toggle }
    }
}
