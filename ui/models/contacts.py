"""The people one calls, and who may be meant by what is being typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal, Slot

from phone.control.contract import Contact, Suggestion
from ui.client import Backend
from ui.models import files
from ui.models.address import dialable, short
from ui.models.listed import Listed
from ui.models.rows import Row
from ui.properties import Property

translate = QCoreApplication.translate

MOST_SHOWN = 100
"""More are found by typing a part of their name."""


class Contacts(Listed):
    """All contacts, those that fit what is looked for, and the form that changes one."""

    KEY = "name"
    METHOD = "contacts.list"
    EDITED = frozenset({"contacts"})

    changed = Signal()
    saved = Signal()
    """What was typed into a form is kept."""
    proposed = Signal(str, str)
    """Somebody is to be added: name, address."""
    told = Signal(str)
    """A sentence for the user: what was done, or why not."""

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(backend, parent)
        self._all: list[Contact] = []
        self._wanted = ""
        self._fitting = 0
        self._problem = ""
        self._asking = ""
        self._typed = ""
        self._suggestions: list[Suggestion] = []

    @Property(int, notify=changed)
    def total(self) -> int:
        """How many there are, whether they fit or not."""
        return len(self._all)

    @Property(int, notify=changed)
    def hidden(self) -> int:
        """How many would fit and are not shown."""
        return self._fitting - self._rows.rowCount()

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why what was typed into a form cannot be kept."""
        return self._problem

    @Property("QVariantList", notify=changed)
    def suggestions(self) -> list[Suggestion]:
        """Who may be meant by what was typed last: contacts first, then who was talked to."""
        return self._suggestions

    @Slot(str)
    def look_for(self, text: str) -> None:
        """Show those whose name or address has ``text`` in it."""
        self._wanted = text.strip().casefold()
        self._show()

    @Property(str, notify=changed)
    def asking(self) -> str:
        """The field that ``suggestions`` are for."""
        return self._asking

    @Slot(str, str)
    def suggest(self, field: str, typed: str) -> None:
        """Look for who may be meant in a field; ``suggestions`` has them when they are found."""
        self._asking, self._typed = field, typed.strip()
        self._suggestions = []
        self.changed.emit()
        if self._typed:
            asked = self._typed
            self._backend.request(
                "call.suggest", {"text": dialable(asked)}, lambda found: self._suggested(asked, found)
            )

    @Slot(str, result=str)
    def dialable(self, text: str) -> str:
        """Return what was pasted, or came by a link, as an address."""
        return dialable(text)

    @Slot(str, result=bool)
    def has(self, name: str) -> bool:
        """Return whether there is a contact of this name."""
        return any(contact["name"].casefold() == name.casefold() for contact in self._all)

    @Slot(str, str)
    def propose(self, name: str, address: str) -> None:
        """Open the form with this in it."""
        self.clear()
        self.proposed.emit(name, address)

    @Slot(str, str, str, str)
    def save(self, former: str, name: str, address: str, policy: str) -> None:
        """Keep a contact; ``former``: its name up to now, empty for a new one. ``policy``: may be empty."""
        params: dict[str, Any] = {"name": name.strip(), "address": dialable(address)}
        if former:
            method, params = "contacts.edit", {**params, "contact": former, "policy": policy}
        else:
            method, params = "contacts.add", {**params, "policy": policy or None}
        self._backend.request(method, params, self._saved, self._refused)

    @Slot(str)
    def remove(self, name: str) -> None:
        """Forget a contact."""
        self._backend.request("contacts.remove", {"contact": name}, self._saved, self.told.emit)

    @Slot()
    def clear(self) -> None:
        """Forget what went wrong."""
        self._refused("")

    @Slot(QUrl)
    def export(self, url: QUrl) -> None:
        """Write all contacts to a file, as CSV."""

        def write(document: str) -> None:
            try:
                files.write(url, document)
            except files.FileError as trouble:
                self.told.emit(str(trouble))
            else:
                written = translate("Contacts", "Written: {count} contacts.")
                self.told.emit(written.format(count=len(self._all)))

        self._backend.request("contacts.export", {}, write, self.told.emit)

    @Slot(QUrl)
    def learn(self, url: QUrl) -> None:
        """Add the contacts of such a file whose names are new here."""
        try:
            document = files.read(url)
        except files.FileError as trouble:
            self.told.emit(str(trouble))
            return

        def learned(count: int) -> None:
            self.told.emit(translate("Contacts", "{count} contacts are new here.").format(count=count))

        self._backend.request("contacts.import", {"document": document}, learned, self.told.emit)

    def _saved(self, _: object) -> None:
        self._problem = ""
        self.saved.emit()

    def _refused(self, sentence: str) -> None:
        self._problem = sentence
        self.changed.emit()

    def _suggested(self, asked: str, found: list[Suggestion]) -> None:
        # an answer to what has been typed over since is none
        if asked == self._typed:
            self._suggestions = [
                {**one, "name": short(one["name"])} for one in found if one["address"] != asked
            ]
            self.changed.emit()

    def _listed(self, contacts: list[Contact]) -> None:
        self._all = contacts
        self._show()

    def _show(self) -> None:
        fitting = [
            contact
            for contact in self._all
            if self._wanted in f"{contact['name']} {contact['address']}".casefold()
        ]
        self._fitting = len(fitting)
        self._rows.replace([_view(contact) for contact in fitting[:MOST_SHOWN]])
        self.changed.emit()


def _view(contact: Contact) -> Row:
    policies = {
        None: "",
        "prefer": translate("Contacts", "Encrypted whenever possible"),
        "require": translate("Contacts", "Always encrypted"),
        "require_auth": translate("Contacts", "Always encrypted, and proved"),
    }
    # the backend knows of nobody's presence yet; where it is empty, nothing is shown
    return {**contact, "title": short(contact["name"]), "words": policies[contact["policy"]], "presence": ""}
