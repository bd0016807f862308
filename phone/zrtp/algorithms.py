"""The algorithms, one row each, and which of them to offer (RFC 6189 §5.1.2 to §5.1.6)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from phone.zrtp.cache import FOREVER
from phone.zrtp.dh import DH2K, DH3K, EC25, EC38, MULT, PRSH, X255, X448, KeyAgreement, Mode
from phone.zrtp.errors import ConfigurationError
from phone.zrtp.events import Algorithms
from phone.zrtp.hybrid import HYBRIDS
from phone.zrtp.messages import MAX_CODES, Code
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
    salt_size: int = 14
    """Bytes of the SRTP master salt (§4.5.3)."""


S256: Final = Hash(b"S256", "sha256", 32)
S384: Final = Hash(b"S384", "sha384", 48)
N256: Final = Hash(b"N256", "sha3_256", 32)
N384: Final = Hash(b"N384", "sha3_384", 48)
AES1: Final = Cipher(b"AES1", 16)
AES3: Final = Cipher(b"AES3", 32)
HS32: Final = AuthTag(b"HS32")
HS80: Final = AuthTag(b"HS80")
GCM: Final = AuthTag(b"GCM ", 12)
"""Not the RFC's but bzrtp's: SRTP encrypts with AES-GCM instead, by the cipher's key (RFC 7714)."""

# all that can be offered
HASHES: Final = (S256, S384, N256, N384)
CIPHERS: Final = (AES1, AES3)
AUTH_TAGS: Final = (HS80, HS32, GCM)
KEY_AGREEMENTS: Final = (*HYBRIDS, X255, X448, EC25, DH3K, EC38, DH2K)
MODES: Final = (MULT, PRSH)
"""They are listed with the key agreements."""
SAS_TYPES: Final = (B32, B256)

MANDATORY_HASHES: Final = (S256,)
MANDATORY_CIPHERS: Final = (AES1,)
MANDATORY_AUTH_TAGS: Final = (HS80, HS32)  # whoever lists neither does not mean to have the shorter one
MANDATORY_KEY_AGREEMENTS: Final = (DH3K,)
MANDATORY_SAS_TYPES: Final = (B32,)


class Row(Protocol):
    """An algorithm of any kind."""

    @property
    def code(self) -> Code: ...


R = TypeVar("R", bound=Row)


def name_of(row: Row) -> str:
    """Return the code of ``row`` for display and for storing: trailing spaces stripped."""
    return row.code.decode().rstrip()


def known_names() -> dict[str, list[str]]:
    """Return the names of all that can be offered, by kind; see ``Configuration.of_names``."""
    kinds: dict[str, tuple[Row, ...]] = {
        "hashes": HASHES,
        "ciphers": CIPHERS,
        "auth_tags": AUTH_TAGS,
        "key_agreements": (*KEY_AGREEMENTS, *MODES),
        "sas_types": SAS_TYPES,
    }
    return {kind: list(map(name_of, rows)) for kind, rows in kinds.items()}


def with_mandatory(listed: Iterable[R], mandatory: Iterable[R]) -> dict[Code, R]:
    """Return all that is supported, in order: a mandatory row that is not listed counts as last (§5.2)."""
    return {row.code: row for row in (*listed, *mandatory)}


@dataclass(frozen=True, slots=True)
class Suite:
    """The algorithms of one exchange."""

    hash: Hash
    cipher: Cipher
    auth_tag: AuthTag
    key_agreement: KeyAgreement | Mode
    sas_type: SasType

    def names(self) -> Algorithms:
        """Return their codes for display."""
        rows: tuple[Row, ...] = (
            self.hash,
            self.cipher,
            self.auth_tag,
            self.key_agreement,
            self.sas_type,
        )
        return Algorithms(*map(name_of, rows))


