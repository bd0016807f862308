"""Key continuity over several calls (RFC 6189 §4.6.1, §4.9, §7.1)."""

from __future__ import annotations

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import FOREVER, CacheEntry, RetainedSecret, Zid
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import ReceiveKeysReady, Role, Secured
from phone.zrtp.states import State
from tests.zrtp.link import End, Link, Party, connect, drop, same_keys, type_of
from tests.zrtp.memory import MemoryCache

FIRST = StreamId(1)


class Calls:
    """Two people who call each other several times."""

    def __init__(self) -> None:
        self.caches = MemoryCache.named("alice"), MemoryCache.named("bob")

    def call(self, **changes: Configuration) -> tuple[Party, Party]:
        """Make one call and return both ends of it, still open."""
        a = Party("alice", 1, cache=self.caches[0], configuration=changes.get("ours"))
        b = Party("bob", 2, cache=self.caches[1], configuration=changes.get("theirs"))
        connect(a, b)
        assert same_keys(a, b)
        return a, b

    @property
    def entries(self) -> tuple[CacheEntry, CacheEntry]:
        """What each remembers of the other."""
        alice, bob = self.caches
        return self.entry_of_bob, bob.entries[alice.zid()]

    @property
    def entry_of_bob(self) -> CacheEntry:
        """What Alice remembers of Bob."""
        alice, bob = self.caches
        return alice.entries[bob.zid()]


@pytest.fixture
def calls() -> Calls:
    return Calls()


def confirm(*parties: Party, matches: bool = True) -> None:
    for party in parties:
        party.session.confirm_sas(FIRST, matches)


def rs1(entry: CacheEntry) -> Secret:
    assert entry.rs1 is not None
    return entry.rs1.value


def test_first_call_is_with_a_new_peer(calls: Calls) -> None:
    """Both remember the same rs1 afterwards."""
    for party in calls.call():
        assert party.secured.new_peer
        assert not party.secured.cache_mismatch
    ours, theirs = calls.entries
    assert ours == theirs
    assert ours.rs2 is None


def test_second_call_matches(calls: Calls) -> None:
    """rs1 moves to rs2, and a new rs1 is stored."""
    calls.call()
    before = calls.entries[0]
    for party in calls.call():
        assert not party.secured.new_peer
        assert not party.secured.cache_mismatch
    ours, theirs = calls.entries
    assert ours == theirs
    assert ours.rs2 == before.rs1
    assert ours.rs1 != before.rs1


def test_verified_in_an_earlier_call(calls: Calls) -> None:
    """Once both users have compared, every later call begins verified (§7.1)."""
    confirm(*calls.call())
    for _ in range(3):
        for party in calls.call():
            assert party.secured.sas_verified


def test_comparison_counts_from_the_next_call_on(calls: Calls) -> None:
    """The flag that is sent is the one from before this call."""
    for party in calls.call():
        confirm(party)
        assert not party.secured.sas_verified
    assert [entry.sas_verified for entry in calls.entries] == [True, True]


def test_verified_is_what_our_own_user_compared(calls: Calls) -> None:
    """The peer's flag is told beside it, and changes nothing here (§7.1)."""
    a, _ = calls.call()
    confirm(a)
    a, b = calls.call()
    assert (a.secured.sas_verified, a.secured.peer_verified) == (True, False)
    assert (b.secured.sas_verified, b.secured.peer_verified) == (False, True)
    assert [entry.sas_verified for entry in calls.entries] == [True, False]


def test_peer_that_lost_its_cache_raises_the_alarm_here(calls: Calls) -> None:
    """We had a secret, the peer has none: we are told, it is not (§4.3.2)."""
    confirm(*calls.call())
    calls.caches[1].entries.clear()
    kept = calls.entry_of_bob
    a, b = calls.call()
    assert a.secured.cache_mismatch
    assert not a.secured.sas_verified
    assert not b.secured.cache_mismatch
    assert calls.entry_of_bob == CacheEntry(kept.rs1, kept.rs2, sas_verified=False)


