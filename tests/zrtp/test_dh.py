"""Key agreements (RFC 6189 §5.1.5, §4.4.1.2)."""

from __future__ import annotations

from typing import Final

import gmpy2
import pytest

from phone.zrtp.dh import DH2K, DH3K, EC25, EC38, X255, X448, KeyAgreement
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.events import Role
from tests.zrtp.recording import RecordedRandomness, Recording

ALL: Final = (DH2K, X255, EC25, X448, DH3K, EC38)
AES_128: Final = 16
"""Bytes of a key."""


def rfc_3526_prime(bits: int, offset: int) -> int:
    """Return a prime by its definition: 2^n - 2^(n - 64) - 1 + 2^64 ([2^(n - 130) pi] + offset)."""
    with gmpy2.context(gmpy2.get_context(), precision=bits + 128):
        digits = int(gmpy2.floor(gmpy2.const_pi() * gmpy2.mpz(2) ** (bits - 130)))
    prime: int = 2**bits - 2 ** (bits - 64) - 1 + 2**64 * (digits + offset)
    return prime


PRIMES: Final = ((DH2K, rfc_3526_prime(2048, 124476)), (DH3K, rfc_3526_prime(3072, 1690314)))


@pytest.mark.parametrize(
    ("agreement", "name"),
    [
        (X255, "bz_x255_s256_aes1_hs80_b32"),
        (EC25, "gnu_ec25_s256_aes1_hs80_b32"),
        (DH3K, "bz_dh3k_s256_aes1_hs32_b32"),
        (DH3K, "bz_dh3k_s256_aes3_hs80_b256"),
        (DH2K, "bz_dh2k_s256_aes1_hs80_b32"),
        (X448, "bz_x448_s256_aes1_hs32_b256"),
        (EC38, "gnu_ec38_s384_aes3_hs32_b256"),
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


@pytest.mark.parametrize("agreement", [DH2K, DH3K], ids=lambda agreement: agreement.code.decode())
@pytest.mark.parametrize("cipher_key_size", [16, 24, 32])
def test_exponent_is_twice_as_long_as_the_cipher_key(agreement: KeyAgreement, cipher_key_size: int) -> None:
    """256, 384 or 512 bits (§5.1.5)."""
    assert agreement.private_size(cipher_key_size) == 2 * cipher_key_size


@pytest.mark.parametrize(("agreement", "prime"), PRIMES, ids=["DH2k", "DH3k"])
def test_degenerate_public_value_is_refused(agreement: KeyAgreement, prime: int) -> None:
    """0, 1, p - 1, and what is not below p (§4.4.1.2)."""
    for value in (0, 1, prime - 1, prime, prime + 1, 2 ** (8 * agreement.pv_size) - 1):
        refuse(agreement, value.to_bytes(agreement.pv_size, "big"))


@pytest.mark.parametrize(("agreement", "prime"), PRIMES, ids=["DH2k", "DH3k"])
def test_extreme_public_value_is_accepted(agreement: KeyAgreement, prime: int) -> None:
    """2 and p - 2 are the first and the last that are allowed."""
    size = agreement.pv_size
    pair = agreement.key_pair(b"\x11" * 32)
    for value in (2, prime - 2):
        expected = pow(value, int.from_bytes(b"\x11" * 32, "big"), prime)
        assert pair.agree(value.to_bytes(size, "big")).reveal() == expected.to_bytes(size, "big")


@pytest.mark.parametrize("agreement", [DH2K, DH3K], ids=lambda agreement: agreement.code.decode())
def test_leading_zeros_are_kept(agreement: KeyAgreement) -> None:
    """Public values and results are as long as the prime, however small the number (§4.4.1.4)."""
    size = agreement.pv_size
    pair = agreement.key_pair((1).to_bytes(32, "big"))
    assert pair.pv == (2).to_bytes(size, "big")
    assert pair.agree((3).to_bytes(size, "big")).reveal() == (3).to_bytes(size, "big")


@pytest.mark.parametrize("agreement", [EC25, EC38], ids=lambda agreement: agreement.code.decode())
def test_point_off_the_curve_is_refused(agreement: KeyAgreement) -> None:
    """Coordinates that are too large, or that are no point of the curve (§4.4.1.2)."""
    size = agreement.pv_size
    good = agreement.key_pair(b"\x11" * agreement.private_size(AES_128)).pv
    for pv in (bytes(size), b"\xff" * size, good[:-1] + bytes([good[-1] ^ 1]), good[: size // 2] * 2):
        refuse(agreement, pv)


@pytest.mark.parametrize(
    ("agreement", "order"),
    [
        (EC25, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        (
            EC38,
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        ),
    ],
    ids=["EC25", "EC38"],
)
def test_every_random_value_gives_a_scalar_in_range(agreement: KeyAgreement, order: str) -> None:
    """From 1 to one less than the order, which is the -1 of the curve: the same X as 1 (FIPS 186-5 A.2)."""
    size = agreement.private_size(AES_128)
    one = agreement.key_pair(bytes(size))
    last = agreement.key_pair((int(order, 16) - 2).to_bytes(size, "big"))
    again = agreement.key_pair((int(order, 16) - 1).to_bytes(size, "big"))
    half = agreement.pv_size // 2
    assert last.pv[:half] == one.pv[:half]
    assert last.pv[half:] != one.pv[half:]
    assert again.pv == one.pv


LOW_ORDER: Final = (
    *(
        (X255, u)
        for u in (
            0,
            1,
            325606250916557431795983626356110631294008115727848805560023387167927233504,
            39382357235489614581723060781553021112529911719440698176882885853963445705823,
            2**255 - 20,
            2**255 - 19,
            2**255 - 18,
        )
    ),
    *((X448, 2**448 - 2**224 - 1 + u) for u in (-1, 0, 1)),
    (X448, 0),
    (X448, 1),
)
"""The points of low order on Curve25519 and Curve448, and other ways to write them (RFC 7748 §6)."""


@pytest.mark.parametrize(("agreement", "u"), LOW_ORDER)
def test_point_of_low_order_is_refused(agreement: KeyAgreement, u: int) -> None:
    """A result that is all zero would be the same for every private value."""
    refuse(agreement, u.to_bytes(agreement.pv_size, "little"))


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
