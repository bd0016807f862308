"""Reading the code to each other, without a server in between."""

from __future__ import annotations

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.parley import Parley

A_HZ, B_HZ = 430, 550


@pytest.fixture
def ann(make_parley: MakeParley) -> Parley:
    """A phone that speaks ``A_HZ``."""
    return make_parley(A_HZ)


@pytest.fixture
def ben(make_parley: MakeParley) -> Parley:
    """A phone that speaks ``B_HZ``."""
    return make_parley(B_HZ)


def talk(ann: Parley, ben: Parley) -> str:
    """Let Ann call Ben until the call is secure; return Ben's code."""
    ann.do("call", ben.uri)
    ben.wait_call(state="incoming")
    ben.do("answer")
    ann.wait_call(state="connected", pending=None)
    code = ben.wait_call(state="connected", pending=None)["sas"]
    assert isinstance(code, str)
    return code


def hang_up(ann: Parley, ben: Parley) -> None:
    """End the call on both sides."""
    ann.do("hangup")
    ann.wait_idle()
    ben.wait_idle()


def test_misread_code_silences_until_it_is_read_again(ann: Parley, ben: Parley) -> None:
    """A wrong code stops sending; the right one after it verifies, and nobody sees a changed key later."""
    code = talk(ann, ben)
    ben.wait_heard(A_HZ)
    wrong = code[::-1] if code != code[::-1] else "yyyy"
    assert "do not match" in ann.refuse("verify", wrong)
    assert ann.wait_call(alarm="Codes do not match")["level"] == "ENCRYPTED"
    mark = ben.heard().seconds + 1
    ann.wait_heard(B_HZ, seconds=2)
    assert ben.heard().since(mark).seconds_of(A_HZ) == 0
    ann.do("verify", code)
    ann.wait_call(level="VERIFIED", alarm=None)
    ben.wait_heard(A_HZ)
    hang_up(ann, ben)
    talk(ann, ben)
    ann.wait_call(level="VERIFIED")
    ben.wait_call(level="ENCRYPTED", alarm=None)


def test_verification_can_be_taken_back(ann: Parley, ben: Parley) -> None:
    """``unverify`` counts at once, and in the next call."""
    ann.do("verify", talk(ann, ben), "--name", "Ben")
    assert "Verified with Ben since" in ann.wait_call(level="VERIFIED")["verified"]
    ann.do("unverify", "Ben")
    ann.wait_call(level="ENCRYPTED", verified=None)
    hang_up(ann, ben)
    talk(ann, ben)
    ann.wait_call(level="ENCRYPTED", alarm=None)


def test_forgotten_phone_is_a_changed_key_to_the_other(ann: Parley, ben: Parley) -> None:
    """Who has lost the retained secret looks like somebody in between, until the codes are compared."""
    talk(ann, ben)
    hang_up(ann, ben)
    ann.do("peers", "forget", ann.do("peers", "list")[0]["zid"])
    code = talk(ann, ben)
    ann.wait_call(level="ENCRYPTED", alarm=None)
    ben.wait_call(level="ENCRYPTED", alarm="Key changed")
    ben.do("verify", code)
    ben.wait_call(level="VERIFIED", alarm=None)
