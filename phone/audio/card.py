"""The default microphone and loudspeaker, through miniaudio."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from typing import Any

import miniaudio

from phone.audio.interface import FRAME_BYTES, FRAME_MS, RATE
from phone.audio.ring import Ring

_log = logging.getLogger("parley.audio")

PERIODS = 3
RING_FRAMES = 4
"""The most that waits between the device's clock and the bridge's: 80 ms."""


class DeviceCard:
    """A microphone and a loudspeaker, opened while a call needs them.

    Opening can take 100 ms and more, so a thread does it. Without a microphone the other side hears silence,
    and without a loudspeaker one can still talk; both are logged.
    """

    def __init__(self) -> None:
        self._captured = Ring(RING_FRAMES * FRAME_BYTES)
        self._played = Ring(RING_FRAMES * FRAME_BYTES)
        self._devices: list[miniaudio.CaptureDevice | miniaudio.PlaybackDevice] = []
        self._lock = threading.Lock()
        self._wanted = False

    def start(self) -> None:
        """Open the devices in the background."""
        self._wanted = True
        threading.Thread(target=self._settle, name="sound devices", daemon=True).start()

    def stop(self) -> None:
        """Close the devices in the background."""
        self._wanted = False
        threading.Thread(target=self._settle, name="sound devices", daemon=True).start()

    def capture(self) -> bytes:
        """Return the next frame of the microphone."""
        return self._captured.read(FRAME_BYTES)

    def playback(self, frame: bytes) -> None:
        """Queue a frame for the loudspeaker."""
        self._played.write(frame)

    @property
    def underruns(self) -> int:
        """Frames that came too late, both ways."""
        return self._captured.underruns + self._played.underruns

    @property
    def overruns(self) -> int:
        """Times that waiting sound was dropped, both ways."""
        return self._captured.overruns + self._played.overruns

    def _settle(self) -> None:
        """Open or close, whichever is wanted by the time the other one is done."""
        with self._lock:
            if self._wanted and not self._devices:
                self._open(miniaudio.CaptureDevice, "microphone", self._hear())
                self._open(miniaudio.PlaybackDevice, "loudspeaker", self._speak())
            elif not self._wanted:
                for device in self._devices:
                    device.close()
                self._devices.clear()
                self._captured.clear()
                self._played.clear()

    def _open(
        self,
        kind: type[miniaudio.CaptureDevice] | type[miniaudio.PlaybackDevice],
        name: str,
        carrier: Generator[Any, Any, None],
    ) -> None:
        try:
            device = kind(
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=FRAME_MS,
                callback_periods=PERIODS,
                app_name="Parley",
            )
            next(carrier)
            device.start(carrier)
        except miniaudio.MiniaudioError as error:
            _log.warning("no %s: %s", name, error)
        else:
            self._devices.append(device)

    def _hear(self) -> Generator[None, bytes, None]:
        while True:
            self._captured.write((yield))

    def _speak(self) -> Generator[bytes, int, None]:
        samples = yield b""
        while True:
            samples = yield self._played.read(samples * 2)
