"""The buffer between two clocks, in virtual time."""

from __future__ import annotations

import array
import itertools
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.audio.interface import FRAME_BYTES, RATE, SILENCE
from phone.audio.ring import LIMIT_MS, MOST_TARGET_MS, TARGET_MS, Ring

MS = RATE // 1000 * 2
HZ = 997.0
AMPLITUDE = 10_000


def tone(hz: float = HZ) -> Iterator[bytes]:
    """Return the frames of an endless sine of a whole number of Hz."""
    second = (round(AMPLITUDE * math.sin(2 * math.pi * hz * number / RATE)) for number in range(RATE))
    sound = array.array("h", second).tobytes()
    return itertools.cycle(sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES))


def drift(ring: Ring, frames: int, *, ppm: float) -> Iterator[bytes]:
    """Yield what is read in so many frames when the writer's clock is ``ppm`` faster than the reader's."""
    sound = tone()
    written = 0.0
    for read in range(frames):
        while written <= read * (1 + ppm / 1e6) + 1.5:
            ring.write(next(sound))
            written += 1
        yield ring.read(FRAME_BYTES)


def glitches(frames: Iterator[bytes]) -> int:
    """Count the samples that do not go on the sine: x[n+1] + x[n-1] = 2 cos(w) x[n] for every sine of w."""
    before = last = 0
    factor = 2 * math.cos(2 * math.pi * HZ / RATE)
    found = 0
    for frame in frames:
        for sample in array.array("h", frame):
            # half a percent of speed moves the prediction by less than this
            found += abs(sample + before - factor * last) > 0.01 * AMPLITUDE
            before, last = last, sample
    return found


def test_first_in_first_out() -> None:
    """Once enough waits, bytes come out as they went in, whatever the portions."""
    ring = Ring()
    sound = bytes(range(256)) * 10
    ring.write(sound[:1000])
    ring.write(sound[1000:])
    assert ring.read(64) + ring.read(128) == sound[:192]
    assert (ring.underruns, ring.overruns) == (0, 0)


def test_reader_waits_for_enough_at_first() -> None:
    """What has not begun is silent, and no underrun."""
    ring = Ring()
    assert ring.read(FRAME_BYTES) == SILENCE
    ring.write(b"\x01" * FRAME_BYTES)
    assert ring.read(FRAME_BYTES) == SILENCE
    assert ring.underruns == 0


def test_too_little_is_followed_by_silence() -> None:
    """The reader never waits; it is counted, once for the whole gap."""
    ring = Ring()
    sound = b"\x01" * (2 * FRAME_BYTES + TARGET_MS * MS)
    ring.write(sound)
    heard = b"".join(ring.read(FRAME_BYTES) for _ in range(6))
    assert heard == sound.ljust(6 * FRAME_BYTES, b"\0")
    assert ring.underruns == 1


def test_each_underrun_makes_more_wait() -> None:
    """Up to a limit: then it is better to miss a little than to talk over each other."""
    ring = Ring()
    waits = []
    for _ in range(8):
        written = 0
        while ring.read(MS) == bytes(MS):
            ring.write(b"\x01" * MS)
            written += 1
        waits.append(written)
        while ring.read(MS) != bytes(MS):
            pass
    assert waits[1] == waits[0] + 10
    assert waits[-1] == MOST_TARGET_MS + 1
    assert ring.underruns == 8


def test_too_much_drops_the_oldest() -> None:
    """The writer never waits; what is left is as much as has to wait, and the newest."""
    ring = Ring()
    for number in range(LIMIT_MS // 20 + 1):
        ring.write(bytes([number]) * FRAME_BYTES)
    assert len(ring) == TARGET_MS * MS
    ring.write(b"\xff" * FRAME_BYTES)
    assert set(ring.read(FRAME_BYTES)) == {LIMIT_MS // 20 - 1, LIMIT_MS // 20}


def test_overrun_is_counted_while_somebody_listens() -> None:
    """Not before the device is open."""
    ring = Ring()
    for _ in range(30):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 0
    ring.read(FRAME_BYTES)
    for _ in range(11):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 1


def test_nobody_reads_any_more() -> None:
    """What a device that has gone does not take is no overrun; the next one begins with little waiting."""
    ring = Ring()
    for _ in range(3):
        ring.write(b"\x40" * FRAME_BYTES)
    ring.read(FRAME_BYTES)
    for _ in range(1000):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 1
    assert len(ring) <= LIMIT_MS * MS


def test_cleared() -> None:
    """Nothing of the last call is heard in the next."""
    ring = Ring()
    ring.write(b"\x01" * 5 * FRAME_BYTES)
    ring.clear()
    assert ring.read(FRAME_BYTES) == SILENCE


@pytest.mark.parametrize("ppm", [-500, -100, 0, 100, 500])
def test_ten_minutes_of_drifting_clocks_have_no_glitch(ppm: int) -> None:
    """No gap, no jump, and as little waits at the end as at the beginning."""
    ring = Ring()
    heard = drift(ring, 30_000, ppm=ppm)
    for _ in range(2 * 50):
        next(heard)
    # one second in thirty: pure Python
    checked = [next(heard) for _ in range(29_900)]
    for start in range(0, len(checked), 1500):
        frames = checked[start : start + 50]
        assert (
            glitches(iter(frames)) <= 2
        )  # the two samples at the beginning, before there is a sine to go on
    assert (ring.underruns, ring.overruns) == (0, 0)
    assert len(ring) < (TARGET_MS + 40) * MS


def test_much_that_waits_is_dropped_when_it_is_quiet() -> None:
    """A burst of sound delays the call only until the next pause, and nothing that is loud is lost."""
    ring = Ring()
    loud = b"\x00\x20" * (FRAME_BYTES // 2)
    for _ in range(9):
        ring.write(loud)
    for _ in range(20):
        ring.write(loud)
        ring.read(FRAME_BYTES)
    assert len(ring) > (TARGET_MS + 60) * MS
    for _ in range(50):
        ring.write(SILENCE)
        ring.read(FRAME_BYTES)
    assert len(ring) < (TARGET_MS + 70) * MS
    assert ring.overruns == 0


@given(st.lists(st.one_of(st.binary(max_size=1000).map(lambda b: b + b), st.integers(0, 1000)), max_size=200))
def test_never_holds_more_than_its_limit_and_never_reads_short(steps: list[bytes | int]) -> None:
    """Whatever comes in whatever order."""
    ring = Ring()
    for step in steps:
        if isinstance(step, bytes):
            ring.write(step)
        else:
            assert len(ring.read(2 * step)) == 2 * step
        assert len(ring) <= LIMIT_MS * MS
