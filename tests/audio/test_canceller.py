"""When echo is cancelled, and that nothing of it can end the sound."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest

from phone.audio.canceller import EchoCanceller
from phone.audio.card import DeviceCard
from phone.audio.devices import Device
from phone.audio.interface import FRAME_BYTES, SILENCE, EchoMode, EchoState, Wish
from phone.audio.processing import BLOCK_BYTES, Processing

MICROPHONE, FREED = Device("Built-in Microphone", True), Device("Built-in Microphone (echo-cancelled)", True)
SPEAKER, HEADSET = Device("Built-in Speaker", True), Device("USB Headset", False)
BLUETOOTH = Device("WH-1000XM4", False, address="bluez_sink.38_18_4C.headset_head_unit")

SAID, HEARD = b"\1\2" * (FRAME_BYTES // 2), b"\3\4" * (FRAME_BYTES // 2)


@dataclass
class Library:
    """Stands in for the library: notes what it was given, and says ``OK`` in its place."""

    given: list[tuple[bytes, bytes]] = field(default_factory=list)
    made: int = 0
    refuses: bool = False
    breaks: bool = False
    installed: bool = True

    def load(self) -> Processing:
        self.made += 1
        if self.refuses:
            raise ImportError("liblivekit_ffi.so: wrong ELF class")
        return self

    def process(self, near: bytes, far: bytes) -> bytes:
        if self.breaks:
            raise RuntimeError("bad state")
        self.given.append((near, far))
        return b"OK" * (BLOCK_BYTES // 2)

    def canceller(self) -> EchoCanceller:
        return EchoCanceller(self.load, lambda: self.installed)


CLEANED = b"OK" * (FRAME_BYTES // 2)


@pytest.mark.parametrize(
    ("mode", "microphone", "speaker", "state"),
    [
        (EchoMode.AUTO, MICROPHONE, SPEAKER, EchoState.OURS),
        (EchoMode.AUTO, HEADSET, SPEAKER, EchoState.OURS),
        (EchoMode.AUTO, MICROPHONE, HEADSET, EchoState.HEADSET),
        (EchoMode.AUTO, MICROPHONE, BLUETOOTH, EchoState.HEADSET),
        (EchoMode.AUTO, Device("Mic (echo-cancel)", True), SPEAKER, EchoState.DESKTOP),
        (EchoMode.AUTO, None, SPEAKER, EchoState.IDLE),
        (EchoMode.ON, MICROPHONE, HEADSET, EchoState.OURS),
        (EchoMode.ON, Device("Mic (echo-cancel)", True), SPEAKER, EchoState.OURS),
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
    assert canceller.clean(HEARD, SAID) == (CLEANED if state is EchoState.OURS else HEARD)


def test_what_is_not_installed_is_told_before_a_call() -> None:
    """And nothing is loaded."""
    library = Library(installed=False)
    canceller = library.canceller()
    assert canceller.state is EchoState.MISSING
    canceller.settle(MICROPHONE, SPEAKER)
    assert canceller.state is EchoState.MISSING
    assert canceller.clean(HEARD, SAID) == HEARD
    assert library.made == 0


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
        assert library.made == made
    canceller.settle(None, None)
    assert canceller.state is EchoState.IDLE
    assert canceller.clean(HEARD, SAID) == HEARD


@pytest.mark.parametrize("fault", [{"refuses": True}, {"breaks": True}])
def test_library_that_fails_is_done_without(fault: dict[str, bool], caplog: pytest.LogCaptureFixture) -> None:
    """The sound goes on as it is, and the log says why, once."""
    library = Library(**fault)  # type: ignore[arg-type]
    canceller = library.canceller()
    for _ in range(3):
        canceller.settle(MICROPHONE, SPEAKER)
        assert canceller.clean(HEARD, SAID) == HEARD
    assert canceller.state is EchoState.FAILED
    assert library.made == 1
    assert [record.message.partition(";")[0] for record in caplog.records] == ["echo cannot be cancelled"]


def test_next_call_tries_again() -> None:
    """What has failed is not given up for good."""
    library = Library(breaks=True)
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    canceller.clean(HEARD, SAID)
    canceller.settle(None, None)
    library.breaks = False
    canceller.start()
    canceller.settle(MICROPHONE, SPEAKER)
    assert canceller.state is EchoState.OURS
    assert canceller.clean(HEARD, SAID) == CLEANED


def test_card_pairs_what_is_heard_with_what_was_said() -> None:
    """Frame by frame, each only once; silence where nothing was said."""
    library = Library()
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    card = DeviceCard(canceller)
    card.playback(SAID)
    assert card.capture() == CLEANED
    assert card.capture() == CLEANED
    assert [far for _, far in library.given] == [SAID[:BLOCK_BYTES]] * 2 + [SILENCE[:BLOCK_BYTES]] * 2


def test_muted_call_keeps_the_canceller_in_step() -> None:
    """The bridge asks for no microphone then, so the card does: one frame heard for each one said."""
    library = Library()
    canceller = library.canceller()
    canceller.settle(MICROPHONE, SPEAKER)
    card = DeviceCard(canceller)
    said = [bytes([number]) * FRAME_BYTES for number in range(10)]
    for frame in said[:5]:
        card.playback(frame)  # muted
    for frame in said[5:]:
        card.playback(frame)
        card.capture()
    expected = itertools.chain.from_iterable((frame[:BLOCK_BYTES],) * 2 for frame in said)
    assert [far for _, far in library.given] == list(expected)


def test_wish_reaches_the_canceller() -> None:
    """And health tells of it."""
    card = DeviceCard(Library().canceller())
    card.wish(Wish(echo=EchoMode.OFF))
    assert card.health().echo is EchoState.OFF
    card.wish(Wish())
    assert card.health().echo is EchoState.IDLE
