"""What a sound card is to the rest of Parley."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from phone.errors import PhoneError

RATE = 16_000
"""Samples per second, Hz; one channel, signed 16 bit, little-endian."""

FRAME_MS = 20

FRAME_BYTES = RATE * FRAME_MS // 1000 * 2

SILENCE = bytes(FRAME_BYTES)
"""One frame of nothing."""


class AudioError(PhoneError):
    """A sound file or device cannot be used; the sentence says why."""


class Direction(Enum):
    """Which way a device carries sound."""

    CAPTURE = "microphone"
    PLAYBACK = "loudspeaker"


class EchoMode(Enum):
    """Whether the loudspeaker is to be taken out of what the microphone hears."""

    AUTO = "auto"
    """Where anybody could hear it."""
    ON = "on"
    OFF = "off"


class EchoState(Enum):
    """What is done about that."""

    IDLE = "idle"
    """No devices are open."""
    OURS = "parley"
    """Parley does it."""
    DESKTOP = "desktop"
    """The microphone is one that the desktop has freed from echo."""
    HEADSET = "headset"
    """Nothing: only who wears the loudspeaker hears it."""
    OFF = "off"
    """Nothing, as the user wishes."""
    MISSING = "missing"
    """Nothing: the library for it is not installed."""
    FAILED = "failed"
    """Nothing: that library has failed; the log has more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which devices the user wants, by name; ``None``: what the system would take."""

    microphone: str | None = None
    speaker: str | None = None
    ringer: str | None = None
    echo: EchoMode = EchoMode.AUTO
    even_out: bool = False
    """Make the microphone as loud as others are."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a sound card does."""

    microphone: str | None = None
    """The device that is open; ``None``: none is."""
    speaker: str | None = None
    waits_for_word: bool = False
    """The headset has vanished, and the sound stays off until the user says that others may hear it."""
    lacks: tuple[Direction, ...] = ()
    """What a call has to do without: there is no such device, or it cannot be opened."""
    underruns: int = 0
    """Times that sound was missing, both ways."""
    overruns: int = 0
    """Times that waiting sound had to be dropped, both ways."""
    echo: EchoState = EchoState.IDLE


class SoundCard(Protocol):
    """Microphone and loudspeaker, as the clock of the conference bridge sees them.

    ``capture`` and ``playback`` are called every 20 ms from a thread of pjmedia: they are cheap, never block
    and never raise. ``start`` and ``stop`` are called from the reactor's thread, any number of times.
    """

    def start(self) -> None:
        """Begin to listen and to be heard; return at once."""
        ...

    def stop(self) -> None:
        """Let go of microphone and loudspeaker."""
        ...

    def capture(self) -> bytes:
        """Return the next frame of the microphone, ``FRAME_BYTES`` long."""
        ...

    def playback(self, frame: bytes) -> None:
        """Make the next frame heard."""
        ...

    def wish(self, wish: Wish) -> None:
        """Take these devices, now and from now on; return at once."""
        ...

    def health(self) -> Health:
        """Return which devices are open and what went wrong."""
        ...
