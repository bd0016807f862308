"""What the user has chosen, by name."""

from __future__ import annotations

from phone.store.database import Database


class Settings:
    """The table of settings; one that is not there is as by default."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """Return a setting; ``None``: as by default."""
        rows = self._database.rows("SELECT value FROM setting WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        self._database.write(
            "INSERT INTO setting (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            *(name, value),
        )

    def reset(self, name: str) -> None:
        """Let a setting be as by default again."""
        self._database.write("DELETE FROM setting WHERE name = ?", name)
