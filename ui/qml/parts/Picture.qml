// What ui/pictures.py draws, as fine as the screen shows it.
import QtQuick

Item {
    id: picture

    property string path
    property real size: 20
    readonly property int dots: Math.max(1, Math.ceil(size * Screen.devicePixelRatio))

    function hex(ink: color): string {
        return String(ink).slice(-6);
    }

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Image {
        anchors.fill: parent
        source: picture.path !== "" ? "image://pictures/" + picture.path : ""
        sourceSize: Qt.size(picture.dots, picture.dots)
    }
}
