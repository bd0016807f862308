"""Calls whose keys follow from a retained secret: Preshared mode (RFC 6189 §4.4.2)."""

from __future__ import annotations

import hmac
from dataclasses import replace

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import CacheEntry, RetainedSecret
from phone.zrtp.dh import DH3K, PRSH, X255
from phone.zrtp.errors import ErrorCode
from phone.zrtp.events import Failed, Secured
from phone.zrtp.messages import PresharedCommit
from tests.zrtp.link import Link, Party, connect, drop, message_of, resigned, same_keys
from tests.zrtp.memory import MemoryCache

OFFERED = Configuration(key_agreements=(X255, DH3K, PRSH))
PASSIVE = replace(OFFERED, passive=True)


def acquainted(*, verified: bool = True) -> tuple[MemoryCache, MemoryCache]:
    """Return the caches of two phones that have called each other."""
    caches = MemoryCache.named("ann"), MemoryCache.named("ben")
    for cache, other in (caches, reversed(caches)):
        cache.entries[other.zid()] = CacheEntry(
            RetainedSecret(Secret(b"1" * 32)), RetainedSecret(Secret(b"2" * 32)), verified
        )
    return caches


def parties(
    caches: tuple[MemoryCache, MemoryCache],
    a: Configuration = OFFERED,
    b: Configuration = OFFERED,
    aux: tuple[Secret | None, Secret | None] = (None, None),
) -> tuple[Party, Party]:
    """Return two ends of a call."""
    return (
        Party("ann", 1, configuration=a, cache=caches[0], aux_secret=aux[0]),
        Party("ben", 2, configuration=b, cache=caches[1], aux_secret=aux[1]),
    )


def test_call_without_diffie_hellman() -> None:
    """Both list Prsh and know each other: Commit is answered by Confirm1, and the SAS is shown."""
    a, b = parties(acquainted())
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms.key_agreement == "Prsh"
    assert b"DHPart1 " not in [*a.said, *b.said]
    assert a.secured.sas_verified
    assert not a.secured.cache_mismatch


def test_rs1_is_renewed_and_rs2_left_alone() -> None:
    """The old rs1 is not copied to rs2 (§4.6.1)."""
    caches = acquainted()
    a, b = parties(caches)
    connect(a, b)
    kept = caches[0].entries[caches[1].zid()]
    assert kept.rs1 is not None
    assert kept.rs1 == caches[1].entries[caches[0].zid()].rs1
    assert kept.rs1.value != Secret(b"1" * 32)
    assert kept.rs2 == RetainedSecret(Secret(b"2" * 32))


def test_not_by_default() -> None:
    """It has no forward secrecy, so only who asks for it gets it."""
    a, b = parties(acquainted(), Configuration(), OFFERED)
    connect(a, b)
    assert a.secured.algorithms.key_agreement != "Prsh"


@pytest.mark.parametrize(
    "change", [{"rs1": None}, {"sas_verified": False}, {"rs1": RetainedSecret(Secret(b"1" * 32), 0)}]
)
def test_only_with_a_verified_secret_that_lasts(change: dict[str, object]) -> None:
    """Missing, expired or never compared: Diffie-Hellman (§4.4.2)."""
    caches = acquainted()
    for cache, other in (caches, reversed(caches)):
        cache.entries[other.zid()] = replace(cache.entries[other.zid()], **change)  # type: ignore[arg-type]
    a, b = parties(caches)
    connect(a, b)
    assert a.secured.algorithms.key_agreement == "X255"


def test_full_exchange_after_twenty_calls() -> None:
    """A secret that was stolen once is not good for ever (§4.4.2)."""
    caches = acquainted()
    used = []
    for _ in range(22):
        a, b = parties(caches)
        connect(a, b)
        used.append(a.secured.algorithms.key_agreement)
    assert used == ["Prsh"] * 20 + ["X255", "Prsh"]


