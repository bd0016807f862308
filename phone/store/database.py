"""The one SQLite database of an installation."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from phone.errors import PhoneError

_BUSY_S = 1.0
"""How long to wait for somebody else who writes; the reactor stands still meanwhile."""

_log = logging.getLogger("parley.store")

_MIGRATIONS = (
    """
    CREATE TABLE account (
        position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, uri TEXT NOT NULL, name TEXT NOT NULL,
        auth_user TEXT NOT NULL, transport TEXT NOT NULL, proxy TEXT, policy TEXT NOT NULL,
        credential TEXT NOT NULL, realm TEXT NOT NULL
    ) STRICT;
    CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), zid BLOB NOT NULL) STRICT;
    CREATE TABLE peer (
        zid BLOB PRIMARY KEY, name TEXT NOT NULL DEFAULT '', uri TEXT NOT NULL DEFAULT '',
        rs1 BLOB, rs1_expires INTEGER, rs2 BLOB, rs2_expires INTEGER,
        verified_since TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
    ) STRICT;
    CREATE TABLE history (
        number INTEGER PRIMARY KEY, ended TEXT NOT NULL, account TEXT, direction TEXT NOT NULL,
        uri TEXT NOT NULL, name TEXT NOT NULL, duration_s REAL, level TEXT NOT NULL, reason TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE peer ADD COLUMN pbx_secret BLOB;
    ALTER TABLE peer ADD COLUMN preshared_calls INTEGER NOT NULL DEFAULT 0;
    """,
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;",
    """
    CREATE TABLE guess (
        user TEXT NOT NULL, realm TEXT NOT NULL, source TEXT NOT NULL,
        wrong INTEGER NOT NULL, blocked_until REAL NOT NULL, PRIMARY KEY (user, realm, source)
    ) STRICT;
    """,
    """
    CREATE TABLE contact (
        name TEXT PRIMARY KEY COLLATE NOCASE, address TEXT NOT NULL, policy TEXT
    ) STRICT;
    """,
    "ALTER TABLE account ADD COLUMN learned_realm TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE account ADD COLUMN weak_proof TEXT NOT NULL DEFAULT 'allow';",
    """
    CREATE TABLE kept (
        number INTEGER PRIMARY KEY, account TEXT NOT NULL, caller TEXT NOT NULL, user TEXT NOT NULL,
        realm TEXT NOT NULL, generated INTEGER NOT NULL, UNIQUE (account, caller)
    ) STRICT;
    """,
    "ALTER TABLE account ADD COLUMN keys TEXT NOT NULL DEFAULT '';",
    """
    CREATE TABLE best_level (address TEXT PRIMARY KEY, level TEXT NOT NULL, since TEXT NOT NULL) STRICT;
    CREATE TABLE proof (
        account TEXT NOT NULL, zid BLOB NOT NULL, suite INTEGER NOT NULL, date TEXT NOT NULL,
        PRIMARY KEY (account, zid)
    ) STRICT;
    """,
)
"""Each brings the schema one version further; ``user_version`` counts them."""


class StoreError(PhoneError):
    """What is kept cannot be used; the sentence names the file and what to do."""


class Database:
    """An open database. Used in one thread; what is written is on disk when the call returns."""

    def __init__(self, path: Path) -> None:
        """Open or make ``path`` (absolute), for our own user alone.

        Raise StoreError; the file is then left as it is.
        """
        self._path = path
        try:
            # made by us, so that it is private from its first byte; SQLite gives -wal and -shm the same mode
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
            os.fchmod(descriptor, 0o600)
            os.close(descriptor)
        except OSError as error:
            raise StoreError(f"The database {path} cannot be opened: {error.strerror}.") from error
        with self._translated():
            version = self._inspect()
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # a retained secret that is lost in a power failure looks like an attack at the next call
            self._connection.execute("PRAGMA synchronous = FULL")
            # a forgotten key does not stay in the file
            self._connection.execute("PRAGMA secure_delete = ON")
            for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
                self._connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def _inspect(self) -> int:
        """Return the schema's version. Read only: what is damaged, or not ours to change, is not touched."""
        uri = f"{self._path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_S)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise StoreError(
                f"The database {self._path} was written by a later version of Parley; use that version, or"
                " another --home. It was not changed."
            )
        return int(version)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Read. Raise StoreError."""
        with self._translated():
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """Change; return the number of rows changed. Raise StoreError."""
        with self._translated():
            return self._connection.execute(sql, values).rowcount

    def keep(self, sql: str, *values: object) -> None:
        """Change what a call leaves behind. What cannot be written is logged: no full disk ends a call."""
        try:
            self.write(sql, *values)
        except StoreError as error:
            _log.error("%s What this call leaves behind is lost.", error)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all writes inside happen, or none of them. Raise StoreError."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # SQLite ends it by itself when the disk is full
                self.write("ROLLBACK")
            raise
        self.write("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(f"The database {self._path} cannot be used: {error}.") from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise  # its other subclasses are mistakes of ours
            raise StoreError(
                f"The database {self._path} is damaged ({error}). Nothing in it was changed: move it away, or"
                " put a copy of it back."
            ) from error
