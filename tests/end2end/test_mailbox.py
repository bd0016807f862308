"""What waits in a mailbox at a real Asterisk (RFC 3842)."""

from __future__ import annotations

from typing import Any

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, CAROL, VOICEMAIL
from tests.peers.parley import Parley
from tests.peers.process import eventually


def mailbox(phone: Parley) -> dict[str, Any] | None:
    """Return what its only account knows of its mailbox."""
    (account,) = phone.status()["accounts"]
    messages: dict[str, Any] | None = account["messages"]
    return messages


def test_message_left_at_asterisk_is_told(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Alice's mailbox fills up while Bob speaks to it; her status, messages and events say so."""
    alice = make_parley(430, asterisk=asterisk, account=ALICE)
    bob = make_parley(550, asterisk=asterisk, account=BOB)
    before = eventually(lambda: mailbox(alice), within=20, what="Asterisk has told of the mailbox")
    assert before is not None
    bob.do("call", VOICEMAIL)
    bob.wait_call(state="connected")
    eventually(asterisk.takes_voicemail, within=30, what="Asterisk has played greeting and beep")
    mark = bob.heard().seconds
    eventually(lambda: bob.heard().seconds > mark + 3, within=30, what="Bob has spoken for a while")
    bob.do("hangup")
    after = eventually(
        lambda: (mailbox(alice) or {}).get("new", 0) > before["new"], within=30, what="the message is told"
    )
    assert after
    (told,) = alice.do("messages")
    assert told["waiting"]
    assert told["new"] == before["new"] + 1
    assert any((event.get("account") or {}).get("messages") for event in alice.events())
    assert f"{told['new']} new messages" in alice.run("status").output


def test_mailbox_is_subscribed_to(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Where the server tells of a mailbox only to those who ask."""
    carol = make_parley(680, asterisk=asterisk, account=CAROL)
    assert eventually(lambda: mailbox(carol), within=20, what="Asterisk has told of the mailbox")
    assert "carol/message-summary" in asterisk.cli("pjsip show subscriptions inbound")


def test_account_without_a_mailbox_shows_none(make_parley: MakeParley) -> None:
    """Hidden until notified."""
    phone = make_parley(430)
    phone.add_account("sip:nobody@127.0.0.1:9", "secret")
    assert mailbox(phone) is None
    assert phone.do("messages") == []