def test_responder_without_the_secret_answers_with_diffie_hellman() -> None:
    """It commits itself, which prevails, and the alarm is raised (§4.4.2.3)."""
    caches = acquainted()
    del caches[1].entries[caches[0].zid()]
    a, b = parties(caches)
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms.key_agreement == "X255"
    assert a.secured.cache_mismatch


def without_secret_at(caches: tuple[MemoryCache, MemoryCache]) -> None:
    """Let the second phone have another rs1."""
    entry = caches[1].entries[caches[0].zid()]
    caches[1].entries[caches[0].zid()] = replace(entry, rs1=RetainedSecret(Secret(b"x" * 32)))


def test_passive_responder_without_the_secret_refuses() -> None:
    """It never commits: Error 0x56."""
    caches = acquainted()
    without_secret_at(caches)
    a, b = parties(caches, OFFERED, PASSIVE)
    connect(a, b)
    assert [failed.error_code for failed in b.told(Failed)] == [ErrorCode.DH_REQUIRED]


def test_responder_with_another_secret_commits_to_diffie_hellman() -> None:
    """Its own Commit, in DH mode, prevails, and rs2 still matches (§4.4.2.3)."""
    caches = acquainted()
    without_secret_at(caches)
    a, b = parties(caches)
    link = Link(a, b, intercept=drop(b"HelloACK", sender=a, times=2))
    link.start()
    link.run()
    assert same_keys(a, b)
    assert a.secured.algorithms.key_agreement == "X255"
    assert a.secured.sas_verified


@pytest.mark.parametrize(
    ("aux", "shared"),
    [
        ((Secret(b"x" * 32), Secret(b"x" * 32)), True),
        ((None, Secret(b"x" * 32)), False),
    ],
)
def test_auxiliary_secret_is_part_of_the_key(aux: tuple[Secret | None, Secret | None], shared: bool) -> None:
    """The responder tries its secrets in every combination (§4.4.2.3)."""
    a, b = parties(acquainted(), OFFERED, PASSIVE, aux)
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms.key_agreement == "Prsh"
    assert b.secured.aux_mismatch is not shared


@pytest.mark.parametrize("hash_name", ["sha256", "sha384"])
def test_key_made_from_nothing_is_refused(hash_name: str) -> None:
    """keyID of an empty key: known software has no secret in it, and anyone could have sent it."""
    caches = acquainted()
    a, b = parties(caches, OFFERED, OFFERED)
    weak = hmac.digest(b"", b"Prsh", hash_name)[:8]

    def intercept(sender: object, datagram: bytes) -> list[bytes]:
        if datagram[16:24] != PresharedCommit.TYPE or sender is not a:
            return [datagram]
        commit = message_of(datagram)
        if not isinstance(commit, PresharedCommit):
            return [datagram]
        (stream,) = a.session._streams.values()
        return [resigned(datagram, replace(commit, key_id=weak), stream.announcement.chain.h1)]

    b.session._endpoint.configuration = replace(OFFERED, passive=True)
    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert not b.told(Secured)
    assert [failed.error_code for failed in b.told(Failed)] == [ErrorCode.DH_REQUIRED]


@pytest.mark.parametrize("seed", range(20))
def test_call_on_a_bad_network(seed: int) -> None:
    """30 % loss each way, duplicates and reordering: it is secured, and both caches agree."""
    caches = acquainted()
    a, b = parties(caches)
    connect(a, b, seed=seed, loss=0.3, duplication=0.2, jitter=0.1)
    assert same_keys(a, b)
    assert caches[0].entries[caches[1].zid()].rs1 == caches[1].entries[caches[0].zid()].rs1


def test_lost_confirm1_is_sent_again() -> None:
    """A repeated Commit is answered with the same Confirm1 (§6)."""
    a, b = parties(acquainted(), OFFERED, PASSIVE)
    link = Link(a, b, intercept=drop(b"Confirm1", times=2))
    link.start()
    link.run()
    assert same_keys(a, b)
    assert len({datagram[12:-4] for datagram in b.sent if datagram[16:24] == b"Confirm1"}) == 1
