"""How many wrong secrets came from where (docs/zsa.md)."""

from __future__ import annotations

from typing import cast

from phone.store.database import Database
from phone.zrtp.zsa.guesses import Guesses


class GuessStore:
    """The table of wrong secrets; one row for an account and a source from which one came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, user: str, realm: str, source: str) -> Guesses:
        """Return what was counted. Raise StoreError."""
        rows = self._database.rows(
            "SELECT wrong, blocked_until FROM guess WHERE user = ? AND realm = ? AND source = ?",
            user,
            realm,
            source,
        )
        if not rows:
            return Guesses()
        ((wrong, blocked_until),) = rows
        return Guesses(cast(int, wrong), cast(float, blocked_until))

    def save(self, user: str, realm: str, source: str, guesses: Guesses) -> None:
        """Keep what was counted. What cannot be written is logged: no full disk ends a call."""
        self._database.keep(
            "INSERT INTO guess VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET wrong = excluded.wrong, blocked_until = excluded.blocked_until",
            user,
            realm,
            source,
            guesses.wrong,
            guesses.blocked_until,
        )
