"""Devices, volume and codecs as the user sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock

from phone.audio.devices import Device, Devices
from phone.audio.interface import Direction, EchoMode, EchoState, Health, Wish
from phone.audio.silent import NullCard
from phone.audio.sounds import Sound
from phone.calls.sound import TRIAL_S, SoundDesk
from phone.calls.values import CallError, Happened, SoundSnapshot
from phone.store.database import Database
from phone.store.settings import Settings
from tests.calls.test_signals import TALKING, Player

DESK, HEADSET, USB = Device("Desk", True), Device("Headset", False), Device("USB Headset 2", False)


@dataclass
class Card(NullCard):
    """A card that is as healthy as the test says."""

    wished: Wish | None = None
    state: Health = field(default_factory=Health)

    def wish(self, wish: Wish) -> None:
        self.wished = wish

    def health(self) -> Health:
        return self.state


@dataclass
class Stack:
    """What the desk asks of the SIP stack."""

    offered: list[str] = field(default_factory=list)
    volume: tuple[float, float] = (0.0, 0.0)

    def codecs(self) -> list[str]:
        return self.offered or self.known_codecs()

    def known_codecs(self) -> list[str]:
        return ["G722/16000", "speex/8000", "PCMU/8000"]

    def set_codecs(self, names: list[str]) -> None:
        self.offered = names

    def set_volume(self, microphone: float, speaker: float) -> None:
        self.volume = (microphone, speaker)

    def levels(self) -> tuple[float, float]:
        return -20.0, -30.0


class Desk:
    """A desk with stand-ins around it; ``again``: as it is after a restart."""

    def __init__(self, settings: Settings) -> None:
        self.card, self.stack, self.clock = Card(), Stack(), Clock()
        self.ringer, self.tones = Player(), Player()
        self.told: list[SoundSnapshot] = []
        self._settings = settings
        self.desk = SoundDesk(
            card=self.card,
            ringer=self.ringer,
            tones=self.tones,
            settings=settings,
            enumerate_devices=self._devices,
            call_later=self.clock.callLater,
            changed=self.told.append,
        )
        self.desk.attach(self.stack)  # type: ignore[arg-type]  # the part of it that the desk uses

    async def _devices(self) -> Devices:
        return Devices("PulseAudio", (DESK,), (DESK, HEADSET, USB))

    def again(self) -> Desk:
        return Desk(self._settings)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk as it is at first."""
    with closing(Database(tmp_path / "database")) as database:
        yield Desk(Settings(database))


def result(coroutine: Any) -> SoundSnapshot:
    """Return what a coroutine that does not wait comes to, or raise what it raises."""
    outcome: list[Any] = []
    deferred: Deferred[Any] = ensureDeferred(coroutine)
    deferred.addCallbacks(outcome.append, lambda failure: outcome.append(failure.value))
    (value,) = outcome
    if isinstance(value, Exception):
        raise value
    assert isinstance(value, SoundSnapshot)
    return value


def test_choice_is_carried_out_and_kept(desk: Desk) -> None:
    """By a part of the name that no other has."""
    assert result(desk.desk.choose("speaker", "usb")).speaker == "USB Headset 2"
    assert desk.card.wished == Wish(speaker="USB Headset 2")
    assert desk.again().card.wished == Wish(speaker="USB Headset 2")
    assert result(desk.desk.choose("speaker", None)).speaker is None
    assert desk.again().card.wished == Wish()


def test_whole_name_counts_before_a_part_of_others(desk: Desk) -> None:
    """``Headset`` is a part of both."""
    assert result(desk.desk.choose("ringer", "Headset")).ringer == "Headset"


@pytest.mark.parametrize(("name", "sentence"), [("head", "Several devices"), ("radio", "No device")])
def test_name_that_does_not_say_which(desk: Desk, name: str, sentence: str) -> None:
    """The sentence lists what there is; nothing changes."""
    with pytest.raises(CallError, match=f"{sentence}.*Headset, USB Headset 2"):
        result(desk.desk.choose("speaker", name))
    assert desk.card.wished == Wish()


def test_volume_is_kept_and_limited(desk: Desk) -> None:
    """In percent."""
    assert result(desk.desk.set_volume("microphone", 150)).microphone_volume == 150
    assert desk.stack.volume == (1.5, 1.0)
    assert desk.again().stack.volume == (1.5, 1.0)
    assert result(desk.desk.set_volume("speaker", 0)).speaker_volume == 0
    for percent in (-1, 201):
        with pytest.raises(CallError, match="from 0 to 200"):
            result(desk.desk.set_volume("speaker", percent))


