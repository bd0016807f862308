"""Parley's window, driven as a screen reader drives it: by the names and roles of what is on the screen."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMessageLogContext, QObject, QPoint, QRect, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtQuickControls2 import QQuickStyle
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from phone.control.contract import ControlError
from tests.peers.process import Program
from ui.app import Desktop

T = TypeVar("T")

POLL_MS = 20
STEP_S = 20.0

Role = QAccessible.Role

ACTIVE = frozenset({Role.Button, Role.CheckBox, Role.EditableText, Role.ComboBox, Role.Slider, Role.PageTab})
"""What can be operated."""

_GONE: list[Desktop] = []
"""Windows that were closed: QML remembers types by addresses, which must not be those of others meanwhile."""


class Screen:
    """An X server of the tests' own; without Xvfb, Qt's drawing into memory."""

    def __init__(self, folder: Path, xvfb: str | None) -> None:
        self._program: Program | None = None
        os.environ["QT_QUICK_BACKEND"] = "software"
        if xvfb is None:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            return
        display = 100 + secrets.randbelow(20000)
        command = [xvfb, f":{display}", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
        self._program = Program(command, output=folder / "xvfb")
        socket = Path(f"/tmp/.X11-unix/X{display}")
        deadline = time.monotonic() + STEP_S
        while not socket.exists():
            assert time.monotonic() < deadline, (folder / "xvfb").read_text()
            time.sleep(0.05)
        os.environ["DISPLAY"] = f":{display}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"

    def close(self) -> None:
        """End it."""
        if self._program is not None:
            self._program.end()


def application(kind: type[QApplication] = QApplication) -> QApplication:
    """Return Qt's application, of which a process has one."""
    QQuickStyle.setStyle("Basic")
    made = kind(["parley"])
    made.setQuitOnLastWindowClosed(False)
    QAccessible.setActive(True)
    return made


@dataclass(frozen=True, slots=True)
class Element:
    """Something on the screen, as assistive technology sees it."""

    name: str
    description: str
    role: Role
    enabled: bool
    focusable: bool
    interface: QAccessibleInterface


