"""What is known of other phones: kept with our own ZID, expiring by the wall clock."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phone.secret import Secret
from phone.store.database import Database, StoreError
from phone.store.trust import Proof, TrustStore
from phone.zrtp.cache import FOREVER, CacheEntry, RetainedSecret, Zid

BEN = Zid(b"ben's phone!")
EVE = Zid(b"eve's phone!")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC).timestamp()


class Clock:
    """Wall-clock time that only the test moves."""

    def __init__(self) -> None:
        self.seconds = NOON

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """It is noon."""
    return Clock()


@pytest.fixture
def trust(database: Database, clock: Clock) -> TrustStore:
    """An empty trust store."""
    return TrustStore(database, clock)


def retained(letter: str, expires_in: int = FOREVER) -> RetainedSecret:
    """Return a retained secret that is easy to look for."""
    return RetainedSecret(Secret(letter.encode() * 32), expires_in)


def test_zid_is_made_once(trust: TrustStore, database: Database, clock: Clock) -> None:
    """96 bits, the same for ever (RFC 6189 §4.9)."""
    zid = trust.zid()
    assert len(zid) == 12
    assert trust.zid() == TrustStore(database, clock).zid() == zid


def test_every_installation_has_another_zid(trust: TrustStore, tmp_path: Path, clock: Clock) -> None:
    """They are random."""
    with contextlib.closing(Database(tmp_path / "other.sqlite3")) as other:
        assert TrustStore(other, clock).zid() != trust.zid()


def test_nothing_is_known_of_a_stranger(trust: TrustStore) -> None:
    """A phone that was only met, or imported by name, is a stranger to the engine."""
    assert trust.load(BEN) is None
    trust.met(BEN, "sip:ben@pbx")
    assert trust.load(BEN) is None


def test_retained_secrets_are_found_again(trust: TrustStore) -> None:
    """Both of them, with the flag."""
    entry = CacheEntry(retained("a"), retained("b"), sas_verified=True)
    trust.save(BEN, entry)
    assert trust.load(BEN) == entry
    assert trust.load(EVE) is None


def test_saved_entry_replaces_the_old_one(trust: TrustStore) -> None:
    """Nothing of the old one stays behind."""
    trust.save(BEN, CacheEntry(retained("a"), retained("b"), sas_verified=True))
    entry = CacheEntry(retained("c"), None, sas_verified=False)
    trust.save(BEN, entry)
    assert trust.load(BEN) == entry


def test_secret_expires_by_the_wall_clock(trust: TrustStore, clock: Clock) -> None:
    """Counted from the moment it was saved, also while no backend runs."""
    trust.save(BEN, CacheEntry(retained("a", 3600), retained("b")))
    clock.seconds += 3000
    found = trust.load(BEN)
    assert found is not None
    assert (found.rs1, found.rs2) == (retained("a", 600), retained("b", FOREVER))


def test_expired_secret_is_told_as_expired(trust: TrustStore, clock: Clock) -> None:
    """Its loss raises no alarm, but it may still match."""
    trust.save(BEN, CacheEntry(retained("a", 10)))
    clock.seconds += 1_000_000
    found = trust.load(BEN)
    assert found is not None
    assert found.rs1 == retained("a", 0)


def test_verified_since_is_the_first_time(trust: TrustStore, clock: Clock) -> None:
    """Later calls with the same phone do not move the date."""
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    clock.seconds += 86_400
    trust.save(BEN, CacheEntry(retained("b"), sas_verified=True))
    peer = trust.peer(BEN)
    assert peer is not None
    assert peer.verified_since == "2026-03-04T12:00:00Z"
    assert peer.first_seen == "2026-03-04T12:00:00Z"
    assert peer.last_seen == "2026-03-05T12:00:00Z"


def test_lost_verification_starts_anew(trust: TrustStore, clock: Clock) -> None:
    """A broken key continuity takes the date; comparing again gives that day's."""
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    trust.save(BEN, CacheEntry(retained("b"), sas_verified=False))
    peer = trust.peer(BEN)
    assert peer is not None
    assert peer.verified_since is None
    clock.seconds += 86_400
    trust.save(BEN, CacheEntry(retained("c"), sas_verified=True))
    peer = trust.peer(BEN)
    assert peer is not None
    assert peer.verified_since == "2026-03-05T12:00:00Z"


