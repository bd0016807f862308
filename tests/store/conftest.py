"""A database of the test's own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from phone.store.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is, or will be."""
    return tmp_path / "parley.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """A new, open database."""
    with contextlib.closing(Database(path)) as opened:
        yield opened
