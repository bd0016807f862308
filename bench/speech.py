"""How well a voice comes through a call: STOI, from microphone to loudspeaker.

    pip install pystoi
    python -m bench.speech [SECONDS]

STOI (Taal et al., 2011; ``pystoi``, MIT) compares the short-time envelopes of a voice and of what became of
it, in bands of a third of an octave: 1.0 is the same, and at 0.9 nearly every word is understood. PESQ's
licence does not fit, and ViSQOL has no package that is kept. What is said is made here, of a glottis' pulses
and noise through formants: vowels and hissing in syllables, with pauses; no recording, so no licence.

Prints the score of a secured call by G722 and of one by PCMU, and of PulseAudio alone.
"""

from __future__ import annotations

import sys
import tempfile
import time
import wave
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy
import pystoi

from bench.rig import RATE, Rig
from tests.peers.tones import Recording

VOWELS = ((730, 1090, 2440, 3400), (270, 2290, 3010, 3600), (300, 870, 2240, 3300), (530, 1840, 2480, 3500))
"""Formants of a, i, u and e, Hz."""
WIDTHS = (80, 100, 140, 200)
SYLLABLE_S, SOUNDING = 0.28, 0.8
SETTLE_S = 12.0
PIECE = 2 * RATE

Sound = numpy.typing.NDArray[numpy.float64]


def speak(seconds: float) -> Sound:
    """Return something like a voice, between -1 and 1."""
    chance = numpy.random.default_rng(1)
    return numpy.concatenate([_syllable(chance) for _ in range(round(seconds / SYLLABLE_S))])


def _syllable(chance: Any) -> Sound:
    count = round(SYLLABLE_S * RATE)
    if chance.random() < 0.15:
        return numpy.zeros(count)
    sounding = round(count * SOUNDING)
    rise = numpy.linspace(chance.uniform(90, 150), chance.uniform(90, 150), sounding)
    pulses = numpy.diff(numpy.floor(numpy.cumsum(rise) / RATE), prepend=0.0)
    time_s = numpy.arange(512) / RATE
    voice = pulses
    for hz, width in zip(VOWELS[chance.integers(len(VOWELS))], WIDTHS, strict=True):
        ringing = numpy.exp(-numpy.pi * width * time_s) * numpy.sin(2 * numpy.pi * hz * time_s)
        voice = voice + 0.5 * numpy.convolve(pulses, ringing)[:sounding]
    hiss = numpy.diff(chance.normal(0, 0.1, sounding + 1))
    hiss[sounding // 4 :] = 0
    swell = numpy.sin(numpy.pi * numpy.arange(sounding) / sounding) ** 0.5
    loud = (voice / numpy.abs(voice).max() + hiss) * swell
    return numpy.concatenate([0.4 * loud, numpy.zeros(count - sounding)])


def write(path: Path, sound: Sound) -> Path:
    """Write a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype(numpy.int16).tobytes())
    return path


def score(said: Sound, heard: Sound) -> float:
    """Return the STOI of what was heard up to a second before or after ``said``, the mean of its pieces.

    Each piece is matched by itself: a call's delay changes with the clocks, which is not what STOI is about.
    """
    found = []
    for at in range(RATE, len(said) - PIECE, PIECE):
        piece, around = said[at : at + PIECE], heard[at - RATE : at + PIECE + RATE]
        if len(around) == PIECE + 2 * RATE:
            late = int(numpy.argmax(_likeness(around, piece)[: 2 * RATE]))
            found.append(float(pystoi.stoi(piece, around[late : late + PIECE], RATE)))
    return sum(found) / len(found)


def _likeness(sound: Sound, piece: Sound) -> Sound:
    """Return how well ``piece`` fits at each place of ``sound``."""
    size = 1 << len(sound).bit_length()
    return numpy.fft.irfft(numpy.fft.rfft(sound, size) * numpy.conj(numpy.fft.rfft(piece, size)), size)


def main() -> None:
    """Speak, listen and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    for codec in ("G722", "PCMU"):
        with ExitStack() as running, tempfile.TemporaryDirectory() as name:
            rig = Rig(Path(name), running)
            pair = rig.parleys(codec, codec=codec)
            rig.pulse.play(
                f"{pair.name}-mouth", write(rig.folder / "voice.wav", speak(SETTLE_S + seconds + 20))
            )
            time.sleep(SETTLE_S)
            files = [rig.folder / "said.wav", rig.folder / "again.wav", rig.folder / "heard.wav"]
            sinks = (f"{pair.name}-mouth", f"{pair.name}-mouth", pair.ear)
            recorders = [rig.pulse.record(sink, file) for sink, file in zip(sinks, files, strict=True)]
            time.sleep(seconds)
            for recorder in recorders:
                recorder.end()
            said, again, heard = (numpy.array(Recording.read(file).samples, dtype=float) for file in files)
            print(f"{codec}: {score(said, heard):.3f}, PulseAudio alone {score(said, again):.3f}", flush=True)


if __name__ == "__main__":
    main()
