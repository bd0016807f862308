"""Key agreements: from private value to key pair, and on to DHResult (RFC 6189 §5.1.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import gmpy2

# otherwise loaded at the first use, in the middle of the first handshake
from cryptography.hazmat.backends.openssl import backend as _backend  # noqa: F401
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey, X448PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from phone.secret import Secret
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.messages import Code
from phone.zrtp.randomness import Randomness


class KeyPair(Protocol):
    """Our half of one key agreement."""

    @property
    def committed(self) -> bytes:
        """Our public value as it stands in Commit; nothing in DH mode, and nothing of a responder."""
        ...

    @property
    def pv(self) -> bytes:
        """Our public value as it stands in DHPart; of an initiator in KEM mode, a nonce."""
        ...

    def agree(self, pv: bytes) -> Secret:
        """Return DHResult with the peer's ``pv``; raise ``ProtocolError`` 0x61 for a bad one (§4.4.1.2)."""
        ...


@dataclass(frozen=True, slots=True)
class KeyAgreement:
    """One key agreement type."""

    code: Code
    pv_size: int
    """Bytes of a public value (§5.1.5); in KEM mode, of the responder's."""
    rank: int
    """Place by speed, 0 the fastest: decides between the first choices of both sides (§4.1.2)."""
    private_size: Callable[[int], int]
    """Random bytes to draw for a private value, by the size of the cipher's key in bytes."""
    key_pair: Callable[[bytes], KeyPair]
    """Makes the key pair from these random bytes."""
    hash: Code | None = None
    """The only hash that it is used with (§5.1.5)."""
    cipher: Code | None = None
    """The cipher that it should be used with where both sides have it (§5.1.5)."""
    respond: Callable[[bytes, Randomness], KeyPair] | None = None
    """KEM mode: makes the responder's half of the public value in Commit, or raises ``ProtocolError`` 0x61.

    ``None``: DH mode, in which the half that ``key_pair`` makes serves either role (§4.2).
    """


@dataclass(frozen=True, slots=True)
class Mode:
    """Stands among the key agreements and is none: the keys follow from an earlier exchange (§4.4)."""

    code: Code


MULT: Final = Mode(b"Mult")
"""From this session's ZRTPSess, for further streams (§4.4.3)."""
PRSH: Final = Mode(b"Prsh")
"""From the retained secret, without Diffie-Hellman and so without forward secrecy (§4.4.2)."""


def bad_public_value() -> ProtocolError:
    """Return the error that ends an exchange with such a peer (§4.4.1.2)."""
    return ProtocolError(ErrorCode.BAD_PUBLIC_VALUE, "the peer's public value is not acceptable")


@dataclass(frozen=True, slots=True)
class ModpGroup:
    """A finite field whose generator is 2 (RFC 3526)."""

    prime: int
    size: int
    """Bytes of a public value and of DHResult."""


class FiniteFieldPair:
    """Diffie-Hellman in a finite field, in constant time."""

    committed = b""

    def __init__(self, group: ModpGroup, private: bytes) -> None:
        self._group = group
        self._exponent = gmpy2.mpz(int.from_bytes(private, "big"))
        self.pv = self._power(2)

    def agree(self, pv: bytes) -> Secret:
        value = int.from_bytes(pv, "big")
        if len(pv) != self._group.size or not 1 < value < self._group.prime - 1:
            raise bad_public_value()
        return Secret(self._power(value))

    def _power(self, base: int) -> bytes:
        return int(gmpy2.powmod_sec(base, self._exponent, self._group.prime)).to_bytes(
            self._group.size, "big"
        )


class EllipticCurvePair:
    """Diffie-Hellman on a NIST curve; a public value is X then Y, DHResult is X."""

    committed = b""

    def __init__(self, curve: ec.EllipticCurve, order: int, private: bytes) -> None:
        self._curve = curve
        # reduced from 64 bits more than the order has, so that no scalar is likelier than another
        scalar = int.from_bytes(private, "big") % (order - 1) + 1
        self._private = ec.derive_private_key(scalar, curve)
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.pv = point[1:]

    def agree(self, pv: bytes) -> Secret:
        try:
            public = ec.EllipticCurvePublicKey.from_encoded_point(self._curve, b"\x04" + pv)
        except ValueError as error:
            raise bad_public_value() from error
        return Secret(self._private.exchange(ec.ECDH(), public))


P = TypeVar("P", X25519PublicKey, X448PublicKey)


class _MontgomeryKey(Protocol[P]):
    def public_key(self) -> P: ...

    def exchange(self, peer_public_key: P, /) -> bytes: ...


class MontgomeryPair(Generic[P]):
    """Diffie-Hellman on Curve25519 or Curve448 (RFC 7748); values are the strings of that RFC."""

    committed = b""

    def __init__(self, private: _MontgomeryKey[P], public: Callable[[bytes], P]) -> None:
        """``public`` makes a public key of the string that stands for it."""
        self._private: _MontgomeryKey[P] = private
        self._public: Callable[[bytes], P] = public
        self.pv = private.public_key().public_bytes_raw()

    def agree(self, pv: bytes) -> Secret:
        try:
            # refuses a result that is all zero, which is what a point of low order gives
            return Secret(self._private.exchange(self._public(pv)))
        except ValueError as error:
            raise bad_public_value() from error


_MODP_2048: Final = ModpGroup(
    int(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
        "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
        "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
        "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
        "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
        "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
        "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
        "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
        16,
    ),
    256,
)
"""Group 14 of RFC 3526 §3."""
_MODP_3072: Final = ModpGroup(
    int(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
        "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
        "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
        "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
        "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
        "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
        "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
        "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
        "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
        "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
        "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
        "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
        16,
    ),
    384,
)
"""Group 15 of RFC 3526 §4."""
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P384_ORDER: Final = int(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
)


def _twice(cipher_key_size: int) -> int:
    """Return the length of an exponent: twice that of the cipher's key (§5.1.5)."""
    return 2 * cipher_key_size


DH2K: Final = KeyAgreement(b"DH2k", 256, 0, _twice, lambda private: FiniteFieldPair(_MODP_2048, private))
X255: Final = KeyAgreement(
    b"X255",
    32,
    1,
    lambda _: 32,
    lambda private: MontgomeryPair(
        X25519PrivateKey.from_private_bytes(private), X25519PublicKey.from_public_bytes
    ),
)
EC25: Final = KeyAgreement(
    b"EC25", 64, 2, lambda _: 40, lambda private: EllipticCurvePair(ec.SECP256R1(), _P256_ORDER, private)
)
X448: Final = KeyAgreement(
    b"X448",
    56,
    3,
    lambda _: 56,
    lambda private: MontgomeryPair(
        X448PrivateKey.from_private_bytes(private), X448PublicKey.from_public_bytes
    ),
    cipher=b"AES3",
)
DH3K: Final = KeyAgreement(b"DH3k", 384, 4, _twice, lambda private: FiniteFieldPair(_MODP_3072, private))
EC38: Final = KeyAgreement(
    b"EC38",
    96,
    5,
    lambda _: 56,
    lambda private: EllipticCurvePair(ec.SECP384R1(), _P384_ORDER, private),
    hash=b"S384",
    cipher=b"AES3",
)
