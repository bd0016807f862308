"""What happens in and around a call: hold, transfer, keys, early media, busy, no answer."""

from __future__ import annotations

import pytest

from tests.end2end.conftest import MakeLinphone, MakeParley
from tests.peers import asterisk_config
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, CAROL
from tests.peers.parley import Parley
from tests.peers.process import eventually

A_HZ, B_HZ, C_HZ = 430, 550, 680


@pytest.fixture
def alice(asterisk: Asterisk, make_parley: MakeParley) -> Parley:
    """A phone that speaks ``A_HZ``."""
    return make_parley(A_HZ, asterisk=asterisk, account=ALICE)


@pytest.fixture
def bob(asterisk: Asterisk, make_parley: MakeParley) -> Parley:
    """A phone that speaks ``B_HZ``."""
    return make_parley(B_HZ, asterisk=asterisk, account=BOB)


@pytest.fixture
def talking(alice: Parley, bob: Parley) -> None:
    """Alice has called Bob, and the call is secure."""
    alice.do("call", BOB.extension)
    bob.wait_call(state="incoming")
    bob.do("answer")
    alice.wait_call(state="connected", level="ENCRYPTED")
    bob.wait_call(state="connected", level="ENCRYPTED")


@pytest.mark.usefixtures("talking")
def test_hold_silences_both_and_resume_is_secure_again(alice: Parley, bob: Parley) -> None:
    """While Alice holds, neither hears the other; after, both do, and read the same code."""
    alice.wait_heard(B_HZ)
    bob.wait_heard(A_HZ)
    alice.do("hold")
    alice.wait_call(held=True)
    alice_mark, bob_mark = alice.heard().seconds + 1, bob.heard().seconds + 1
    eventually(lambda: bob.heard().seconds > bob_mark + 2, within=20, what="two seconds of hold have passed")
    assert bob.heard().since(bob_mark).seconds_of(A_HZ) == 0
    assert alice.heard().since(alice_mark).seconds_of(B_HZ) == 0
    alice.do("resume")
    alice.wait_call(held=False, level="ENCRYPTED")
    bob.wait_call(level="ENCRYPTED")
    alice.wait_heard(B_HZ)
    bob.wait_heard(A_HZ)
    assert alice.wait_call(level="ENCRYPTED")["sas"] == bob.wait_call(level="ENCRYPTED")["sas"]


@pytest.mark.usefixtures("talking")
def test_held_by_the_far_end_is_not_shown_as_secure(alice: Parley, bob: Parley) -> None:
    """The hold music is Asterisk's own, in clear: the level says so, and returns with the peer."""
    bob.do("hold")
    alice.wait_call(level="CLEAR")
    mark = bob.heard().seconds
    bob.do("resume")
    alice.wait_call(level="ENCRYPTED")
    bob.wait_call(level="ENCRYPTED")
    bob.wait_heard(A_HZ)
    alice.wait_heard(B_HZ)
    assert mark > 0


def test_transfer_received_ends_secure_with_the_new_peer(
    asterisk: Asterisk, alice: Parley, make_linphone: MakeLinphone, make_parley: MakeParley
) -> None:
    """Linphone passes Alice on to Carol: one call for Alice, another peer, another code."""
    linphone = make_linphone(B_HZ, asterisk=asterisk, account=BOB)
    carol = make_parley(C_HZ, asterisk=asterisk, account=CAROL)
    alice.do("call", BOB.extension)
    linphone.wait_secure()
    before = alice.wait_call(level="ENCRYPTED")
    linphone.transfer(asterisk.uri(CAROL.extension))
    carol.wait_call(state="incoming")
    carol.do("answer")
    theirs = carol.wait_call(state="connected", level="ENCRYPTED")
    ours = alice.wait_call(state="connected", level="ENCRYPTED", sas=theirs["sas"])
    assert ours["id"] == before["id"]
    assert ours["peer_zid"] != before["peer_zid"]
    alice.wait_heard(C_HZ)
    carol.wait_heard(A_HZ)


@pytest.mark.usefixtures("talking")
def test_muted_phone_is_not_heard(alice: Parley, bob: Parley) -> None:
    """``mute`` shuts the microphone, ``unmute`` opens it; the call stays as it is."""
    bob.wait_heard(A_HZ)
    alice.do("mute")
    alice.wait_call(muted=True, level="ENCRYPTED")
    mark = bob.heard().seconds + 1
    alice.wait_heard(B_HZ, seconds=2)
    assert bob.heard().since(mark).seconds_of(A_HZ) == 0
    alice.do("unmute")
    bob.wait_heard(A_HZ)


@pytest.mark.usefixtures("talking")
def test_either_side_can_hang_up(alice: Parley, bob: Parley) -> None:
    """Who was hung up on is told so in words."""
    bob.do("hangup")
    alice.wait_idle()
    bob.wait_idle()
    assert alice.ended()["call"]["reason"] == "The other side hung up."


def test_asterisk_hears_the_keys_pressed(asterisk: Asterisk, alice: Parley) -> None:
    """RFC 4733 events, each once and in order."""
    asterisk.forget_digits()
    alice.do("call", asterisk_config.DTMF)
    call = alice.wait_call(state="connected", pending=None)
    alice.do("dtmf", call["id"], "1*06")
    assert eventually(asterisk.last_digits, within=30, what="Asterisk has read four digits") == "1*06"


def test_keys_pressed_in_a_secure_call_arrive_once(alice: Parley, bob: Parley, talking: None) -> None:
    """DTMF passes through SRTP to the other phone."""
    bob.wait_heard(A_HZ)
    alice.do("dtmf", alice.wait_call(state="connected")["id"], "42#")
    bob.wait_call(dtmf="42#")


def test_early_media_is_heard_before_the_answer(alice: Parley) -> None:
    """What the network plays before the answer is heard, then the answer itself."""
    alice.do("call", asterisk_config.EARLY_MEDIA)
    alice.wait_call(state="early")
    alice.wait_heard(asterisk_config.EARLY_HZ, seconds=0.5)
    alice.wait_call(state="connected")
    alice.wait_heard(asterisk_config.LATE_HZ)


@pytest.mark.parametrize(
    ("extension", "status", "word"),
    [
        (asterisk_config.BUSY, 486, "Busy"),
        (asterisk_config.NO_ANSWER, 480, "reached"),
        (asterisk_config.REJECTED, 403, "allow"),
        (asterisk_config.UNASSIGNED, 404, "Nobody"),
    ],
    ids=["busy", "no answer", "rejected", "unassigned"],
)
def test_call_that_fails_says_why(alice: Parley, extension: str, status: int, word: str) -> None:
    """One sentence in words with the SIP status beside it."""
    alice.run("call", extension)
    call = alice.ended()["call"]
    assert call["state"] == "ended"
    assert call["status"] == status
    assert word in call["reason"]
    alice.wait_idle()


def test_rejected_by_the_other_phone_is_busy(alice: Parley, bob: Parley) -> None:
    """``reject`` refuses the call; the caller is told, and both are free."""
    alice.do("call", BOB.extension)
    bob.wait_call(state="incoming")
    bob.do("reject")
    assert alice.ended()["call"]["reason"] == "Busy."
    alice.wait_idle()
    bob.wait_idle()


def test_caller_gives_up(alice: Parley, bob: Parley) -> None:
    """A cancelled call stops ringing at the other phone."""
    alice.do("call", BOB.extension)
    bob.wait_call(state="incoming")
    alice.wait_call(state="ringing")
    alice.do("hangup")
    alice.wait_idle()
    assert bob.ended()["call"]["reason"] == "The caller gave up."
