"""Past calls on disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phone.store.database import Database
from phone.store.history import History, PastCall
from phone.store.trust import TrustStore
from phone.zrtp.cache import CacheEntry, Zid

CALL = PastCall(
    ended="2026-01-02T03:04:05Z",
    account=None,
    direction="incoming",
    uri="sip:ben@192.0.2.7",
    name="Ben",
    duration_s=12.5,
    level="ENCRYPTED",
    reason="The other side hung up.",
)


def test_latest_call_comes_first(database: Database) -> None:
    """Every field is found again."""
    history = History(database)
    missed = replace(CALL, account="alice@pbx", duration_s=None)
    history.add(CALL)
    history.add(missed)
    assert history.latest(10) == [missed, CALL]


def test_full_disk_ends_no_call(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """What a call leaves behind is lost then, and the log says so; the call itself goes on."""
    ((pages,),) = database.rows("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count = {pages}")
    history, trust = History(database), TrustStore(database, lambda: 0.0)
    zid = Zid(b"z" * 12)
    for _ in range(200):
        history.add(CALL)
        trust.met(zid, "sip:ben@192.0.2.7" * 1000)
        trust.save(zid, CacheEntry())
    assert "full" in caplog.text


def test_no_more_calls_than_asked_for(database: Database) -> None:
    """The earlier ones are left out."""
    history = History(database)
    for number in range(5):
        history.add(replace(CALL, name=str(number)))
    assert [call.name for call in history.latest(2)] == ["4", "3"]
