"""What takes echo and noise out of a microphone's sound: a library that need not be installed."""

from __future__ import annotations

import importlib.util
from typing import Protocol

from phone.audio.interface import RATE

BLOCK_MS = 10
"""What is processed at a time; WebRTC's audio processing takes nothing else."""

BLOCK_BYTES = RATE * BLOCK_MS // 1000 * 2


class Processing(Protocol):
    """Made for one microphone in one room; learns how the loudspeaker sounds there.

    It is told of both in step, from one thread, and finds out by itself how far the one is behind the other.
    """

    def process(self, near: bytes, far: bytes) -> bytes:
        """Return ``near``, from the microphone, without what ``far``, for the loudspeaker, has added to it.

        Each is ``BLOCK_BYTES`` long. May raise anything: a library is at work.
        """
        ...


def is_installed() -> bool:
    """Tell whether ``load`` would find its library, without loading it."""
    try:
        return importlib.util.find_spec("livekit.rtc") is not None
    except ModuleNotFoundError:
        return False


def load() -> Processing:
    """Load the library and return a new ``Processing``. Raise whatever the library does.

    The first time takes half a second and 40 MB: not in the reactor's thread, and not before it is needed.
    """
    return _WebRtc()


class _WebRtc:
    """WebRTC's audio processing (AEC3, noise suppression, high-pass filter), from LiveKit's build of it.

    Without its gain control: that begins each call 10 dB louder than it goes on, and a microphone's volume
    is the user's.
    """

    def __init__(self) -> None:
        from livekit import rtc  # noqa: PLC0415  # see ``load``

        self._module = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True
        )
        # filled anew for each block, since the module works in place
        self._near, self._far = bytearray(BLOCK_BYTES), bytearray(BLOCK_BYTES)
        samples = BLOCK_BYTES // 2
        self._near_frame = rtc.AudioFrame(self._near, RATE, 1, samples)
        self._far_frame = rtc.AudioFrame(self._far, RATE, 1, samples)

    def process(self, near: bytes, far: bytes) -> bytes:
        self._near[:], self._far[:] = near, far
        self._module.process_reverse_stream(self._far_frame)
        self._module.process_stream(self._near_frame)
        return bytes(self._near)
