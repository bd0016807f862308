"""Icons and the shapes of levels: a few strokes on a grid of 24, drawn in the ink that is asked for.

Images rather than QML's Shapes, which Qt's software renderer draws outside of pages that scroll.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

NAME = "pictures"
"""QML's name for them: ``image://pictures/GLYPH/INK`` and ``image://pictures/SHAPE/INK/GROUND``, in hex."""

GLYPHS: Mapping[str, str] = {
    "phone": (
        "M6.5 3.5h3l1.6 4.2-2.1 1.5a12 12 0 0 0 5.8 5.8l1.5-2.1 4.2 1.6v3a2 2 0 0 1-2.1 2A16 16 0"
        " 0 1 4.5 5.6a2 2 0 0 1 2-2.1z"
    ),
    "hangup": "M3 14.5c0-2.5 4-5 9-5s9 2.5 9 5v2.2l-4.6-1v-3a14 14 0 0 0-8.8 0v3l-4.6 1z",
    "mute": (
        "M9 9.5v-3a3 3 0 0 1 6 0v5a3 3 0 0 1-.4 1.5M9 11.5a3 3 0 0 0 3.5 3M6 11.5a6 6 0 0 0 9.8 4"
        ".6M18 11.5c0 .8-.1 1.5-.4 2.2M12 17.5v3M4 4l16 16"
    ),
    "speaker": "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
    "up": "M6 15l6-6 6 6",
    "pause": "M9 6v12M15 6v12",
    "keypad": "M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01",
    "clock": "M12 4a8 8 0 1 0 .01 0M12 8v4.5l3 2",
    "card": (
        "M5 4.5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM12 11.5a2.2 "
        "2.2 0 1 0-.01 0M8 16.5c.4-1.9 1.9-3 4-3s3.6 1.1 4 3"
    ),
    "plus": "M12 5v14M5 12h14",
    "mail": "M6.5 15.5a3.5 3.5 0 1 0-.01 0M17.5 15.5a3.5 3.5 0 1 0-.01 0M6.5 15.5h11",
    "edit": "M5 19l1-4L16 5l3 3L9 18z",
    "people": (
        "M9 11.5a3.5 3.5 0 1 0-.01 0M2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M16 11.5a3 3 0 1 0-"
        "1.5-5.6M17.5 14.2c2.3.4 3.7 2.3 4 5.3"
    ),
    "gear": "M4 7h8M16 7h4M4 17h3M11 17h9M14 5v4M9 15v4",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "close": "M6 6l12 12M18 6L6 18",
    "more": "M6 9l6 6 6-6",
    "dots": "M6 12h.01M12 12h.01M18 12h.01",
}
DOTTED = frozenset({"keypad", "dots"})

OUTLINES: Mapping[str, str] = {
    "triangle": "M12 3L22 20.5H2z",
    "half": "M12 2.5a9.5 9.5 0 1 0 .01 0z",
    "ring": "M12 2.5a9.5 9.5 0 1 0 .01 0z",
    "hexagon": "M12 2l9 5v10l-9 5-9-5V7z",
    "disc": "M12 2.5a9.5 9.5 0 1 0 .01 0z",
    "octagon": "M8 2h8l6 6v8l-6 6H8l-6-6V8z",
    "dots": "M12 2.5a9.5 9.5 0 1 0 .01 0z",
}
"""Of the levels: told apart without colour."""
SIGNS: Mapping[str, str] = {
    "triangle": "M12 9.5v5M12 17.5h.01",
    "half": "M12 3v18",
    "ring": "M9.5 9.5a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.3 1-1.3 2M12 17h.01",
    "hexagon": "M8 12.2l3 3 5.2-6",
    "disc": "M7.5 12.3l3.2 3.2 6-6.5",
    "octagon": "M12 7v6M12 16.8h.01",
    "dots": "M7.5 12h.01M12 12h.01M16.5 12h.01",
}
FULL = frozenset({"disc", "hexagon", "octagon"})


def svg(wanted: str) -> str:
    """Return a picture by what follows ``image://pictures/``; an empty one for what is not known."""
    name, ink, ground = [*wanted.split("/"), "", ""][:3]
    if ground:
        full = name in FULL
        drawn = (
            f'<path d="{OUTLINES.get(name, "")}" stroke="#{ink}" stroke-width="2"'
            f' fill="{"#" + ink if full else "none"}"/>'
            f'<path d="{SIGNS.get(name, "")}" stroke="#{ground if full else ink}" stroke-width="2.2"'
            ' fill="none"/>'
        )
    else:
        width = 3.2 if name in DOTTED else 1.9
        drawn = f'<path d="{GLYPHS.get(name, "")}" stroke="#{ink}" stroke-width="{width}" fill="none"/>'
    shared = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {shared}>{drawn}</svg>'


class Pictures(QQuickImageProvider):
    """Draws what QML asks for, in the size that it asks for."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, wanted: str, _: QSize, size: QSize) -> QImage:  # noqa: N802  # Qt's name
        image = QImage(size.expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(svg(wanted).encode())).render(painter)
        painter.end()
        return image
