// One line to type in, under its name.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: field

    property alias label: name.text
    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias input: input
    property bool secret: false

    signal accepted

    Layout.fillWidth: true
    spacing: Theme.gap / 2

    Words {
        id: name

        Layout.fillWidth: true
        visible: text !== ""
        font.pixelSize: Theme.small
        muted: true
    }
    TextField {
        id: input

        Layout.fillWidth: true
        implicitHeight: Math.max(Theme.target, contentHeight + 2 * Theme.gap)
        leftPadding: 1.5 * Theme.gap
        rightPadding: leftPadding
        font.pixelSize: Theme.normal
        color: Theme.colors.text
        placeholderTextColor: Theme.colors.muted
        selectionColor: Theme.colors.accent
        selectedTextColor: Theme.colors.overAccent
        selectByMouse: true
        echoMode: field.secret ? TextInput.Password : TextInput.Normal
        inputMethodHints: field.secret
            ? Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
            : Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
        Accessible.name: name.text !== "" ? name.text : placeholderText
        // Qt keeps the name of a field for passwords to itself
        Accessible.description: field.secret ? name.text : ""
        onAccepted: field.accepted()

        background: Rectangle {
            radius: Theme.radius
            color: Theme.colors.surface
            border {
                color: input.activeFocus ? Theme.colors.accent : Theme.colors.edge
                width: input.activeFocus ? 2 : 1
            }
        }
    }
}
