"""The tone measurement measures."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import pytest

from tests.peers import tones


def test_a_written_tone_is_heard_at_its_level(tmp_path: Path) -> None:
    """Frequency and level come back as written."""
    recording = tones.Recording.read(tones.write_tone(tmp_path / "a.wav", 440, seconds=2, dbfs=-12))
    assert recording.seconds_of(440) == pytest.approx(2, abs=0.1)
    assert recording.level_of(440) == pytest.approx(-12, abs=0.2)


def test_another_tone_is_not_heard(tmp_path: Path) -> None:
    """60 Hz beside it is another tone."""
    recording = tones.Recording.read(tones.write_tone(tmp_path / "a.wav", 440))
    assert recording.seconds_of(500) == 0
    assert recording.seconds_of_sound() > 3


def test_tones_are_heard_among_others(tmp_path: Path) -> None:
    """Each of a chord, also the quieter one; and none that is not in it."""
    loud = tones.Recording.read(tones.write_tone(tmp_path / "a.wav", 440, seconds=1))
    quiet = tones.Recording.read(tones.write_tone(tmp_path / "b.wav", 600, seconds=1, dbfs=-20))
    both = array("h", (one + other for one, other in zip(loud.samples, quiet.samples, strict=True)))
    chord = tones.Recording(both, 8000)
    assert [chord.seconds_with(hz) for hz in (440, 600, 700)] == [1, 1, 0]
    assert chord.seconds_of(600) == 0


def test_noise_is_no_tone() -> None:
    """What failed authentication would sound like is not taken for a tone."""
    noise = random.Random(1)
    samples = array("h", (noise.randrange(-32768, 32768) for _ in range(16000)))
    assert tones.Recording(samples, 8000).seconds_of(440) == 0


def test_a_file_still_being_written_can_be_read(tmp_path: Path) -> None:
    """A header that tells no length yet hides nothing."""
    path = tones.write_tone(tmp_path / "a.wav", 440, seconds=1)
    data = bytearray(path.read_bytes())
    data[40:44] = bytes(4)
    path.write_bytes(data)
    assert tones.Recording.read(path).seconds == pytest.approx(1, abs=0.01)
