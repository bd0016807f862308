"""Calls between our engine and libbzrtp, the one of Linphone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

import pytest

from phone.zrtp.algorithms import AES1, AES3, HS32, HS80, S256, S384, Configuration, Suite
from phone.zrtp.dh import DH2K, DH3K, X255, X448
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Failed, Secured
from phone.zrtp.sas import B32, B256
from tests.zrtp.bzrtp import BzrtpParty, SqliteCache
from tests.zrtp.link import Link, Party, type_of

X255_FIRST = ["X255", "DH3k", "Mult"]


class Bench:
    """Makes calls, and ends bzrtp's side of them."""

    def __init__(self) -> None:
        self.cache = SqliteCache()
        self.parties: list[BzrtpParty] = []

    def bzrtp(self, *, remembering: bool = False, **algorithms: list[str]) -> BzrtpParty:
        party = BzrtpParty(0xB0000000, cache=self.cache if remembering else None, **algorithms)
        self.parties.append(party)
        return party

    def hang_up(self) -> None:
        while self.parties:
            self.parties.pop().close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.hang_up()


def secured(ours: Party, theirs: BzrtpParty) -> bool:
    """Tell whether both have the same keys and show the same SAS."""
    if not ours.told(Secured) or not theirs.secure:
        return False
    event, outcome = ours.secured, theirs.outcome
    assert outcome is not None
    assert event.keys.local_key.reveal() == outcome.remote_key
    assert event.keys.local_salt.reveal() == outcome.remote_salt
    assert event.keys.remote_key.reveal() == outcome.local_key
    assert event.keys.remote_salt.reveal() == outcome.local_salt
    assert event.sas.text == outcome.sas
    return True


def call(ours: Party, theirs: BzrtpParty, **conditions: float) -> Link[Party, BzrtpParty]:
    link = Link(ours, theirs, **conditions)  # type: ignore[arg-type]
    link.start()
    return link.run(30.0, stop=lambda: secured(ours, theirs))


SUITES = [
    Suite(hash_, cipher, auth_tag, agreement, sas_type)
    for agreement in (X255, X448, DH2K, DH3K)
    for cipher in (AES1, AES3)
    for hash_ in (S256, S384)
    for auth_tag in (HS32, HS80)
    for sas_type in (B32, B256)
]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: "-".join(astuple(suite.names())))
@pytest.mark.parametrize("name", ["alice", "carol"])
def test_every_algorithm_that_both_have(bench: Bench, suite: Suite, name: str) -> None:
    """Both roles, by the names of the caller: hvi decides."""
    ours = Party(
        name,
        0xA0000000,
        configuration=Configuration(
            key_agreements=(suite.key_agreement,),
            hashes=(suite.hash,),
            ciphers=(suite.cipher,),
            auth_tags=(suite.auth_tag,),
            sas_types=(suite.sas_type,),
        ),
    )
    names = suite.names()
    theirs = bench.bzrtp(
        key_agreements=list(dict.fromkeys([names.key_agreement, "DH3k"])),
        hashes=list(dict.fromkeys([names.hash, "S256"])),
        ciphers=list(dict.fromkeys([names.cipher, "AES1"])),
        auth_tags=list(dict.fromkeys([names.auth_tag, "HS32", "HS80"])),
        sas_types=list(dict.fromkeys([names.sas, "B32"])),
    )
    call(ours, theirs)
    assert secured(ours, theirs)
    assert ours.secured.algorithms == names


def test_defaults_of_both(bench: Bench) -> None:
    """As two people would meet who changed nothing."""
    ours, theirs = Party("alice", 0xA0000000), bench.bzrtp()
    call(ours, theirs)
    assert secured(ours, theirs)
    assert ours.secured.algorithms.key_agreement == "X255"


