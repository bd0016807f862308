"""One open sound device, kept open whatever is unplugged."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from typing import Any

from phone.audio.devices import Device, Devices, choose
from phone.audio.interface import RATE, Direction
from phone.audio.native import miniaudio

_log = logging.getLogger("parley.audio")

PERIOD_MS = 10
PERIODS = 3
"""A device's own buffer is this many periods long."""
PULSEAUDIO_PLAYBACK_MS = 30
"""A loudspeaker's period at PulseAudio, where miniaudio makes the whole buffer one period long.

PulseAudio gives the device a quarter of it, and what comes later than that is heard as a gap which nothing
counts: in five minutes with four phones on two cores 50 by 20 ms, and 5 by 30 (bench/README.md).
"""

STALLED_S = 1.0
"""A device that has vanished says nothing of it: it only calls no more."""

OPENING_S = 2.0
"""How much longer its first call may take."""

Carry = Callable[[bytes], None] | Callable[[int], bytes]
"""Takes what a microphone has heard, or returns so many bytes for a loudspeaker; never blocks or raises."""


class Line:
    """A microphone or a loudspeaker: the one that is wanted, or what the system would take.

    ``tend`` and ``close`` may block for 100 ms and more, and belong to one thread that is not the reactor's.
    """

    def __init__(self, direction: Direction, carry: Carry, *, steadfast: bool = False) -> None:
        """``steadfast``: do not go from a headset that has vanished to a device that others can hear."""
        self.direction = direction
        self._carry = carry
        self._steadfast = steadfast
        self._device: miniaudio.CaptureDevice | miniaudio.PlaybackDevice | None = None
        self._called = 0.0
        self._refused = ""
        self.wanted: str | None = None
        """Name of the device that the user has chosen."""
        self.used: Device | None = None
        """The last device that was open; it is what this line sounds like."""
        self.lacks_device = False
        """One is wanted, and there was none that could be opened when it was last tended."""
        self.waits_for_word = False
        """A headset has vanished, and only a louder device is left."""

    @property
    def device(self) -> Device | None:
        """The device that is open now."""
        return self.used if self._device is not None else None

    @property
    def name(self) -> str | None:
        """What that device is called."""
        return None if self.device is None else self.device.name

    @property
    def stalled(self) -> bool:
        """The open device has not called for too long."""
        return self._device is not None and time.monotonic() - self._called > STALLED_S

    def release(self) -> None:
        """Take any device from now on: the user has had a say."""
        self.used = self.device

    def tend(self, devices: Devices) -> None:
        """Open, change or give up the device, as ``devices`` and the user's wish have it."""
        here = devices.captures if self.direction is Direction.CAPTURE else devices.playbacks
        target = self._permitted(here, choose(here, self.wanted))
        if self._device is not None:
            if target is not None and target.name == self.name and not self.stalled:
                return
            self.close()
        if target is not None:
            self._open(devices.backend, target)
        self.lacks_device = self._device is None and not self.waits_for_word

    def close(self) -> None:
        """Let go of the device."""
        self.lacks_device = False
        device, self._device = self._device, None
        if device is not None:
            device.close()
            # miniaudio's device does not end the connection that it has made
            miniaudio.lib.ma_context_uninit(device._context)

    def _permitted(self, here: tuple[Device, ...], target: Device | None) -> Device | None:
        vanished = self.used is not None and all(device.name != self.used.name for device in here)
        self.waits_for_word = (
            self._steadfast
            and vanished
            and self.used is not None
            and self.used.is_private
            and target is not None
            and not target.is_private
            and target.name != self.wanted
        )
        return None if self.waits_for_word else target

    def _open(self, backend: str, target: Device) -> None:
        kind = miniaudio.CaptureDevice if self.direction is Direction.CAPTURE else miniaudio.PlaybackDevice
        carrier = self._hear() if self.direction is Direction.CAPTURE else self._speak()
        next(carrier)
        try:
            device = kind(
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=self._period_ms(backend),
                callback_periods=PERIODS,
                # always by its id: the sound system does not move such a stream to another device by itself
                device_id=target.id,
                backends=_BACKENDS.get(backend, []),
                app_name="Parley",
            )
        except miniaudio.MiniaudioError as error:
            self._complain(target, error)
            return
        self._device = device
        self._called = time.monotonic() + OPENING_S
        try:
            device.start(carrier)
        except miniaudio.MiniaudioError as error:
            self._complain(target, error)
            self.close()
            return
        self._refused = ""
        self.used = target
        _log.info("%s: %s", self.direction.value, target.name)

    def _period_ms(self, backend: str) -> int:
        """Return how much sound is carried at a time, ms."""
        is_short = backend == "PulseAudio" and self.direction is Direction.PLAYBACK
        return PULSEAUDIO_PLAYBACK_MS if is_short else PERIOD_MS

    def _complain(self, target: Device, error: miniaudio.MiniaudioError) -> None:
        if self._refused != target.name:  # once: it is tried again and again
            self._refused = target.name
            _log.warning("%s: %s cannot be opened: %s", self.direction.value, target.name, error)

    def _hear(self) -> Generator[None, bytes, None]:
        carry: Any = self._carry
        while True:
            sound = yield
            self._called = time.monotonic()
            carry(sound)

    def _speak(self) -> Generator[bytes, int, None]:
        carry: Any = self._carry
        samples = yield b""
        while True:
            self._called = time.monotonic()
            samples = yield carry(samples * 2)


_BACKENDS = {
    "PulseAudio": [miniaudio.Backend.PULSEAUDIO],
    "ALSA": [miniaudio.Backend.ALSA],
    "JACK": [miniaudio.Backend.JACK],
    "Core Audio": [miniaudio.Backend.COREAUDIO],
    "WASAPI": [miniaudio.Backend.WASAPI],
}
"""By the name that miniaudio gives them: an id means nothing to another one."""
