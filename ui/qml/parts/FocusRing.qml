// Shows where the keyboard is.
import QtQuick
import ".."

Rectangle {
    required property Item around

    anchors { fill: parent; margins: -3 }
    visible: around.visualFocus
    color: "transparent"
    border { color: Theme.colors.text; width: 2 }
    radius: Theme.radius + 3
}
