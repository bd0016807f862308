"""ECDH together with ML-KEM, in KEM mode (docs/zrtp-pq.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from phone.zrtp.algorithms import Cipher, Configuration
from phone.zrtp.dh import DH3K, X255, X448, KeyAgreement, KeyPair
from phone.zrtp.endpoint import StreamId
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.events import Cause, Failed, Role, Secured
from phone.zrtp.fragments import Reassembly, packets_of
from phone.zrtp.hashchain import sign
from phone.zrtp.hybrid import HYBRIDS, NONCE_SIZE, PQ25, PQ44, X448_ML_KEM_1024, X25519_ML_KEM_768, Hybrid
from phone.zrtp.messages import COMMITTED_SIZES, Commit, DHPart2
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import (
    End,
    Link,
    Party,
    SeededRandomness,
    connect,
    drop,
    message_of,
    resigned,
    same_keys,
    type_of,
)
from tests.zrtp.test_dh import LOW_ORDER

BOTH: Final = ((PQ25, X25519_ML_KEM_768), (PQ44, X448_ML_KEM_1024))
hybrids = pytest.mark.parametrize(("agreement", "hybrid"), BOTH, ids=["PQ25", "PQ44"])
AES_128: Final = 16
"""Bytes of a key."""


def initiator(agreement: KeyAgreement, name: str = "alice") -> KeyPair:
    randomness = SeededRandomness(name)
    return agreement.key_pair(randomness.private_value(agreement.private_size(AES_128)))


def responder(agreement: KeyAgreement, committed: bytes) -> KeyPair:
    assert agreement.respond is not None
    return agreement.respond(committed, SeededRandomness("bob"))


def changed(value: bytes, at: int) -> bytes:
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


@hybrids
def test_both_sides_agree(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """One DHResult of 64 bytes; every public value has its size, and fills its words."""
    ours = initiator(agreement)
    theirs = responder(agreement, ours.committed)
    assert ours.agree(theirs.pv) == theirs.agree(ours.pv)
    assert len(ours.agree(theirs.pv)) == 64
    sizes = (len(ours.committed), len(theirs.pv), len(ours.pv), len(theirs.committed))
    assert sizes == (hybrid.committed_size, agreement.pv_size, NONCE_SIZE, 0)
    assert not any(size % 4 for size in sizes)


def test_sizes_are_those_of_the_standards() -> None:
    """RFC 7748: 32 and 56; FIPS 203 table 3: encapsulation key 1184 and 1568, ciphertext 1088 and 1568."""
    assert COMMITTED_SIZES == {b"PQ25": 32 + 1184, b"PQ44": 56 + 1568}
    assert (PQ25.pv_size, PQ44.pv_size) == (32 + 1088, 56 + 1568)
    assert (PQ25.private_size(AES_128), PQ44.private_size(AES_128)) == (32 + 64 + 16, 56 + 64 + 16)


@hybrids
def test_dh_result_is_made_of_everything(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """SHA3-512 of ECDH secret, KEM secret, both public values and the code, in this order."""
    ours = initiator(agreement)
    theirs = responder(agreement, ours.committed)
    size = hybrid.ecdh.pv_size
    private = SeededRandomness("alice").private_value(agreement.private_size(AES_128))
    ecdh = hybrid.ecdh.key_pair(private[:size]).agree(theirs.pv[:size])
    kem = hybrid.decapsulation_key(private[size : size + 64]).decapsulate(theirs.pv[size:])
    parts = ecdh.reveal() + kem + ours.committed + theirs.pv + agreement.code
    assert ours.agree(theirs.pv).reveal() == hashlib.sha3_512(parts).digest()


@hybrids
def test_two_exchanges_with_one_public_value_differ(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """The responder encapsulates anew each time."""
    ours = initiator(agreement)
    first, second = (responder(agreement, ours.committed) for _ in range(2))
    assert first.agree(ours.pv) != second.agree(ours.pv)


@hybrids
def test_changed_ciphertext_gives_another_result(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """ML-KEM cannot tell, and gives a secret that nobody else has (FIPS 203 §6.3): Confirm will fail."""
    ours = initiator(agreement)
    theirs = responder(agreement, ours.committed)
    assert ours.agree(changed(theirs.pv, hybrid.pv_size - 1)) != theirs.agree(ours.pv)


@hybrids
@pytest.mark.parametrize("change", [-4, 4])
def test_public_value_of_another_size_is_refused(
    agreement: KeyAgreement, hybrid: Hybrid, change: int
) -> None:
    """Also the nonce has one size."""
    ours = initiator(agreement)
    theirs = responder(agreement, ours.committed)
    for pair, size in ((ours, hybrid.pv_size), (theirs, NONCE_SIZE)):
        with pytest.raises(ProtocolError) as refused:
            pair.agree(bytes(size + change))
        assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE
    with pytest.raises(ProtocolError) as refused:
        responder(agreement, bytes(hybrid.committed_size + change))
    assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE


@hybrids
def test_encapsulation_key_out_of_range_is_refused(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """Coefficients must be below 3329 (FIPS 203 §7.2)."""
    ours = initiator(agreement)
    size = hybrid.ecdh.pv_size
    with pytest.raises(ProtocolError) as refused:
        responder(agreement, ours.committed[:size] + b"\xff\xff\xff" + ours.committed[size + 3 :])
    assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE


@pytest.mark.parametrize(("ecdh", "u"), LOW_ORDER)
def test_point_of_low_order_is_refused(ecdh: KeyAgreement, u: int) -> None:
    """In Commit and in DHPart1: ML-KEM alone must not carry a hybrid."""
    agreement = PQ25 if ecdh is X255 else PQ44
    ours = initiator(agreement)
    theirs = responder(agreement, ours.committed)
    point = u.to_bytes(ecdh.pv_size, "little")
    with pytest.raises(ProtocolError) as refused:
        ours.agree(point + theirs.pv[len(point) :])
    assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE
    with pytest.raises(ProtocolError) as refused:
        responder(agreement, point + ours.committed[len(point) :])
    assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE


# in a call


def between(ours: Configuration, theirs: Configuration, **conditions: float) -> tuple[Party, Party]:
    """Return two people after a call in which Alice begins."""
    a, b = Party("alice", 1, configuration=ours), Party("bob", 2, configuration=replace(theirs, passive=True))
    connect(a, b, **conditions)
    return a, b


@pytest.mark.parametrize(
    ("ours", "theirs", "taken"),
    [
        ((PQ25, PQ44, DH3K), (PQ25, PQ44, DH3K), PQ25),
        ((PQ44, PQ25, DH3K), (PQ44, PQ25, DH3K), PQ44),
        ((PQ44, PQ25, DH3K), (PQ25, PQ44, DH3K), PQ25),
        ((X255, PQ25, DH3K), (PQ25, X255, DH3K), PQ25),
        ((X255, PQ44, DH3K), (PQ44, X255, DH3K), PQ44),
        ((X255, PQ25, DH3K), (X255, PQ25, DH3K), X255),
        ((PQ25, PQ44, DH3K), (PQ44, DH3K), PQ44),
        ((PQ25, PQ44, X255, DH3K), (X448, X255, DH3K), X255),
        ((PQ25, PQ44, X255, DH3K), (DH3K,), DH3K),
        ((PQ25,), (PQ44,), DH3K),
    ],
)
def test_a_hybrid_is_taken_where_both_have_it(
    ours: tuple[KeyAgreement, ...], theirs: tuple[KeyAgreement, ...], taken: KeyAgreement
) -> None:
    """Unless both prefer another; who has none meets us where he always did."""
    for first, second in ((ours, theirs), (theirs, ours)):
        a, b = between(Configuration(key_agreements=first), Configuration(key_agreements=second))
        assert same_keys(a, b)
        assert a.secured.algorithms.key_agreement == taken.code.decode()


def test_default_offer_fits_into_a_hello() -> None:
    """A Hello lists seven at most; both hybrids come first, and DH3k is there (§5.2)."""
    offered = Configuration().key_agreements
    assert offered[:2] == (PQ25, PQ44)
    assert DH3K in offered
    assert len(offered) <= 7


@pytest.mark.parametrize("seed", range(40))
def test_pq44_survives_the_network(seed: int) -> None:
    """30 % loss each way, duplicates and reordering; PQ25 does so with everybody's defaults."""
    own = Configuration(key_agreements=(PQ44, DH3K))
    a, b = Party(f"alice {seed}", 1, configuration=own), Party(f"bob {seed}", 2, configuration=own)
    connect(a, b, seed=seed, loss=0.3, duplication=0.2, jitter=0.1)
    assert same_keys(a, b)
    assert not a.told(Failed)
    assert not b.told(Failed)
    assert a.secured.algorithms.key_agreement == "PQ44"


