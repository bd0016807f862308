// A button; "primary" once a view, "danger" where hanging up is the way out.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Button {
    id: button

    property string kind: "plain"
    property string glyph: ""
    readonly property color ground: !enabled && kind !== "quiet" ? Theme.colors.pressed : ({
        "primary": Theme.colors.accent,
        "danger": Theme.colors.danger,
        "answer": Theme.colors.answer,
        "quiet": "transparent"
    })[kind] ?? Theme.colors.surface
    readonly property color inkColor: !enabled ? Theme.colors.muted : ({
        "primary": Theme.colors.overAccent,
        "danger": Theme.colors.overDanger,
        "answer": Theme.colors.overAnswer,
        "quiet": Theme.colors.accent
    })[kind] ?? Theme.colors.text

    implicitHeight: Math.max(Theme.target, contentItem.implicitHeight + 2 * Theme.gap)
    leftPadding: kind === "quiet" ? Theme.gap : 2 * Theme.gap
    rightPadding: leftPadding
    font { pixelSize: Theme.normal; weight: kind === "plain" || kind === "quiet" ? Font.Normal : Font.DemiBold }
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: RowLayout {
        spacing: Theme.gap

        Item { Layout.fillWidth: true }
        Icon {
            id: picture

            visible: button.glyph !== ""
            glyph: button.glyph
            ink: button.inkColor
            size: Math.round(Theme.normal * 1.3)
        }
        Text {
            visible: text !== ""
            Layout.maximumWidth: button.availableWidth - (picture.visible ? picture.size + 3 * Theme.gap : 0)
            text: button.text
            font: button.font
            color: button.inkColor
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
        }
        Item { Layout.fillWidth: true }
    }
    background: Rectangle {
        radius: Theme.radius
        color: button.down && (button.kind === "plain" || button.kind === "quiet")
            ? Theme.colors.pressed : button.down ? Qt.darker(button.ground, 1.15) : button.ground
        border { color: Theme.colors.edge; width: button.kind === "plain" && button.enabled ? 1 : 0 }

        FocusRing { around: button }
    }
}
