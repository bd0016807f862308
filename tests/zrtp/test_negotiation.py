"""Choice of algorithms and of roles (RFC 6189 §4.1.2, §4.2, §5.9)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any, Final

import pytest

from phone.zrtp.algorithms import (
    AES1,
    AES3,
    HS32,
    HS80,
    S256,
    S384,
    AuthTag,
    Cipher,
    Configuration,
    Hash,
)
from phone.zrtp.cache import Zid
from phone.zrtp.dh import DH2K, DH3K, EC25, EC38, X255, X448, KeyAgreement
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.hybrid import PQ25, PQ44
from phone.zrtp.messages import Commit, Hello, MultistreamCommit, PresharedCommit
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
        ((X255, DH2K), (b"DH2k", b"X255"), DH2K),
        ((X448, EC25), (b"EC25", b"X448"), EC25),
        ((DH3K, X448), (b"X448", b"DH3k"), X448),
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
    orders = list(permutations((DH2K, X255, EC25, X448, DH3K, EC38), 3))
    for ours in orders:
        for theirs in orders:
            there = hello(key_agreements=tuple(row.code for row in theirs))
            here = hello(key_agreements=tuple(row.code for row in ours))
            assert choose_key_agreement(Configuration(key_agreements=ours), there) is choose_key_agreement(
                Configuration(key_agreements=theirs), here
            )


def test_ranking_by_speed() -> None:
    """As bzrtp ranks them, so that both of us prepare the same key pair."""
    ranked = sorted((EC38, DH3K, X448, EC25, X255, DH2K), key=lambda row: row.rank)
    assert [row.code for row in ranked] == [b"DH2k", b"X255", b"EC25", b"X448", b"DH3k", b"EC38"]
    assert len({row.rank for row in ranked}) == len(ranked)


EC38_FIRST: Final = Configuration(key_agreements=(EC38, DH3K))


@pytest.mark.parametrize("theirs", [(b"S384", b"S256"), (b"S256", b"S384"), (b"N384", b"S384")])
def test_p384_takes_sha_384(theirs: tuple[bytes, ...]) -> None:
    """Whatever hash the responder likes best (§5.1.5)."""
    suite = choose(EC38_FIRST, hello(key_agreements=(b"EC38",), hashes=theirs))
    assert (suite.key_agreement, suite.hash) == (EC38, S384)


@pytest.mark.parametrize(
    ("ours", "theirs"), [((S256, S384), (b"S256",)), ((S256,), (b"S384", b"S256")), ((S384,), ())]
)
def test_p384_is_not_chosen_without_sha_384(ours: tuple[Hash, ...], theirs: tuple[bytes, ...]) -> None:
    """Either side lacks the only hash that it may be used with."""
    peer = hello(key_agreements=(b"EC38", b"DH3k"), hashes=theirs)
    assert choose_key_agreement(replace(EC38_FIRST, hashes=ours), peer) is DH3K


def test_commit_to_p384_with_another_hash_is_refused() -> None:
    """Although both were offered."""
    with pytest.raises(ProtocolError) as refused:
        accept(EC38_FIRST, replace(COMMIT, key_agreement=b"EC38", hash=b"S256"))
    assert refused.value.code is ErrorCode.HASH_NOT_SUPPORTED
    assert accept(EC38_FIRST, replace(COMMIT, key_agreement=b"EC38")).key_agreement is EC38


@pytest.mark.parametrize(
    ("agreement", "theirs", "chosen"),
    [
        (EC38, (b"AES1", b"AES3"), AES3),
        (X448, (b"AES1", b"AES3"), AES3),
        (PQ25, (b"AES1", b"AES3"), AES3),
        (PQ44, (b"AES1", b"AES3"), AES3),
        (PQ25, (b"AES1",), AES1),
        (X255, (b"AES1", b"AES3"), AES1),
        (DH3K, (b"AES1", b"AES3"), AES1),
        (X448, (b"AES1",), AES1),
        (EC38, (), AES1),
    ],
)
def test_stronger_curves_take_the_stronger_cipher(
    agreement: KeyAgreement, theirs: tuple[bytes, ...], chosen: Cipher
) -> None:
    """AES-256 where both have it, though we list AES-128 first (§5.1.5)."""
    own = Configuration(key_agreements=(agreement,), ciphers=(AES1, AES3))
    peer = hello(key_agreements=(agreement.code,), ciphers=theirs, hashes=(b"S384",))
    assert choose(own, peer).cipher is chosen


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
        ({"cipher": b"AES2"}, ErrorCode.CIPHER_NOT_SUPPORTED),
        ({"key_agreement": b"Prsh"}, ErrorCode.KEY_EXCHANGE_NOT_SUPPORTED),
        ({"key_agreement": b"DH2k"}, ErrorCode.KEY_EXCHANGE_NOT_SUPPORTED),
        ({"auth_tag": b"GCM "}, ErrorCode.AUTH_TAG_NOT_SUPPORTED),
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
    high, low = replace(COMMIT, hvi=higher), replace(COMMIT, hvi=lower)
    assert outranks(high, low, mitm=False)
    assert not outranks(low, high, mitm=False)


PRESHARED = PresharedCommit(
    COMMIT.h2, COMMIT.zid, b"S256", b"AES1", b"HS80", b"Prsh", b"B32 ", b"\x01" * 16, bytes(8)
)
MULTISTREAM = MultistreamCommit(
    COMMIT.h2, COMMIT.zid, b"S256", b"AES1", b"HS80", b"Mult", b"B32 ", b"\x01" * 16
)


@pytest.mark.parametrize("commit", [PRESHARED, MULTISTREAM])
def test_contention_higher_nonce_wins(commit: PresharedCommit | MultistreamCommit) -> None:
    """Without hvi the nonce counts, in the same way (§4.2)."""
    lower = replace(commit, nonce=b"\x00" + b"\xff" * 15)
    assert outranks(commit, lower, mitm=False)
    assert not outranks(lower, commit, mitm=False)


def test_contention_dh_beats_preshared() -> None:
    """Whatever the numbers are (§4.2)."""
    assert outranks(COMMIT, PRESHARED, mitm=False)
    assert not outranks(PRESHARED, COMMIT, mitm=False)


def test_contention_pbx_loses_in_preshared_mode() -> None:
    """The side with the M flag gives way (§4.2)."""
    assert not outranks(PRESHARED, replace(PRESHARED, nonce=bytes(16)), mitm=True)


def test_default_offer() -> None:
    """What a Hello of ours lists, in this order."""
    own = Configuration()
    codes = [b"PQ25", b"PQ44", b"X255", b"X448", b"EC25", b"DH3k", b"Mult"]
    assert [row.code for row in own.key_agreements] == codes
    assert [row.code for row in own.hashes] == [b"S256", b"S384"]
    assert [row.code for row in own.ciphers] == [b"AES1", b"AES3"]
    assert [row.code for row in own.auth_tags] == [b"HS80", b"HS32"]
    assert [row.code for row in own.sas_types] == [b"B32 ", b"B256"]
