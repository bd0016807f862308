// Colours, sizes and the few motions of the window, in one place.
pragma Singleton

import QtQuick

QtObject {
    id: theme

    readonly property bool dark: settings.theme === "dark"
        || (settings.theme === "system" && Application.styleHints.colorScheme === Qt.Dark)
    readonly property QtObject colors: dark ? night : day

    // sizes of text in pixels, scaled by the user; spaces stay
    readonly property int small: Math.round(13 * settings.text_size)
    readonly property int normal: Math.round(15 * settings.text_size)
    readonly property int large: Math.round(20 * settings.text_size)
    readonly property int huge: Math.round(28 * settings.text_size)
    readonly property int code: Math.round(40 * settings.text_size)
    readonly property int gap: 8
    readonly property int radius: 10
    readonly property int target: Math.max(40, Math.round(36 * settings.text_size))

    // tone: "good", "calm", "partial", "warning", "alarm"
    function ink(tone: string): color {
        return colors[tone] ?? colors.muted;
    }

    function tint(tone: string): color {
        return colors[tone + "Tint"] ?? colors.surface;
    }

    readonly property QtObject day: QtObject {
        readonly property color background: "#f4f6f8"
        readonly property color surface: "#ffffff"
        readonly property color pressed: "#e6eaef"
        readonly property color line: "#cfd6de"
        readonly property color edge: "#7b8794"
        readonly property color text: "#17212b"
        readonly property color muted: "#525e6b"
        readonly property color accent: "#1b5e8c"
        readonly property color overAccent: "#ffffff"
        readonly property color good: "#1c6637"
        readonly property color goodTint: "#e2f2e7"
        readonly property color calm: "#1b5e8c"
        readonly property color calmTint: "#e3eff8"
        readonly property color partial: "#5b3d8a"
        readonly property color partialTint: "#efe8f8"
        readonly property color warning: "#7d4a00"
        readonly property color warningTint: "#fbeed6"
        readonly property color alarm: "#a8201a"
        readonly property color alarmTint: "#fce4e2"
        readonly property color answer: "#1c6637"
        readonly property color overAnswer: "#ffffff"
        readonly property color danger: "#a8201a"
        readonly property color overDanger: "#ffffff"
    }

    readonly property QtObject night: QtObject {
        readonly property color background: "#12171c"
        readonly property color surface: "#1c232a"
        readonly property color pressed: "#2a333d"
        readonly property color line: "#36404b"
        readonly property color edge: "#7b8794"
        readonly property color text: "#edf1f5"
        readonly property color muted: "#a9b4c0"
        readonly property color accent: "#7cbcec"
        readonly property color overAccent: "#0b1b28"
        readonly property color good: "#7dd69b"
        readonly property color goodTint: "#183325"
        readonly property color calm: "#7cbcec"
        readonly property color calmTint: "#16303f"
        readonly property color partial: "#cdb8f2"
        readonly property color partialTint: "#30283f"
        readonly property color warning: "#f2b755"
        readonly property color warningTint: "#3a2c12"
        readonly property color alarm: "#ff9a91"
        readonly property color alarmTint: "#45201e"
        readonly property color answer: "#7dd69b"
        readonly property color overAnswer: "#0a2214"
        readonly property color danger: "#bf3a33"
        readonly property color overDanger: "#ffffff"
    }
}
