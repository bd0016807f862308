// A page that is made when it is first opened, or before that when nobody waits for anything; and stays.
import QtQuick
import QtQuick.Layouts

Loader {
    readonly property bool opened: StackLayout.isCurrentItem
    property bool leisure: false

    active: false
    asynchronous: !opened
    onOpenedChanged: if (opened) active = true
    onLeisureChanged: if (leisure) active = true
}
