"""Accounts, without their secrets."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from phone.store.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """One account as it is kept; the values are those of the command line."""

    id: str
    uri: str
    name: str
    auth_user: str
    transport: str
    proxy: str | None
    policy: str
    credential: str
    realm: str
    """``*``: whatever the registrar asks for."""
    learned_realm: str = ""
    """For which realm it has accepted the secret last; empty: none yet."""
    weak_proof: str = "allow"
    """``refuse``: no proof of suite 1 by a secret that may be a person's."""
    keys: str = ""
    """Which random keys it has among the secrets, with blanks between: ``aux``, ``proof``."""


_COLUMNS = ", ".join(field.name for field in fields(Account))
_PLACES = ", ".join("?" for _ in fields(Account))
_CHANGES = ", ".join(f"{field.name} = excluded.{field.name}" for field in fields(Account))


class Accounts:
    """The table of accounts, in the order in which they were added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Account]:
        """Return every account."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM account ORDER BY position")  # noqa: S608  # our own names
        return [Account(*row) for row in rows]  # type: ignore[arg-type]  # STRICT tables keep the types

    def save(self, account: Account) -> None:
        """Add or replace one account."""
        self._database.write(
            f"INSERT INTO account ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608  # our own names
            f" ON CONFLICT (id) DO UPDATE SET {_CHANGES}",
            *astuple(account),
        )

    def remove(self, account_id: str) -> None:
        """Forget one account."""
        self._database.write("DELETE FROM account WHERE id = ?", account_id)
