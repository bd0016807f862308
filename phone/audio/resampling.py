"""Sound made a little faster, slower or shorter, without a seam."""

from __future__ import annotations

from typing import Any

from phone.audio.interface import RATE

FADE = 5 * RATE // 1000
"""Samples for which the two ends of a cut overlap."""
ALIKE = 10 * RATE // 1000
"""Samples of which those after a cut shall be like those before it: one period of any voice."""


class Resampler:
    """One continuous stream of 16 bit mono, through libsamplerate.

    Of the libraries that can change the ratio while they work, soxr takes 15 ms, and libsamplerate's fastest
    filter ends at 6.4 kHz; its medium one is flat to 7 kHz, which G722 carries, with 80 dB of signal to
    noise, and takes 3 ms. Needs numpy, so the first one takes 0.2 s and 15 MB.
    """

    def __init__(self) -> None:
        import numpy  # noqa: PLC0415  # slow to load, and not needed without devices
        import samplerate  # noqa: PLC0415

        self._numpy: Any = numpy
        self._resampler: Any = samplerate.Resampler("sinc_medium", channels=1)
        self.process(bytes(640), 1.0)  # a first call takes longer than those that follow
        self._resampler.reset()

    def process(self, sound: bytes, speed: float) -> bytes:
        """Return ``sound`` for the next stretch of the stream, ``speed`` times as fast as it came.

        The speed of before becomes this one smoothly. What comes in is not what comes out: the filter keeps a
        few milliseconds.
        """
        numpy = self._numpy
        made = self._resampler.process(numpy.frombuffer(sound, numpy.int16), 1 / speed)
        numpy.rint(made, out=made)
        numpy.maximum(made, -32768, out=made)
        numpy.minimum(made, 32767, out=made)
        whole: bytes = made.astype(numpy.int16).tobytes()
        return whole

    def shorten(self, sound: bytes, least: int, most: int) -> bytes:
        """Return ``sound`` without ``least`` to ``most`` samples; as it is if it is too short for that.

        Cut out is what leaves like with like: whole periods of a voice or a tone.
        """
        numpy = self._numpy
        samples = numpy.frombuffer(sound, numpy.int16).astype(numpy.float32)
        most = min(most, len(samples) - ALIKE)
        if most < least:
            return sound
        following = samples[least : most + ALIKE]
        likeness = numpy.correlate(following, samples[:ALIKE], "valid")
        power = numpy.convolve(following * following, numpy.ones(ALIKE, numpy.float32), "valid")
        cut = most - int(numpy.argmax((likeness / numpy.sqrt(power + 1))[::-1]))
        weight = numpy.arange(FADE, dtype=numpy.float32) / FADE
        samples[cut : cut + FADE] += (1 - weight) * (samples[:FADE] - samples[cut : cut + FADE])
        shorter: bytes = samples[cut:].astype(numpy.int16).tobytes()
        return shorter