@pytest.mark.parametrize("seed", range(25))
def test_lossy_network(bench: Bench, seed: int) -> None:
    """20 % loss each way and some reordering. bzrtp drops what comes out of order."""
    ours = Party(f"alice {seed}", 0xA0000000)
    theirs = bench.bzrtp(key_agreements=X255_FIRST)
    call(ours, theirs, seed=seed, loss=0.2, jitter=0.02)
    assert secured(ours, theirs)
    assert not ours.told(Failed)


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "dave"])
def test_silence_after_the_handshake(bench: Bench, name: str) -> None:
    """Without any SRTP our Confirm2 is repeated for a while; bzrtp stays secure and acknowledges it."""
    ours, theirs = Party(name, 0xA0000000), bench.bzrtp(key_agreements=X255_FIRST)
    link = call(ours, theirs)
    link.run(link.now + 30)
    assert secured(ours, theirs)
    acknowledged = [type_of(datagram) for datagram in theirs.sent].count(b"Conf2ACK")
    assert ours.said.count(b"Confirm2") == acknowledged


@pytest.mark.parametrize("late", ["ours", "theirs"])
def test_one_side_is_late(bench: Bench, late: str) -> None:
    """The second one starts after 2 s."""
    ours, theirs = Party("alice", 0xA0000000), bench.bzrtp(key_agreements=X255_FIRST)
    link = Link(ours, theirs)
    first, second = (theirs, ours) if late == "ours" else (ours, theirs)
    link.start(first)
    link._intercept = lambda *_: []
    link.run(2.0)
    link._intercept = lambda _, datagram: [datagram]
    link.now = 2.0
    link.start(second)
    link.run(5.0, stop=lambda: secured(ours, theirs))
    assert secured(ours, theirs)
    assert link.now < 2.5


def test_hello_hashes_match(bench: Bench) -> None:
    """Each has told the other's by signalling."""
    ours, theirs = Party("alice", 0xA0000000), bench.bzrtp(key_agreements=X255_FIRST)
    ours.session.expect_hello_hash(theirs.hello_hash)
    theirs.expect_hello_hash(ours.session.hello_hash)
    call(ours, theirs)
    assert secured(ours, theirs)
    assert ours.secured.hello_hash_matched


def test_key_continuity(bench: Bench) -> None:
    """Four calls: new, known, verified by both users, verified from the start."""
    ours = Party("alice", 0xA0000000)
    for number in range(4):
        theirs = bench.bzrtp(remembering=True, key_agreements=X255_FIRST)
        ours = Party("alice", 0xA0000000, cache=ours.cache)
        call(ours, theirs)
        assert secured(ours, theirs)
        assert theirs.outcome is not None
        assert not ours.secured.cache_mismatch
        assert not theirs.outcome.cache_mismatch
        assert ours.secured.new_peer == (number == 0)
        assert ours.secured.sas_verified == ours.secured.peer_verified == (number == 3)
        assert theirs.outcome.verified == (number == 3)
        if number == 2:
            ours.session.confirm_sas(StreamId(1), True)
            theirs.verify()
        bench.hang_up()


def test_lost_cache_is_noticed_by_the_other_side(bench: Bench) -> None:
    """bzrtp has a secret of us that we have not: it warns, we do not."""
    ours = Party("alice", 0xA0000000)
    call(ours, bench.bzrtp(remembering=True, key_agreements=X255_FIRST))
    bench.hang_up()
    ours.cache.entries.clear()
    ours = Party("alice", 0xA0000000, cache=ours.cache)
    theirs = bench.bzrtp(remembering=True, key_agreements=X255_FIRST)
    call(ours, theirs)
    assert secured(ours, theirs)
    assert theirs.outcome is not None
    assert theirs.outcome.cache_mismatch
    assert not ours.secured.cache_mismatch


@pytest.mark.parametrize("moment", [0.005 * step for step in range(14)])
@pytest.mark.parametrize("name", ["alice", "carol", "erin"])
def test_address_changes_before_the_call_is_secure(bench: Bench, moment: float, name: str) -> None:
    """bzrtp takes no second Hello, so it has to get along with the first."""
    ours, theirs = Party(name, 0xA0000000), bench.bzrtp(key_agreements=X255_FIRST)
    link = Link(ours, theirs)
    link.start()
    link.run(moment)
    ours.session.restart_discovery(link.now)
    link.flush(ours)
    link.run(5.0, stop=lambda: secured(ours, theirs))
    assert secured(ours, theirs)
