"""Pure tones, made and recognised: what the demo and the self-test talk with."""

from __future__ import annotations

import array
import math
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

RATE = 16_000
"""Samples a second of every tone written here, Hz."""

FULL_SCALE = 32_768
_WINDOW_S = 0.25


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of one tone is in a recording."""

    seconds: float
    """How long the tone was heard: windows in which it carries at least nine tenths of the power."""
    level_db: float
    """Median level of the tone in those windows, dB below full scale (a full-scale sine is -3 dB)."""


def write_tone(path: Path, frequency: float, *, seconds: float, level_db: float) -> None:
    """Write a 16-bit mono WAV: a sine of ``frequency`` Hz at ``level_db`` (RMS, dB full scale)."""
    amplitude = FULL_SCALE * math.sqrt(2) * 10 ** (level_db / 20)
    step = 2 * math.pi * frequency / RATE
    samples = array.array("h", (round(amplitude * math.sin(step * i)) for i in range(round(seconds * RATE))))
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(samples.tobytes())


def find_tone(path: Path, frequency: float) -> Heard:
    """Look for a tone of exactly ``frequency`` Hz in a 16-bit mono WAV.

    A window of 250 ms tells two tones apart that differ by 4 Hz (Goertzel's algorithm).
    """
    with wave.open(str(path), "rb") as wav:
        rate = wav.getframerate()
        samples = array.array("h", wav.readframes(wav.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    size = round(rate * _WINDOW_S)
    levels = []
    for start in range(0, len(samples) - size + 1, size):
        window = samples[start : start + size]
        power = sum(s * s for s in window) / size
        tone = goertzel_power(window, frequency / rate)
        if power > 1 and tone >= 0.9 * power:
            levels.append(10 * math.log10(tone) - 20 * math.log10(FULL_SCALE))
    if not levels:
        return Heard(0.0, -math.inf)
    return Heard(len(levels) * _WINDOW_S, sorted(levels)[len(levels) // 2])


def goertzel_power(window: array.array[int], cycles_per_sample: float) -> float:
    """Return the mean power that one frequency carries in ``window``."""
    coefficient = 2 * math.cos(2 * math.pi * cycles_per_sample)
    before = last = 0.0
    for sample in window:
        before, last = last, sample + coefficient * last - before
    return 2 * (last * last + before * before - coefficient * last * before) / len(window) ** 2
