"""Passing calls on, blind and attended, through a real Asterisk and between phones; and the latch in it."""

from __future__ import annotations

import pytest

from tests.end2end.conftest import MakeBaresip, MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, CAROL, UNASSIGNED
from tests.peers.parley import Parley

A_HZ, B_HZ, C_HZ = 430, 550, 680


@pytest.fixture
def at_asterisk(asterisk: Asterisk, make_parley: MakeParley) -> tuple[Parley, Parley, Parley]:
    """Alice, Bob and Carol; Alice has called Bob, and the call is secure."""
    alice = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    bob = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    carol = make_parley(C_HZ, asterisk=asterisk, account=CAROL)
    alice.do("call", BOB.extension)
    bob.wait_answered(level="ENCRYPTED")
    alice.wait_call(level="ENCRYPTED")
    return alice, bob, carol


@pytest.fixture
def direct(make_parley: MakeParley) -> tuple[Parley, Parley, Parley]:
    """The same three without a server."""
    alice, bob, carol = make_parley(A_HZ), make_parley(B_HZ), make_parley(C_HZ)
    alice.do("call", bob.uri)
    bob.wait_answered(level="ENCRYPTED")
    alice.wait_call(level="ENCRYPTED")
    return alice, bob, carol


def assert_talking(one: Parley, other: Parley) -> None:
    """Both read the same code and hear each other."""
    ours = one.wait_call(state="connected", level="ENCRYPTED", held=False)
    other.wait_call(state="connected", level="ENCRYPTED", held=False, sas=ours["sas"])
    one.wait_heard(other.hz)
    other.wait_heard(one.hz)


def transfers(phone: Parley) -> list[str]:
    """Return the states of its transfer, as its events told them."""
    told = [event["call"]["transfer"]["state"] for event in phone.events() if event["event"] == "transfer"]
    return list(dict.fromkeys(told))


def test_blind_transfer_through_asterisk(at_asterisk: tuple[Parley, Parley, Parley]) -> None:
    """Alice is out, and told that it worked; Bob and Carol are secure with each other."""
    alice, bob, carol = at_asterisk
    before = bob.wait_call(level="ENCRYPTED")
    (told,) = alice.do("transfer", "1", CAROL.extension)
    assert told["transfer"]["state"] == "done"
    assert alice.ended()["call"]["reason"].startswith("Passed on to ")
    alice.wait_idle()
    carol.wait_answered()
    assert_talking(bob, carol)
    after = bob.wait_call(level="ENCRYPTED")
    assert after["peer_zid"] != before["peer_zid"]
    assert transfers(alice)[0] == "asked"
    assert transfers(alice)[-1] == "done"


def test_attended_transfer_through_asterisk(at_asterisk: tuple[Parley, Parley, Parley]) -> None:
    """Alice asks Carol first, with Bob on hold; then both legs of hers end."""
    alice, bob, carol = at_asterisk
    alice.do("call", CAROL.extension)
    carol.wait_answered(level="ENCRYPTED")
    alice.wait_call(id="1", held=True)
    alice.wait_call(id="2", level="ENCRYPTED", held=False)
    alice.do("transfer", "1", "--to", "2")
    alice.wait_idle()
    assert_talking(bob, carol)
    assert transfers(alice)[-1] == "done"


def test_transfer_to_nobody_leaves_the_call(at_asterisk: tuple[Parley, Parley, Parley]) -> None:
    """Asterisk refuses; Alice is told why, and goes on with Bob."""
    alice, bob, _ = at_asterisk
    assert "Nobody has this number" in alice.refuse("transfer", "1", UNASSIGNED)
    assert alice.wait_call(state="connected")["transfer"]["state"] == "failed"
    assert_talking(alice, bob)


def test_blind_transfer_between_phones(direct: tuple[Parley, Parley, Parley]) -> None:
    """Bob's phone calls Carol by itself; his new call begins anew and says who has passed him on."""
    alice, bob, carol = direct
    alice.do("transfer", "1", carol.uri)
    assert bob.wait_call(id="2")["state"] in ("calling", "ringing")
    carol.wait_answered()
    alice.wait_idle()
    bob.ended()
    assert_talking(bob, carol)
    assert any("has passed you on" in notice for notice in bob.wait_call()["notices"])
    assert transfers(alice) == ["asked", "under way", "done"]


def test_attended_transfer_between_phones(direct: tuple[Parley, Parley, Parley]) -> None:
    """Carol's phone takes Bob's call in the place of Alice's without asking her."""
    alice, bob, carol = direct
    alice.do("call", carol.uri)
    carol.wait_answered(level="ENCRYPTED")
    alice.do("transfer", "1", "--to", "2")
    alice.wait_idle()
    bob.ended()
    carol.ended()
    assert_talking(bob, carol)


def test_transferred_call_that_was_secure_does_not_fall_silently(
    direct: tuple[Parley, Parley, Parley], make_baresip: MakeBaresip
) -> None:
    """Passed on to a phone without ZRTP, Bob sends nothing until he agrees to go on in clear."""
    alice, bob, _ = direct
    plain = make_baresip(C_HZ)
    alice.do("transfer", "1", plain.uri)
    alice.wait_idle()
    lost = bob.wait_call(id="2", state="connected", pending="Protection lost")
    assert lost["statistics"]["plain_sent"] == 0
    bob.do("clear", "2")
    cleared = bob.wait_call(id="2", pending=None, level="CLEAR")
    assert cleared["why"]["cause"] == "no_zrtp"
    bob.wait_heard(C_HZ)


def test_sound_that_asterisk_moves_to_a_phone_without_zrtp_is_held(
    asterisk: Asterisk, make_parley: MakeParley, make_baresip: MakeBaresip
) -> None:
    """Bob's dialog stays, and a re-INVITE moves his sound: nothing is sent there until he agrees."""
    alice = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    bob = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    make_baresip(C_HZ, asterisk=asterisk, account=CAROL)
    alice.do("call", BOB.extension)
    bob.wait_answered(level="ENCRYPTED")
    alice.wait_call(level="ENCRYPTED")
    alice.do("transfer", "1", CAROL.extension)
    alice.wait_idle()
    lost = bob.wait_call(id="1", state="connected", pending="Protection lost")
    assert (lost["statistics"]["plain_sent"], lost["why"]["cause"]) == (0, "moved")
    assert lost["sas"] is None
    bob.do("clear")
    cleared = bob.wait_call(id="1", pending=None, level="CLEAR")
    assert cleared["why"]["cause"] == "no_zrtp"
    bob.wait_heard(C_HZ)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1", "no such thing"), "is not an address"),
        (("1", "102"), "there is no account to call"),
        (("1", "--to", "9"), "There is no call 9"),
        (("1", "--to", "1"), "cannot be passed on to itself"),
        (("7", "sip:x@192.0.2.1"), "There is no call 7"),
    ],
)
def test_transfer_that_makes_no_sense_is_refused(
    direct: tuple[Parley, Parley, Parley], arguments: tuple[str, ...], words: str
) -> None:
    """In one sentence each; the call goes on."""
    alice, bob, _ = direct
    assert words.lower() in alice.refuse("transfer", *arguments).lower()
    assert alice.wait_call(state="connected")["transfer"] is None
    assert bob.wait_call()["state"] == "connected"
