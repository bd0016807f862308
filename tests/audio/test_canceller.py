"""When echo is cancelled, and that nothing of it can end the sound."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.audio.canceller import EchoCanceller
from phone.audio.card import DeviceCard
from phone.audio.devices import Device
from phone.audio.interface import FRAME_BYTES, EchoMode, EchoState, Wish
from phone.audio.processing import BLOCK_BYTES, Processing, Task

MICROPHONE = Device("Built-in Microphone", True)
FREED = Device("Built-in Microphone (echo cancelled with Built-in Speaker)", False)
FREED_SPEAKER = Device("Built-in Speaker (echo cancelled with Built-in Microphone)", False)
SPEAKER, HEADSET = Device("Built-in Speaker", True), Device("USB Headset", False)
BLUETOOTH = Device("WH-1000XM4", False, address="bluez_sink.38_18_4C.headset_head_unit")

SAID, HEARD, CLEANED = (bytes([letter]) * FRAME_BYTES for letter in b"SHC")


@dataclass
class Library:
    """Stands in for the library: notes what it was given, and says ``CLEANED`` in its place."""

    says: Callable[[bytes], bytes] = lambda near: CLEANED[: len(near)]
    said: list[bytes] = field(default_factory=list)
    made: list[Task] = field(default_factory=list)
    refuses: bool = False
    breaks: bool = False
    installed: bool = True

    def load(self, task: Task) -> Processing:
        self.made.append(task)
        if self.refuses:
            raise ImportError("liblivekit_ffi.so: wrong ELF class")
        return self

    def hear(self, near: bytes) -> bytes:
        if self.breaks:
            raise RuntimeError("bad state")
        return self.says(near)

    def say(self, far: bytes) -> None:
        if self.breaks:
            raise RuntimeError("bad state")
        self.said.append(far)

    def canceller(self) -> EchoCanceller:
        return EchoCanceller(self.load, lambda: self.installed)


@pytest.mark.parametrize(
    ("mode", "microphone", "speaker", "state"),
    [
        (EchoMode.AUTO, MICROPHONE, SPEAKER, EchoState.OURS),
        (EchoMode.AUTO, HEADSET, SPEAKER, EchoState.OURS),
        (EchoMode.AUTO, MICROPHONE, HEADSET, EchoState.HEADSET),
        (EchoMode.AUTO, MICROPHONE, BLUETOOTH, EchoState.HEADSET),
        (EchoMode.AUTO, FREED, FREED_SPEAKER, EchoState.DESKTOP),
        (EchoMode.AUTO, FREED, SPEAKER, EchoState.OURS),
        (EchoMode.AUTO, FREED, HEADSET, EchoState.HEADSET),
        (EchoMode.AUTO, None, SPEAKER, EchoState.IDLE),
        (EchoMode.ON, MICROPHONE, HEADSET, EchoState.OURS),
        (EchoMode.ON, FREED, FREED_SPEAKER, EchoState.OURS),
        (EchoMode.OFF, MICROPHONE, SPEAKER, EchoState.OFF),
    ],
)
def test_echo_is_cancelled_where_it_can_be_heard(
    mode: EchoMode, microphone: Device | None, speaker: Device | None, state: EchoState
) -> None:
    """By the devices' names and the user's wish; otherwise the sound is left as it is."""
    library = Library()
    canceller = library.canceller()
    canceller.mode = mode
    canceller.settle(microphone, speaker)
    assert canceller.state is state
    assert canceller.hear(HEARD) == (CLEANED if state is EchoState.OURS else HEARD)


def test_what_is_not_installed_is_told_before_a_call() -> None:
    """And nothing is loaded."""
    library = Library(installed=False)
    canceller = library.canceller()
    assert canceller.state is EchoState.MISSING
    canceller.settle(MICROPHONE, SPEAKER)
    assert canceller.state is EchoState.MISSING
    assert canceller.hear(HEARD) == HEARD
    assert not library.made


def test_other_devices_are_another_room() -> None:
    """It begins anew with them, and only with them."""
    library = Library()
    canceller = library.canceller()
    for speaker, made in (
        (SPEAKER, 1),
        (SPEAKER, 1),
        (Device("Television", False), 2),
        (HEADSET, 2),
        (SPEAKER, 3),
    ):
        canceller.settle(MICROPHONE, speaker)
        assert len(library.made) == made
    canceller.settle(None, None)
    assert canceller.state is EchoState.IDLE
    assert canceller.hear(HEARD) == HEARD


@pytest.mark.parametrize("fault", [{"refuses": True}, {"breaks": True}])
def test_library_that_fails_is_done_without(fault: dict[str, bool], caplog: pytest.LogCaptureFixture) -> None:
    """The sound goes on as it is, and the log says why, once."""
    library = Library(**fault)  # type: ignore[arg-type]
    canceller = library.canceller()
    for _ in range(3):
        canceller.settle(MICROPHONE, SPEAKER)
        assert canceller.hear(HEARD) == HEARD
    assert canceller.state is EchoState.FAILED
    assert len(library.made) == 1
    assert [record.message.partition(";")[0] for record in caplog.records] == ["echo cannot be cancelled"]


def test_next_call_tries_again() -> None:
    """What has failed is not given up for good."""
    library = Library(breaks=True)
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    canceller.hear(HEARD)
    canceller.settle(None, None)
    library.breaks = False
    canceller.settle(MICROPHONE, SPEAKER)
    assert canceller.state is EchoState.OURS
    assert canceller.hear(HEARD) == CLEANED


def test_loudspeaker_without_a_microphone_is_not_waited_for() -> None:
    """Half a second of what it has said is kept, and no more."""
    library = Library()
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    for number in range(100):
        canceller.say(bytes([number]) * BLOCK_BYTES)
    canceller.hear(HEARD)
    assert [block[0] for block in library.said] == list(range(50, 100))


@given(lengths=st.lists(st.integers(0, 3 * BLOCK_BYTES), max_size=10))
def test_sound_of_any_length_is_cut_into_blocks(lengths: list[int]) -> None:
    """Nothing is lost or changes places, and less than a block waits."""
    library = Library(says=lambda near: near)
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    sound = random.Random(1).randbytes(sum(lengths))
    ends = itertools.accumulate(lengths)
    heard = b""
    for part in (sound[end - length : end] for length, end in zip(lengths, ends, strict=True)):
        canceller.say(part)
        heard += canceller.hear(part)
    assert sound.startswith(heard)
    assert len(sound) - len(heard) < BLOCK_BYTES
    assert b"".join(library.said) == heard
    assert {len(block) for block in library.said} <= {BLOCK_BYTES}


def test_loudness_is_evened_out_with_a_headset_too() -> None:
    """Echo is left alone then; and without echo to cancel, nothing is loaded for loudness unasked."""
    library = Library()
    canceller = library.canceller()
    canceller.settle(MICROPHONE, HEADSET)
    assert not library.made
    canceller.evens_out = True
    canceller.settle(MICROPHONE, HEADSET)
    assert canceller.state is EchoState.HEADSET
    assert canceller.hear(HEARD) == CLEANED
    canceller.settle(MICROPHONE, SPEAKER)
    assert library.made == [Task(echo=False, loudness=True), Task(echo=True, loudness=True)]


def test_wish_reaches_the_canceller() -> None:
    """And health tells of it."""
    card = DeviceCard(Library().canceller())
    card.wish(Wish(echo=EchoMode.OFF))
    assert card.health().echo is EchoState.OFF
    card.wish(Wish())
    assert card.health().echo is EchoState.IDLE
