"""The tone that a trial call speaks, and whether it comes back."""

from __future__ import annotations

import array
import random

import pytest

from phone.audio.interface import FRAME_BYTES, FRAME_MS, SILENCE
from phone.audio.trial import LONG_ENOUGH_MS, ToneCard

FRAMES = LONG_ENOUGH_MS // FRAME_MS


def noise(frame: bytes, amplitude: int) -> bytes:
    """Add noise of an amplitude to a frame."""
    random_numbers = random.Random(1)
    samples = array.array("h", frame)
    return array.array("h", (s + random_numbers.randint(-amplitude, amplitude) for s in samples)).tobytes()


def quieter(frame: bytes, factor: float) -> bytes:
    """Turn a frame down."""
    return array.array("h", (round(s * factor) for s in array.array("h", frame))).tobytes()


def hear(*frames: bytes) -> bool:
    """Let a card hear these frames; return whether they are its tone."""
    card = ToneCard()
    for frame in frames:
        card.playback(frame)
    return card.came_back


TONE = ToneCard().capture()


def test_tone_is_one_frame_over_and_over() -> None:
    """Of a frame's length."""
    assert len(TONE) == FRAME_BYTES
    assert any(TONE)


@pytest.mark.parametrize(
    "frame", [TONE, quieter(TONE, 0.2), noise(TONE, 1500)], ids=["as sent", "quieter", "with noise"]
)
def test_tone_that_comes_back_is_heard(frame: bytes) -> None:
    """As codecs and lines leave it."""
    assert hear(*[frame] * FRAMES)


@pytest.mark.parametrize(
    "frames",
    [
        [SILENCE] * 50,
        [noise(SILENCE, 8000)] * 50,
        [quieter(TONE, 0.001)] * 50,
        [*[TONE] * (FRAMES - 1), SILENCE] * 5,
        [TONE[:-2]] * 50,
    ],
    ids=["silence", "noise", "too faint", "too short", "half a frame"],
)
def test_other_sound_is_not_the_tone(frames: list[bytes]) -> None:
    """Nor is a moment of it."""
    assert not hear(*frames)
