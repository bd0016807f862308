"""Colours that can be read, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtQml import QQmlComponent

from tests.peers.window import Window

READABLE = 4.5
"""WCAG 2.2, 1.4.3."""
VISIBLE = 3.0
"""1.4.11: what bounds a control."""

PAIRS = [
    *((ink, ground) for ink in ("text", "muted") for ground in ("background", "surface", "pressed")),
    *((tone, f"{tone}Tint") for tone in ("good", "calm", "partial", "warning", "alarm")),
    *(
        (tone, ground)
        for tone in ("good", "calm", "partial", "warning", "alarm")
        for ground in ("background", "surface")
    ),
    *(("text", f"{tone}Tint") for tone in ("calm", "partial", "warning", "alarm")),
    *(("muted", f"{tone}Tint") for tone in ("good", "calm", "partial", "warning", "alarm")),
    ("accent", "background"),
    ("accent", "surface"),
    ("overAccent", "accent"),
    ("overAnswer", "answer"),
    ("overDanger", "danger"),
]


def luminance(color: QColor) -> float:
    """Return the relative luminance (WCAG)."""
    channels = (color.redF(), color.greenF(), color.blueF())
    parts: list[float] = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio (WCAG)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["day", "night"])
def test_text_can_be_read(window: Window, theme: str) -> None:
    """Every ink on every ground that it is used on."""
    component = QQmlComponent(window.desktop.engine)
    qml = b"""
        import QtQuick
        import "."
        QtObject { property QtObject day: Theme.day; property QtObject night: Theme.night }
    """
    component.setData(qml, window.desktop.page)
    made = component.create(window.desktop.engine.rootContext())
    assert made is not None, component.errorString()
    colors = made.property(theme)
    assert isinstance(colors, QObject)
    poor = [
        (ink, ground, round(ratio, 2))
        for ink, ground in PAIRS
        if (ratio := contrast(colors.property(ink), colors.property(ground))) < READABLE
    ]
    assert not poor
    for ground in ("background", "surface"):
        assert contrast(colors.property("edge"), colors.property(ground)) >= VISIBLE
    made.deleteLater()
