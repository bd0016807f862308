// A value between two ends.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Slider {
    id: range

    Layout.fillWidth: true
    snapMode: Slider.SnapAlways
    palette {
        dark: Theme.colors.accent
        midlight: Theme.colors.line
    }

    FocusRing { around: range }
}