@dataclass(frozen=True, slots=True)
class Configuration:
    """What we offer in Hello, best first in every kind, and how we behave.

    Raise ``ConfigurationError`` for more than seven algorithms of one kind, which no Hello can list (§5.2).
    """

    client_identifier: bytes = b"Parley 0.1"
    """At most 16 bytes (§5.2)."""
    hashes: tuple[Hash, ...] = (S256, S384)
    ciphers: tuple[Cipher, ...] = (AES1, AES3)
    """AES-256 is for what is more than 128 bits strong: such key agreements ask for it by themselves."""
    auth_tags: tuple[AuthTag, ...] = (HS80, HS32)
    """``GCM`` costs the same and makes packets longer, so it is left to the user."""
    key_agreements: tuple[KeyAgreement | Mode, ...] = (*HYBRIDS, X255, X448, EC25, DH3K, MULT)
    sas_types: tuple[SasType, ...] = (B32, B256)
    passive: bool = False
    """Never send a Commit (§4.8)."""
    allow_clear: bool = False
    """Heed a GoClear of the peer (§4.7.2)."""
    disclosure: bool = False
    """Tell the peer that this call is recorded, or its keys given away (§11)."""
    cache_expiry: int = FOREVER
    """Seconds for which we are willing to keep a retained secret (§4.9)."""

    def __post_init__(self) -> None:
        for kind, names in self.names().items():
            if len(names) > MAX_CODES:
                raise ConfigurationError(
                    f"A Hello has room for {MAX_CODES} {_spoken(kind)}, not for {len(names)}: "
                    f"{', '.join(names)}."
                )

    @property
    def exchanges(self) -> tuple[KeyAgreement, ...]:
        """The key agreements, without the modes that stand among them."""
        return tuple(row for row in self.key_agreements if isinstance(row, KeyAgreement))

    @classmethod
    def of_names(cls, names: Mapping[str, Sequence[str]]) -> Configuration:
        """Return a configuration that offers what a user has chosen.

        ``names`` has, for each of ``hashes``, ``ciphers``, ``auth_tags``, ``key_agreements`` and
        ``sas_types``, the four-character codes without padding, best first. A kind that is not there is
        offered as by default; what is mandatory and left out is offered last (§5.1). Raise
        ``ConfigurationError`` for a kind or a name that does not exist, and for more than seven of a kind.
        """
        default = cls()
        unknown = sorted(names.keys() - default.names().keys())
        if unknown:
            raise ConfigurationError(f"There is no kind of algorithm that is called {unknown[0]!r}.")

        def offer(
            kind: str, default: tuple[R, ...], rows: Sequence[R], mandatory: Sequence[R]
        ) -> tuple[R, ...]:
            if kind not in names:
                return default
            known = {name_of(row): row for row in rows}
            for name in names[kind]:
                if name not in known:
                    raise ConfigurationError(
                        f"{name!r} is none of the {_spoken(kind)} that can be offered: {', '.join(known)}."
                    )
            return tuple(with_mandatory((known[name] for name in names[kind]), mandatory).values())

        return cls(
            hashes=offer("hashes", default.hashes, HASHES, MANDATORY_HASHES),
            ciphers=offer("ciphers", default.ciphers, CIPHERS, MANDATORY_CIPHERS),
            auth_tags=offer("auth_tags", default.auth_tags, AUTH_TAGS, MANDATORY_AUTH_TAGS),
            key_agreements=offer(
                "key_agreements", default.key_agreements, (*KEY_AGREEMENTS, *MODES), MANDATORY_KEY_AGREEMENTS
            ),
            sas_types=offer("sas_types", default.sas_types, SAS_TYPES, MANDATORY_SAS_TYPES),
        )

    def limited_to(self, srtp: Collection[tuple[int, str]]) -> Configuration:
        """Return this configuration without what SRTP is not able to; what is mandatory stays.

        ``srtp`` has what it is able to: bytes of a master key, with the code of an auth tag. A peer may
        commit to any cipher together with any auth tag of our Hello, so each has to go with all others.
        """

        def goes(cipher: Cipher, auth_tag: AuthTag) -> bool:
            return (cipher.key_size, auth_tag.code.decode()) in srtp

        ciphers = tuple(
            cipher
            for cipher in self.ciphers
            if cipher in MANDATORY_CIPHERS or all(goes(cipher, tag) for tag in MANDATORY_AUTH_TAGS)
        )
        return replace(
            self,
            ciphers=ciphers,
            auth_tags=tuple(
                tag
                for tag in self.auth_tags
                if tag in MANDATORY_AUTH_TAGS
                or all(goes(cipher, tag) for cipher in (*ciphers, *MANDATORY_CIPHERS))
            ),
        )

    def names(self) -> dict[str, list[str]]:
        """Return what ``of_names`` takes."""
        kinds: dict[str, tuple[Row, ...]] = {
            "hashes": self.hashes,
            "ciphers": self.ciphers,
            "auth_tags": self.auth_tags,
            "key_agreements": self.key_agreements,
            "sas_types": self.sas_types,
        }
        return {kind: [name_of(row) for row in rows] for kind, rows in kinds.items()}


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