def test_unverified_phone_keeps_its_secrets(trust: TrustStore) -> None:
    """Taking back the proof is no reason for a key alarm."""
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    trust.unverify(BEN)
    assert trust.load(BEN) == CacheEntry(retained("a"), sas_verified=False)


def test_name_and_place_are_kept(trust: TrustStore) -> None:
    """A call updates the place; the engine's save leaves both alone."""
    trust.met(BEN, "sip:ben@old")
    trust.set_name(BEN, "Ben")
    trust.met(BEN, "sip:ben@new")
    trust.save(BEN, CacheEntry(retained("a")))
    peer = trust.peer(BEN)
    assert peer is not None
    assert (peer.zid, peer.name, peer.uri) == (BEN.hex(), "Ben", "sip:ben@new")


def test_phones_are_listed_latest_first(trust: TrustStore, clock: Clock) -> None:
    """By when they were last talked to."""
    trust.met(BEN, "sip:ben@pbx")
    clock.seconds += 1
    trust.met(EVE, "sip:eve@pbx")
    clock.seconds += 1
    trust.met(BEN, "sip:ben@pbx")
    assert [peer.zid for peer in trust.peers()] == [BEN.hex(), EVE.hex()]


def test_forgotten_phone_is_a_stranger(trust: TrustStore) -> None:
    """The others stay."""
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    trust.save(EVE, CacheEntry(retained("b")))
    trust.forget(BEN)
    assert trust.peer(BEN) is None
    assert trust.load(BEN) is None
    assert [peer.zid for peer in trust.peers()] == [EVE.hex()]


def test_forgotten_secret_is_on_no_disk(trust: TrustStore, path: Path) -> None:
    """Neither in the database nor in its log."""
    trust.save(BEN, CacheEntry(retained("a"), retained("b")))
    assert any(b"a" * 32 in file.read_bytes() for file in path.parent.iterdir())
    trust.forget(BEN)
    for file in path.parent.iterdir():
        assert b"a" * 32 not in file.read_bytes()
        assert b"b" * 32 not in file.read_bytes()


def test_export_has_names_and_no_keys(trust: TrustStore) -> None:
    """In no form."""
    trust.save(BEN, CacheEntry(retained("a"), retained("b"), sas_verified=True))
    trust.set_name(BEN, "Ben")
    exported = trust.export()
    (peer,) = json.loads(exported)["peers"]
    assert (peer["zid"], peer["name"]) == (BEN.hex(), "Ben")
    for secret in (b"a" * 32, b"b" * 32):
        assert secret.hex() not in exported
        assert secret.decode() not in exported


def test_imported_phones_are_known_but_not_verified(trust: TrustStore, tmp_path: Path, clock: Clock) -> None:
    """A claim without a key is worth nothing."""
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    trust.set_name(BEN, "Ben")
    with contextlib.closing(Database(tmp_path / "other.sqlite3")) as database:
        other = TrustStore(database, clock)
        assert other.import_(trust.export()) == 1
        peer = other.peer(BEN)
        assert peer is not None
        assert (peer.name, peer.verified_since) == ("Ben", None)
        assert other.load(BEN) is None


def test_import_leaves_what_is_known_alone(trust: TrustStore) -> None:
    """Names and secrets of our own are not overwritten."""
    trust.met(BEN, "sip:ben@pbx")
    exported = trust.export()
    trust.set_name(BEN, "Ben")
    trust.save(BEN, CacheEntry(retained("a"), sas_verified=True))
    before = trust.peer(BEN)
    assert trust.import_(exported) == 0
    assert trust.peer(BEN) == before
    assert trust.load(BEN) == CacheEntry(retained("a"), sas_verified=True)


