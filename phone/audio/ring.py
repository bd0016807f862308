"""A buffer between two clocks."""

from __future__ import annotations

import threading


class Ring:
    """Bytes first in, first out, at most ``limit`` of them; safe between two threads.

    The reader never waits: what is missing is silence. The writer never waits: what is too old is dropped.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sound = bytearray()
        self._lock = threading.Lock()
        self.underruns = 0
        """Reads that found too little."""
        self.overruns = 0
        """Writes that pushed something out."""

    def __len__(self) -> int:
        return len(self._sound)

    def write(self, sound: bytes) -> None:
        """Append ``sound``; drop the oldest beyond the limit."""
        with self._lock:
            self._sound += sound
            excess = len(self._sound) - self._limit
            if excess > 0:
                del self._sound[:excess]
                self.overruns += 1

    def read(self, length: int) -> bytes:
        """Take ``length`` bytes; if there are fewer, silence follows them."""
        with self._lock:
            sound = bytes(self._sound[:length])
            del self._sound[:length]
            if len(sound) < length:
                self.underruns += 1
        return sound.ljust(length, b"\0")

    def clear(self) -> None:
        """Forget everything in it."""
        with self._lock:
            self._sound.clear()
