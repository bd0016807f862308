// A value between two ends.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ".."

Slider {
    id: range

    Layout.fillWidth: true
    snapMode: Slider.SnapAlways
    // what a screen reader does moves it as a person does
    Accessible.onIncreaseAction: {
        increase();
        moved();
    }
    Accessible.onDecreaseAction: {
        decrease();
        moved();
    }
    palette {
        dark: Theme.colors.accent
        midlight: Theme.colors.line
    }

    FocusRing { around: range }
}
