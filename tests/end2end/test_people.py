"""Contacts, redialling and sending away, by the command line and through a real Asterisk."""

from __future__ import annotations

from pathlib import Path

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, CAROL
from tests.peers.parley import parley


def test_contact_is_called_by_name_recognised_and_redialled(
    asterisk: Asterisk, make_parley: MakeParley
) -> None:
    """Bob has another name at Alice's than at the server; so has she at his."""
    alice = make_parley(430, asterisk=asterisk, account=ALICE)
    bob = make_parley(550, asterisk=asterisk, account=BOB)
    alice.do("contacts", "add", "Robert", BOB.extension)
    bob.do("contacts", "add", "Alison", ALICE.extension)
    alice.do("call", "robert")
    assert bob.wait_call(state="incoming")["remote_name"] == "Alison"
    assert alice.wait_call()["remote_name"] == "Robert"
    bob.do("reject", "--decline")
    assert alice.ended()["call"]["reason"]
    alice.do("redial")
    bob.wait_answered(number="2", level="ENCRYPTED")
    assert alice.do("suggest", "rob")[0]["address"] == BOB.extension
    alice.do("hangup")
    alice.wait_idle()
    assert [past["name"] for past in alice.do("history")] == ["Robert", "Robert"]
    alice.do("history", "clear")
    assert alice.do("history") == []
    assert alice.refuse("redial") == "parley: Nobody has been called yet."


def test_call_is_sent_to_somebody_else(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Alice calls Bob, who sends her to Carol."""
    alice = make_parley(430, asterisk=asterisk, account=ALICE)
    bob = make_parley(550, asterisk=asterisk, account=BOB)
    carol = make_parley(680, asterisk=asterisk, account=CAROL)
    alice.do("call", BOB.extension)
    bob.wait_call(state="incoming")
    bob.do("reject", "--to", CAROL.extension)
    carol.wait_answered(level="ENCRYPTED")
    alice.wait_call(state="connected", level="ENCRYPTED")
    bob.wait_idle()


def test_contacts_that_require_encryption_are_not_heard_in_clear(make_parley: MakeParley) -> None:
    """The contact asks for more than the phone does."""
    alice, bob = make_parley(430, policy="prefer"), make_parley(550)
    alice.do("contacts", "add", "Bob", bob.uri, "--policy", "require")
    alice.do("call", "Bob")
    bob.wait_answered(level="ENCRYPTED")
    alice.wait_call(level="ENCRYPTED")


def test_contacts_by_the_command_line(make_parley: MakeParley, tmp_path: Path) -> None:
    """Added, listed, edited, exported, imported, removed; and refused in words."""
    phone = make_parley(430)
    file = tmp_path / "contacts.csv"
    phone.do("contacts", "add", "Ben", "sip:ben@192.0.2.7")
    (edited,) = phone.do("contacts", "edit", "ben", "--name", "Ben Nevis", "--policy", "require")
    assert edited == {"name": "Ben Nevis", "address": "sip:ben@192.0.2.7", "policy": "require"}
    assert phone.do("contacts", "list", "nev") == [edited]
    phone.do("contacts", "export", str(file))
    assert file.read_text() == "name,address,policy\nBen Nevis,sip:ben@192.0.2.7,require\n"
    phone.do("contacts", "remove", "Ben Nevis")
    assert phone.do("contacts", "import", str(file)) == [{"imported": 1}]
    assert phone.do("contacts", "edit", "Ben Nevis", "--no-policy")[0]["policy"] is None
    assert "already" in phone.refuse("contacts", "add", "BEN NEVIS", "1")
    assert "no contact" in phone.refuse("contacts", "remove", "Carol")
    assert "cannot be called" in phone.refuse("contacts", "add", "Carol", "a b")
    file.write_bytes(b"\xff\xfe\x00")
    assert "not text" in phone.refuse("contacts", "import", str(file))
    file.write_text("nothing of the kind")
    assert "first line" in phone.refuse("contacts", "import", str(file))
    assert parley("contacts", "add", "Ben").status == 2
