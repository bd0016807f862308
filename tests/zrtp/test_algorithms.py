"""Hashes and their MACs (RFC 6189 §5.1.2), and what a user may choose to offer (§5.1, §5.2)."""

from __future__ import annotations

import pytest

from phone.zrtp.algorithms import (
    AES1,
    AES3,
    GCM,
    HS32,
    HS80,
    N256,
    N384,
    S256,
    S384,
    AuthTag,
    Configuration,
    Hash,
    known_names,
)
from phone.zrtp.dh import DH3K, X255, X448
from phone.zrtp.errors import ConfigurationError
from phone.zrtp.sas import B32, B256

# FIPS 180-4 and FIPS 202, from NIST's examples
DIGESTS_OF_ABC = [
    (S256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        S384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ),
    (N256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
    (
        N384,
        "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
    ),
]

# HMAC: RFC 4231 §4.3 for SHA-2, the NIST samples with a key as long as the digest for SHA-3
JEFE = (b"Jefe", b"what do ya want for nothing?")
SAMPLE = b"Sample message for keylen<blocklen"
MACS = [
    (S256, *JEFE, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (
        S384,
        *JEFE,
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    ),
    (N256, bytes(range(32)), SAMPLE, "4fe8e202c4f058e8dddc23d8c34e467343e23555e24fc2f025d598f558f67205"),
    (
        N384,
        bytes(range(48)),
        SAMPLE,
        "d588a3c51f3f2d906e8298c1199aa8ff6296218127f6b38a90b6afe2c5617725bc99987f79b22a557b6520db710b7f42",
    ),
]


@pytest.mark.parametrize(("hash_", "digest"), DIGESTS_OF_ABC, ids=["S256", "S384", "N256", "N384"])
def test_digest_is_that_of_the_standard(hash_: Hash, digest: str) -> None:
    """The example "abc", as long as the row says."""
    assert hash_.digest(b"abc").hex() == digest
    assert hash_.size * 2 == len(digest)


@pytest.mark.parametrize(("hash_", "key", "data", "mac"), MACS, ids=["S256", "S384", "N256", "N384"])
def test_mac_is_the_hmac_of_the_standard(hash_: Hash, key: bytes, data: bytes, mac: str) -> None:
    """HMAC (FIPS 198-1) of each hash, SHA-3 included."""
    assert hash_.mac(key, data).hex() == mac


def test_user_sets_the_order() -> None:
    """What is listed is offered as it is listed."""
    own = Configuration.of_names({"key_agreements": ["X448", "DH3k", "X255"], "sas_types": ["B256", "B32"]})
    assert own.key_agreements == (X448, DH3K, X255)
    assert own.sas_types == (B256, B32)


def test_kind_that_the_user_does_not_mention_stays_as_it_is() -> None:
    """All else is as by default."""
    assert Configuration.of_names({}) == Configuration()
    assert Configuration.of_names({"hashes": ["S384", "S256"]}).auth_tags == Configuration().auth_tags


@pytest.mark.parametrize("left_out", [[], ["{other}"]], ids=["empty", "another"])
@pytest.mark.parametrize(
    ("kind", "other", "mandatory"),
    [
        ("hashes", "N384", ["S256"]),
        ("ciphers", "AES1", ["AES1"]),
        ("auth_tags", "HS32", ["HS80", "HS32"]),
        ("key_agreements", "X255", ["DH3k"]),
        ("sas_types", "B256", ["B32"]),
    ],
)
def test_mandatory_algorithms_cannot_be_switched_off(
    kind: str, other: str, mandatory: list[str], left_out: list[str]
) -> None:
    """They come last, and the Hello lists them (§5.1)."""
    chosen = [name.format(other=other) for name in left_out]
    offered = Configuration.of_names({kind: chosen}).names()[kind]
    assert offered == [*chosen, *(name for name in mandatory if name not in chosen)]


def test_algorithm_that_is_listed_twice_is_offered_once() -> None:
    """Where it stands first."""
    assert Configuration.of_names({"auth_tags": ["HS32", "HS80", "HS32"]}).auth_tags == (HS32, HS80)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("hashes", "MD5"),
        ("hashes", "s256"),
        ("hashes", "AES1"),
        ("ciphers", "2FS1"),
        ("auth_tags", "SK32"),
        ("key_agreements", "EC52"),
        ("sas_types", "B32 "),
        ("sas_types", ""),
    ],
)
def test_unknown_algorithm_is_named(kind: str, name: str) -> None:
    """The error says which one, and which there are."""
    with pytest.raises(
        ConfigurationError, match=f"{name!r} is none of the .*: .*{Configuration().names()[kind][0]}"
    ):
        Configuration.of_names({kind: [name]})


def test_unknown_kind_is_named() -> None:
    """Nothing is left out in silence."""
    with pytest.raises(ConfigurationError, match="'hash'"):
        Configuration.of_names({"hash": ["S256"]})


def test_no_more_than_seven_of_a_kind() -> None:
    """A Hello has room for seven (§5.2)."""
    rows = tuple(AuthTag(b"SK%02d" % number) for number in range(8))
    assert Configuration(auth_tags=rows[:7]).auth_tags == rows[:7]
    with pytest.raises(ConfigurationError, match="7 auth tags, not for 8: SK00"):
        Configuration(auth_tags=rows)


def test_names_lead_back_to_the_same_configuration() -> None:
    """What the backend stores is what it gets."""
    own = Configuration(hashes=(N256, S384, S256), key_agreements=(X448, DH3K), sas_types=(B256, B32))
    assert own.names()["sas_types"] == ["B256", "B32"]
    assert Configuration.of_names(own.names()) == own


def test_everything_that_is_known_can_be_offered() -> None:
    """One by one, since there are more key agreements than a Hello can list."""
    for kind, names in known_names().items():
        for name in names:
            assert Configuration.of_names({kind: [name]}).names()[kind][0] == name


HMACS = {(16, "HS32"), (16, "HS80")}
LONG = {(32, "HS32"), (32, "HS80")}


@pytest.mark.parametrize(
    ("srtp", "ciphers", "auth_tags"),
    [
        (HMACS | LONG | {(16, "GCM "), (32, "GCM ")}, (AES3, AES1), (GCM, HS80, HS32)),
        (HMACS | LONG | {(16, "GCM ")}, (AES3, AES1), (HS80, HS32)),
        (HMACS | {(32, "HS80"), (16, "GCM ")}, (AES1,), (GCM, HS80, HS32)),
        (HMACS | LONG, (AES3, AES1), (HS80, HS32)),
        (set(), (AES1,), (HS80, HS32)),
    ],
    ids=["all", "no 256-bit GCM", "no AES-256", "no GCM", "nothing"],
)
def test_nothing_is_offered_that_srtp_is_not_able_to(
    srtp: set[tuple[int, str]], ciphers: tuple[object, ...], auth_tags: tuple[object, ...]
) -> None:
    """A peer may combine whatever a Hello lists; what is mandatory stays."""
    own = Configuration(ciphers=(AES3, AES1), auth_tags=(GCM, HS80, HS32), sas_types=(B256, B32))
    limited = own.limited_to(srtp)
    assert (limited.ciphers, limited.auth_tags) == (ciphers, auth_tags)
    assert limited.sas_types == own.sas_types
