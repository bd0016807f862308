"""Key agreements (RFC 6189 §5.1.5, §4.4.1.2)."""

from __future__ import annotations

from typing import Final

import gmpy2
import pytest

from phone.zrtp.dh import DH3K, EC25, X255, KeyAgreement
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.events import Role
from tests.zrtp.recording import RecordedRandomness, Recording

ALL: Final = (X255, EC25, DH3K)
AES_128: Final = 16
"""Bytes of a key."""


def rfc_3526_prime() -> int:
    """Return the prime of group 15 by its definition: 2^3072 - 2^3008 - 1 + 2^64 ([2^2942 pi] + 1690314)."""
    with gmpy2.context(gmpy2.get_context(), precision=3200):
        digits = int(gmpy2.floor(gmpy2.const_pi() * 2**2942))
    return 2**3072 - 2**3008 - 1 + 2**64 * (digits + 1690314)


PRIME: Final = rfc_3526_prime()


@pytest.mark.parametrize(
    ("agreement", "name"),
    [
        (X255, "bz_x255_s256_aes1_hs80_b32"),
        (EC25, "gnu_ec25_s256_aes1_hs80_b32"),
        (DH3K, "bz_dh3k_s256_aes1_hs32_b32"),
        (DH3K, "bz_dh3k_s256_aes3_hs80_b256"),
    ],
)
@pytest.mark.parametrize("side", ["A", "B"])
def test_recorded_private_value_gives_the_recorded_results(
    agreement: KeyAgreement, name: str, side: str
) -> None:
    """Public value and DHResult are those of the recording."""
    recording = Recording(name, 0, side)
    private = RecordedRandomness(recording).private_value(agreement.private_size(32))
    pair = agreement.key_pair(private)
    sent = recording.message(b"DHPart1 " if recording.role is Role.RESPONDER else b"DHPart2 ")
    peer = Recording(name, 0, recording.peer)
    received = peer.message(b"DHPart1 " if peer.role is Role.RESPONDER else b"DHPart2 ")
    assert sent is not None
    assert received is not None
    assert pair.pv == sent[76:-8]
    expected = recording.data[side]["internals"]["key_agreement"][0]["dh_result"]
    assert pair.agree(received[76:-8]).reveal().hex() == expected


@pytest.mark.parametrize("agreement", ALL, ids=lambda agreement: agreement.code.decode())
def test_both_sides_agree(agreement: KeyAgreement) -> None:
    """Two key pairs find the same DHResult, and public values have the stated size."""
    size = agreement.private_size(AES_128)
    ours, theirs = agreement.key_pair(b"\x11" * size), agreement.key_pair(b"\x22" * size)
    assert ours.agree(theirs.pv) == theirs.agree(ours.pv)
    assert len(ours.pv) == agreement.pv_size


@pytest.mark.parametrize("cipher_key_size", [16, 24, 32])
def test_exponent_is_twice_as_long_as_the_cipher_key(cipher_key_size: int) -> None:
    """256, 384 or 512 bits (§5.1.5)."""
    assert DH3K.private_size(cipher_key_size) == 2 * cipher_key_size


@pytest.mark.parametrize("value", [0, 1, PRIME - 1, PRIME, PRIME + 1, 2**3072 - 1])
def test_degenerate_public_value_is_refused(value: int) -> None:
    """0, 1, p - 1, and what is not below p (§4.4.1.2)."""
    refuse(DH3K, value.to_bytes(384, "big"))


@pytest.mark.parametrize("value", [2, PRIME - 2])
def test_extreme_public_value_is_accepted(value: int) -> None:
    """2 and p - 2 are the first and the last that are allowed."""
    pair = DH3K.key_pair(b"\x11" * 32)
    assert len(pair.agree(value.to_bytes(384, "big"))) == 384


def test_leading_zeros_are_kept() -> None:
    """Public values and results are as long as the prime, however small the number (§4.4.1.4)."""
    pair = DH3K.key_pair((1).to_bytes(32, "big"))
    assert pair.pv == (2).to_bytes(384, "big")
    assert pair.agree((3).to_bytes(384, "big")).reveal() == (3).to_bytes(384, "big")


@pytest.mark.parametrize(
    "pv",
    [
        bytes(64),
        b"\xff" * 64,
        EC25.key_pair(b"\x11" * 40).pv[:-1] + b"\0",
        EC25.key_pair(b"\x11" * 40).pv[:32] * 2,
    ],
)
def test_point_off_the_curve_is_refused(pv: bytes) -> None:
    """Coordinates that are too large, or that are no point of P-256."""
    refuse(EC25, pv)


LOW_ORDER: Final = (
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    2**255 - 20,
    2**255 - 19,
    2**255 - 18,
)
"""The points of low order on Curve25519 (RFC 7748 §6.1 asks to look for their results)."""


@pytest.mark.parametrize("u", LOW_ORDER)
def test_point_of_low_order_is_refused(u: int) -> None:
    """A result that is all zero would be the same for every private value."""
    refuse(X255, u.to_bytes(32, "little"))


@pytest.mark.parametrize("agreement", ALL, ids=lambda agreement: agreement.code.decode())
@pytest.mark.parametrize("change", [-4, 4])
def test_public_value_of_another_size_is_refused(agreement: KeyAgreement, change: int) -> None:
    """A public value has the size that the key agreement says."""
    refuse(agreement, bytes([0] * (agreement.pv_size + change - 1) + [2]))


def refuse(agreement: KeyAgreement, pv: bytes) -> None:
    """Check that ``pv`` is refused with the code for a bad public value."""
    pair = agreement.key_pair(b"\x11" * agreement.private_size(AES_128))
    with pytest.raises(ProtocolError) as refused:
        pair.agree(pv)
    assert refused.value.code is ErrorCode.BAD_PUBLIC_VALUE
