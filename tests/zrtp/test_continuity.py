"""Retained secrets and what becomes of them (RFC 6189 §4.3, §4.6.1, §4.9)."""

from __future__ import annotations

import hmac
from dataclasses import replace
from itertools import product

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import S256, S384, Hash
from phone.zrtp.cache import FOREVER, CacheEntry, RetainedSecret
from phone.zrtp.continuity import Continuity
from phone.zrtp.events import Role
from phone.zrtp.randomness import SystemRandomness

H3 = b"3" * 32


def retained(letter: str, expires_in: int = FOREVER) -> RetainedSecret:
    return RetainedSecret(Secret(letter.encode() * 32), expires_in)


def entry(rs1: str | None, rs2: str | None = None, *, verified: bool = False) -> CacheEntry:
    return CacheEntry(
        rs1=retained(rs1) if rs1 else None, rs2=retained(rs2) if rs2 else None, sas_verified=verified
    )


def matched(ours: CacheEntry | None, theirs: CacheEntry | None, role: Role = Role.INITIATOR) -> Continuity:
    """Return our view after we, as ``role``, saw the IDs of a peer with these secrets."""
    peer_role = Role.RESPONDER if role is Role.INITIATOR else Role.INITIATOR
    ids = Continuity(theirs, None).secret_ids(S256, peer_role, H3, SystemRandomness())
    continuity = Continuity(ours, None)
    continuity.match(S256, peer_role, H3, ids)
    return continuity


NEW = Secret(b"n" * 32)


@pytest.mark.parametrize("hash_", [S256, S384])
@pytest.mark.parametrize(("role", "label"), [(Role.INITIATOR, b"Initiator"), (Role.RESPONDER, b"Responder")])
def test_ids_are_macs_with_the_role(role: Role, label: bytes, hash_: Hash) -> None:
    """The first 8 bytes of the negotiated MAC over "Initiator" or "Responder" (§4.3.1)."""
    ids = Continuity(entry("a", "b"), None).secret_ids(hash_, role, H3, SystemRandomness())
    assert ids.rs1 == hmac.digest(b"a" * 32, label, hash_.name)[:8]
    assert ids.rs2 == hmac.digest(b"b" * 32, label, hash_.name)[:8]


def test_absent_secrets_get_fresh_random_ids() -> None:
    """Nobody learns from an ID whether there is a secret, and no ID comes twice (§4.3)."""
    ids = [Continuity(None, None).secret_ids(S256, Role.INITIATOR, H3, SystemRandomness()) for _ in range(4)]
    values = [value for one in ids for value in (one.rs1, one.rs2, one.aux_secret, one.pbx_secret)]
    assert len(set(values)) == 16
    assert {len(value) for value in values} == {8}


ENTRIES = [None, *(entry(rs1, rs2) for rs1 in "abc" for rs2 in (None, *"abc") if rs1 != rs2)]


@pytest.mark.parametrize(("initiator", "responder"), list(product(ENTRIES, ENTRIES)))
def test_both_sides_find_the_same_secret_in_the_initiators_order(
    initiator: CacheEntry | None, responder: CacheEntry | None
) -> None:
    """s1 is the initiator's rs1 if the responder has it, else its rs2 if the responder has that (§4.3)."""
    there = {
        secret.value.reveal() for secret in (responder and (responder.rs1, responder.rs2)) or () if secret
    }
    mine = [secret for secret in (initiator and (initiator.rs1, initiator.rs2)) or () if secret]
    expected = next((secret.value for secret in mine if secret.value.reveal() in there), None)
    assert matched(initiator, responder, Role.INITIATOR).shared_secrets[0] == expected
    assert matched(responder, initiator, Role.RESPONDER).shared_secrets[0] == expected


def test_ids_of_the_same_role_do_not_match() -> None:
    """Our own DHPart, reflected, proves nothing."""
    ids = Continuity(entry("a"), None).secret_ids(S256, Role.INITIATOR, H3, SystemRandomness())
    continuity = Continuity(entry("a"), None)
    continuity.match(S256, Role.RESPONDER, H3, ids)
    assert continuity.shared_secrets[0] is None


@pytest.mark.parametrize(
    ("ours", "theirs", "mismatch"),
    [
        (None, None, False),
        (None, entry("a"), False),
        (CacheEntry(), entry("a"), False),
        (entry("a"), entry("a"), False),
        (entry("a"), entry("b", "a"), False),
        (entry("a"), None, True),
        (entry("a"), entry("b"), True),
        (CacheEntry(rs1=retained("a", expires_in=0)), entry("b"), False),
    ],
)
def test_mismatch_is_a_secret_of_ours_that_the_peer_has_not(
    ours: CacheEntry | None, theirs: CacheEntry | None, mismatch: bool
) -> None:
    """Neither a stranger nor an expired secret raises the alarm (§4.3.2, §4.9)."""
    assert matched(ours, theirs).mismatch is mismatch


def test_first_call_stores_the_new_secret() -> None:
    """rs1 is new, there is no rs2, and nothing is verified."""
    continuity = matched(None, None)
    assert continuity.new_peer
    assert continuity.settle(NEW, FOREVER, preshared=False) == CacheEntry(RetainedSecret(NEW))