PEER = {
    "zid": BEN.hex(),
    "name": "Ben",
    "uri": "sip:ben@pbx",
    "verified_since": None,
    "first_seen": "2026-03-04T12:00:00Z",
    "last_seen": "2026-03-04T12:00:00Z",
}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        '{"parley_peers": 1}',
        "[" * 100_000,
        json.dumps({"parley_peers": 2, "peers": [PEER]}),
        json.dumps({"parley_peers": 1, "peers": [PEER, {**PEER, "zid": "short"}]}),
        json.dumps({"parley_peers": 1, "peers": [PEER, {**PEER, "zid": EVE.hex().upper()}]}),
        json.dumps({"parley_peers": 1, "peers": [PEER, {**PEER, "name": 7}]}),
        json.dumps({"parley_peers": 1, "peers": [PEER, {**PEER, "name": "\x1b[2J"}]}),
        json.dumps({"parley_peers": 1, "peers": [PEER, {**PEER, "rs1": "00"}]}),
    ],
)
def test_what_was_not_exported_is_refused_whole(trust: TrustStore, document: str) -> None:
    """One sentence, and not even the good half of it is taken."""
    with pytest.raises(StoreError):
        trust.import_(document)
    assert trust.peers() == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(PEER)), inner),
)


@given(st.fixed_dictionaries({"parley_peers": st.just(1) | json_values, "peers": json_values}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_import_takes_it_or_raises(trust: TrustStore, document: object) -> None:
    """Whatever JSON it is given."""
    with contextlib.suppress(StoreError):
        trust.import_(json.dumps(document))


def test_secrets_show_in_no_repr(trust: TrustStore) -> None:
    """What is logged by accident tells nothing."""
    trust.save(BEN, CacheEntry(retained("a")))
    assert "aaaa" not in repr(trust.load(BEN))


def test_enrolled_pbx_is_kept(trust: TrustStore) -> None:
    """Its secret, and how often keys were made without Diffie-Hellman; even without retained secrets."""
    entry = CacheEntry(pbx_secret=Secret(b"p" * 32), preshared_calls=7)
    trust.save(BEN, entry)
    assert trust.load(BEN) == entry
    trust.save(BEN, CacheEntry(retained("1")))
    assert trust.load(BEN) == CacheEntry(retained("1"))


def test_verified_phone_at_an_address(trust: TrustStore) -> None:
    """Another device that was verified there; never the one that is asked about, nor an unverified one."""
    trust.met(BEN, "sip:ben@pbx")
    trust.met(EVE, "sip:ben@pbx")
    assert trust.verified_at("sip:ben@pbx", besides=EVE) is None
    trust.save(BEN, CacheEntry(retained("1"), sas_verified=True))
    found = trust.verified_at("sip:ben@pbx", besides=EVE)
    assert found is not None
    assert found.zid == BEN.hex()
    assert trust.verified_at("sip:ben@pbx", besides=BEN) is None
    assert trust.verified_at("sip:eve@pbx", besides=EVE) is None


def test_proofs_are_remembered_with_account_and_device(trust: TrustStore, clock: Clock) -> None:
    """The latest date counts; it makes nobody verified, and goes when the phone is forgotten."""
    trust.met(BEN, "sip:600@pbx")
    trust.proved("alice@pbx", BEN, 2)
    clock.seconds += 86400
    trust.proved("alice@pbx", BEN, 2)
    assert trust.proved_since("alice@pbx", BEN) == "2026-03-05T12:00:00Z"
    assert trust.proofs() == [Proof(BEN.hex(), "alice@pbx", 2, "2026-03-05T12:00:00Z")]
    assert trust.proved_since("bob@pbx", BEN) is None
    assert trust.proved_since("alice@pbx", EVE) is None
    (peer,) = trust.peers()
    assert peer.verified_since is None
    trust.proved("bob@pbx", BEN, 1)
    trust.unprove("alice@pbx", BEN)
    assert [proof.account for proof in trust.proofs()] == ["bob@pbx"]
    assert trust.proved_since("alice@pbx", BEN) is None
    assert trust.best_suite("alice@pbx") == 2
    trust.forget(BEN)
    assert trust.proofs() == []
