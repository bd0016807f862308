"""The log of the backend, and a report of it that can be given away."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication

from ui.properties import Property

TAIL_BYTES = 64 * 1024
"""How much of the log is shown."""


class Report(QObject):
    """What the backend has logged; it logs no secret, so neither does the report have one."""

    changed = Signal()

    def __init__(self, log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._text = ""

    @Property(str, notify=changed)
    def text(self) -> str:
        """The end of the log."""
        return self._text

    @Slot()
    def refresh(self) -> None:
        """Read it again."""
        try:
            with self._log.open("rb") as file:
                file.seek(max(0, self._log.stat().st_size - TAIL_BYTES))
                self._text = file.read().decode("utf-8", "replace")
        except OSError:
            self._text = ""
        self.changed.emit()

    @Slot()
    def copy(self) -> None:
        """Put versions and log on the clipboard."""
        lines = [
            f"Parley {version('parley')}, Python {platform.python_version()}, Qt {qVersion()}",
            platform.platform(),
            "",
            self._text,
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))
