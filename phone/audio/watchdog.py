"""The thread that keeps sound devices open."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from phone.audio.devices import enumerate_devices
from phone.audio.line import Line

LOOK_S = 0.25
"""How often a device that calls no more is looked for."""

ENUMERATE_S = 2.0
"""How often the sound system is asked what was plugged in or out."""

_log = logging.getLogger("parley.audio")


class Watchdog:
    """Opens ``lines``, tends them while they are wanted, and closes them; nobody has to wait for that."""

    def __init__(
        self,
        lines: Sequence[Line],
        name: str,
        *,
        prepare: Callable[[], None] = lambda: None,
        tended: Callable[[], None] = lambda: None,
    ) -> None:
        """Both are called in that thread; ``prepare`` before any line is opened, perhaps again and again, and
        ``tended`` when the lines have been seen to, and when they are closed.
        """
        self._lines = lines
        self._prepare = prepare
        self._name = name
        self._tended = tended
        self._turn = threading.Lock()
        """Held by the thread that has the lines."""
        self._ending: threading.Event | None = None
        self._nudged = threading.Event()

    def start(self) -> None:
        """Keep the lines open from now on."""
        if self._ending is None:
            self._ending = threading.Event()
            threading.Thread(target=self._run, args=(self._ending,), name=self._name, daemon=True).start()

    def stop(self) -> None:
        """Close the lines."""
        if self._ending is not None:
            self._ending.set()
            self._ending = None
            self._nudged.set()

    def nudge(self) -> None:
        """Look at once: the user has chosen other devices."""
        self._nudged.set()

    def _run(self, ending: threading.Event) -> None:
        with self._turn:
            looked = float("-inf")
            try:
                self._prepare()
                while not ending.is_set():
                    now = time.monotonic()
                    nudged = self._nudged.is_set()
                    self._nudged.clear()
                    if nudged or now - looked >= ENUMERATE_S or any(line.stalled for line in self._lines):
                        looked = now
                        devices = enumerate_devices()
                        for line in self._lines:
                            line.tend(devices)
                        self._tended()
                    self._nudged.wait(LOOK_S)
            except Exception:
                _log.exception("the sound devices are no longer looked after")
            finally:
                for line in self._lines:
                    line.close()
                self._tended()
