// Something that is on or off.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

CheckBox {
    id: check

    Layout.fillWidth: true
    implicitHeight: Math.max(Theme.target, contentItem.implicitHeight)
    font.pixelSize: Theme.normal
    spacing: Theme.gap

    indicator: Rectangle {
        x: check.leftPadding
        y: (check.height - height) / 2
        implicitWidth: Math.round(Theme.normal * 1.4)
        implicitHeight: implicitWidth
        radius: 5
        color: check.checked ? Theme.colors.accent : Theme.colors.surface
        border { color: check.checked ? Theme.colors.accent : Theme.colors.edge; width: 1 }

        Icon {
            anchors.centerIn: parent
            visible: check.checked
            glyph: "check"
            ink: Theme.colors.overAccent
            size: parent.width * 0.8
        }
        FocusRing { around: check }
    }
    contentItem: Text {
        leftPadding: check.indicator.width + check.spacing
        text: check.text
        font: check.font
        color: Theme.colors.text
        wrapMode: Text.Wrap
        verticalAlignment: Text.AlignVCenter
    }
}