def test_codecs_are_ordered_kept_and_reset(desk: Desk) -> None:
    """The rate may be left out, and letters may be small."""
    assert desk.desk.set_codecs(["pcmu", "G722/16000"]) == ["PCMU/8000", "G722/16000"]
    assert desk.again().stack.offered == ["PCMU/8000", "G722/16000"]
    assert desk.desk.known_codecs() == desk.stack.known_codecs()
    assert desk.desk.set_codecs([]) == desk.stack.known_codecs()
    assert desk.again().stack.offered == []
    with pytest.raises(CallError, match="no codec 'opus'"):
        desk.desk.set_codecs(["opus"])


@pytest.mark.parametrize(("role", "sound"), [("speaker", Sound.SECURED), ("ringer", Sound.RING)])
def test_device_is_tried_out_between_calls(desk: Desk, role: str, sound: Sound) -> None:
    """For a moment; a call that comes meanwhile is not silenced."""
    player = desk.tones if role == "speaker" else desk.ringer
    desk.desk.try_out(role)
    desk.clock.advance(TRIAL_S)
    assert player.story == [sound, None]
    desk.desk.try_out(role)
    desk.desk.happened(Happened("call.incoming", TALKING))
    desk.clock.advance(TRIAL_S)
    assert player.story == [sound, None, sound]
    with pytest.raises(CallError, match="There is a call"):
        desk.desk.try_out(role)


def test_recording_is_announced_only_when_the_user_says_so(desk: Desk) -> None:
    """And kept."""
    assert not desk.desk.announces_recording
    desk.desk.announce_recording(True)
    assert desk.again().desk.announces_recording
    desk.desk.announce_recording(False)
    assert not desk.again().desk.announces_recording


def test_other_devices_in_use_are_told_during_calls(desk: Desk) -> None:
    """Each change once; nobody looks without a call."""
    desk.desk.happened(Happened("call", TALKING))
    desk.card.state = Health(microphone="Desk", speaker="Headset")
    desk.clock.advance(1)
    desk.clock.advance(1)
    desk.card.state = Health(microphone="Desk", waits_for_word=True)
    desk.clock.advance(1)
    assert [snapshot.speaker_in_use for snapshot in desk.told] == ["Headset", None]
    assert "headset has gone" in (desk.told[-1].notice or "")
    desk.card.state = Health(microphone="Desk", lacks=(Direction.PLAYBACK,))
    desk.clock.advance(1)
    assert "no loudspeaker" in (desk.told[-1].notice or "")
    desk.desk.happened(Happened("call.ended", TALKING))
    desk.clock.advance(1)
    assert desk.clock.getDelayedCalls() == []


def test_echo_is_cancelled_as_the_user_wishes(desk: Desk) -> None:
    """Kept; at first it is Parley's own judgement."""
    assert result(desk.desk.snapshot()).cancel_echo == "auto"
    assert result(desk.desk.cancel_echo("off")).cancel_echo == "off"
    assert desk.again().card.wished == Wish(echo=EchoMode.OFF)
    result(desk.desk.cancel_echo("auto"))
    assert desk.again().card.wished == Wish()


def test_what_is_done_about_echo_is_told(desk: Desk) -> None:
    """While there is a call, when it changes; each state has its sentence."""
    desk.desk.happened(Happened("call", TALKING))
    for state in EchoState:
        desk.card.state = Health(echo=state)
        desk.clock.advance(1)
    assert [told.echo for told in desk.told] == [
        state.value for state in EchoState if state is not EchoState.IDLE
    ]
    assert len({told.echo_reason for told in desk.told}) == len(desk.told)


def test_loudness_is_evened_out_as_the_user_wishes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept, off at first; without its library it is refused, and can still be switched off."""
    assert not result(desk.desk.snapshot()).even_out
    assert result(desk.desk.even_out(True)).even_out
    assert desk.again().card.wished == Wish(even_out=True)
    monkeypatch.setattr("phone.calls.sound.is_installed", lambda: False)
    with pytest.raises(CallError, match="not installed"):
        result(desk.desk.even_out(True))
    assert not result(desk.desk.even_out(False)).even_out
