"""How loud a call by G722 is, after a moment that was too loud for it."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from phone.sip.loudness import FACTOR, LEAST, MOST, MOST_PAUSE_S, PAUSE_S, Loudness, Scale
from tests.peers.process import eventually
from tests.peers.tones import Recording, dbfs, goertzel, write_samples
from tests.sip.conftest import MakePhone

HZ = 997
RATE = 16000
LOUD_S, NORMAL_S = 1.5, 60
DBFS = -12


def write_shout(path: Path) -> Path:
    """Write a tone that is as loud as can be, and then goes on at ``DBFS``."""
    full, normal = 32767, 32767 * 10 ** (DBFS / 20)
    turn = round(LOUD_S * RATE)
    amplitudes = [full] * turn + [normal] * round(NORMAL_S * RATE)
    tone = (round(a * math.sin(2 * math.pi * HZ * i / RATE)) for i, a in enumerate(amplitudes))
    return write_samples(path, tone, rate=RATE)


def test_a_shout_makes_nothing_softer_that_follows(make_phone: MakePhone, tmp_path: Path) -> None:
    """pjmedia would take half of the volume for the rest of the call, at the first packet too loud."""
    shouting = make_phone("--play", str(write_shout(tmp_path / "shout.wav")))
    hearing = make_phone("--answer")
    shouting.do("dial", uri=hearing.uri)
    hearing.wait("dialog", state="connected")

    def levels() -> list[float]:
        heard = Recording.read(hearing.recording)
        return [dbfs(goertzel(window, HZ, heard.rate)) for window in heard.windows()]

    eventually(lambda: levels()[-5:] == [pytest.approx(DBFS, abs=1)] * 5, within=30, what="it is as before")
    assert pytest.approx(DBFS - 6, abs=1) in levels(), (
        "the library does it no more: nothing is to be put back"
    )


def test_whoever_is_always_too_loud_is_left_as_soft_ever_longer() -> None:
    """And a minute or two of peace later it begins anew."""
    scale = Scale(FACTOR, LEAST, MOST)
    loudness = Loudness([scale])
    restored = []
    for second in range(300):
        scale.factor = FACTOR // 2
        loudness.look(second)
        if scale.factor == FACTOR:
            restored.append(second)
    pauses = [later - at for at, later in itertools.pairwise(restored)]
    assert pauses[0] <= 2 * PAUSE_S + 2
    assert pauses == sorted(pauses)
    assert pauses[-1] >= MOST_PAUSE_S
    assert (scale.least, scale.most) == (LEAST, MOST)
    scale.factor = FACTOR
    loudness.look(300)
    loudness.look(300 + 3 * MOST_PAUSE_S)
    scale.factor = FACTOR // 4
    for second in range(4):
        loudness.look(600 + second)
    assert scale.factor == FACTOR
