"""A room as numbers: somebody who talks, a loudspeaker, and what of it comes back to the microphone."""

from __future__ import annotations

import array
import math
import random
from collections.abc import Sequence

from phone.audio.interface import FRAME_BYTES, RATE
from tests.peers.tones import mean_power

FRAME = FRAME_BYTES // 2
"""Samples."""


def speech(seconds: float, seed: int, *, pitch_hz: float = 120.0, rms: float = 2000.0) -> list[float]:
    """Return something that changes as speech does: syllables, of a pitch or of breath, and pauses."""
    chance = random.Random(seed)
    said: list[float] = []
    while len(said) < seconds * RATE:
        said += _syllable(chance, pitch_hz)
        said += [0.0] * int(chance.choice((0.03, 0.06, 0.1, 0.4)) * RATE)
    del said[int(seconds * RATE) :]
    gain = rms / math.sqrt(sum(sample * sample for sample in said) / len(said))
    return [sample * gain for sample in said]


def _syllable(chance: random.Random, pitch_hz: float) -> list[float]:
    length = int(chance.uniform(0.12, 0.35) * RATE)
    period = RATE / (pitch_hz * chance.uniform(0.8, 1.3))
    if chance.random() < 0.75:
        sound = [float(at % period < 1) for at in range(length)]
    else:
        sound = [chance.gauss(0, 0.3) for _ in range(length)]
    for low_hz, high_hz, width_hz in ((300, 900, 80), (900, 2400, 120), (2400, 3500, 200)):
        sound = _resonance(sound, chance.uniform(low_hz, high_hz), width_hz)
    loudest = max(map(abs, sound))
    loudness = chance.uniform(0.4, 1) / loudest
    return [sample * loudness * math.sqrt(math.sin(math.pi * at / length)) for at, sample in enumerate(sound)]


def _resonance(sound: Sequence[float], hz: float, width_hz: float) -> list[float]:
    radius = math.exp(-math.pi * width_hz / RATE)
    turn = 2 * radius * math.cos(2 * math.pi * hz / RATE)
    out, last, before = [], 0.0, 0.0
    for sample in sound:
        last, before = sample + turn * last - radius * radius * before, last
        out.append(last)
    return out


def echo(sound: Sequence[float], *, delay_ms: float, seed: int = 1, loss_db: float = 10.0) -> list[float]:
    """Return what the microphone hears of ``sound``: later, from many walls, dying away in 200 ms."""
    chance = random.Random(seed)
    paths = [(0.0, 1.0)]
    for _ in range(30):
        later_s = chance.uniform(0.001, 0.2)
        paths.append((later_s, chance.choice((-1, 1)) * 0.5 * math.exp(-later_s / 0.03)))
    gain = 10 ** (-loss_db / 20) / math.sqrt(sum(loud * loud for _, loud in paths))
    heard = [0.0] * len(sound)
    for later_s, loud in paths:
        shift = int((delay_ms / 1000 + later_s) * RATE)
        for at in range(shift, len(sound)):
            heard[at] += gain * loud * sound[at - shift]
    return heard


def frames(sound: Sequence[float]) -> list[bytes]:
    """Return ``sound`` as a bridge carries it."""
    samples = array.array("h", (max(-32768, min(32767, round(sample))) for sample in sound))
    return [samples[at : at + FRAME].tobytes() for at in range(0, len(samples) - FRAME + 1, FRAME)]


def level_db(sound: Sequence[float] | Sequence[int]) -> float:
    """Return how loud it is, in dB over one step of 16 bits."""
    return 10 * math.log10(max(mean_power(sound), 0.01))  # type: ignore[arg-type]  # floats do as well
