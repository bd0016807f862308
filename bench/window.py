"""For how long the window's thread is at one thing while a call goes on.

    python -m bench.window

Needs what ``tests/run`` installs (Xvfb). A window with a screen reader's interface switched on, drawn by
Qt's software renderer, on a backend that calls another one; each step is the first of its
kind, which takes longest. Prints for each the longest that one event has kept the thread, in milliseconds: of
its CPU time, and by the clock, which counts what else the machine does meanwhile. A screen with 60 pictures a
second has 16 ms for each.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from phone.config import Home
from phone.control.client import Client
from phone.control.contract import ControlError
from tests.peers.parley import Parley
from tests.peers.process import Loopback
from tests.peers.window import Role, Screen, Window, application

LEISURE_S = 6.0
"""Until the window has made what it makes when nobody waits."""
STEP_S = 2.0
ASKS_S = 8.0


class Watched(QApplication):
    """Writes down how long each event takes, with all that is done because of it."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.taken: list[tuple[float, float]] = []
        """CPU and clock, seconds."""
        self._inside = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event."""
        if self._inside:
            return super().notify(receiver, event)
        self._inside = True
        cpu, clock = time.thread_time(), time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self._inside = False
            self.taken.append((time.thread_time() - cpu, time.perf_counter() - clock))


def ask(phone: Parley, method: str, **params: object) -> None:
    """Tell a backend to do something, without waiting for what comes of it."""
    # that two codes differ is refused
    with Client(Home(phone.home).socket) as client, suppress(ControlError):
        client.request(method, params)


def watch(app: Watched, what: str, seconds: float, begin: Callable[[], object]) -> None:
    """Print the longest of what a step leads to."""
    app.taken.clear()
    begin()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.002)
    cpu, clock = (1000 * max(column) for column in zip(*app.taken, strict=True))
    print(f"{what:40} {cpu:6.1f} {clock:6.1f}", flush=True)


def main() -> None:
    """Go through a call."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        here = Path(folder)
        running.enter_context(closing(Screen(here, shutil.which("Xvfb"))))
        app = application(Watched)
        assert isinstance(app, Watched)
        loopback = Loopback()
        phones = []
        for name, hz in (("ann", 440.0), ("ben", 560.0)):
            (here / name).mkdir()
            phones.append(running.enter_context(closing(Parley(here / name, loopback.address(), hz))))
            phones[-1].start()
        ann, ben = phones
        window = running.enter_context(closing(Window(ann.home)))
        window.press("Not now")
        watch(app, "at leisure, before any call", LEISURE_S, lambda: None)
        watch(app, "a call out", STEP_S, lambda: ask(ann, "call.dial", target=ben.uri))
        watch(app, "it is answered, and secure", STEP_S, lambda: ask(ben, "call.answer"))
        watch(app, "the code is asked for", ASKS_S, lambda: None)
        watch(app, "the codes differ: an alarm", STEP_S, lambda: ask(ann, "call.verify", code="yyyy"))
        watch(app, "they were misread", STEP_S, lambda: window.press("They misread it, try again"))
        code = ann.wait_call()["sas"]
        watch(app, "verified", STEP_S, lambda: ask(ann, "call.verify", code=code))
        watch(app, "on hold", STEP_S, lambda: ask(ann, "call.hold"))
        watch(app, "and back", STEP_S, lambda: ask(ann, "call.resume"))
        for page in ("Contacts", "History", "Phones", "Settings", "Call"):
            watch(app, f"page: {page}", STEP_S / 2, partial(window.press, page, Role.PageTab))
        watch(app, "it ends", STEP_S, lambda: ask(ann, "call.hang_up"))
        watch(app, "a call in", STEP_S, lambda: ask(ben, "call.dial", target=ann.uri))
        watch(app, "it is answered, and secure", STEP_S, lambda: ask(ann, "call.answer"))
        watch(app, "it ends", STEP_S, lambda: ask(ben, "call.hang_up"))


if __name__ == "__main__":
    main()
