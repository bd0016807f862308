"""The icon beside the clock, and what it tells while the window is out of sight."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ui.models.calls import Calls
from ui.models.rows import Row
from ui.models.settings import Settings

translate = QCoreApplication.translate


ICON = Path(__file__).parent / "icons" / "parley.svg"


class Tray(QObject):
    """Tells of calls and alarms by the desktop's own notifications; a click opens the window."""

    opened = Signal()
    left = Signal()

    def __init__(self, calls: Calls, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._menu = QMenu()
        self._menu.addAction(translate("Tray", "Open Parley"), self.opened.emit)
        self._menu.addAction(translate("Tray", "Quit"), self.left.emit)
        self._icon = QSystemTrayIcon(QIcon(str(ICON)), self)
        self._icon.setToolTip("Parley")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(self.opened)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()
        calls.rang.connect(self._ring)
        calls.alarmed.connect(self._alarm)

    @property
    def holds(self) -> bool:
        """Whether Parley stays here when its window closes."""
        return self._icon.isVisible() and bool(self._settings.stay)

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()

    def _ring(self, call: Row) -> None:
        self._tell(translate("Tray", "{name} is calling").format(name=call["title"]), call)

    def _alarm(self, call: Row) -> None:
        self._tell(call["words"], call)

    def _tell(self, title: str, call: Row) -> None:
        # whoever looks at the window sees it there
        if self._icon.isVisible() and QGuiApplication.focusWindow() is None:
            self._icon.showMessage(title, call["why"] or call["remote_uri"], self._icon.icon())
