"""The database: private, durable, and never changed when it is not understood."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from phone.store.database import Database, StoreError

WRITER = """
import sys
from pathlib import Path
from phone.store.database import Database

database = Database(Path(sys.argv[1]))
for number in range(1_000_000):
    with database.transaction():
        for half in "ab":
            database.write("INSERT INTO peer (zid, first_seen, last_seen) VALUES (?, '', '')", b"%d%s" % (
                number, half.encode()))
    print(number, flush=True)
"""


def fill(path: Path, rows: int) -> None:
    """Make a database of many pages."""
    with contextlib.closing(Database(path)) as database, database.transaction():
        for number in range(rows):
            database.write(
                "INSERT INTO peer (zid, name, first_seen, last_seen) VALUES (?, ?, '', '')",
                number.to_bytes(12, "big"),
                f"{number}" * 50,
            )


def test_files_are_private(path: Path, database: Database) -> None:
    """The database, its log and its index: mode 0600."""
    database.write("INSERT INTO identity VALUES (1, x'00')")
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == [path.name, f"{path.name}-shm", f"{path.name}-wal"]
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_existing_file_becomes_private(path: Path) -> None:
    """Whoever copied it back may have opened it to others."""
    fill(path, 1)
    path.chmod(0o644)
    Database(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_is_found_again(path: Path) -> None:
    """After closing and opening."""
    fill(path, 3)
    with contextlib.closing(Database(path)) as database:
        assert database.rows("SELECT count(*) FROM peer") == [(3,)]


def test_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """All or nothing."""

    def fail() -> None:
        with database.transaction():
            database.write("INSERT INTO identity VALUES (1, x'00')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert database.rows("SELECT * FROM identity") == []


def test_kill_in_mid_write_loses_nothing_that_was_committed(path: Path) -> None:
    """After kill -9 it opens without repair; each transaction is there whole or not at all."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer.stdout as output:
        for _ in range(20):
            output.readline()
        writer.send_signal(signal.SIGKILL)
        said = output.read().split("\n")
    assert writer.wait() == -signal.SIGKILL
    # the last line may be torn
    committed = int(said[-2]) if len(said) > 1 else 19
    with contextlib.closing(Database(path)) as database:
        ((rows,),) = database.rows("SELECT count(*) FROM peer")
    assert isinstance(rows, int)
    assert rows % 2 == 0
    assert rows >= 2 * (committed + 1)


def test_file_that_is_no_database_is_named_and_kept(path: Path) -> None:
    """Not one byte of it changes."""
    garbage = b"SQLite format 3\0" + bytes(range(256)) * 64
    path.write_bytes(garbage)
    with pytest.raises(StoreError, match=f"{path} is damaged"):
        Database(path)
    assert path.read_bytes() == garbage
    assert list(path.parent.iterdir()) == [path]


def damage(path: Path) -> None:
    """Turn over a hundred bytes of the third page."""
    with path.open("r+b") as file:
        file.seek(8192)
        page = file.read(100)
        file.seek(8192)
        file.write(bytes(byte ^ 0xFF for byte in page))


def test_damaged_page_is_found_and_kept(path: Path) -> None:
    """Also where the header is whole."""
    fill(path, 300)
    damage(path)
    damaged = path.read_bytes()
    with pytest.raises(StoreError, match=f"{path} is damaged"):
        Database(path)
    assert path.read_bytes() == damaged


def test_log_beside_a_damaged_database_is_kept(path: Path, tmp_path: Path) -> None:
    """What a killed backend has not yet moved from the log to the database may be needed to mend it."""
    fill(path, 300)
    killed = tmp_path / "killed" / path.name
    killed.parent.mkdir()
    log = killed.with_name(f"{killed.name}-wal")
    with contextlib.closing(Database(path)) as database:
        database.write("INSERT INTO identity VALUES (1, x'00')")
        killed.write_bytes(path.read_bytes())
        log.write_bytes(path.with_name(f"{path.name}-wal").read_bytes())
    damage(killed)
    before = killed.read_bytes(), log.read_bytes()
    with pytest.raises(StoreError, match=f"{killed} is damaged"):
        Database(killed)
    assert (killed.read_bytes(), log.read_bytes()) == before
    assert before[1] != b""


def test_truncated_file_is_named_and_kept(path: Path) -> None:
    """Half a database."""
    fill(path, 300)
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    with pytest.raises(StoreError, match=f"{path} is damaged"):
        Database(path)
    assert path.read_bytes() == half


def test_empty_file_becomes_a_database(path: Path) -> None:
    """A crash between making the file and filling it has lost nothing."""
    path.touch()
    with contextlib.closing(Database(path)) as database:
        assert database.rows("SELECT * FROM account") == []


def test_database_of_a_later_version_is_kept(path: Path) -> None:
    """What it holds is not ours to change."""
    fill(path, 1)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="later version"):
        Database(path)
    assert path.read_bytes() == before


def test_folder_in_its_place_is_named(path: Path) -> None:
    """One sentence."""
    path.mkdir()
    with pytest.raises(StoreError, match=str(path)):
        Database(path)


def test_full_disk_is_named_and_loses_nothing(path: Path, database: Database) -> None:
    """A write that does not fit raises; what was there before is still there."""
    database.write("INSERT INTO identity VALUES (1, x'00')")
    database.rows("PRAGMA max_page_count = 1")

    def fill_up() -> None:
        with database.transaction():
            for number in range(10_000):
                database.write(
                    "INSERT INTO history (ended, direction, uri, name, level, reason)"
                    " VALUES ('', '', '', ?, '', '')",
                    f"{number}" * 100,
                )

    with pytest.raises(StoreError, match=f"{path} cannot be used"):
        fill_up()
    assert database.rows("SELECT count(*) FROM identity") == [(1,)]
    assert database.rows("SELECT count(*) FROM history") == [(0,)]


def test_somebody_else_who_writes_is_waited_for_only_so_long(path: Path, database: Database) -> None:
    """A second program that holds the database does not stop the backend for good."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            database.write("INSERT INTO identity VALUES (1, x'00')")
        other.execute("ROLLBACK")
    database.write("INSERT INTO identity VALUES (1, x'00')")
