"""Settings on disk."""

from __future__ import annotations

import contextlib
from pathlib import Path

from phone.store.database import Database
from phone.store.settings import Settings


def test_setting_is_kept_until_it_is_reset(database: Database) -> None:
    """The last value counts; what was never set has none."""
    settings = Settings(database)
    assert settings.get("colour") is None
    settings.set("colour", "green")
    settings.set("colour", "blue")
    settings.set("size", "")
    assert (settings.get("colour"), settings.get("size")) == ("blue", "")
    settings.reset("colour")
    settings.reset("colour")
    assert (settings.get("colour"), settings.get("size")) == (None, "")


def test_setting_outlives_the_backend(path: Path) -> None:
    """It is in the file."""
    with contextlib.closing(Database(path)) as database:
        Settings(database).set("colour", "green")
    with contextlib.closing(Database(path)) as database:
        assert Settings(database).get("colour") == "green"
