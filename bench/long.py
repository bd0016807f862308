"""Ten minutes of secured calls between devices whose clocks differ, and what is heard of that.

    python -m bench.long [MINUTES]

On a machine that does other things too, with ``nice -n -19`` before it. Two calls at once, by G722 over ZRTP
with sound devices, on loopback; a tone is said into each all the time. In the one all clocks agree; in the
other the caller's devices are 500 ppm too fast, and the callee's as much too slow. Prints what came out of
either, and, to compare, what PulseAudio's monitor made of what went in:

- *glitches*: times that loudness or phase of the tone left its way within 5 ms, by 2 dB or half a radian:
  gaps and clicks;
- pitch; what the phones have counted in that time; their memory at the start and at the end.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy

from bench.rig import RATE, Pair, Rig, memory_mb
from tests.peers.parley import Parley
from tests.peers.tones import Recording, write_tone

HZ = 997.0
SETTLE_S = 15.0
WINDOW, HOP = 160, 80
"""Samples."""
LOUDER, TURNED = 10 ** (2 / 20), 0.5
APART_S = 0.1
"""What is closer is one glitch."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a tone."""

    seconds: float
    glitches: list[float]
    """When, seconds."""
    hz: float


def listen(recording: Recording) -> Heard:
    """Look for what is wrong with a tone of ``HZ``."""
    sound = numpy.array(recording.samples, dtype=float)
    starts = numpy.arange(0, len(sound) - WINDOW, HOP)
    turning = numpy.exp(-2j * numpy.pi * HZ * numpy.arange(len(sound)) / recording.rate)
    window = numpy.hanning(WINDOW)
    pieces = numpy.lib.stride_tricks.sliding_window_view(sound * turning, WINDOW)[starts]
    found = pieces @ window
    loudness = numpy.abs(found) / numpy.median(numpy.abs(found))
    phase = numpy.unwrap(numpy.angle(found))
    steady = numpy.median(numpy.diff(phase))
    wrong = (loudness > LOUDER) | (loudness < 1 / LOUDER)
    wrong[1:] |= numpy.abs(numpy.diff(phase) - steady) > TURNED
    times = starts[wrong] / recording.rate
    glitches = [float(at) for at, before in zip(times, [-1.0, *times], strict=False) if at - before > APART_S]
    return Heard(len(sound) / recording.rate, glitches, HZ + steady / (2 * numpy.pi) * recording.rate / HOP)


def counted(phone: Parley) -> tuple[int, int]:
    """Return how often sound was missing, and was dropped."""
    (sound,) = phone.do("devices", "list")
    return sound["underruns"], sound["overruns"]


def main() -> None:
    """Talk, listen and print."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with ExitStack() as running, tempfile.TemporaryDirectory() as name:
        rig = Rig(Path(name), running)
        pairs = rig.parleys("agreeing"), rig.parleys("drifting", ppm=(500, -500))
        seconds = 60 * minutes
        tone = write_tone(rig.folder / "tone.wav", HZ, seconds=SETTLE_S + seconds + 30, rate=RATE, dbfs=-12)
        for pair in pairs:
            rig.pulse.play(f"{pair.name}-mouth", tone)
        time.sleep(SETTLE_S)
        phones = [end for pair in pairs for end in (pair.caller, pair.callee) if isinstance(end, Parley)]
        before = [(counted(phone), memory_mb(phone.pid, "Rss")) for phone in phones]
        files = {
            sink: rig.folder / f"{sink}.wav" for pair in pairs for sink in (f"{pair.name}-mouth", pair.ear)
        }
        recorders = [rig.pulse.record(sink, file) for sink, file in files.items()]
        time.sleep(seconds)
        after = [(counted(phone), memory_mb(phone.pid, "Rss")) for phone in phones]
        for recorder in recorders:
            recorder.end()
        for sink, file in files.items():
            heard = listen(Recording.read(file))
            times = ", ".join(f"{at:.1f}" for at in heard.glitches[:20])
            found = f"{len(heard.glitches)} glitches, {heard.hz:.3f} Hz; at {times}"
            print(f"{sink}: {heard.seconds:.0f} s, {found}")
        for pair in pairs:
            print_counts(pair, dict(zip(phones, zip(before, after, strict=True), strict=True)))


Counts = tuple[tuple[int, int], float]


def print_counts(pair: Pair, counts: dict[Parley, tuple[Counts, Counts]]) -> None:
    """Print what both ends of a call have counted."""
    for end in (pair.caller, pair.callee):
        assert isinstance(end, Parley)
        ((missing, dropped), memory), ((more_missing, more_dropped), more_memory) = counts[end]
        print(
            f"{pair.name}, {'caller' if end is pair.caller else 'callee'}: missing {more_missing - missing},"
            f" dropped {more_dropped - dropped}, {memory:.1f} MB, then {more_memory:.1f} MB"
        )


if __name__ == "__main__":
    main()
