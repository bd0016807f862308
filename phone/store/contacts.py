"""The people one calls."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from phone.store.database import Database


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of somebody, under a name of its own."""

    name: str
    """Unlike every other, whatever the case of its letters."""
    address: str
    """``sip:USER@HOST``, or a number at an account."""
    policy: str | None
    """What calls with it need; ``None``: what the account's need."""


_COLUMNS = ", ".join(field.name for field in fields(Contact))
_PLACES = ", ".join("?" for _ in fields(Contact))


class Contacts:
    """The table of contacts, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Contact]:
        """Return every contact."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM contact ORDER BY name")  # noqa: S608  # our own names
        return [Contact(*row) for row in rows]  # type: ignore[arg-type]  # STRICT tables keep the types

    def replace(self, former: str | None, contact: Contact) -> None:
        """Put ``contact`` in the place of that of the name ``former``; ``None``: it is a new one."""
        with self._database.transaction():
            if former is not None:
                self.remove(former)
            self._database.write(f"INSERT INTO contact ({_COLUMNS}) VALUES ({_PLACES})", *astuple(contact))  # noqa: S608

    def add_all(self, contacts: list[Contact]) -> None:
        """Add several, or none of them."""
        with self._database.transaction():
            for contact in contacts:
                self._database.write(
                    f"INSERT INTO contact ({_COLUMNS}) VALUES ({_PLACES})",  # noqa: S608  # our own names
                    *astuple(contact),
                )

    def remove(self, name: str) -> None:
        """Forget one."""
        self._database.write("DELETE FROM contact WHERE name = ?", name)
