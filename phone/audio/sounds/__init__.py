"""What Parley sounds like: the WAV files beside this, which ``make.py`` has made."""

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

    @property
    def repeats(self) -> bool:
        """It goes on until it is stopped."""
        return self.value[1] > 0


@functools.cache
def read(sound: Sound) -> bytes:
    """Return ``sound`` with its pause, 16 kHz mono."""
    name, pause_s = sound.value
    with files(__name__).joinpath(f"{name}.wav").open("rb") as file, wave.open(file) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (RATE, 1, 2)
        samples = array("h", wav.readframes(wav.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes() + bytes(round(RATE * pause_s) * 2)


def seconds(sound: Sound) -> float:
    """Return how long ``sound`` takes, its pause included."""
    return len(read(sound)) / 2 / RATE
