"""The algorithms, one row each, and which of them to offer (RFC 6189 §5.1.2 to §5.1.6)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from phone.zrtp.cache import FOREVER
from phone.zrtp.dh import DH3K, EC25, X255, KeyAgreement
from phone.zrtp.events import Algorithms
from phone.zrtp.messages import Code
from phone.zrtp.sas import B32, B256, SasType


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash, and the HMAC of it, which is the negotiated MAC for SHA-2 and SHA-3 alike (§5.1.2)."""

    code: Code
    name: str
    """As ``hashlib`` calls it."""
    size: int
    """Bytes of a digest."""

    def digest(self, data: bytes) -> bytes:
        """Return the hash of ``data``."""
        return hashlib.new(self.name, data).digest()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Return the whole HMAC of ``data``."""
        return hmac.digest(key, data, self.name)


@dataclass(frozen=True, slots=True)
class Cipher:
    """A block cipher (§5.1.3)."""

    code: Code
    key_size: int
    """Bytes."""

    def encrypt(self, key: bytes, iv: bytes, plaintext: bytes) -> bytes:
        """Encrypt in CFB mode with full feedback (§5.7)."""
        encryptor = BlockCipher(AES(key), CFB(iv)).encryptor()
        return encryptor.update(plaintext) + encryptor.finalize()

    def decrypt(self, key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
        """Undo ``encrypt``."""
        decryptor = BlockCipher(AES(key), CFB(iv)).decryptor()
        return decryptor.update(ciphertext) + decryptor.finalize()


@dataclass(frozen=True, slots=True)
class AuthTag:
    """How SRTP packets are authenticated (§5.1.4)."""

    code: Code


S256: Final = Hash(b"S256", "sha256", 32)
S384: Final = Hash(b"S384", "sha384", 48)
N256: Final = Hash(b"N256", "sha3_256", 32)
N384: Final = Hash(b"N384", "sha3_384", 48)
AES1: Final = Cipher(b"AES1", 16)
AES3: Final = Cipher(b"AES3", 32)
HS32: Final = AuthTag(b"HS32")
HS80: Final = AuthTag(b"HS80")

MANDATORY_HASHES: Final = (S256,)
MANDATORY_CIPHERS: Final = (AES1,)
MANDATORY_AUTH_TAGS: Final = (HS32, HS80)
MANDATORY_KEY_AGREEMENTS: Final = (DH3K,)
MANDATORY_SAS_TYPES: Final = (B32,)


@dataclass(frozen=True, slots=True)
class Suite:
    """The algorithms of one exchange."""

    hash: Hash
    cipher: Cipher
    auth_tag: AuthTag
    key_agreement: KeyAgreement
    sas_type: SasType

    def names(self) -> Algorithms:
        """Return their codes for display."""
        rows = (self.hash, self.cipher, self.auth_tag, self.key_agreement, self.sas_type)
        return Algorithms(*(row.code.decode().rstrip() for row in rows))


@dataclass(frozen=True, slots=True)
class Configuration:
    """What we offer in Hello, best first in every kind, and how we behave."""

    client_identifier: bytes = b"Parley 0.1"
    """At most 16 bytes (§5.2)."""
    hashes: tuple[Hash, ...] = (S256, S384)
    ciphers: tuple[Cipher, ...] = (AES1,)
    auth_tags: tuple[AuthTag, ...] = (HS80, HS32)
    key_agreements: tuple[KeyAgreement, ...] = (X255, EC25, DH3K)
    sas_types: tuple[SasType, ...] = (B32, B256)
    passive: bool = False
    """Never send a Commit (§4.8)."""
    cache_expiry: int = FOREVER
    """Seconds for which we are willing to keep a retained secret (§4.9)."""
