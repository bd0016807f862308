"""The log of the backend, and a report of it that can be given away."""

from __future__ import annotations

import platform
import re
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication

from ui.properties import Property

TAIL_BYTES = 64 * 1024
"""How much of the log is shown."""

LEFT_OUT = "[left out]"

_NAMED = re.compile(r"\"[^\"\n]*\"(?=\s*<sips?:)", re.IGNORECASE)
"""Who is behind an address, as telephones write it."""
_USER = re.compile(r"(sips?:)[^@\s<>]{1,400}(?=@)|(?<![\w.+*#~%-])[\w.+*#~%-]++(?=@[\w.\[-])", re.IGNORECASE)
"""Who: at which server may help to find the fault, and stays."""
_NUMBER = re.compile(r"tel:[^\s;>]+", re.IGNORECASE)
_HOME = re.compile(r"(/home/|/Users/|\\Users\\)[^/\\\s]+")
_LONG = re.compile(r"\b[0-9a-f]{16,}\b|[A-Za-z0-9+/_-]{32,}=*", re.IGNORECASE)
"""What may be a key, a digest or the name of a phone; words are shorter."""


def anonymous(log: str) -> str:
    """Return ``log`` without people's names, numbers and folders, and without anything that may be a key.

    The backend logs no secret in the first place; this is for what it could not know to be one, and for
    whom one talks to, which is nobody's business.
    """
    log = _NAMED.sub(LEFT_OUT, log)
    log = _USER.sub(lambda found: f"{found[1] or ''}{LEFT_OUT}", log)
    log = _NUMBER.sub(f"tel:{LEFT_OUT}", log)
    log = _HOME.sub(rf"\1{LEFT_OUT}", log)
    return _LONG.sub(LEFT_OUT, log)


class Report(QObject):
    """What the backend has logged, as the user sees it, and as it can be given away."""

    changed = Signal()

    def __init__(self, log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._text = ""
        self._copied = False

    @Property(str, notify=changed)
    def text(self) -> str:
        """The end of the log."""
        return self._text

    @Property(bool, notify=changed)
    def copied(self) -> bool:
        """Whether the report of this text is on the clipboard."""
        return self._copied

    @Slot()
    def refresh(self) -> None:
        """Read it again."""
        try:
            with self._log.open("rb") as file:
                file.seek(max(0, self._log.stat().st_size - TAIL_BYTES))
                self._text = file.read().decode("utf-8", "replace")
        except OSError:
            self._text = ""
        self._copied = False
        self.changed.emit()

    @Slot()
    def copy(self) -> None:
        """Put versions and log on the clipboard."""
        lines = [
            f"Parley {version('parley')}, Python {platform.python_version()}, Qt {qVersion()}",
            platform.platform(),
            "",
            anonymous(self._text),
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._copied = True
        self.changed.emit()
