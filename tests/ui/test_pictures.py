"""Icons and the shapes of levels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from ui.models.security import SHAPES
from ui.pictures import GLYPHS, OUTLINES, SIGNS, Pictures

QML = Path(__file__).parents[2] / "ui" / "qml"


def test_every_glyph_that_pages_name_is_there() -> None:
    """By the words in their files."""
    named = {
        name
        for file in QML.rglob("*.qml")
        for line in re.findall(r"glyph: (.*)", file.read_text(encoding="utf-8"))
        for name in re.findall(r'"([a-z]+)"', line)
    }
    assert named
    assert named <= GLYPHS.keys()


@pytest.mark.parametrize(
    "wanted", [*(f"{name}/ff0000" for name in GLYPHS), *(f"{name}/ff0000/00ff00" for name in OUTLINES)]
)
def test_picture_is_drawn_in_its_ink(application: object, wanted: str) -> None:
    """In the size that is asked for."""
    image = Pictures().requestImage(wanted, QSize(), QSize(24, 24))
    assert image.size() == QSize(24, 24)
    drawn = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    assert any(color.red() > 200 and color.alpha() > 200 for color in drawn)


def test_what_is_not_known_is_empty(application: object) -> None:
    """And no error: QML asks while it is still being put together."""
    for wanted in ("", "/", "nothing/ff0000", "nothing/ff0000/00ff00"):
        image = Pictures().requestImage(wanted, QSize(), QSize(0, 0))
        assert image.pixelColor(0, 0).alpha() == 0


def test_every_level_has_a_shape() -> None:
    """And alarms have one."""
    assert {*SHAPES.values(), "octagon", "dots"} <= OUTLINES.keys()
    assert OUTLINES.keys() == SIGNS.keys()
