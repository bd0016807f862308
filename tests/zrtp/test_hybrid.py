"""ECDH together with ML-KEM, in KEM mode (docs/zrtp-pq.md)."""

from __future__ import annotations

import hashlib
from typing import Final

import pytest

from phone.zrtp.dh import X255, KeyAgreement, KeyPair
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.hybrid import NONCE_SIZE, PQ25, PQ44, X448_ML_KEM_1024, X25519_ML_KEM_768, Hybrid
from phone.zrtp.messages import COMMITTED_SIZES
from tests.zrtp.link import SeededRandomness
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
