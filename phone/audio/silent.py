"""The sound card of a machine that has none."""

from __future__ import annotations

from phone.audio.interface import SILENCE, Health, Wish


class NullCard:
    """Hears silence and plays to nobody."""

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""

    def capture(self) -> bytes:
        """Return silence."""
        return SILENCE

    def playback(self, frame: bytes) -> None:
        """Throw the frame away."""

    def wish(self, wish: Wish) -> None:
        """There is nothing to choose from."""

    def health(self) -> Health:
        """Nothing is open, and nothing goes wrong."""
        return Health()
