"""Contacts: names for addresses, both ways, and what calls with them need."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, replace

from phone.calls.values import CallError, ContactSnapshot, Policy, Suggestion
from phone.store.contacts import Contact, Contacts
from phone.store.history import History, PastCall

_ADDRESS = re.compile(r"sips?:(?:[^@\s<>\"]+@)?[^@\s<>\"]+|[^\s@<>\":;,]+", re.IGNORECASE)
_COLUMNS = ("name", "address", "policy")
_RECENT = 200
"""Past calls that are searched for suggestions."""

MOST_SUGGESTIONS = 10


class ContactBook:
    """Lists, edits, exports and imports contacts, and knows who is behind an address."""

    def __init__(self, contacts: Contacts, history: History, changed: Callable[[], None]) -> None:
        """``changed``: told after every edit, so that live calls look again."""
        self._contacts = contacts
        self._history = history
        self._changed = changed
        self._by_name: dict[str, Contact] = {}
        self._by_address: dict[tuple[str, str], Contact] = {}
        """Kept in memory: every look at a call asks for a name."""
        self._load()

    # what people do

    def list(self, text: str = "") -> list[ContactSnapshot]:
        """Return the contacts that have ``text`` in their name or address, by name."""
        return [
            _snapshot(contact)
            for contact in self._by_name.values()
            if _has(text, contact.name, contact.address)
        ]

    def add(self, name: str, address: str, policy: str | None) -> ContactSnapshot:
        """Keep a new contact. Raise CallError for a name that is taken, or what cannot be called."""
        contact = _checked(Contact(name.strip(), address.strip(), policy))
        self._demand_free(contact.name)
        self._contacts.replace(None, contact)
        self._load()
        self._changed()
        return _snapshot(contact)

    def edit(self, former: str, name: str | None, address: str | None, policy: str | None) -> ContactSnapshot:
        """Change what is not ``None``; a policy of ``""`` is taken away. Raise CallError."""
        old = self._get(former)
        contact = Contact(
            old.name if name is None else name.strip(),
            old.address if address is None else address.strip(),
            old.policy if policy is None else policy or None,
        )
        contact = _checked(contact)
        if contact.name.casefold() != old.name.casefold():
            self._demand_free(contact.name)
        self._contacts.replace(old.name, contact)
        self._load()
        self._changed()
        return _snapshot(contact)

    def remove(self, name: str) -> None:
        """Forget a contact. Raise CallError if there is none of that name."""
        self._contacts.remove(self._get(name).name)
        self._load()
        self._changed()

    def export(self) -> str:
        """Return all contacts as CSV, with a line of headings."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows(astuple(contact) for contact in self._by_name.values())
        return text.getvalue()

    def import_(self, document: str) -> int:
        """Take over the contacts of such CSV whose names are new here; return how many. Raise CallError."""
        found = {contact.name.casefold(): contact for contact in _read(document)}
        new = [contact for name, contact in found.items() if name not in self._by_name]
        self._contacts.add_all(new)
        self._load()
        self._changed()
        return len(new)

    def suggest(self, text: str) -> list[Suggestion]:  # type: ignore[valid-type]  # ``list`` is a method here
        """Return who may be meant by ``text``, contacts first, then who was talked to; at most ten."""
        found = {contact.address: Suggestion(contact.name, contact.address) for contact in self.list(text)}
        for past in self.past(_RECENT):
            if _has(text, past.name, past.uri):
                found.setdefault(past.uri, Suggestion(past.name, past.uri))
        return list(found.values())[:MOST_SUGGESTIONS]

    def past(self, count: int) -> Sequence[PastCall]:
        """Return the last ``count`` calls, the latest first, under the names they would have today."""
        return [
            call if (contact := self.at(call.uri)) is None else replace(call, name=contact.name)
            for call in self._history.latest(count)
        ]

    # what the switchboard asks

    def find(self, name: str) -> Contact | None:
        """Return the contact of exactly this name, whatever the case of its letters."""
        return self._by_name.get(name.strip().casefold())

    def at(self, uri: str) -> Contact | None:
        """Return the contact whose address this is; a number is one at whatever host."""
        user, host = parts(uri)
        return self._by_address.get((user, host)) or self._by_address.get((user, ""))

    # inside

    def _load(self) -> None:
        contacts = self._contacts.all()
        self._by_name = {contact.name.casefold(): contact for contact in contacts}
        self._by_address = {parts(contact.address): contact for contact in reversed(contacts)}

    def _get(self, name: str) -> Contact:
        contact = self.find(name)
        if contact is None:
            raise CallError(f"There is no contact {name!r}.")
        return contact

    def _demand_free(self, name: str) -> None:
        if self.find(name) is not None:
            raise CallError(f"There is already a contact {name!r}; edit it, or choose another name.")


def _checked(contact: Contact) -> Contact:
    if not contact.name or not contact.name.isprintable():
        raise CallError("A contact has a name that can be printed.")
    if not _ADDRESS.fullmatch(contact.address):
        raise CallError(f"{contact.address!r} cannot be called: use sip:USER@HOST, or a number.")
    if contact.policy is not None and contact.policy not in {policy.value for policy in Policy}:
        raise CallError(f"There is no policy {contact.policy!r}.")
    return contact


def _read(document: str) -> Iterator[Contact]:
    table = csv.DictReader(io.StringIO(document.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        if not {"name", "address"} <= set(table.fieldnames or ()):
            raise CallError("These are no contacts: the first line has to name the columns name and address.")
        for row in table:
            try:
                yield _checked(
                    Contact(
                        (row["name"] or "").strip(), (row["address"] or "").strip(), row.get("policy") or None
                    )
                )
            except CallError as error:
                raise CallError(f"Line {table.line_num}: {error}") from error
    except csv.Error as error:
        raise CallError(f"Line {table.line_num} is no CSV: {error}.") from error


def _has(text: str, *where: str) -> bool:
    return any(text.strip().casefold() in one.casefold() for one in where)


def parts(address: str) -> tuple[str, str]:
    """Return user and host of an address, without port and parameters; the host of a number is empty."""
    scheme, colon, rest = address.partition(":")
    if not colon or scheme.lower() not in ("sip", "sips"):
        return address, ""
    user, _, host = rest.partition(";")[0].rpartition("@")
    return user, host.partition(":")[0].lower()


def _snapshot(contact: Contact) -> ContactSnapshot:
    return ContactSnapshot(contact.name, contact.address, Policy(contact.policy) if contact.policy else None)
