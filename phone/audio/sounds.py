"""What Parley sounds like: the WAV files in ``sounds/``, which the script beside them has made."""

from __future__ import annotations

import functools
import sys
import wave
from array import array
from enum import Enum
from importlib.resources import files

from phone.audio.interface import RATE


class Sound(Enum):
    """One signal: the name of its file, and the seconds of silence before it repeats; 0: it does not."""

    RING = ("ring", 2.0)
    """Somebody calls."""
    RINGBACK = ("ringback", 4.0)
    """It rings at the other end (ITU-T E.180: 1 s on, 4 s off)."""
    BUSY = ("busy", 0.5)
    """The other end is busy or cannot be reached (ITU-T E.180)."""
    WAITING = ("waiting", 5.0)
    """Somebody calls while we talk."""
    SECURED = ("secured", 0.0)
    """The call has become encrypted."""
    ALARM = ("alarm", 0.0)
    """The call needs a look: protection lost, key changed, codes do not match."""
    MESSAGE = ("message", 0.0)
    """A voice message has come."""
    KEY_0 = ("key-0", 0.0)
    """Somebody presses a key here; so for the others."""
    KEY_1 = ("key-1", 0.0)
    KEY_2 = ("key-2", 0.0)
    KEY_3 = ("key-3", 0.0)
    KEY_4 = ("key-4", 0.0)
    KEY_5 = ("key-5", 0.0)
    KEY_6 = ("key-6", 0.0)
    KEY_7 = ("key-7", 0.0)
    KEY_8 = ("key-8", 0.0)
    KEY_9 = ("key-9", 0.0)
    KEY_STAR = ("key-star", 0.0)
    KEY_HASH = ("key-hash", 0.0)

    @property
    def repeats(self) -> bool:
        """It goes on until it is stopped."""
        return self.value[1] > 0


KEYS = {
    {"STAR": "*", "HASH": "#"}.get(key := sound.name.removeprefix("KEY_"), key): sound
    for sound in Sound
    if sound.name.startswith("KEY_")
}
"""By what is printed on the key."""


@functools.cache
def read(sound: Sound) -> bytes:
    """Return ``sound`` with its pause, 16 kHz mono."""
    name, pause_s = sound.value
    with files("sounds").joinpath(f"{name}.wav").open("rb") as file, wave.open(file) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (RATE, 1, 2)
        samples = array("h", wav.readframes(wav.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes() + bytes(round(RATE * pause_s) * 2)


def seconds(sound: Sound) -> float:
    """Return how long ``sound`` takes, its pause included."""
    return len(read(sound)) / 2 / RATE
