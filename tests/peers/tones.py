"""WAV tones to speak with, and the measurement of what was heard.

A tone is found with the Goertzel recurrence over windows of 100 ms. Pure Python is fast enough: one second at
8 kHz takes about a millisecond per frequency asked for.
"""

from __future__ import annotations

import array
import math
import struct
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WINDOW_MS = 100
"""Long enough to tell tones 20 Hz apart, short enough to see a pause between two words."""
SHORT_MS = 20
"""So short that a tone of 5 kHz is still the same when clocks are being matched by half a percent."""

SPEECH_DBFS = -40.0
"""A window quieter than this counts as silence: G.711 codes its idle noise below -60 dBFS."""


def write_tone(path: Path, hz: float, *, seconds: float = 4.0, rate: int = 8000, dbfs: float = -10.0) -> Path:
    """Write a mono 16-bit WAV with one sine; a whole number of periods, so that it loops without a click."""
    periods = round(hz * seconds)
    frames = round(periods * rate / hz)
    amplitude = 32767 * 10 ** (dbfs / 20)
    samples = (round(amplitude * math.sin(2 * math.pi * hz * i / rate)) for i in range(frames))
    return write_samples(path, samples, rate=rate)


def write_samples(path: Path, samples: Iterable[int], *, rate: int) -> Path:
    """Write a mono 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", samples).tobytes())
    return path


def goertzel(samples: Sequence[int], hz: float, rate: int) -> float:
    """Return the mean power of the ``hz`` component of ``samples``, in squared sample units."""
    coefficient = 2 * math.cos(2 * math.pi * hz / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = last * last + before * before - coefficient * last * before
    return 2 * power / len(samples) ** 2


def mean_power(samples: Sequence[int]) -> float:
    """Return the mean square of ``samples``."""
    return sum(sample * sample for sample in samples) / len(samples)


def share(samples: Sequence[int], hz: float, rate: int) -> float:
    """Return how much of the power of ``samples`` lies at ``hz``: 1.0 for a pure tone, near 0 for noise."""
    power = mean_power(samples)
    return goertzel(samples, hz, rate) / power if power else 0.0


def dbfs(power: float) -> float:
    """Return a mean power in dB relative to a full-scale sine."""
    return 10 * math.log10(max(power, 1e-9) / (32767**2 / 2))


@dataclass(frozen=True, slots=True)
class Recording:
    """Mono 16-bit sound; ``samples`` at ``rate`` Hz."""

    samples: array.array[int]
    rate: int

    @classmethod
    def read(cls, path: Path) -> Recording:
        """Read a WAV file, also one that is still being written and whose header tells no length yet."""
        data = path.read_bytes() if path.exists() else b""
        rate, at = 8000, 12
        while at + 8 <= len(data):
            kind, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
            if kind == b"fmt ":
                channels, rate, bits = struct.unpack_from("<2xHI6xH", data, at + 8)
                assert (channels, bits) == (1, 16), f"{path} has {channels} channels of {bits} bits"
            if kind == b"data":
                sound = data[at + 8 :]
                return cls(array.array("h", sound[: len(sound) // 2 * 2]), rate)
            at += 8 + size + size % 2
        return cls(array.array("h"), rate)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate

    def since(self, seconds: float) -> Recording:
        """Return what follows the first ``seconds``."""
        return Recording(self.samples[round(seconds * self.rate) :], self.rate)

    def windows(self, window_ms: int = WINDOW_MS) -> list[array.array[int]]:
        """Return the whole windows of ``window_ms``."""
        size = self.rate * window_ms // 1000
        return [self.samples[at : at + size] for at in range(0, len(self.samples) - size + 1, size)]

    def seconds_of(self, hz: float, *, window_ms: int = WINDOW_MS) -> float:
        """Return for how many seconds the tone ``hz`` was what one heard: audible, and most of the power."""
        heard = 0
        for window in self.windows(window_ms):
            if dbfs(mean_power(window)) > SPEECH_DBFS and share(window, hz, self.rate) > 0.7:
                heard += 1
        return heard * window_ms / 1000

    def seconds_with(self, hz: float) -> float:
        """Return for how many seconds the tone ``hz`` was heard, be it among others up to 15 dB louder."""
        heard = sum(
            dbfs(mean_power(window)) > SPEECH_DBFS and share(window, hz, self.rate) > 0.02
            for window in self.windows()
        )
        return heard * WINDOW_MS / 1000

    def seconds_of_sound(self) -> float:
        """Return for how many seconds there was any sound."""
        return sum(dbfs(mean_power(window)) > SPEECH_DBFS for window in self.windows()) * WINDOW_MS / 1000

    def level_of(self, hz: float) -> float:
        """Return the level in dBFS of the loudest window of the tone ``hz``; -inf when it was never heard."""
        levels = (
            dbfs(goertzel(window, hz, self.rate))
            for window in self.windows()
            if share(window, hz, self.rate) > 0.7
        )
        return max(levels, default=-math.inf)