def test_contention_loser_makes_its_part_afresh() -> None:
    """Nothing of the Commit that lost goes into its DHPart1: there is no ciphertext in it to reuse."""
    a, b = Party("alice", 1), Party("bob", 2)
    connect(a, b)
    assert same_keys(a, b)
    winner, loser = (a, b) if a.secured.role is Role.INITIATOR else (b, a)
    assert b"Commit  " in winner.said
    assert b"Commit  " in loser.said
    assert winner.randomness.private_sizes == [112]
    assert loser.randomness.private_sizes == [112, 32]


def test_contention_is_settled_by_hvi() -> None:
    """Which commits to a nonce instead of a public value (§4.2)."""
    for number in range(8):
        a, b = Party(f"alice {number}", 1), Party(f"bob {number}", 2)
        connect(a, b)
        hvis = {party.name: commit_of(party).hvi for party in (a, b)}
        winner = a if hvis[a.name] > hvis[b.name] else b
        assert winner.secured.role is Role.INITIATOR


def commit_of(party: Party) -> Commit:
    reassembly = Reassembly()
    packets = [whole for datagram in party.sent for whole in reassembly.put(Packet.parse(datagram))]
    return next(Commit.parse(packet.message) for packet in packets if packet.message[4:12] == Commit.TYPE)


