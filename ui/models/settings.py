"""What the user has chosen of the window itself; all else is kept by the backend."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal, Slot

from ui.properties import Property

THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "de")
SMALLEST, LARGEST = 1.0, 2.0
"""Text size, as a multiple of the system's."""

AUTOSTART = """[Desktop Entry]
Type=Application
Name=Parley
Exec={command}
Icon=parley
X-GNOME-Autostart-enabled=true
"""


class Settings(QObject):
    """Kept in a file beside the accounts."""

    changed = Signal()

    def __init__(self, file: Path, command: str, parent: QObject | None = None) -> None:
        """``command``: what starts Parley at login."""
        super().__init__(parent)
        self._file = QSettings(str(file), QSettings.Format.IniFormat, self)
        self._command = command

    @Property(str, notify=changed)
    def theme(self) -> str:
        """One of ``THEMES``."""
        return self._choice("theme", THEMES)

    @theme.setter  # type: ignore[no-redef]
    def theme(self, theme: str) -> None:
        self._set("theme", theme)

    @Property(str, notify=changed)
    def language(self) -> str:
        """One of ``LANGUAGES``."""
        return self._choice("language", LANGUAGES)

    @language.setter  # type: ignore[no-redef]
    def language(self, language: str) -> None:
        self._set("language", language)

    @Property(float, notify=changed)
    def text_size(self) -> float:
        """From ``SMALLEST`` to ``LARGEST``."""
        try:
            size = float(str(self._file.value("text_size", SMALLEST)))
        except ValueError:
            return SMALLEST
        return min(max(size, SMALLEST), LARGEST)

    @text_size.setter  # type: ignore[no-redef]
    def text_size(self, size: float) -> None:
        self._set("text_size", size)

    @Property(bool, notify=changed)
    def stay(self) -> bool:
        """Whether closing the window leaves it in the tray."""
        return str(self._file.value("stay", "true")) == "true"

    @stay.setter  # type: ignore[no-redef]
    def stay(self, stay: bool) -> None:
        self._set("stay", "true" if stay else "false")

    @Property(bool, notify=changed)
    def announce(self) -> bool:
        """Whether other phones are told that calls may be recorded, as far as it was set here."""
        return str(self._file.value("announce", "false")) == "true"

    @announce.setter  # type: ignore[no-redef]
    def announce(self, announce: bool) -> None:
        self._set("announce", "true" if announce else "false")

    @Property(bool, constant=True)
    def can_start_at_login(self) -> bool:
        """Whether that can be set here: other systems than Linux's desktops have their own ways."""
        return sys.platform == "linux"

    @Property(bool, notify=changed)
    def at_login(self) -> bool:
        """Whether Parley starts at login (the desktop's autostart folder)."""
        return _autostart().exists()

    @at_login.setter  # type: ignore[no-redef]
    def at_login(self, wanted: bool) -> None:
        if wanted:
            _autostart().parent.mkdir(parents=True, exist_ok=True)
            _autostart().write_text(AUTOSTART.format(command=self._command), encoding="utf-8")
        else:
            _autostart().unlink(missing_ok=True)
        self.changed.emit()

    @Property(bool, notify=changed)
    def welcomed(self) -> bool:
        """Whether the first run is over."""
        return str(self._file.value("welcomed", "false")) == "true"

    @Slot()
    def welcome(self) -> None:
        """The first run is over."""
        self._set("welcomed", "true")

    def was_asked(self, zid: str) -> bool:
        """Return whether the user has been asked to compare codes with this phone."""
        return str(self._file.value(f"asked/{zid}", "")) == "true"

    def asked(self, zid: str) -> None:
        """Remember that he has been."""
        if not self.was_asked(zid):
            self._file.setValue(f"asked/{zid}", "true")

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        found = str(self._file.value(name, choices[0]))
        return found if found in choices else choices[0]

    def _set(self, name: str, value: object) -> None:
        self._file.setValue(name, value)
        self.changed.emit()


def _autostart() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "autostart" / "parley.desktop"
