"""What a screen reader gets of a window: by the accessibility bus (AT-SPI 2) of a session of its own.

jeepney, which Parley's keyring needs on Linux anyway, speaks D-Bus.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.peers.process import Program, eventually

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
_STEP_S = 20
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_EVENTS = "org.a11y.atspi.Event.Object"
_FOCUSABLE, _FOCUSED, _SHOWING = 11, 12, 25
"""Bits of a state (AtspiStateType)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something on the screen, as it is read out."""

    role: str
    name: str
    description: str
    focusable: bool
    focused: bool


class ScreenReader:
    """Listens to what windows announce, and walks over what they show."""

    def __init__(self) -> None:
        # sockets have short names
        self._folder = Path(tempfile.mkdtemp(prefix="parley-ear-"))
        self._running = contextlib.ExitStack()
        self._running.callback(shutil.rmtree, self._folder, ignore_errors=True)
        address = f"unix:path={self._folder / 'session'}"
        self.environment = {
            **os.environ,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "XDG_RUNTIME_DIR": str(self._folder),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        """For the windows that are to be listened to."""
        with contextlib.ExitStack() as failing:
            failing.enter_context(self._running)
            self._start(["dbus-daemon", "--session", "--nofork", f"--address={address}"])
            eventually((self._folder / "session").exists, within=_STEP_S, what="the session has a bus")
            self._start([str(LAUNCHER), "--launch-immediately"])
            session = self._connect(address)
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            self._bus = self._connect(_ask(session, new_method_call(bus, "GetAddress"))[0])
            registry = DBusAddress(
                "/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry"
            )
            wanted = new_method_call(registry, "RegisterEvent", "sass", ("object:announcement", [], ""))
            _ask(self._bus, wanted)
            rule = MatchRule(type="signal", interface=_EVENTS, member="Announcement")
            _ask(self._bus, message_bus.AddMatch(rule))
            self._queue = self._running.enter_context(self._bus.filter(rule, bufsize=1000))
            failing.pop_all()

    def announced(self) -> list[str]:
        """Return what was announced since it was last asked."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._bus.recv_messages(timeout=0.05)
        said = [message.body[3][1] for message in self._queue]
        self._queue.clear()
        return said

    def wait_announced(self, text: str) -> None:
        """Wait until something is announced that has this in it."""
        eventually(
            lambda: any(text in said for said in self.announced()),
            within=_STEP_S,
            what=f"{text!r} is announced",
        )

    def elements(self) -> list[Heard]:
        """Return everything that is on the screen, in the order in which it is read."""
        root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        return [heard for child in self._children(root) for heard in self._walk(child)]

    def close(self) -> None:
        """End the session."""
        self._running.close()

    def _start(self, command: list[str]) -> None:
        program = Program(command, output=self._folder / "output", environment=self.environment)
        self._running.callback(program.end)

    def _connect(self, address: str) -> DBusConnection:
        return self._running.enter_context(contextlib.closing(open_dbus_connection(address)))

    def _children(self, element: tuple[str, str]) -> list[tuple[str, str]]:
        (children,) = _ask(self._bus, new_method_call(_address(element), "GetChildren"))
        return list(children)

    def _walk(self, element: tuple[str, str]) -> Iterator[Heard]:
        address = _address(element)
        (low, high), *_ = _ask(self._bus, new_method_call(address, "GetState"))
        state = low | high << 32
        (role,) = _ask(self._bus, new_method_call(address, "GetRoleName"))
        ((_, name),) = _ask(self._bus, Properties(address).get("Name"))
        ((_, description),) = _ask(self._bus, Properties(address).get("Description"))
        if state >> _SHOWING & 1:
            yield Heard(role, name, description, bool(state >> _FOCUSABLE & 1), bool(state >> _FOCUSED & 1))
        for child in self._children(element):
            yield from self._walk(child)


def _address(element: tuple[str, str]) -> DBusAddress:
    return DBusAddress(element[1], element[0], _ACCESSIBLE)


def _ask(bus: DBusConnection, question: Message) -> Any:
    """Return the body of the answer."""
    answer = bus.send_and_get_reply(question, timeout=_STEP_S)
    assert answer.header.message_type.name == "method_return", answer.body
    return answer.body
