"""Contacts: the page, the dial field, and the mailbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication

from phone.wire.summary import MessageSummary
from tests.control.backend import Backend
from tests.peers.window import Role, Window


def typed(window: Window, name: str) -> str:
    """Return what stands in a field."""
    return window.find(name, Role.EditableText).interface.textInterface().text(0, 999)


def add(window: Window, name: str, address: str) -> None:
    """Fill the form in."""
    window.press("Add a contact")
    window.type("Name", name)
    window.type("Number or address", address)
    window.press("Save")


@pytest.fixture
def people(window: Window) -> Window:
    """A window on its page of contacts."""
    window.press("Not now")
    window.press("Contacts", Role.PageTab)
    return window


def test_contact_is_added_changed_called_and_removed(people: Window, backend: Backend) -> None:
    """With a policy of his own; nonsense is told and the form stays."""
    add(people, "Ben", "a b c")
    people.see("cannot be called")
    people.type("Number or address", "sip:ben@192.0.2.7")
    people.key(Qt.Key.Key_Return)
    people.press("Change Ben")
    people.until(lambda: typed(people, "Name") == "Ben", "the form has him")
    people.type("Name", "Benjamin")
    people.press("Save")
    people.press("Call Benjamin")
    people.until(lambda: people.desktop.calls.current.get("title") == "Benjamin", "he is called by his name")
    people.find("Hang up")  # the window has turned to the call
    backend.end(486, "Busy Here")
    people.press("Contacts", Role.PageTab)
    people.press("Change Benjamin")
    people.press("Remove")
    people.see("Nobody yet")
    with backend.client() as client:
        assert client.request("contacts.list") == []


def test_edits_made_elsewhere_are_shown(people: Window, backend: Backend) -> None:
    """At once, and what is being typed stays."""
    with backend.client() as client:
        client.request("contacts.add", {"name": "Mia", "address": "104"})
        people.press("Change Mia")
        people.type("Name", "Amelia")
        client.request("contacts.add", {"name": "Ben", "address": "sip:ben@192.0.2.7"})
        people.see("Ben")
        names = [row["name"] for row in people.desktop.contacts.rows.all]
        assert names == ["Ben", "Mia"]
        assert typed(people, "Name") == "Amelia"
        client.request("contacts.remove", {"contact": "Mia"})
        people.until(lambda: not people.shows("Mia"), "she has gone")


def test_policy_of_a_contact_is_kept_and_taken_away(people: Window, backend: Backend) -> None:
    """Empty means: as the account."""
    contacts = people.desktop.contacts
    contacts.save("", "Ben", "104", "require")
    people.see("Always encrypted")
    contacts.save("Ben", "Ben", "104", "")
    people.until(lambda: contacts.rows.all[0]["policy"] is None, "it is taken away")


def test_caller_is_added_from_the_history(people: Window, backend: Backend) -> None:
    """The form is filled in; afterwards the history knows him by that name."""
    backend.ring()
    people.see("Incoming call")
    backend.end(487, "Request Terminated")
    people.press("History", Role.PageTab)
    title = people.until(lambda: people.desktop.history.rows.all, "he is history")[0]["title"]
    people.press(f"Add {title} to the contacts")
    people.until(lambda: "192.0.2.7" in typed(people, "Number or address"), "the form has his address")
    people.type("Name", "Benjamin")
    people.press("Save")
    people.press("History", Role.PageTab)
    people.see("Call Benjamin")
    assert not people.shows("to the contacts")
    people.press("Clear the history...")
    people.press("Forget all calls")
    people.see("No calls yet")


def test_many_are_found_by_typing(people: Window, backend: Backend, tmp_path: Path) -> None:
    """A list of them comes and goes as CSV; not all are put on the screen."""
    contacts = people.desktop.contacts
    told: list[str] = []
    contacts.told.connect(told.append)
    file = tmp_path / "people.csv"
    file.write_text("name,address\n" + "".join(f"Friend {n:03},{1000 + n}\n" for n in range(150)))
    contacts.learn(QUrl.fromLocalFile(str(file)))
    people.until(lambda: contacts.total == 150, "they are read")
    people.see("And 50 more")
    people.type("Find", "d 149")
    people.until(lambda: contacts.rows.count == 1, "he is found")
    contacts.export(QUrl.fromLocalFile(str(tmp_path / "again.csv")))
    people.until(lambda: len(told) == 2, "they are written")
    assert told == ["150 contacts are new here.", "Written: 150 contacts."]
    assert (tmp_path / "again.csv").stat().st_mode & 0o077 == 0
    for wrong in ("nothing.csv", "."):
        contacts.learn(QUrl.fromLocalFile(str(tmp_path / wrong)))
    (tmp_path / "large.csv").write_bytes(b"x" * (1 << 20))
    contacts.learn(QUrl.fromLocalFile(str(tmp_path / "large.csv")))
    assert told[2:] == ["The file cannot be read."] * 2 + ["The file is too large."]
    (tmp_path / "wrong.csv").write_text("not a list")
    contacts.learn(QUrl.fromLocalFile(str(tmp_path / "wrong.csv")))
    people.until(lambda: "These are no contacts" in told[-1], "the backend's reason is told")


def test_dial_field_completes(people: Window) -> None:
    """From contacts; what is chosen fills the field, and dialling is up to the user."""
    people.desktop.contacts.save("", "Ben Nevis", "sip:ben@192.0.2.7", "")
    people.press("Call", Role.PageTab)
    people.type("Call", "nev")
    people.press("Ben Nevis   sip:ben@192.0.2.7")
    assert typed(people, "Call") == "sip:ben@192.0.2.7"
    people.until(lambda: not people.desktop.contacts.suggestions, "there is nothing left to complete")
    assert people.desktop.calls.rows.all == []


def test_pasted_number_is_made_fit_to_dial(people: Window) -> None:
    """At once, so that one sees what will be called."""
    people.press("Call", Role.PageTab)
    QGuiApplication.clipboard().setText("Office: <tel:+49 (0)30 123-456>")
    people.type("Call", "")
    people.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert typed(people, "Call") == "+4930123456"


def test_mailbox_is_hidden_until_the_server_tells_of_it(people: Window, backend: Backend) -> None:
    """Then one press dials it, or says how to find its number."""
    with backend.client() as client:
        client.request("account.add", {"uri": "sip:ann@pbx.example", "secret": "x"})
    people.press("Call", Role.PageTab)
    people.see("ann@pbx.example: ready")
    assert not people.shows("oice messages")
    (account,) = backend.sip_accounts
    backend.do(backend.accounts.messages_changed, account, MessageSummary(True, 2, 1))
    people.press("New voice messages: 2")
    people.see("Often it is *97")
    summary = MessageSummary(False, 0, 3, "sip:*98@pbx.example")
    backend.do(backend.accounts.messages_changed, account, summary)
    people.press("Voice messages kept: 3")
    people.until(lambda: people.desktop.calls.current.get("remote_uri") == summary.account, "it is dialled")
