"""How well calls with each address were protected at best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from phone.store.database import Database


@dataclass(frozen=True, slots=True)
class BestLevel:
    """The best that calls with one address have had."""

    level: str
    since: str
    """When one last had it: ISO 8601 date, UTC."""


class BestLevels:
    """The table of best levels, by address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, address: str) -> BestLevel | None:
        """Return what was kept; ``None``: nothing. Raise StoreError."""
        rows = self._database.rows("SELECT level, since FROM best_level WHERE address = ?", address)
        return BestLevel(*cast(tuple[str, str], rows[0])) if rows else None

    def save(self, address: str, best: BestLevel) -> None:
        """Keep it. What cannot be written is logged: no full disk ends a call."""
        self._database.keep(
            "INSERT INTO best_level VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET level = excluded.level, since = excluded.since",
            *(address, best.level, best.since),
        )

    def remove(self, address: str) -> None:
        """Forget it. Raise StoreError."""
        self._database.write("DELETE FROM best_level WHERE address = ?", address)
