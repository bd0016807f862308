// The shape of a level: told apart without colour.
import QtQuick
import QtQuick.Shapes
import ".."

Item {
    id: mark

    required property string shape
    required property string tone
    property real size: Theme.large
    readonly property var outlines: ({
        "triangle": "M12 3L22 20.500H2z",
        "half": "M12 2.500a9.500 9.500 0 1 0 .01 0z",
        "ring": "M12 2.500a9.500 9.500 0 1 0 .01 0z",
        "hexagon": "M12 2l9 5v10l-9 5-9-5V7z",
        "disc": "M12 2.500a9.500 9.500 0 1 0 .01 0z",
        "octagon": "M8 2h8l6 6v8l-6 6H8l-6-6V8z",
        "dots": "M12 2.500a9.500 9.500 0 1 0 .01 0z"
    })
    readonly property var signs: ({
        "triangle": "M12 9.500v5M12 17.500h.01",
        "half": "M12 3v18",
        "ring": "M9.500 9.500a2.600 2.600 0 1 1 3.800 2.300c-.8.4-1.300 1-1.300 2M12 17h.01",
        "hexagon": "M8 12.200l3 3 5.200-6",
        "disc": "M7.500 12.300l3.200 3.200 6-6.500",
        "octagon": "M12 7v6M12 16.800h.01",
        "dots": "M7.500 12h.01M12 12h.01M16.500 12h.01"
    })
    readonly property bool full: shape === "disc" || shape === "hexagon" || shape === "octagon"

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Shape {
        width: 24
        height: 24
        scale: mark.size / 24
        transformOrigin: Item.TopLeft
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: Theme.ink(mark.tone)
            strokeWidth: 2
            fillColor: mark.full ? Theme.ink(mark.tone) : "transparent"
            joinStyle: ShapePath.RoundJoin

            PathSvg { path: mark.outlines[mark.shape] ?? "" }
        }
        ShapePath {
            strokeColor: mark.full ? Theme.tint(mark.tone) : Theme.ink(mark.tone)
            strokeWidth: 2.2
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathSvg { path: mark.signs[mark.shape] ?? "" }
        }
    }
}
