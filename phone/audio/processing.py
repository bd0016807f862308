"""What takes echo and noise out of a microphone's sound: a library that need not be installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Protocol

from phone.audio.interface import RATE

BLOCK_MS = 10
"""What is processed at a time; WebRTC's audio processing takes nothing else."""

BLOCK_BYTES = RATE * BLOCK_MS // 1000 * 2


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done besides taking out steady noise."""

    echo: bool
    """Take out what the loudspeaker adds."""
    loudness: bool
    """Make who is far from the microphone as loud as others."""


class Processing(Protocol):
    """Made for one microphone and one loudspeaker; learns what of the one comes back to the other, and when.

    Both methods take ``BLOCK_BYTES``, in one thread and at the devices' pace. They may raise anything: a
    library is at work.
    """

    def say(self, far: bytes) -> None:
        """Note what the loudspeaker is given, before the microphone can have heard it."""
        ...

    def hear(self, near: bytes) -> bytes:
        """Return ``near``, from the microphone, without what the loudspeaker has added to it."""
        ...


def is_installed() -> bool:
    """Tell whether ``load`` would find its library, without loading it."""
    try:
        return importlib.util.find_spec("livekit.rtc") is not None
    except ModuleNotFoundError:
        return False


def load(task: Task) -> Processing:
    """Load the library and return a new ``Processing``. Raise whatever the library does.

    The first time takes half a second and 40 MB: not in the reactor's thread, and not before it is needed.
    """
    return _WebRtc(task)


class _WebRtc:
    """WebRTC's audio processing (AEC3, noise suppression, high-pass filter, AGC2), as LiveKit builds it."""

    def __init__(self, task: Task) -> None:
        from livekit import rtc  # noqa: PLC0415  # see ``load``

        self._module = rtc.AudioProcessingModule(
            echo_cancellation=task.echo,
            noise_suppression=True,
            high_pass_filter=True,
            auto_gain_control=task.loudness,
        )
        # filled anew for each block: the module works in place
        self._near, self._far = bytearray(BLOCK_BYTES), bytearray(BLOCK_BYTES)
        samples = BLOCK_BYTES // 2
        self._near_frame = rtc.AudioFrame(self._near, RATE, 1, samples)
        self._far_frame = rtc.AudioFrame(self._far, RATE, 1, samples)

    def hear(self, near: bytes) -> bytes:
        self._near[:] = near
        self._module.process_stream(self._near_frame)
        return bytes(self._near)

    def say(self, far: bytes) -> None:
        self._far[:] = far
        self._module.process_reverse_stream(self._far_frame)
