"""Choice of algorithms and of roles (RFC 6189 §4.1.2, §4.2, §5.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from phone.zrtp.algorithms import AES1, AES3, HS32, HS80, S256, S384, AuthTag, Configuration, Hash
from phone.zrtp.cache import Zid
from phone.zrtp.dh import DH3K, EC25, X255, KeyAgreement
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.messages import Commit, Hello
from phone.zrtp.negotiation import accept, choose, choose_key_agreement, outranks
from phone.zrtp.sas import B32, B256

BARE: Final = Hello(b"1.10", bytes(16), bytes(32), Zid(bytes(12)), (), (), (), (), ())
"""A Hello with zero counts."""


def hello(**lists: tuple[bytes, ...]) -> Hello:
    return replace(BARE, **lists)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ours", "theirs", "chosen"),
    [
        ((X255, EC25, DH3K), (b"X255", b"DH3k"), X255),
        ((X255, EC25, DH3K), (b"EC25", b"DH3k"), EC25),
        ((X255, EC25, DH3K), (b"DH3k", b"X255"), X255),
        ((DH3K, X255), (b"X255", b"DH3k"), X255),
        ((DH3K, EC25), (b"DH3k", b"EC25"), DH3K),
        ((EC25, X255), (b"X255", b"EC25"), X255),
        ((X255, EC25, DH3K), (b"XXXX", b"Mult"), DH3K),
        ((X255, EC25, DH3K), (), DH3K),
        ((), (b"X255", b"DH3k"), DH3K),
    ],
)
def test_key_agreement_is_the_faster_of_the_first_choices(
    ours: tuple[KeyAgreement, ...], theirs: tuple[bytes, ...], chosen: KeyAgreement
) -> None:
    """Both first choices are compared; what is unknown takes no part; DH3k is always there (§4.1.2)."""
    configuration = Configuration(key_agreements=ours)
    assert choose_key_agreement(configuration, hello(key_agreements=theirs)) is chosen


def test_both_sides_choose_the_same_key_agreement() -> None:
    """Either side computes it from the two Hellos, whoever becomes initiator (§4.1.2)."""
    rows = (X255, EC25, DH3K)
    orders = [(a, b, c) for a in rows for b in rows for c in rows if len({a.code, b.code, c.code}) == 3]
    for ours in orders:
        for theirs in orders:
            there = hello(key_agreements=tuple(row.code for row in theirs))
            here = hello(key_agreements=tuple(row.code for row in ours))
            assert choose_key_agreement(Configuration(key_agreements=ours), there) is choose_key_agreement(
                Configuration(key_agreements=theirs), here
            )


@pytest.mark.parametrize(
    ("theirs", "chosen"), [((b"S384", b"S256"), S384), ((b"N256", b"S256"), S256), ((), S256)]
)
def test_hash_is_the_responders_first_choice(theirs: tuple[bytes, ...], chosen: Hash) -> None:
    """Our own order, S256 before S384, does not count for the hash."""
    assert choose(Configuration(), hello(hashes=theirs)).hash is chosen


def test_all_but_the_hash_is_our_first_choice() -> None:
    """Cipher, auth tag and SAS type follow our order."""
    configuration = Configuration(ciphers=(AES3, AES1), auth_tags=(HS32, HS80), sas_types=(B256, B32))
    peer = hello(ciphers=(b"AES1", b"AES3"), auth_tags=(b"HS80", b"HS32"), sas_types=(b"B32 ", b"B256"))
    suite = choose(configuration, peer)
    assert (suite.cipher, suite.auth_tag, suite.sas_type) == (AES3, HS32, B256)


def test_peer_that_lists_nothing_supports_what_is_mandatory() -> None:
    """Zero counts: S256, AES1, HS32 and HS80, DH3k, B32 (§5.2)."""
    suite = choose(Configuration(sas_types=(B256,)), BARE)
    assert (suite.hash, suite.cipher, suite.key_agreement, suite.sas_type) == (S256, AES1, DH3K, B32)
    assert suite.auth_tag is HS80


def test_mandatory_algorithm_counts_as_listed_last() -> None:
    """A peer that lists only S384 supports S256 as well, but likes S384 better (§5.2)."""
    assert choose(Configuration(hashes=(S256,)), hello(hashes=(b"S384",))).hash is S256
    assert choose(Configuration(), hello(hashes=(b"S384",))).hash is S384


COMMIT: Final = Commit(bytes(32), Zid(bytes(12)), b"S384", b"AES1", b"HS32", b"EC25", b"B256", bytes(32))


def test_commit_to_what_was_offered_is_accepted() -> None:
    """Each committed code becomes its row; it need not be what we would have chosen."""
    suite = accept(Configuration(), COMMIT)
    assert (suite.hash, suite.cipher, suite.auth_tag) == (S384, AES1, HS32)
    assert (suite.key_agreement, suite.sas_type) == (EC25, B256)


def test_commit_to_what_is_mandatory_is_accepted() -> None:
    """Although we list other algorithms only."""
    configuration = Configuration(
        hashes=(S384,),
        ciphers=(AES3,),
        auth_tags=(AuthTag(b"SK32"),),
        key_agreements=(X255,),
        sas_types=(B256,),
    )
    commit = replace(
        COMMIT, hash=b"S256", cipher=b"AES1", auth_tag=b"HS80", key_agreement=b"DH3k", sas_type=b"B32 "
    )
    suite = accept(configuration, commit)
    assert (suite.hash, suite.cipher, suite.auth_tag) == (S256, AES1, HS80)
    assert (suite.key_agreement, suite.sas_type) == (DH3K, B32)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hash": b"N256"}, ErrorCode.HASH_NOT_SUPPORTED),
        ({"cipher": b"AES3"}, ErrorCode.CIPHER_NOT_SUPPORTED),
        ({"key_agreement": b"Mult"}, ErrorCode.KEY_EXCHANGE_NOT_SUPPORTED),
        ({"key_agreement": b"DH2k"}, ErrorCode.KEY_EXCHANGE_NOT_SUPPORTED),
        ({"auth_tag": b"SK32"}, ErrorCode.AUTH_TAG_NOT_SUPPORTED),
        ({"sas_type": b"XXXX"}, ErrorCode.SAS_NOT_SUPPORTED),
    ],
)
def test_commit_to_what_was_not_offered_is_refused(change: Any, code: ErrorCode) -> None:
    """0x51 to 0x55, by the kind of algorithm (§5.9)."""
    with pytest.raises(ProtocolError) as refused:
        accept(Configuration(), replace(COMMIT, **change))
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        (b"\x01" + bytes(31), b"\x00" + b"\xff" * 31),
        (b"\x80" + bytes(31), b"\x7f" + b"\xff" * 31),
        (bytes(31) + b"\x02", bytes(31) + b"\x01"),
    ],
)
def test_contention_higher_hvi_wins(higher: bytes, lower: bytes) -> None:
    """hvi counts as a number of 256 bits, most significant byte first (§4.2)."""
    assert outranks(higher, lower)
    assert not outranks(lower, higher)


def test_default_offer() -> None:
    """What a Hello of ours lists, in this order."""
    own = Configuration()
    assert [row.code for row in own.key_agreements] == [b"X255", b"EC25", b"DH3k"]
    assert [row.code for row in own.hashes] == [b"S256", b"S384"]
    assert [row.code for row in own.ciphers] == [b"AES1"]
    assert [row.code for row in own.auth_tags] == [b"HS80", b"HS32"]
    assert [row.code for row in own.sas_types] == [b"B32 ", b"B256"]
