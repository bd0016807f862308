"""Hashes and their MACs (RFC 6189 §5.1.2)."""

from __future__ import annotations

import pytest

from phone.zrtp.algorithms import N256, N384, S256, S384, Hash

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
