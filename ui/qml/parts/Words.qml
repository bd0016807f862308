// Text that wraps, in the theme's ink.
import QtQuick
import QtQuick.Controls.Basic
import ".."

Label {
    property bool muted: false

    color: muted ? Theme.colors.muted : Theme.colors.text
    font.pixelSize: Theme.normal
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
}
