"""The buffer between two clocks, in virtual time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.audio.interface import FRAME_BYTES, RATE, SILENCE
from phone.audio.ring import FIRST_MS, LIMIT_MS, MOST_TARGET_MS, TARGET_MS, UNDERRUN_MS, Ring

MS = RATE // 1000 * 2
AMPLITUDE = 10_000
FILTER_MS = 3
"""What the resampler keeps."""
PIECE = 400
"""Samples in which a pitch that is off by a few Hz does not yet show."""
SETTLED_S = 4
"""When the beginning is over."""

Times = Callable[[int], float]
"""When a side calls for the so-manieth time, seconds."""


def steady(milliseconds: float, *, ppm: float = 0, jitter_ms: float = 0, phase_ms: float = 0) -> Times:
    """Every so often by a clock that is so much too fast, and late by up to ``jitter_ms``."""
    chance = random.Random(1)

    def at(number: int) -> float:
        exact = (phase_ms + number * milliseconds) / 1000 / (1 + ppm / 1e6)
        return exact + chance.random() * jitter_ms / 1000

    return at


def in_fits(times: Times, *, for_s: float, every_ms: float) -> Times:
    """As ``times``, but at first only every so often, and then all at once: a device that opens."""

    def at(number: int) -> float:
        exact = times(number)
        return exact if exact > for_s else (exact * 1000 // every_ms + 1) * every_ms / 1000

    return at


@dataclass
class Run:
    """What came of two sides that use a ring."""

    ring: Ring
    sound: numpy.typing.NDArray[numpy.int16]
    """All that was read, silence at the beginning included."""
    speeds: list[float]
    """The speed at each read."""
    waits: list[float]
    """What waited after each read, ms."""


def simulate(writes: Times, reads: Times, *, seconds: float, hz: float, block_ms: int = 10) -> Run:
    """Let one side write blocks of a sine, and the other one read frames of 20 ms."""
    now = 0.0
    ring = new_ring(lambda: now)
    second = AMPLITUDE * numpy.sin(2 * numpy.pi * hz * numpy.arange(2 * RATE) / RATE)
    sound = numpy.rint(second).astype(numpy.int16).tobytes()
    length, position = block_ms * MS, 0
    heard: list[bytes] = []
    speeds: list[float] = []
    waits: list[float] = []
    due = [(writes(0), 0, 0), (reads(0), 1, 0)]
    while (event := heapq.heappop(due))[0] < seconds:
        now, reader, number = event
        if reader:
            heard.append(ring.read(FRAME_BYTES))
            speeds.append(ring.speed)
            waits.append(len(ring) / MS)
        else:
            ring.write(sound[position : position + length])
            position = (position + length) % (len(sound) // 2)
        heapq.heappush(due, ((reads if reader else writes)(number + 1), reader, number + 1))
    return Run(ring, numpy.frombuffer(b"".join(heard), numpy.int16), speeds, waits)


def new_ring(now: Callable[[], float] | None = None) -> Ring:
    """Return a ring that can be used."""
    ring = Ring() if now is None else Ring(now)
    ring.prepare()
    return ring


def noise_db(sound: numpy.typing.NDArray[numpy.int16], hz: float) -> float:
    """Return how far below a sine of about ``hz`` everything else in ``sound`` is."""
    exact = pitch(sound, hz)
    turns = 2 * numpy.pi * exact * numpy.arange(len(sound)) / RATE
    basis = numpy.stack([numpy.sin(turns), numpy.cos(turns)], 1)
    parts, *_ = numpy.linalg.lstsq(basis, sound.astype(float), rcond=None)
    rest = sound - basis @ parts
    return float(10 * numpy.log10(numpy.mean((basis @ parts) ** 2) / numpy.mean(rest**2)))


def pitch(sound: numpy.typing.NDArray[numpy.int16], hz: float) -> float:
    """Return the frequency of a sine, by how fast its phase turns against one of ``hz``."""
    count = len(sound) // PIECE * PIECE
    turned = sound[:count] * numpy.exp(-2j * numpy.pi * hz * numpy.arange(count) / RATE)
    phases = numpy.unwrap(numpy.angle((turned.reshape(-1, PIECE) * numpy.hanning(PIECE)).sum(1)))
    slope = numpy.polyfit(numpy.arange(len(phases)), phases, 1)[0]
    return hz + float(slope) / (2 * numpy.pi) * RATE / PIECE


def jump(sound: numpy.typing.NDArray[numpy.int16], hz: float) -> float:
    """Return how far a sample lies at most from where a sine goes on: x[n+1] = 2 cos(w) x[n] - x[n-1]."""
    samples = sound.astype(float)
    predicted = 2 * numpy.cos(2 * numpy.pi * hz / RATE) * samples[1:-1] - samples[:-2]
    return float(abs(samples[2:] - predicted).max())


def test_first_in_first_out() -> None:
    """Once enough waits, sound comes out as it went in, whatever the portions."""
    ring = new_ring()
    samples = numpy.rint(AMPLITUDE * numpy.sin(numpy.arange(RATE // 5) / 5)).astype(numpy.int16)
    sound = samples.tobytes()
    for at in range(0, len(sound), 500):
        ring.write(sound[at : at + 500])
    heard = numpy.frombuffer(ring.read(64) + ring.read(128) + ring.read(1000), numpy.int16)
    # the filter begins with what was before the sound: nothing
    assert abs(heard[50:] - samples[50 : len(heard)].astype(int)).max() <= 2
    assert (ring.underruns, ring.overruns) == (0, 0)


def test_not_ready() -> None:
    """What is written before anything can be opened is lost, and what is read is silence."""
    ring = Ring()
    ring.write(b"\x01" * 10 * FRAME_BYTES)
    assert len(ring) == 0
    assert ring.read(FRAME_BYTES) == SILENCE


def test_reader_waits_for_enough_at_first() -> None:
    """What has not begun is silent, and no underrun."""
    ring = new_ring()
    assert ring.read(FRAME_BYTES) == SILENCE
    ring.write(b"\x01" * FRAME_BYTES)
    assert ring.read(FRAME_BYTES) == SILENCE
    assert ring.underruns == 0


def test_too_little_is_followed_by_silence() -> None:
    """The reader never waits; it is counted, once for the whole gap."""
    ring = new_ring()
    ring.write(b"\x01" * (2 * FRAME_BYTES + (FIRST_MS + FILTER_MS) * MS))
    heard = [ring.read(FRAME_BYTES) for _ in range(6)]
    assert heard[0] != SILENCE
    assert heard[4:] == [SILENCE] * 2
    assert ring.underruns == 1


def test_each_underrun_makes_more_wait() -> None:
    """Up to a limit: then it is better to miss a little than to talk over each other."""
    ring = new_ring()
    waits = []
    for _ in range(8):
        written = 0
        while ring.read(MS) == bytes(MS):
            ring.write(b"\x01" * MS)
            written += 1
        waits.append(written)
        while ring.read(MS) != bytes(MS):
            pass
    assert waits[2] == waits[1] + UNDERRUN_MS
    assert waits[-1] == waits[1] + MOST_TARGET_MS - TARGET_MS - UNDERRUN_MS
    assert ring.underruns == 8


def test_too_much_drops_the_oldest() -> None:
    """The writer never waits; what is left is as much as has to wait, and the newest."""
    ring = new_ring()
    for number in range(LIMIT_MS // 20 + 1):
        ring.write(bytes([number]) * FRAME_BYTES)
    assert len(ring) == TARGET_MS * MS
    ring.write(b"\x40" * FRAME_BYTES)
    assert LIMIT_MS // 20 in set(ring.read(FRAME_BYTES))


def test_overrun_is_counted_while_somebody_listens() -> None:
    """Not before the device is open."""
    ring = new_ring()
    for _ in range(30):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 0
    ring.read(FRAME_BYTES)
    for _ in range(11):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 1


def test_nobody_reads_any_more() -> None:
    """What a device that has gone does not take is no overrun; the next one begins with little waiting."""
    ring = new_ring()
    for _ in range(4):
        ring.write(b"\x40" * FRAME_BYTES)
    ring.read(FRAME_BYTES)
    for _ in range(1000):
        ring.write(b"\x40" * FRAME_BYTES)
    assert ring.overruns == 1
    assert len(ring) <= LIMIT_MS * MS


def test_cleared() -> None:
    """Nothing of the last call is heard in the next."""
    ring = new_ring()
    ring.write(b"\x01" * 5 * FRAME_BYTES)
    ring.clear()
    assert ring.read(FRAME_BYTES) == SILENCE


@pytest.mark.parametrize("ppm", [-500, -100, 0, 100, 500])
@pytest.mark.parametrize("hz", [1000.0, 5003.0])
def test_drifting_clocks_leave_a_tone_as_it_was(hz: float, ppm: int) -> None:
    """Its pitch is off by the difference of the clocks and no more, steadily; and nothing else is heard."""
    run = simulate(steady(10, ppm=ppm, jitter_ms=4), steady(20, jitter_ms=3), seconds=110, hz=hz)
    assert (run.ring.underruns, run.ring.overruns) == (0, 0)
    second = run.sound[SETTLED_S * RATE :][:RATE]
    assert abs(pitch(second, hz) / hz - 1) < 600e-6
    settled = run.sound[90 * RATE :]
    for at in range(0, len(settled) - RATE, 3 * RATE):
        assert abs(pitch(settled[at : at + RATE], hz) / hz - 1 - ppm / 1e6) < 30e-6
        assert noise_db(settled[at : at + RATE // 20], hz) > 60
    assert max(run.waits[90 * 50 :]) < TARGET_MS + 15


@pytest.mark.parametrize(("ppm", "minutes"), [(-500, 10), (500, 2)])
def test_ten_minutes_without_a_gap(ppm: int, minutes: int) -> None:
    """And as little waits at the end as at the beginning, though both sides are late now and then."""
    late = {"jitter_ms": 8.0}
    run = simulate(steady(10, ppm=ppm, **late), steady(20, **late), seconds=minutes * 60, hz=1000)
    assert (run.ring.underruns, run.ring.overruns) == (0, 0)
    assert min(run.waits[SETTLED_S * 50 :]) > 0
    assert max(run.waits[SETTLED_S * 50 :]) < TARGET_MS + 20
    assert jump(run.sound[SETTLED_S * RATE :], 1000) < 0.01 * AMPLITUDE


@pytest.mark.parametrize("writer_first", [True, False])
def test_device_that_opens_in_fits(writer_first: bool) -> None:
    """What has piled up is gone after a few seconds, not drawn out over the first half minute."""
    writes, reads = steady(10), steady(20)
    if writer_first:
        writes = in_fits(writes, for_s=0.5, every_ms=120)
    else:
        reads = in_fits(reads, for_s=0.5, every_ms=120)
    run = simulate(writes, reads, seconds=20, hz=5003)
    after = run.sound[SETTLED_S * RATE :]
    for at in range(0, len(after) - RATE, RATE):
        assert abs(pitch(after[at : at + RATE], 5003) / 5003 - 1) < 600e-6
        assert noise_db(after[at : at + RATE // 20], 5003) > 60
    assert run.ring.waiting_ms < TARGET_MS + run.ring.underruns * UNDERRUN_MS + 3


def test_speed_is_steady() -> None:
    """Clocks that agree are left alone, and the frames of both sides may lie to each other as they like."""
    for phase_ms in (0, 3, 9):
        run = simulate(steady(10, phase_ms=phase_ms, jitter_ms=3), steady(20), seconds=110, hz=1000)
        settled = run.speeds[90 * 50 :]
        assert max(abs(speed - 1) for speed in settled) < 100e-6
        assert max(settled) - min(settled) < 100e-6


@pytest.mark.parametrize("hz", [200.0, 1000.0])
def test_much_that_waits_is_cut_where_it_is_not_heard(hz: float) -> None:
    """A reader that stopped for a moment does not delay the rest of the call: whole periods are cut."""
    paused = steady(20)
    run = simulate(steady(10), lambda at: paused(at) + (0.1 if at > 500 else 0), seconds=20, hz=hz)
    stopped = run.waits[500]
    assert max(run.waits) > stopped + 90
    assert max(run.waits[-100:]) < stopped + 35
    assert (run.ring.underruns, run.ring.overruns) == (0, 0)
    assert jump(run.sound[SETTLED_S * RATE :], hz) < 0.05 * AMPLITUDE


def test_what_waits_is_cut_at_once_when_it_is_quiet() -> None:
    """In one piece."""
    now = 0.0
    ring = new_ring(lambda: now)
    for turn in range(500):
        now += 0.02
        for _ in range(4 if turn == 400 else 1):
            ring.write(SILENCE)
        ring.read(FRAME_BYTES)
        if turn == 401:
            assert len(ring) > (TARGET_MS + 40) * MS
    assert len(ring) < (TARGET_MS + 10) * MS


@given(st.lists(st.one_of(st.binary(max_size=1000).map(lambda b: b + b), st.integers(0, 1000)), max_size=200))
def test_never_holds_more_than_its_limit_and_never_reads_short(steps: list[bytes | int]) -> None:
    """Whatever comes in whatever order."""
    ring = new_ring()
    for step in steps:
        if isinstance(step, bytes):
            ring.write(step)
        else:
            assert len(ring.read(2 * step)) == 2 * step
        assert len(ring) <= LIMIT_MS * MS
