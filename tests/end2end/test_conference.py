"""Several calls of one phone: waiting, swapped, and joined to a conference of five."""

from __future__ import annotations

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, CAROL
from tests.peers.process import eventually

HZ = (430, 570, 790, 1130, 1670)
"""None is a sum or difference of others, so that a mix too loud does not make one up."""


def test_second_call_waits_and_is_swapped_with_the_first(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Answering the call that waits holds the first; resuming the first holds the second."""
    alice = make_parley(HZ[0], asterisk=asterisk, account=ALICE)
    bob = make_parley(HZ[1], asterisk=asterisk, account=BOB)
    carol = make_parley(HZ[2], asterisk=asterisk, account=CAROL)
    alice.do("call", BOB.extension)
    bob.wait_answered(level="ENCRYPTED")
    alice.wait_call(level="ENCRYPTED")
    carol.do("call", ALICE.extension)
    alice.wait_answered(number="2", level="ENCRYPTED")
    alice.wait_call(id="1", held=True)
    mark = bob.heard().seconds + 1
    alice.wait_heard(HZ[2])
    carol.wait_heard(HZ[0])
    eventually(lambda: bob.heard().seconds > mark + 2, within=20, what="two seconds of hold have passed")
    assert bob.heard().since(mark).seconds_of(HZ[0]) == 0
    alice.do("resume", "1")
    alice.wait_call(id="2", held=True)
    alice.wait_call(id="1", held=False, level="ENCRYPTED")
    bob.wait_heard(HZ[0])
    alice.wait_heard(HZ[1])


def test_conference_of_five(make_parley: MakeParley) -> None:
    """Everybody hears everybody else, over four calls, each secure; one who leaves is gone."""
    host, *guests = (make_parley(hz) for hz in HZ)
    for number, guest in enumerate(guests, start=1):
        host.do("call", guest.uri)
        guest.wait_answered(level="ENCRYPTED")
        host.wait_call(id=str(number), state="connected", level="ENCRYPTED")
    numbers = ["1", "2", "3", "4"]
    for call in host.do("conference", *numbers):
        assert call["conference"] == [number for number in numbers if number != call["id"]]
        assert not call["held"]
    for listener in (host, *guests):
        listener.wait_heard_among(*(hz for hz in HZ if hz != listener.hz))
    for place, guest in zip(numbers, guests, strict=True):
        call = host.wait_call(id=place, level="ENCRYPTED")
        assert call["sas"] == guest.wait_call(level="ENCRYPTED")["sas"]
        assert call["statistics"]["plain_sent"] == 0
    guests[0].do("hangup")
    host.ended()
    host.wait_call(id="2", conference=["3", "4"])
    mark = guests[1].heard().seconds + 0.5
    guests[1].wait_heard_among(HZ[0], HZ[3], HZ[4])
    assert guests[1].heard().since(mark).seconds_with(HZ[1]) == 0


def test_host_who_mutes_a_call_still_lets_the_conference_be_heard(make_parley: MakeParley) -> None:
    """Muting is about the microphone, not about the others."""
    host, one, other = (make_parley(hz) for hz in HZ[:3])
    for number, guest in enumerate((one, other), start=1):
        host.do("call", guest.uri)
        guest.wait_answered(level="ENCRYPTED")
        host.wait_call(id=str(number), state="connected", level="ENCRYPTED")
    host.do("conference", "1", "2")
    one.wait_heard_among(host.hz, other.hz)
    host.do("mute", "1")
    mark = one.heard().seconds + 0.5
    one.wait_heard(other.hz, seconds=2)
    assert one.heard().since(mark).seconds_with(host.hz) == 0
    other.wait_heard_among(host.hz, one.hz)


def test_fifth_call_is_refused_in_words(make_parley: MakeParley) -> None:
    """Of what pjsua2 is built for; the four others go on."""
    host, guest = make_parley(HZ[0]), make_parley(HZ[1])
    for _ in range(4):
        host.do("call", guest.uri)
    assert host.refuse("call", guest.uri) == "parley: Parley can carry no more than 4 calls at once."
    assert len(host.status()["calls"]) == 4
