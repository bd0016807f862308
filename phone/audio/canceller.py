"""Whether echo is cancelled, and where in the flow of sound that is done."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from phone.audio import processing
from phone.audio.devices import Device
from phone.audio.interface import EchoMode, EchoState
from phone.audio.processing import BLOCK_BYTES, BLOCK_MS, Processing, Task

_log = logging.getLogger("parley.audio")

MOST_WAITING_MS = 500
"""So much of what was said is kept where nothing is heard, as when the microphone has vanished."""


class _Blocks:
    """Sound of one device, cut into blocks, until it is taken; less than a block waits for the rest of it."""

    def __init__(self) -> None:
        self._rest = b""
        self._whole: deque[bytes] = deque(maxlen=MOST_WAITING_MS // BLOCK_MS)

    def put(self, sound: bytes) -> None:
        sound = self._rest + sound
        end = len(sound) // BLOCK_BYTES * BLOCK_BYTES
        self._whole.extend(sound[at : at + BLOCK_BYTES] for at in range(0, end, BLOCK_BYTES))
        self._rest = sound[end:]

    def take(self) -> list[bytes]:
        return [self._whole.popleft() for _ in range(len(self._whole))]


class _Room:
    """One microphone and one loudspeaker, and what has been learned of the way between them."""

    def __init__(self, processing: Processing) -> None:
        self._processing = processing
        self._near, self._far = _Blocks(), _Blocks()

    def hear(self, near: bytes) -> bytes:
        self._near.put(near)
        for far in self._far.take():
            self._processing.say(far)
        return b"".join(map(self._processing.hear, self._near.take()))

    def say(self, far: bytes) -> None:
        self._far.put(far)


class EchoCanceller:
    """Cleans what a microphone hears, wherever that helps and can be done.

    It takes the sound beside the devices, outside of both rings: a ring that makes up for a late start or for
    another clock changes speed, and no canceller follows that. In calls with PulseAudio the echo came out 3
    to 20 dB lower behind the rings while they did so, which takes half a minute, and 40 to 80 dB lower beside
    the devices. What is left there is the difference of the devices' clocks; one sound card has but one.

    The library is called in the microphone's thread alone, and so need not be safe between two.

    ``settle`` may take half a second and belongs to the thread that opens the devices; ``hear`` and ``say``
    each belong to the thread of one device. None of them raises.
    """

    def __init__(
        self,
        load: Callable[[Task], Processing] = processing.load,
        is_installed: Callable[[], bool] = processing.is_installed,
    ) -> None:
        self._load = load
        self._is_installed = is_installed
        self._room: _Room | None = None
        self._made_for: tuple[Device, Device, Task] | None = None
        """What ``_room`` is, or would be if nothing had failed."""
        self._failed = False
        self._settled = EchoState.IDLE
        self.mode = EchoMode.AUTO
        """The user's wish; ``settle`` carries it out, and this one too:"""
        self.evens_out = False
        """Make the user as loud as others, with a headset too."""

    @property
    def state(self) -> EchoState:
        """What is done about echo now."""
        if self._settled is not EchoState.IDLE:
            return EchoState.FAILED if self._failed else self._settled
        if self.mode is EchoMode.OFF:
            return EchoState.OFF
        return EchoState.IDLE if self._is_installed() else EchoState.MISSING

    def settle(self, microphone: Device | None, speaker: Device | None) -> None:
        """These devices are open now: clean the sound from here on, or leave it as it is.

        What has failed is tried again in the next call, with other devices, or when the wish has changed.
        """
        self._settled = self._judge(microphone, speaker)
        task = Task(self._settled is EchoState.OURS, self.evens_out and self._is_installed())
        if microphone is None or speaker is None or not (task.echo or task.loudness):
            self._room = self._made_for = None
            self._failed = False
        elif (wanted := (microphone, speaker, task)) != self._made_for:
            # another room, and nothing that was learned of the last one holds
            self._made_for, self._failed = wanted, False
            try:
                self._room = _Room(self._load(task))
                what = ["noise", *["echo"] * task.echo, *["loudness"] * task.loudness]
                _log.info("seen to in the microphone's sound: %s", ", ".join(what))
            except Exception:
                self._give_up()

    def hear(self, near: bytes) -> bytes:
        """Return what the microphone has heard without echo and noise; up to 10 ms of it come later."""
        if (room := self._room) is None:
            return near
        try:
            return room.hear(near)
        except Exception:
            self._give_up()
            return near

    def say(self, far: bytes) -> None:
        """Note what is about to be heard from the loudspeaker."""
        if (room := self._room) is not None:
            room.say(far)

    def _give_up(self) -> None:
        self._room = None
        self._failed = True
        _log.exception("echo cannot be cancelled; the sound goes on as it is")

    def _judge(self, microphone: Device | None, speaker: Device | None) -> EchoState:
        if microphone is None or speaker is None:
            return EchoState.IDLE
        if self.mode is EchoMode.OFF:
            return EchoState.OFF
        if self.mode is EchoMode.AUTO and speaker.is_private:
            return EchoState.HEADSET
        # it knows only what is said to a loudspeaker of its own
        if self.mode is EchoMode.AUTO and microphone.cancels_echo and speaker.cancels_echo:
            return EchoState.DESKTOP
        return EchoState.OURS if self._is_installed() else EchoState.MISSING
