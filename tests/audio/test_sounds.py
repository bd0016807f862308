"""Ringing and tones."""

from __future__ import annotations

import array
import math
import wave
from importlib.resources import files

import pytest

from phone.audio.interface import RATE
from phone.audio.sounds import Sound, read, seconds
from sounds import make


@pytest.mark.parametrize("sound", Sound)
def test_file_is_what_the_script_makes(sound: Sound) -> None:
    """Whoever changes one changes the other."""
    name, pause_s = sound.value
    made = make.samples(make.SOUNDS[name]).tobytes()
    assert read(sound) == made + bytes(round(pause_s * RATE) * 2)
    assert seconds(sound) == len(read(sound)) / 2 / RATE


@pytest.mark.parametrize("sound", Sound)
def test_all_are_equally_loud_and_begin_and_end_softly(sound: Sound) -> None:
    """Within 1 dB; nothing clips."""
    with files("sounds").joinpath(f"{sound.value[0]}.wav").open("rb") as file, wave.open(file) as wav:
        samples = array.array("h", wav.readframes(wav.getnframes()))
    sounding = [sample for sample in samples if sample]
    power = sum(sample * sample for sample in sounding) / len(sounding)
    assert math.isclose(10 * math.log10(power / 32768**2), make.RMS_DB, abs_tol=1)
    assert max(map(abs, samples)) < 32767
    assert max(abs(samples[0]), abs(samples[-1])) < 100