def test_next_call_moves_rs1_to_rs2_and_keeps_the_verified_flag() -> None:
    """The usual update (§4.6.1)."""
    continuity = matched(entry("a", "z", verified=True), entry("a"))
    assert not continuity.new_peer
    assert continuity.settle(NEW, FOREVER, preshared=False) == CacheEntry(
        RetainedSecret(NEW), retained("a"), True
    )


def test_after_a_lost_generation_rs2_is_the_shared_secret() -> None:
    """We were ahead: our own rs1 is nobody else's, so the one that matched stays."""
    kept = matched(entry("b", "a"), entry("a")).settle(NEW, FOREVER, preshared=False)
    assert kept == CacheEntry(RetainedSecret(NEW), retained("a"))


def test_mismatch_keeps_the_old_secrets_and_clears_the_verified_flag() -> None:
    """The new one is not stored, so that the alarm comes again in the next call (§4.6.1.1)."""
    kept = matched(entry("a", "b", verified=True), None).settle(NEW, FOREVER, preshared=False)
    assert kept == entry("a", "b", verified=False)


def test_mismatch_stores_the_new_secret_when_the_user_confirms() -> None:
    """The secret that the peer does not have is gone for good: someone else may have it."""
    continuity = matched(entry("a", verified=True), None)
    kept = continuity.settle(NEW, FOREVER, preshared=False)
    assert continuity.judge(True, kept) == CacheEntry(RetainedSecret(NEW), None, True)


def test_second_confirmation_changes_nothing_more() -> None:
    """What was held back is stored once."""
    continuity = matched(entry("a"), None)
    kept = continuity.judge(True, continuity.settle(NEW, FOREVER, preshared=False))
    assert continuity.judge(True, kept) == kept


def test_confirmation_sets_the_flag_on_what_is_stored_now() -> None:
    """A later exchange with the same peer may have renewed the entry meanwhile."""
    continuity = matched(entry("a"), entry("a"))
    continuity.settle(NEW, FOREVER, preshared=False)
    assert continuity.judge(True, entry("m", "n")) == entry("m", "n", verified=True)


def test_denial_takes_the_flag_and_leaves_the_secrets() -> None:
    """It may have been misread; both sides still have the same secrets in the next call."""
    continuity = matched(entry("a", "b", verified=True), entry("a"))
    kept = continuity.settle(NEW, FOREVER, preshared=False)
    assert kept is not None
    assert continuity.judge(False, kept) == replace(kept, sas_verified=False)


def test_denial_can_be_taken_back() -> None:
    """They misread it: now the codes compare equal, and the flag is set."""
    continuity = matched(None, None)
    denied = continuity.judge(False, continuity.settle(NEW, FOREVER, preshared=False))
    assert continuity.judge(True, denied) == CacheEntry(RetainedSecret(NEW), sas_verified=True)


def test_denial_after_a_mismatch_keeps_the_new_secret_held_back() -> None:
    """Neither the old secret goes nor does the new one come in."""
    continuity = matched(entry("a", verified=True), entry("m"))
    kept = continuity.settle(NEW, FOREVER, preshared=False)
    assert continuity.judge(False, kept) == entry("a")


def test_denial_of_an_older_exchange_takes_only_the_flag() -> None:
    """What a later exchange stored stays."""
    continuity = matched(entry("a"), entry("a"))
    continuity.settle(NEW, FOREVER, preshared=False)
    assert continuity.judge(False, entry("m", verified=True)) == entry("m")


@pytest.mark.parametrize("matches", [True, False])
def test_forgotten_peer_stays_forgotten(matches: bool) -> None:
    """Nothing is written for a peer of whom nothing is stored."""
    continuity = matched(None, None)
    continuity.settle(NEW, FOREVER, preshared=False)
    assert continuity.judge(matches, None) is None


def test_expiry_is_stored_with_the_secret() -> None:
    """Seconds, as both sides agreed (§4.9)."""
    kept = matched(None, None).settle(NEW, 3600, preshared=False)
    assert kept == CacheEntry(RetainedSecret(NEW, 3600))


def test_expiry_zero_makes_no_entry() -> None:
    """One side does not want to be remembered (§4.9)."""
    assert matched(None, None).settle(NEW, 0, preshared=False) is None


def test_expiry_zero_lets_an_old_entry_expire() -> None:
    """Its secrets stay, but their loss raises no alarm any more (§4.9)."""
    kept = matched(entry("a", "b", verified=True), entry("a")).settle(NEW, 0, preshared=False)
    assert kept == CacheEntry(retained("a", 0), retained("b", 0), True)


@pytest.mark.parametrize("matches", [True, False])
def test_judgement_of_an_expired_entry_moves_the_flag_only(matches: bool) -> None:
    """There is no new secret to store or to erase."""
    continuity = matched(entry("a", verified=True), entry("a"))
    kept = continuity.settle(NEW, 0, preshared=False)
    assert continuity.judge(matches, kept) == CacheEntry(retained("a", 0), sas_verified=matches)


def test_verified_needs_the_flag_and_the_secret() -> None:
    """Only unbroken continuity keeps an earlier comparison alive (§7.1)."""
    assert matched(entry("a", verified=True), entry("a")).sas_verified
    assert not matched(entry("a", verified=True), entry("b")).sas_verified
    assert not matched(entry("a"), entry("a")).sas_verified
    assert not matched(None, None).sas_verified