def test_alarm_comes_again_until_someone_compares(calls: Calls) -> None:
    """The new secret is held back, and stored on the user's word (§4.6.1.1)."""
    calls.call()
    calls.caches[1].entries.clear()
    a, b = calls.call()
    assert a.secured.cache_mismatch
    a, b = calls.call()
    assert a.secured.cache_mismatch
    confirm(a, b)
    ours, theirs = calls.entries
    assert rs1(ours) == rs1(theirs)
    a, b = calls.call()
    assert not a.secured.cache_mismatch
    assert not b.secured.cache_mismatch
    assert a.secured.sas_verified


def test_held_back_secret_dies_with_the_call(calls: Calls) -> None:
    """Without a comparison the old secret is all that stays."""
    calls.call()
    kept = calls.entry_of_bob
    calls.caches[1].entries.clear()
    a, _ = calls.call()
    a.session.close()
    assert calls.entry_of_bob == kept


def test_unrelated_secrets_alarm_both(calls: Calls) -> None:
    """Each had something of the other that the other has not."""
    calls.call()
    alice, bob = calls.caches
    alice.entries[bob.zid()] = CacheEntry(RetainedSecret(Secret(b"a" * 32)))
    bob.entries[alice.zid()] = CacheEntry(RetainedSecret(Secret(b"b" * 32)))
    for party in calls.call():
        assert party.secured.cache_mismatch


@pytest.mark.parametrize("ahead", [0, 1])
def test_one_lost_generation_heals(calls: Calls, ahead: int) -> None:
    """One side stored the last rs1, the other did not: rs2 finds it (§4.6.1)."""
    confirm(*calls.call())
    behind = calls.entries[1 - ahead]
    calls.call()
    cache = calls.caches[1 - ahead]
    cache.entries[calls.caches[ahead].zid()] = behind
    for party in calls.call():
        assert not party.secured.cache_mismatch
        assert party.secured.sas_verified
    ours, theirs = calls.entries
    assert ours.rs1 == theirs.rs1
    assert ours.rs2 == theirs.rs2


def test_generation_lost_twice_in_a_row_heals(calls: Calls) -> None:
    """The secret that matched stays as rs2, so the next lost update is healed too."""
    calls.call()
    behind = calls.entries[1]
    for _ in range(3):
        calls.call()
        calls.caches[1].entries[calls.caches[0].zid()] = behind
    for party in calls.call():
        assert not party.secured.cache_mismatch


