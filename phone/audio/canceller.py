"""Whether echo is cancelled, and where in the flow of sound that is done."""

from __future__ import annotations

import logging
from collections.abc import Callable

from phone.audio import processing
from phone.audio.devices import Device
from phone.audio.interface import FRAME_BYTES, EchoMode, EchoState
from phone.audio.processing import BLOCK_BYTES, Processing

_log = logging.getLogger("parley.audio")


class EchoCanceller:
    """Cleans the frames of one sound card, wherever that helps and can be done.

    It sits on the bridge's side of both rings, where microphone and loudspeaker come in step. Beside the
    devices the echo would be sooner, but they have two clocks: with 200 ppm between them, in numbers, it came
    out 22 to 64 dB lower there, and 64 dB behind the rings (30 dB where a ring had run dry).

    ``settle`` may take half a second and belongs to the thread that opens the devices; ``clean`` is called by
    the bridge's clock, and neither raises.
    """

    def __init__(
        self,
        load: Callable[[], Processing] = processing.load,
        is_installed: Callable[[], bool] = processing.is_installed,
    ) -> None:
        self._load = load
        self._is_installed = is_installed
        self._processing: Processing | None = None
        self._place: tuple[str, str] | None = None
        """The devices that ``_processing`` was made for."""
        self._failed = False
        self._settled = EchoState.IDLE
        self.mode = EchoMode.AUTO
        """The user's wish; ``settle`` carries it out."""

    @property
    def state(self) -> EchoState:
        """What is done about echo now."""
        if self._settled is not EchoState.IDLE:
            return EchoState.FAILED if self._failed and self._settled is EchoState.OURS else self._settled
        if self.mode is EchoMode.OFF:
            return EchoState.OFF
        return EchoState.IDLE if self._is_installed() else EchoState.MISSING

    def start(self) -> None:
        """A call begins: what has failed in the last one may work again."""
        self._failed = False

    def settle(self, microphone: Device | None, speaker: Device | None) -> None:
        """These devices are open now: clean the sound from here on, or leave it as it is."""
        state = self._judge(microphone, speaker)
        if state is not EchoState.OURS or microphone is None or speaker is None:
            self._processing = self._place = None
        elif (place := (microphone.name, speaker.name)) != self._place and not self._failed:
            # another room, and nothing that was learned of the last one holds
            try:
                self._processing = self._load()
                self._place = place
                _log.info("echo is cancelled, and noise suppressed")
            except Exception:
                self._give_up()
        self._settled = state

    def clean(self, near: bytes, far: bytes) -> bytes:
        """Return ``near``, a frame of the microphone, without the echo of ``far`` and of those before."""
        working = self._processing
        if working is None:
            return near
        try:
            return b"".join(
                working.process(near[at : at + BLOCK_BYTES], far[at : at + BLOCK_BYTES])
                for at in range(0, FRAME_BYTES, BLOCK_BYTES)
            )
        except Exception:
            self._give_up()
            return near

    def _give_up(self) -> None:
        self._processing = None
        self._failed = True
        _log.exception("echo cannot be cancelled; the sound goes on as it is")

    def _judge(self, microphone: Device | None, speaker: Device | None) -> EchoState:
        if microphone is None or speaker is None:
            return EchoState.IDLE
        if self.mode is EchoMode.OFF:
            return EchoState.OFF
        if self.mode is EchoMode.AUTO and microphone.cancels_echo:
            return EchoState.DESKTOP
        if self.mode is EchoMode.AUTO and speaker.is_private:
            return EchoState.HEADSET
        return EchoState.OURS if self._is_installed() else EchoState.MISSING
