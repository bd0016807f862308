"""Makes the WAV files beside it; all are equally loud (RMS), and begin and end without a click.

python -m sounds.make
"""

from __future__ import annotations

import array
import math
import sys
import wave
from collections.abc import Sequence
from pathlib import Path

RATE = 16_000
RMS_DB = -20.0
"""Of every sound while it lasts, dB full scale."""
EDGE_S = 0.008
"""How long each note takes to swell and to fade."""

Note = tuple[Sequence[float], float]
"""Frequencies that sound together, Hz, and for how many seconds; no frequencies: a rest."""

KEY_S = 0.12
"""How long a key sounds."""
KEYS = {
    "123": 697.0,
    "456": 770.0,
    "789": 852.0,
    "*0#": 941.0,
}
"""Rows of a keypad by their low frequencies (ITU-T Q.23)."""
COLUMNS = (1209.0, 1336.0, 1477.0)
NAMES = {"*": "star", "#": "hash"}

SOUNDS: dict[str, Sequence[Note]] = {
    **{
        f"key-{NAMES.get(key, key)}": [((low, high), KEY_S)]
        for row, low in KEYS.items()
        for key, high in zip(row, COLUMNS, strict=True)
    },
    "ring": [*[((659.3, 830.6), 0.09), ((523.3, 659.3), 0.09)] * 6],
    "ringback": [((425,), 1.0)],
    "busy": [((425,), 0.5)],
    "waiting": [((425,), 0.2), ((), 0.2), ((425,), 0.2)],
    "beep": [((880,), 0.4)],
    "hold": [
        ((261.6, 329.6, 392.0), 0.7),
        ((), 0.1),
        ((220.0, 261.6, 329.6), 0.7),
        ((), 0.1),
        ((174.6, 220.0, 261.6), 0.7),
        ((), 0.1),
        ((196.0, 246.9, 293.7), 0.7),
        ((), 0.9),
    ],
    "message": [((784,), 0.12), ((), 0.04), ((988,), 0.2)],
    "secured": [((523.3,), 0.09), ((784,), 0.16)],
    "alarm": [
        ((880,), 0.12),
        ((), 0.05),
        ((622.3,), 0.12),
        ((), 0.05),
        ((880,), 0.12),
        ((), 0.05),
        ((622.3,), 0.2),
    ],
}


def samples(notes: Sequence[Note]) -> array.array[int]:
    """Return the sound of ``notes``."""
    wave_form: list[float] = []
    for frequencies, seconds in notes:
        count = round(seconds * RATE)
        edge = round(EDGE_S * RATE)
        for number in range(count):
            swell = min(1.0, number / edge, (count - 1 - number) / edge)
            wave_form.append(swell * sum(math.sin(2 * math.pi * hz * number / RATE) for hz in frequencies))
    sounding = [value for value in wave_form if value]
    rms = math.sqrt(sum(value * value for value in sounding) / len(sounding))
    gain = 32768 * 10 ** (RMS_DB / 20) / rms
    return array.array("h", (round(gain * value) for value in wave_form))


def main() -> None:
    """Write every file."""
    for name, notes in SOUNDS.items():
        made = samples(notes)
        if sys.byteorder == "big":
            made.byteswap()
        with wave.open(str(Path(__file__).with_name(f"{name}.wav")), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            wav.writeframes(made.tobytes())


if __name__ == "__main__":
    main()