def test_flood_of_commits_costs_one_encapsulation() -> None:
    """A repeated Commit is answered with what was answered before, another one not at all."""
    a, b = Party("alice", 1, configuration=Configuration(passive=True)), Party("bob", 2)
    link = Link(a, b, intercept=drop(b"DHPart2 "))
    link.start()
    link.run(stop=lambda: a.states == [State.DHPART1_SENT])
    drawn = list(a.randomness.private_sizes)
    real = commit_of(b)
    own = b.session._streams[StreamId(1)].announcement.chain
    for number in range(100):
        other = sign(bytes(replace(real, hvi=bytes([number]) * 32)), own.h1)
        for message in (sign(bytes(real), own.h1), other):
            for packet in packets_of(message, 1, 2):
                a.session.receive_datagram(bytes(packet), link.now)
    a.collect()
    assert a.said.count(b"DHPart1 ") == 101
    assert a.randomness.private_sizes == drawn
    link._intercept = lambda _, datagram: [datagram]
    link.run()
    assert same_keys(a, b)


class LyingPair:
    """Says what it was told to say instead of what it has made."""

    def __init__(self, honest: KeyPair, *, committed: bytes | None = None, pv: bytes | None = None) -> None:
        self.committed = honest.committed if committed is None else committed
        self.pv = honest.pv if pv is None else pv
        self.agree = honest.agree


@hybrids
@pytest.mark.parametrize("part", ["point", "key"])
def test_bad_public_value_in_commit(agreement: KeyAgreement, hybrid: Hybrid, part: str) -> None:
    """Error 0x61, before anything is encapsulated to it (§5.9)."""
    own = Configuration(key_agreements=(agreement, DH3K))
    a, b = Party("alice", 1, configuration=replace(own, passive=True)), Party("bob", 2, configuration=own)
    size = hybrid.ecdh.pv_size
    honest = initiator(agreement)
    bad = (
        bytes(size) + honest.committed[size:]
        if part == "point"
        else honest.committed[:size] + b"\xff" * (hybrid.committed_size - size)
    )
    liar = LyingPair(honest, committed=bad)
    b.session._streams[StreamId(1)].announcement.key_pair = lambda *_: liar  # type: ignore[method-assign]
    connect(a, b)
    assert a.told(Failed) == [Failed(Cause.PROTOCOL, 0x61)]
    assert not b.told(Secured)


def answered_with(agreement: KeyAgreement, bad: Callable[[bytes], bytes]) -> Party:
    """Return an initiator after a call with a responder who has something else in its DHPart1."""
    own = Configuration(key_agreements=(agreement, DH3K))
    a, b = Party("alice", 1, configuration=own), Party("bob", 2, configuration=replace(own, passive=True))

    def answering_pair(agreement: KeyAgreement, cipher: Cipher, committed: bytes) -> KeyPair:
        honest = responder(agreement, committed)
        return LyingPair(honest, pv=bad(honest.pv))

    b.session._streams[StreamId(1)].announcement.answering_pair = answering_pair  # type: ignore[method-assign]
    connect(a, b)
    assert not a.told(Secured)
    assert not b.told(Secured)
    return a


@hybrids
def test_bad_public_value_in_dhpart1(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """Error 0x61, also for a ciphertext that is too short (§4.4.1.3)."""
    size = hybrid.ecdh.pv_size
    for a in (
        answered_with(agreement, lambda pv: bytes(size) + pv[size:]),
        answered_with(agreement, lambda pv: pv[:-4]),
    ):
        assert a.told(Failed) == [Failed(Cause.PROTOCOL, 0x61)]


@hybrids
def test_ciphertext_that_is_not_the_responders_own(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """The keys differ then: Confirm1 does not open, error 0x70 when time is up."""
    a = answered_with(agreement, lambda pv: changed(pv, hybrid.pv_size - 1))
    assert a.told(Failed) == [Failed(Cause.ATTACK, 0x70)]


def test_this_installation_can_do_both() -> None:
    """Tests would pass without ML-KEM otherwise, and say nothing."""
    assert HYBRIDS == (PQ25, PQ44)


@hybrids
def test_nonce_that_was_not_committed_to_is_an_attack(agreement: KeyAgreement, hybrid: Hybrid) -> None:
    """Error 0x62: who could still choose the nonce could choose the SAS."""
    own = Configuration(key_agreements=(agreement, DH3K))
    a, b = Party("alice", 1, configuration=replace(own, passive=True)), Party("bob", 2, configuration=own)

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is b and type_of(datagram) == DHPart2.TYPE:
            part = message_of(datagram)
            assert isinstance(part, DHPart2)
            assert len(part.pv) == NONCE_SIZE
            chain = b.session._streams[StreamId(1)].announcement.chain
            return [resigned(datagram, replace(part, pv=changed(part.pv, 0)), chain.h0)]
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert a.told(Failed) == [Failed(Cause.ATTACK, 0x62)]
