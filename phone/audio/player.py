"""Ringing and other signals, on a device of their own: no call and no conference bridge has a part in it."""

from __future__ import annotations

import threading
from typing import Protocol

from phone.audio.interface import Direction
from phone.audio.line import Line
from phone.audio.sounds import Sound, read
from phone.audio.watchdog import Watchdog


class SoundPlayer(Protocol):
    """Plays one sound at a time."""

    def play(self, sound: Sound) -> None:
        """Play ``sound`` in place of what is playing; return at once."""
        ...

    def stop(self) -> None:
        """Be silent."""
        ...

    def wish(self, device: str | None) -> None:
        """Play on this device from now on; ``None``: on what the system would take."""
        ...


class NoPlayer:
    """Plays nothing: the player of a phone that touches no device."""

    def play(self, sound: Sound) -> None:
        """Nothing is heard."""

    def stop(self) -> None:
        """It is silent already."""

    def wish(self, device: str | None) -> None:
        """There is nothing to choose from."""


class DevicePlayer:
    """Plays on a loudspeaker, which is open from ``play`` to ``stop``."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._samples = b""
        self._position = 0
        self._repeats = False
        self._line = Line(Direction.PLAYBACK, self._next)
        self._watchdog = Watchdog((self._line,), name)

    def play(self, sound: Sound) -> None:
        """Play ``sound`` in place of what is playing."""
        samples = read(sound)
        with self._lock:
            self._samples, self._position, self._repeats = samples, 0, sound.repeats
        self._watchdog.start()

    def stop(self) -> None:
        """Be silent, and let go of the device."""
        with self._lock:
            self._samples, self._repeats = b"", False
        self._watchdog.stop()

    def wish(self, device: str | None) -> None:
        """Play on this device from now on."""
        self._line.wanted = device
        self._watchdog.nudge()

    def _next(self, length: int) -> bytes:
        with self._lock:
            sound = self._samples[self._position : self._position + length]
            self._position += len(sound)
            if len(sound) < length and self._repeats:
                # every sound is longer than what a device asks for at once
                self._position = length - len(sound)
                sound += self._samples[: self._position]
            return sound.ljust(length, b"\0")
