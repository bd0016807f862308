"""Contacts: kept, found, exported and imported."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phone.calls.contacts import ContactBook
from phone.calls.values import CallError, ContactSnapshot, Policy, Suggestion
from phone.store.contacts import Contacts
from phone.store.database import Database
from phone.store.history import History
from tests.store.test_history import CALL

BEN = ContactSnapshot("Ben", "sip:ben@pbx.example", None)


@pytest.fixture
def edits() -> list[str]:
    """One entry for every edit that was told."""
    return []


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A history in a database of the test's own."""
    with contextlib.closing(Database(tmp_path / "parley.sqlite3")) as database:
        yield History(database)


@pytest.fixture
def book(history: History, edits: list[str]) -> ContactBook:
    """A book with Ben in it."""
    book = ContactBook(Contacts(history._database), history, lambda: edits.append("edit"))
    book.add("Ben", "sip:ben@pbx.example", None)
    return book


def test_contact_is_added_edited_and_removed(book: ContactBook, edits: list[str]) -> None:
    """Each time everybody looks again; what is not named stays."""
    assert book.list() == [BEN]
    assert book.edit("ben", None, "103", "require") == ContactSnapshot("Ben", "103", Policy.REQUIRE)
    assert book.edit("Ben", " Benjamin ", None, None) == ContactSnapshot("Benjamin", "103", Policy.REQUIRE)
    assert book.edit("Benjamin", None, None, "").policy is None
    book.remove("BENJAMIN")
    assert book.list() == []
    assert len(edits) == 5


def test_name_may_change_its_case(book: ContactBook) -> None:
    """It stays the only one of that name."""
    assert book.edit("Ben", "BEN", None, None).name == "BEN"
    assert len(book.list()) == 1


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "103"),
        (" ", "103"),
        ("Ben\n", "1 3"),
        ("B\x1b[2J", "103"),
        ("Carol", ""),
        ("Carol", "http://x"),
        ("Carol", "a@b"),
    ],
)
def test_what_cannot_be_a_contact_is_refused(book: ContactBook, name: str, address: str) -> None:
    """Neither added, nor made of another."""
    with pytest.raises(CallError):
        book.add(name, address, None)
    with pytest.raises(CallError):
        book.edit("Ben", name, address, None)
    assert book.list() == [BEN]


def test_names_are_unique_and_known(book: ContactBook) -> None:
    """Whatever the case."""
    book.add("Carol", "104", None)
    with pytest.raises(CallError, match="already a contact 'BEN'"):
        book.add("BEN", "105", None)
    with pytest.raises(CallError, match="already"):
        book.edit("Carol", "ben", None, None)
    for act in (lambda: book.remove("Dave"), lambda: book.edit("Dave", None, None, None)):
        with pytest.raises(CallError, match="no contact 'Dave'"):
            act()


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("sip:ben@pbx.example", "Ben"),
        ("sip:ben@PBX.example:5070;transport=tcp", "Ben"),
        ("sip:Ben@pbx.example", ""),
        ("sip:ben@elsewhere.example", ""),
        ("sip:103@anywhere.example", "Desk"),
        ("sip:192.0.2.9:5080", "Box"),
        ("", ""),
    ],
)
def test_whose_address_it_is(book: ContactBook, uri: str, name: str) -> None:
    """Port and parameters do not matter, nor does the host of a number."""
    book.add("Desk", "103", None)
    book.add("Box", "sip:192.0.2.9", None)
    contact = book.at(uri)
    assert (contact.name if contact else "") == name


def test_suggestions_are_contacts_and_then_who_was_talked_to(book: ContactBook, history: History) -> None:
    """By any part of name or address, each address once."""
    history.add(CALL)
    history.add(CALL)
    assert book.suggest("BE") == [Suggestion("Ben", BEN.address), Suggestion("Ben", CALL.uri)]
    assert book.suggest("192.0") == [Suggestion("Ben", CALL.uri)]
    assert book.suggest("nobody") == []


def test_export_comes_back(book: ContactBook) -> None:
    """Commas, quotes and policies included; what is known already is left as it is."""
    book.add('Smith, "Sam"', "104", "require_auth")
    document = book.export()
    book.remove('Smith, "Sam"')
    assert book.import_(document) == 1
    assert book.list() == [BEN, ContactSnapshot('Smith, "Sam"', "104", Policy.REQUIRE_AUTH)]
    assert book.import_("\ufeffaddress,name,city\n104,ANNA,Rome\n105,anna,Oslo\n") == 1


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("", "first line"),
        ("a,b\n1,2\n", "first line"),
        ("name,address\nCarol,104\nDave\n", "Line 3"),
        ("name,address,policy\nCarol,104,whatever\n", "Line 2: There is no policy"),
        ('name,address\n"Carol,104\n', "no CSV"),
    ],
)
def test_import_takes_all_or_nothing(book: ContactBook, document: str, words: str) -> None:
    """A line that is wrong is named."""
    with pytest.raises(CallError, match=words):
        book.import_(document)
    assert book.list() == [BEN]


@given(st.text() | st.text().map(lambda text: f"name,address\n{text}"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_imported_or_refused(book: ContactBook, document: str) -> None:
    """Parses, or raises its one error."""
    with contextlib.suppress(CallError):
        book.import_(document)
