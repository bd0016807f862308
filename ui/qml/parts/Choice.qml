// One of a few, under its name.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: choice

    property alias label: name.text
    // objects with "value" and "text"
    property var options: []
    property string value

    signal chosen(string value)

    Layout.fillWidth: true
    spacing: Theme.gap / 2

    Words {
        id: name

        Layout.fillWidth: true
        font.pixelSize: Theme.small
        muted: true
    }
    ComboBox {
        id: box

        Layout.fillWidth: true
        implicitHeight: Theme.target
        model: choice.options
        textRole: "text"
        valueRole: "value"
        font.pixelSize: Theme.normal
        currentIndex: choice.options.findIndex(option => option.value === choice.value)
        palette {
            buttonText: Theme.colors.text
            text: Theme.colors.text
            dark: Theme.colors.text
            window: Theme.colors.surface
            base: Theme.colors.surface
            light: Theme.colors.pressed
            midlight: Theme.colors.pressed
        }
        Accessible.name: name.text
        Accessible.description: displayText
        contentItem: Text {
            leftPadding: 1.5 * Theme.gap
            text: box.displayText
            font: box.font
            color: Theme.colors.text
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
        }
        onActivated: choice.chosen(currentValue)

        background: Rectangle {
            radius: Theme.radius
            color: Theme.colors.surface
            border { color: Theme.colors.edge; width: 1 }

            FocusRing { around: box }
        }
    }
}
