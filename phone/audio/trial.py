"""Trying the sound out: the user's devices, and the way there and back of a call."""

from __future__ import annotations

import array
import math
import time
from dataclasses import dataclass, replace

from phone.audio.card import DeviceCard
from phone.audio.interface import FRAME_BYTES, FRAME_MS, RATE, SILENCE, EchoMode, Health, Wish
from phone.audio.tones import FULL_SCALE, goertzel_power

OPEN_WITHIN_S = 4.0
"""How long devices may take to open."""
LISTEN_S = 1.0
"""How long a microphone is listened to that says nothing."""

TONE_HZ = 1000.0
TONE_DB = -20.0
"""RMS, below full scale."""
TONE_SHARE = 0.5
"""Of the power of a frame that comes back: codecs and lines add to it."""
FAINTEST_DB = -50.0
LONG_ENOUGH_MS = 200


@dataclass(frozen=True, slots=True)
class DeviceTrial:
    """What became of the devices that were opened."""

    microphone: str | None
    """The one that opened; ``None``: none did."""
    speaker: str | None
    heard: bool
    """The microphone gave anything but digital silence."""


def try_devices(wish: Wish) -> DeviceTrial:
    """Open the devices that a call would, and listen. Blocks, for a second or so; plays nothing."""
    card = DeviceCard()
    # what takes out noise would make silence of a quiet room
    card.wish(replace(wish, echo=EchoMode.OFF, even_out=False))
    card.start()
    heard, deadline, listened = False, time.monotonic() + OPEN_WITHIN_S, 0.0
    try:
        while True:
            time.sleep(FRAME_MS / 1000)
            card.playback(SILENCE)
            heard = any(card.capture()) or heard
            health = card.health()
            if health.microphone is not None:
                listened += FRAME_MS / 1000
            content = health.speaker is not None and (heard or listened >= LISTEN_S)
            if content or time.monotonic() >= deadline:
                return DeviceTrial(health.microphone, health.speaker, heard)
    finally:
        card.stop()


class ToneCard:
    """In place of microphone and loudspeaker: says a tone, and hears whether it comes back."""

    def __init__(self) -> None:
        samples = RATE * FRAME_MS // 1000
        amplitude = FULL_SCALE * math.sqrt(2) * 10 ** (TONE_DB / 20)
        # whole periods of the tone fit a frame, so that one frame is all there is to it
        step = 2 * math.pi * TONE_HZ / RATE
        self._frame = array.array("h", (round(amplitude * math.sin(step * i)) for i in range(samples)))
        self._faintest = (FULL_SCALE * 10 ** (FAINTEST_DB / 20)) ** 2
        self._run_ms = 0
        self.came_back = False
        """The tone was heard for ``LONG_ENOUGH_MS`` at a stretch."""

    def start(self) -> None:
        """There is nothing to open."""

    def stop(self) -> None:
        """Nor to close."""

    def capture(self) -> bytes:
        """Return the tone."""
        return self._frame.tobytes()

    def playback(self, frame: bytes) -> None:
        """Listen for it."""
        if self.came_back or len(frame) != FRAME_BYTES:
            return
        samples = array.array("h", frame)
        power = sum(sample * sample for sample in samples) / len(samples)
        there = power >= self._faintest and goertzel_power(samples, TONE_HZ / RATE) >= TONE_SHARE * power
        self._run_ms = self._run_ms + FRAME_MS if there else 0
        self.came_back = self._run_ms >= LONG_ENOUGH_MS

    def wish(self, wish: Wish) -> None:
        """There is nothing to choose from."""

    def health(self) -> Health:
        """No device is open, and nothing goes wrong."""
        return Health()
