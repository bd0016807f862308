// A picture of a few strokes on a grid of 24.
import QtQuick
import QtQuick.Shapes

Item {
    id: icon

    required property string glyph
    required property color ink
    property real size: 20
    readonly property var paths: ({
        "phone": "M6.5 3.5h3l1.6 4.2-2.1 1.5a12 12 0 0 0 5.8 5.8l1.5-2.100 4.200 1.600v3a2 2 0 0 1-2.100 2A16 16 0 0 1 4.500 5.600a2 2 0 0 1 2-2.100z",
        "hangup": "M3 14.500c0-2.500 4-5 9-5s9 2.500 9 5v2.200l-4.600-1v-3a14 14 0 0 0-8.800 0v3l-4.600 1z",
        "mute": "M9 9.500v-3a3 3 0 0 1 6 0v5a3 3 0 0 1-.400 1.500M9 11.500a3 3 0 0 0 3.500 3M6 11.500a6 6 0 0 0 9.800 4.600M18 11.500c0 .8-.1 1.500-.4 2.200M12 17.500v3M4 4l16 16",
        "speaker": "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a7.800 7.800 0 0 1 0 11",
        "up": "M6 15l6-6 6 6",
        "pause": "M9 6v12M15 6v12",
        "keypad": "M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01",
        "clock": "M12 4a8 8 0 1 0 .01 0M12 8v4.500l3 2",
        "card": "M5 4.500h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM12 11.500a2.200 2.200 0 1 0-.01 0M8 16.500c.4-1.900 1.900-3 4-3s3.600 1.100 4 3",
        "plus": "M12 5v14M5 12h14",
        "mail": "M6.500 15.500a3.500 3.500 0 1 0-.01 0M17.500 15.500a3.500 3.500 0 1 0-.01 0M6.500 15.500h11",
        "edit": "M5 19l1-4L16 5l3 3L9 18z",
        "people": "M9 11.500a3.500 3.500 0 1 0-.01 0M2.500 19.500c.5-3.500 3-5.500 6.500-5.500s6 2 6.500 5.500M16 11.500a3 3 0 1 0-1.500-5.600M17.500 14.200c2.300.4 3.700 2.300 4 5.300",
        "gear": "M4 7h8M16 7h4M4 17h3M11 17h9M14 5v4M9 15v4",
        "check": "M5 12.500l4.500 4.500L19 7.500",
        "close": "M6 6l12 12M18 6L6 18",
        "more": "M6 9l6 6 6-6",
        "dots": "M6 12h.01M12 12h.01M18 12h.01"
    })

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Shape {
        width: 24
        height: 24
        scale: icon.size / 24
        transformOrigin: Item.TopLeft
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: icon.ink
            strokeWidth: icon.glyph === "keypad" || icon.glyph === "dots" ? 3.2 : 1.9
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathSvg { path: icon.paths[icon.glyph] ?? "" }
        }
    }
}