def test_lost_conf2ack_costs_one_generation_only(calls: Calls) -> None:
    """The responder has stored the new secret, the initiator never learned that (two generals)."""
    calls.call()
    a = Party("alice", 1, cache=calls.caches[0])
    b = Party("bob", 2, cache=calls.caches[1], configuration=Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Conf2ACK"))
    link.start()
    link.run()
    assert a.states == [State.FAILED]
    assert b.secured.role is Role.RESPONDER
    ours, theirs = calls.entries
    assert ours.rs1 == theirs.rs2
    for party in calls.call():
        assert not party.secured.cache_mismatch


def test_denied_sas_forgets_the_flag_alone(calls: Calls) -> None:
    """The secrets go on as if nothing had been compared, so that the other side sees no changed key."""
    confirm(*calls.call())
    a, _ = calls.call()
    confirm(a, matches=False)
    assert not calls.entry_of_bob.sas_verified
    for party in calls.call():
        assert not party.secured.cache_mismatch


def test_misread_sas_can_be_compared_again(calls: Calls) -> None:
    """First no, then yes: the peer is verified."""
    a, _ = calls.call()
    confirm(a, matches=False)
    confirm(a)
    assert calls.entry_of_bob.sas_verified


def test_expired_secret_raises_no_alarm(calls: Calls) -> None:
    """Its loss was to be expected (§4.9)."""
    calls.call()
    alice, bob = calls.caches
    bob.entries.clear()
    alice.entries[bob.zid()] = CacheEntry(RetainedSecret(Secret(b"a" * 32), expires_in=0))
    a, _ = calls.call()
    assert not a.secured.cache_mismatch
    assert calls.entries[0].rs1 == calls.entries[1].rs1


def test_shorter_expiry_counts(calls: Calls) -> None:
    """Each side states its own; both keep the minimum (§4.9)."""
    calls.call(ours=Configuration(cache_expiry=7200), theirs=Configuration(cache_expiry=3600))
    for entry in calls.entries:
        assert entry.rs1 is not None
        assert entry.rs1.expires_in == 3600


def test_expiry_zero_is_remembered_by_nobody(calls: Calls) -> None:
    """One side without a cache: neither makes an entry (§4.9.1)."""
    a, _ = calls.call(theirs=Configuration(cache_expiry=0))
    assert [cache.entries for cache in calls.caches] == [{}, {}]
    confirm(a)
    assert calls.caches[0].entries == {}


def test_expiry_zero_lets_an_entry_expire(calls: Calls) -> None:
    """The secrets stay, their loss will not alarm (§4.9)."""
    calls.call()
    before = calls.entry_of_bob
    calls.call(theirs=Configuration(cache_expiry=0))
    after = calls.entry_of_bob
    assert rs1(after) == rs1(before)
    assert after.rs1 is not None
    assert after.rs1.expires_in == 0


def test_default_is_to_keep_secrets_for_ever(calls: Calls) -> None:
    """FOREVER on both sides."""
    calls.call()
    entry = calls.entry_of_bob
    assert entry.rs1 is not None
    assert entry.rs1.expires_in == FOREVER


# when it is written


def secured_responder() -> tuple[Party, list[bytes]]:
    """Return a responder that has just got Confirm2, and what it has to send; its events are not read."""
    a = Party("alice", 1)
    b = Party("bob", 2, configuration=Configuration(passive=True))
    held: list[bytes] = []

    def hold_confirm2(_: End, datagram: bytes) -> list[bytes]:
        if type_of(datagram) == b"Confirm2":
            held.append(datagram)
            return []
        return [datagram]

    link = Link(a, b, intercept=hold_confirm2)
    link.start()
    link.run(stop=lambda: bool(held))
    b.session.receive_datagram(held[0], link.now)
    return b, b.session.datagrams_to_send()


def test_conf2ack_does_not_wait_for_the_disk() -> None:
    """The acknowledgement and both events are there before anything is saved."""
    b, datagrams = secured_responder()
    assert [type_of(datagram) for datagram in datagrams] == [b"Conf2ACK"]
    ready, secured = b.session.next_event(), b.session.next_event()
    assert ready is not None
    assert secured is not None
    assert isinstance(ready[1], ReceiveKeysReady)
    assert isinstance(secured[1], Secured)
    assert b.cache.saves == 0
    assert b.session.next_event() is None
    assert b.cache.saves == 1


def test_timer_saves_too() -> None:
    """Who does not read events is reminded by the timer."""
    b, _ = secured_responder()
    due = b.session.get_timer()
    assert due is not None
    b.session.handle_timer(due)
    assert b.cache.saves == 1
    assert b.session.get_timer() is None


def test_close_saves_too() -> None:
    """A call that ends at once loses no secret."""
    b, _ = secured_responder()
    b.session.close()
    assert b.cache.saves == 1


def test_unsaved_entry_is_what_counts() -> None:
    """A comparison right after the exchange builds on the new entry, not on the stored one."""
    b, _ = secured_responder()
    b.session.confirm_sas(FIRST, True)
    (entry,) = b.cache.entries.values()
    assert entry.sas_verified
    assert entry.rs1 is not None


def test_comparison_for_a_stream_that_never_was() -> None:
    """An error of the caller."""
    party = Party("alice", 1)
    with pytest.raises(KeyError):
        party.session.confirm_sas(StreamId(7), True)


def test_zid_is_the_caches() -> None:
    """ZID and secrets live together."""
    party = Party("alice", 1, cache=MemoryCache(Zid(b"twelve bytes")))
    party.session.start(0.0)
    (hello,) = party.collect()
    assert hello[12 + 64 : 12 + 76] == b"twelve bytes"
