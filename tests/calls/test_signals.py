"""What is heard before a call is answered, and when its protection changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from twisted.internet.task import Clock

from phone.audio.sounds import Sound
from phone.calls.signals import BUSY_S, Signals
from phone.calls.values import (
    CallSnapshot,
    CallState,
    Direction,
    Happened,
    Level,
    MessagesSnapshot,
    Pending,
)
from tests.calls.test_proofs import account
from tests.fakes import NEW_CALL


@dataclass
class Player:
    """Writes down what it is to play."""

    playing: Sound | None = None
    story: list[Sound | None] = field(default_factory=list)

    def play(self, sound: Sound) -> None:
        self.playing = sound
        self.story.append(sound)

    def stop(self) -> None:
        self.playing = None
        self.story.append(None)

    def wish(self, device: str | None) -> None:
        pass


class Room:
    """Signals between two players and a clock."""

    def __init__(self) -> None:
        self.ringer, self.tones, self.clock = Player(), Player(), Clock()
        self.signals = Signals(ringer=self.ringer, tones=self.tones, call_later=self.clock.callLater)

    def happens(self, call: CallSnapshot, event: str = "call") -> None:
        """Tell the signals."""
        self.signals.happened(Happened(event, call))


@pytest.fixture
def room() -> Room:
    """A silent room."""
    return Room()


INCOMING = replace(NEW_CALL, id="1", direction=Direction.INCOMING, state=CallState.INCOMING)
OUTGOING = replace(NEW_CALL, id="2", direction=Direction.OUTGOING, state=CallState.RINGING)
TALKING = replace(NEW_CALL, id="3", state=CallState.CONNECTED)


def test_rings_until_it_is_answered(room: Room) -> None:
    """Once: what else changes in the call does not begin it anew."""
    room.happens(INCOMING, "call.incoming")
    room.happens(replace(INCOMING, remote_name="Ben"))
    assert room.ringer.story == [Sound.RING]
    room.happens(replace(INCOMING, state=CallState.CONNECTED))
    assert room.ringer.playing is None


def test_two_calls_ring_until_both_are_gone(room: Room) -> None:
    """Whoever gives up first."""
    second = replace(INCOMING, id="9")
    room.happens(INCOMING)
    room.happens(second)
    room.happens(replace(INCOMING, state=CallState.ENDED, status=487))
    assert room.ringer.playing is Sound.RING
    room.happens(replace(second, state=CallState.ENDED, status=487))
    assert room.ringer.playing is None


def test_call_that_comes_while_we_talk_waits(room: Room) -> None:
    """No ringing beside a conversation; it rings when that is over."""
    room.happens(TALKING)
    room.happens(INCOMING)
    assert (room.ringer.playing, room.tones.playing) == (None, Sound.WAITING)
    room.happens(replace(TALKING, state=CallState.ENDED))
    assert (room.ringer.playing, room.tones.playing) == (Sound.RING, None)


def test_keys_sound_one_after_the_other(room: Room) -> None:
    """Each for its time; then there is the tone of before. What is no key has none."""
    room.happens(OUTGOING)
    room.signals.pressed("4A#")
    room.clock.pump([0.0, *[0.05] * 20])
    assert room.tones.story == [Sound.RINGBACK, Sound.KEY_4, Sound.KEY_HASH, Sound.RINGBACK]


def test_new_message_is_heard_once(room: Room) -> None:
    """Not what was in the mailbox before, nor that it has been listened to."""
    for new in (2, 2, 3, 0, 1):
        told = replace(account(), messages=MessagesSnapshot(new > 0, new, 0, None))
        room.signals.happened(Happened("account", told))
        room.clock.advance(2)
    assert [sound for sound in room.tones.story if sound] == [Sound.MESSAGE, Sound.MESSAGE]


def test_ringback_until_the_network_has_sound_of_its_own(room: Room) -> None:
    """Early media replaces it."""
    room.happens(OUTGOING)
    assert room.tones.playing is Sound.RINGBACK
    room.happens(replace(OUTGOING, state=CallState.EARLY))
    assert room.tones.playing is None


@pytest.mark.parametrize("status", [486, 404, 480, 503, 600])
def test_refused_call_is_busy_for_a_while(room: Room, status: int) -> None:
    """Whatever the reason: it can be read."""
    room.happens(OUTGOING)
    room.happens(replace(OUTGOING, state=CallState.ENDED, status=status), "call.ended")
    assert room.tones.playing is Sound.BUSY
    room.clock.advance(BUSY_S)
    assert room.tones.playing is None


def test_call_that_we_give_up_is_not_busy(room: Room) -> None:
    """Nor one that was answered."""
    room.happens(OUTGOING)
    room.happens(replace(OUTGOING, state=CallState.ENDED, status=487), "call.ended")
    room.happens(replace(TALKING, state=CallState.ENDED, status=200), "call.ended")
    assert Sound.BUSY not in room.tones.story


def test_secured_call_sounds_once(room: Room) -> None:
    """Not again when it is verified."""
    room.happens(TALKING)
    room.happens(replace(TALKING, level=Level.ENCRYPTED))
    room.happens(replace(TALKING, level=Level.VERIFIED))
    assert room.tones.story.count(Sound.SECURED) == 1
    room.clock.advance(5)
    assert room.tones.playing is None


def test_lost_protection_and_alarms_are_heard(room: Room) -> None:
    """Each once."""
    secure = replace(TALKING, level=Level.ENCRYPTED)
    room.happens(secure)
    lost = replace(secure, pending=Pending.PROTECTION_LOST)
    room.happens(lost)
    room.happens(replace(lost, muted=True))
    assert room.tones.story.count(Sound.ALARM) == 1
    room.happens(lost, "alarm")
    assert room.tones.story.count(Sound.ALARM) == 2


def test_short_sound_gives_way_to_what_was_playing(room: Room) -> None:
    """A second short sound takes the place of the first, and is not cut off by its end."""
    room.happens(TALKING)
    room.happens(INCOMING)
    room.happens(replace(TALKING, level=Level.ENCRYPTED))
    room.clock.advance(0.5)
    room.happens(replace(TALKING, level=Level.ENCRYPTED), "alarm")
    room.clock.advance(0.5)
    assert room.tones.story == [Sound.WAITING, Sound.SECURED, Sound.ALARM]
    room.clock.advance(5)
    assert room.tones.story[3:] == [Sound.WAITING]
