"""What calls offer by the user's choice, between two Parleys."""

from __future__ import annotations

import signal

from tests.end2end.conftest import MakeParley
from tests.peers.parley import Parley

A_HZ, B_HZ = 430, 550


def agree(ann: Parley, ben: Parley) -> dict[str, str]:
    """Let Ann call Ben, both hear the other's tone, and hang up; return what they agreed on."""
    ann.do("call", ben.uri)
    ben.wait_call(state="incoming")
    ben.do("answer")
    agreed = ann.wait_call(state="connected", level="ENCRYPTED")
    assert ben.wait_call(state="connected", level="ENCRYPTED")["algorithms"] == agreed["algorithms"]
    ann.wait_heard(B_HZ)
    ben.wait_heard(A_HZ)
    ann.do("hangup")
    ann.wait_idle()
    ben.wait_idle()
    algorithms: dict[str, str] = agreed["algorithms"]
    return algorithms


def test_choice_is_in_force_from_the_next_call_on_and_after_a_restart(make_parley: MakeParley) -> None:
    """AES-GCM if both offer it, under either key length; what they agree on otherwise is the default."""
    ann, ben = make_parley(A_HZ), make_parley(B_HZ)
    by_default = agree(ann, ben)
    assert (by_default["cipher"], by_default["auth_tag"]) == ("AES3", "HS80")
    ann.do("algorithms", "set", "auth_tags", "GCM")
    assert agree(ann, ben) == by_default
    ben.do("algorithms", "set", "auth_tags", "GCM")
    assert agree(ann, ben) == {**by_default, "auth_tag": "GCM"}
    ann.do("algorithms", "set", "key_agreements", "X255")
    assert ann.signal(signal.SIGTERM) == 0
    ann.start()
    assert agree(ann, ben) == {**by_default, "auth_tag": "GCM", "key_agreement": "X255", "cipher": "AES1"}
    ann.do("algorithms", "reset")
    assert agree(ann, ben) == by_default
