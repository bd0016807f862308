"""The sound card of an echo: what it is told, it says, a moment later."""

from __future__ import annotations

from collections import deque

from phone.audio.interface import FRAME_MS, SILENCE, Health, Wish

DELAY_MS = 600
"""Long enough to be told from one's own voice."""


class EchoCard:
    """Its microphone hears its loudspeaker."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=2 * DELAY_MS // FRAME_MS)

    def start(self) -> None:
        """Begin with ``DELAY_MS`` of silence, which stays between what is heard and what is said."""
        self._frames.clear()
        self._frames.extend([SILENCE] * (DELAY_MS // FRAME_MS))

    def stop(self) -> None:
        """Nothing to close."""

    def capture(self) -> bytes:
        """Return what was heard ``DELAY_MS`` ago."""
        return self._frames.popleft() if self._frames else SILENCE

    def playback(self, frame: bytes) -> None:
        """Keep a frame."""
        self._frames.append(frame)

    def wish(self, wish: Wish) -> None:
        """There is nothing to choose from."""

    def health(self) -> Health:
        """No device is open, and nothing goes wrong."""
        return Health()
