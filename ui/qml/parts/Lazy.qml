// A page that is made when it is first opened, and stays.
import QtQuick
import QtQuick.Layouts

Loader {
    readonly property bool opened: StackLayout.isCurrentItem

    active: false
    onOpenedChanged: if (opened) active = true
}
