"""Calls that have ended."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from phone.store.database import Database


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call that has ended."""

    ended: str
    """ISO 8601, UTC."""
    account: str | None
    """``None``: peer to peer."""
    direction: str
    uri: str
    name: str
    duration_s: float | None
    """Seconds since the answer; ``None``: it was never answered."""
    level: str
    reason: str
    """Why it ended, in words."""


_COLUMNS = ", ".join(field.name for field in fields(PastCall))
_PLACES = ", ".join("?" for _ in fields(PastCall))


class History:
    """The table of past calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, call: PastCall) -> None:
        """Write one call down."""
        self._database.keep(f"INSERT INTO history ({_COLUMNS}) VALUES ({_PLACES})", *astuple(call))  # noqa: S608

    def clear(self) -> None:
        """Forget every call; what was written is overwritten on disk."""
        self._database.write("DELETE FROM history")
        # the log of earlier writes still has them
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def last_outgoing(self) -> PastCall | None:
        """Return the last call that was placed here."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM history WHERE direction = 'outgoing' ORDER BY number DESC LIMIT 1"  # noqa: S608
        )
        return PastCall(*rows[0]) if rows else None  # type: ignore[arg-type]  # STRICT tables keep the types

    def latest(self, count: int) -> list[PastCall]:
        """Return the last ``count`` calls, the latest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM history ORDER BY number DESC LIMIT ?",  # noqa: S608  # our own names
            count,
        )
        return [PastCall(*row) for row in rows]  # type: ignore[arg-type]  # STRICT tables keep the types