class Window:
    """One ``Desktop`` on a backend; every complaint of Qt is kept."""

    def __init__(self, home: Path) -> None:
        self.complaints: list[str] = []
        self._closed = False
        qInstallMessageHandler(self._complain)
        command = [sys.executable, "-m", "phone.cli", "--home", str(home)]
        self.desktop = Desktop(home / "control.sock", home / "parley.log", command)
        self.desktop.settings.setProperty("language", "en")
        self.desktop.settings.setProperty("theme", "light")
        try:
            self.desktop.show()
        except ControlError as error:
            raise AssertionError(self.complaints) from error
        self.until(lambda: self.desktop.accounts.known, "the window reaches the backend")
        self.quick.requestActivate()
        self.until(self.quick.isActive, "the keyboard is the window's")

    @property
    def quick(self) -> QQuickWindow:
        """Qt's window."""
        window = self.desktop.window
        assert isinstance(window, QQuickWindow)
        return window

    def until(self, probe: Callable[[], T], what: str, *, within: float = STEP_S) -> T:
        """Let the window work until ``probe`` is true, and return what it is then."""
        deadline = time.monotonic() + within
        while not (last := probe()):
            assert time.monotonic() < deadline, (
                f"not within {within:g} s: {what}; on the screen: {self.texts()}"
            )
            QTest.qWait(POLL_MS)
        return last

    def elements(self) -> list[Element]:
        """Return everything that is visible; nothing once the window is closed."""
        root = None if self._closed else _accessible(self.quick)
        return [] if root is None else list(_walk(root))

    def texts(self) -> list[str]:
        """Return every name on the screen."""
        return [element.name for element in self.elements() if element.name]

    def shows(self, text: str) -> bool:
        """Return whether this stands in something on the screen."""
        return any(text in shown for shown in self.texts())

    def see(self, text: str, *, within: float = STEP_S) -> None:
        """Wait until this stands on the screen."""
        self.until(lambda: self.shows(text), f"{text!r} is on the screen", within=within)

    def find(self, name: str, role: Role | None = None) -> Element:
        """Wait for the element of this name, and return it."""

        def found() -> list[Element]:
            return [e for e in self.elements() if e.name == name and role in (None, e.role)]

        return self.until(found, f"{name!r} is on the screen")[0]

    def press(self, name: str, role: Role | None = Role.Button) -> None:
        """Press a button, as soon as it can be; what knows no pressing is clicked."""
        self.until(lambda: self.find(name, role).enabled, f"{name!r} can be pressed")
        element = self.find(name, role)
        actions = element.interface.actionInterface()
        if "Press" in actions.actionNames():
            actions.doAction("Press")
        else:
            self.click(name, role)
        QTest.qWait(POLL_MS)

    def click(self, name: str, role: Role | None = Role.Button) -> None:
        """Press a button with the mouse."""
        area = self.find(name, role).interface.rect()
        middle = self.quick.mapFromGlobal(area.center())
        QTest.mouseClick(self.quick, Qt.MouseButton.LeftButton, pos=QPoint(middle.x(), middle.y()))
        QTest.qWait(POLL_MS)

    def type(self, name: str, text: str) -> None:
        """Type into the field of this name, in place of what stands in it."""
        # what assistive technology asks for; before Qt 6.12 the fields of a page did not know that action
        field = self.find(name, Role.EditableText).interface.object()
        assert isinstance(field, QQuickItem)
        field.forceActiveFocus()
        self.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in text:
            QTest.keyClick(self.quick, letter)  # type: ignore[call-overload]  # PySide6 has it for widgets
        QTest.qWait(POLL_MS)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key."""
        QTest.keyClick(self.quick, key, modifier)
        QTest.qWait(POLL_MS)

    def focused(self) -> str:
        """Return the name of what has the keyboard."""
        interface = _accessible(self.quick.activeFocusItem())
        return "" if interface is None else interface.text(QAccessible.Text.Name)

    def focused_area(self) -> QRect:
        """Return where on the screen that is."""
        interface = _accessible(self.quick.activeFocusItem())
        return QRect() if interface is None else interface.rect()

    def reachable(self, steps: int) -> set[str]:
        """Return the names of what the keyboard gets to, by so many times Tab."""
        reached = set()
        for _ in range(steps):
            self.key(Qt.Key.Key_Tab)
            reached.add(self.focused())
        return reached

    def cut_off(self) -> list[str]:
        """Return the names of what is wider than the window."""
        frame = self.quick.geometry()
        self.picture()
        areas = [(e.name, e.interface.rect()) for e in self.elements() if e.name]
        return [
            name
            for name, area in areas
            if not area.isEmpty() and (area.left() < frame.left() or area.right() > frame.right())
        ]

    def picture(self) -> QImage:
        """Return what the window looks like."""
        QTest.qWait(200)
        return self.quick.grabWindow()

    def close(self) -> None:
        """Close it, if that has not happened yet; Qt must have had nothing to complain of."""
        if self._closed:
            return
        self._closed = True
        self.desktop.close()
        _GONE.append(self.desktop)
        qInstallMessageHandler(None)
        assert not self.complaints, self.complaints

    def _complain(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        self.complaints.append(message)


def _accessible(shown: QObject | None) -> QAccessibleInterface | None:
    return None if shown is None else QAccessible.queryAccessibleInterface(shown)


def _walk(interface: QAccessibleInterface) -> Iterator[Element]:
    for number in range(interface.childCount()):
        child: QAccessibleInterface | None = interface.child(number)
        if child is None or not child.isValid():
            continue
        state = child.state()
        if state.invisible:
            continue
        yield Element(
            child.text(QAccessible.Text.Name),
            child.text(QAccessible.Text.Description),
            child.role(),
            not state.disabled,
            bool(state.focusable),
            child,
        )
        yield from _walk(child)
