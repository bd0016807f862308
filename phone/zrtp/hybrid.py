"""Key agreements that stand as long as one of their two parts does: ECDH together with ML-KEM (FIPS 203).

They run in KEM mode, which RFC 6189 does not know; ``docs/zrtp-pq.md`` tells what each message carries. The
initiator's public value comes in Commit, for the responder needs it to make its own, which DHPart1 carries.
All that is left for DHPart2 is a nonce: hvi commits the initiator to it, so that neither side can try values
until the short authentication string is the one it wants.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.hazmat.backends.openssl import backend as openssl
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
    MLKEM1024PrivateKey,
    MLKEM1024PublicKey,
)

from phone.secret import Secret
from phone.zrtp.dh import X255, X448, KeyAgreement, KeyPair, bad_public_value
from phone.zrtp.messages import COMMITTED_SIZES, Code
from phone.zrtp.randomness import EncapsulationKey, Randomness

NONCE_SIZE: Final = 16
"""Bytes of the public value in DHPart2."""
_SEED_SIZE: Final = 64
"""Bytes from which an ML-KEM key pair is made: d and z (FIPS 203 §7.1)."""
_ANY_CIPHER: Final = 0
"""Where a size does not follow from the cipher's key."""


class _DecapsulationKey(Protocol):
    def public_key(self) -> EncapsulationKey: ...

    def decapsulate(self, ciphertext: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Hybrid:
    """The two parts of one such key agreement."""

    code: Code
    ecdh: KeyAgreement
    decapsulation_key: Callable[[bytes], _DecapsulationKey]
    """Makes a key pair from 64 random bytes."""
    encapsulation_key: Callable[[bytes], EncapsulationKey]
    """Makes the peer's key of the bytes that stand for it; ``ValueError``: they do not stand for one."""
    ciphertext_size: int
    """Bytes."""

    @property
    def committed_size(self) -> int:
        """Bytes of the initiator's public value: ECDH, then the ML-KEM encapsulation key."""
        return COMMITTED_SIZES[self.code]

    @property
    def pv_size(self) -> int:
        """Bytes of the responder's public value: ECDH, then the ML-KEM ciphertext."""
        return self.ecdh.pv_size + self.ciphertext_size

    @property
    def private_size(self) -> int:
        """Bytes that the initiator draws: ECDH private value, ML-KEM seed, nonce."""
        return self.ecdh.private_size(_ANY_CIPHER) + _SEED_SIZE + NONCE_SIZE

    def dh_result(self, ecdh: Secret, kem: Secret, committed: bytes, pv: bytes) -> Secret:
        """Return DHResult, 64 bytes, from both shared secrets and both public values.

        SHA3-512 is a random oracle to the best of anyone's knowledge and every input has one length, so that
        the result is secret as long as one of the two is, and no public value can be put in another's place.
        """
        return Secret(hashlib.sha3_512(ecdh.reveal() + kem.reveal() + committed + pv + self.code).digest())


class HybridInitiator:
    """Waits for the public value in DHPart1."""

    def __init__(self, hybrid: Hybrid, private: bytes) -> None:
        """``private`` are the ``private_size`` random bytes."""
        self._hybrid = hybrid
        self._ecdh = hybrid.ecdh.key_pair(private[: -_SEED_SIZE - NONCE_SIZE])
        self._kem = hybrid.decapsulation_key(private[-_SEED_SIZE - NONCE_SIZE : -NONCE_SIZE])
        self.committed = self._ecdh.pv + self._kem.public_key().public_bytes_raw()
        self.pv = private[-NONCE_SIZE:]

    def agree(self, pv: bytes) -> Secret:
        if len(pv) != self._hybrid.pv_size:
            raise bad_public_value()
        size = self._hybrid.ecdh.pv_size
        ecdh = self._ecdh.agree(pv[:size])
        # any ciphertext of this length gives a secret: a wrong one another than the peer's (FIPS 203 §6.3)
        kem = Secret(self._kem.decapsulate(pv[size:]))
        return self._hybrid.dh_result(ecdh, kem, self.committed, pv)


class HybridResponder:
    """Has DHResult since Commit; keeps no private value. DHPart2 adds nothing but the nonce in total_hash."""

    committed = b""

    def __init__(self, hybrid: Hybrid, committed: bytes, randomness: Randomness) -> None:
        """``committed`` is the public value in Commit; raise ``ProtocolError`` 0x61 for a bad one."""
        size = hybrid.ecdh.pv_size
        try:
            key = hybrid.encapsulation_key(committed[size:])
        except ValueError as error:
            raise bad_public_value() from error
        pair = hybrid.ecdh.key_pair(randomness.private_value(hybrid.ecdh.private_size(_ANY_CIPHER)))
        ecdh = pair.agree(committed[:size])
        kem, ciphertext = randomness.encapsulate(key)
        self.pv = pair.pv + ciphertext
        self._dh_result = hybrid.dh_result(ecdh, kem, committed, self.pv)

    def agree(self, pv: bytes) -> Secret:
        if len(pv) != NONCE_SIZE:
            raise bad_public_value()
        return self._dh_result


def _row(hybrid: Hybrid, rank: int) -> KeyAgreement:
    def respond(committed: bytes, randomness: Randomness) -> KeyPair:
        return HybridResponder(hybrid, committed, randomness)

    return KeyAgreement(
        hybrid.code,
        hybrid.pv_size,
        rank,
        lambda _: hybrid.private_size,
        lambda private: HybridInitiator(hybrid, private),
        cipher=b"AES3",  # a quantum computer halves the strength of a cipher's key
        respond=respond,
    )


X25519_ML_KEM_768: Final = Hybrid(
    b"PQ25", X255, MLKEM768PrivateKey.from_seed_bytes, MLKEM768PublicKey.from_public_bytes, 1088
)
X448_ML_KEM_1024: Final = Hybrid(
    b"PQ44", X448, MLKEM1024PrivateKey.from_seed_bytes, MLKEM1024PublicKey.from_public_bytes, 1568
)
# before everything else, whatever its speed: what is recorded today is to stay secret
PQ25: Final = _row(X25519_ML_KEM_768, -2)
PQ44: Final = _row(X448_ML_KEM_1024, -1)
HYBRIDS: Final = (PQ25, PQ44) if openssl.mlkem_supported() else ()
"""Those that this installation can do: ML-KEM is in OpenSSL from 3.5 on, and so in cryptography's wheels."""
