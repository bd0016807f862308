// A surface with rounded corners around a column.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: card

    default property alias content: column.data
    property int padding: 2 * Theme.gap
    property alias spacing: column.spacing

    Layout.fillWidth: true
    implicitHeight: column.implicitHeight + 2 * padding
    implicitWidth: column.implicitWidth + 2 * padding
    radius: Theme.radius
    color: Theme.colors.surface
    border.color: Theme.colors.line

    ColumnLayout {
        id: column

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: card.padding }
        spacing: Theme.gap
    }
}
