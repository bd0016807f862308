"""The sound cards of an end that nobody attends: one that plays a file, one that takes a message."""

from __future__ import annotations

import array
from collections.abc import Callable
from pathlib import Path

from phone.audio.interface import FRAME_BYTES, FRAME_MS, SILENCE, Health, Wish
from phone.audio.wav import Recording, load

VOICE_PEAK = 800
"""A frame whose highest sample is below this (-32 dB) has no voice in it."""

WRITTEN_S = 0.2
"""How long the disk may take over the last of a message; most often it is a thousandth of that."""


class _Card:
    """What both have in common: no device, and one end, told once."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended: Callable[[], None] | None = ended

    def start(self) -> None:
        """There is nothing to open."""

    def stop(self) -> None:
        """Whoever stops it needs not be told."""
        self._ended = None

    def capture(self) -> bytes:
        """Say nothing."""
        return SILENCE

    def playback(self, frame: bytes) -> None:
        """Listen to nobody."""

    def wish(self, wish: Wish) -> None:
        """There is nothing to choose from."""

    def health(self) -> Health:
        """Nothing is open, and nothing goes wrong."""
        return Health()

    def _end(self) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended()


class PlayCard(_Card):
    """Says what is in a file, once or again and again."""

    def __init__(self, path: Path, *, loop: bool, ended: Callable[[], None]) -> None:
        """``ended``: called in pjmedia's thread when the file is through. Raise AudioError."""
        super().__init__(ended)
        sound = load(path)
        self._sound = sound + bytes(-len(sound) % FRAME_BYTES)
        self._loop = loop
        self._position = 0

    def capture(self) -> bytes:
        """Return the next 20 ms of the file."""
        if self._position == len(self._sound):
            if not self._loop:
                self._end()
                return SILENCE
            self._position = 0
        start, self._position = self._position, self._position + FRAME_BYTES
        return self._sound[start : self._position]


class MessageCard(_Card):
    """Writes what it hears, until nobody has spoken for a while or the message is long enough."""

    def __init__(self, path: Path, *, longest_s: float, silence_s: float, ended: Callable[[], None]) -> None:
        """``path``: of the new file; ``ended``: called in pjmedia's thread. Raise AudioError."""
        super().__init__(ended)
        self._recording = Recording(path, new=True)
        self._left = round(longest_s * 1000 / FRAME_MS)
        self._patience = round(silence_s * 1000 / FRAME_MS)
        self._silent = 0

    def start(self) -> None:
        """Begin to write."""
        self._recording.start()

    def stop(self) -> None:
        """Write the rest."""
        super().stop()
        self._recording.stop()
        # whoever hears next that the call is over reads the file
        self._recording.wait_written(WRITTEN_S)

    def playback(self, frame: bytes) -> None:
        """Write a frame, while the message lasts."""
        if self._left == 0 or self._silent >= self._patience:
            self._end()
            return
        self._left -= 1
        samples = array.array("h", frame)
        self._silent = 0 if max(*samples, -min(samples)) > VOICE_PEAK else self._silent + 1
        self._recording.write(frame)
