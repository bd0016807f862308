"""The sound card of an echo: what it is told, it says, a moment later."""

from __future__ import annotations

from phone.audio.interface import FRAME_BYTES, FRAME_MS
from phone.audio.ring import Ring

DELAY_MS = 600
"""Long enough to be told from one's own voice."""


class EchoCard:
    """Its microphone hears its loudspeaker."""

    def __init__(self) -> None:
        self._ring = Ring(2 * DELAY_MS // FRAME_MS * FRAME_BYTES)

    def start(self) -> None:
        """Begin with ``DELAY_MS`` of silence, which stays between what is heard and what is said."""
        self._ring.clear()
        self._ring.write(bytes(DELAY_MS // FRAME_MS * FRAME_BYTES))

    def stop(self) -> None:
        """Nothing to close."""

    def capture(self) -> bytes:
        """Return what was heard ``DELAY_MS`` ago."""
        return self._ring.read(FRAME_BYTES)

    def playback(self, frame: bytes) -> None:
        """Keep a frame."""
        self._ring.write(frame)
