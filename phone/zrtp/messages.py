"""ZRTP messages as values (RFC 6189 §5.2 to §5.16).

Every message begins with a preamble 505a, its length in words and eight characters that name its type;
offsets in the docstrings count from there. ``parse`` returns a value or raises ``MessageError``; ``bytes()``
gives the message back. What is hashed or authenticated is always the bytes as they came, never these values:
unused bits are ignored here, but they count there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from itertools import accumulate
from typing import ClassVar, Final, Self

from phone.zrtp.cache import Zid
from phone.zrtp.errors import MessageError

_PREAMBLE: Final = struct.Struct("!HH8s")
_PREAMBLE_MARK: Final = 0x505A
_WORD: Final = 4
MAX_CODES: Final = 7
"""Algorithms of one kind that a Hello can list (§5.2)."""
_NO_MAC: Final = bytes(8)

Code = bytes
"""Four characters that name an algorithm (§5.1.2 to §5.1.7), padded with spaces."""


_KEY_AGREEMENT: Final = slice(68, 72)
"""Where every Commit has the code that tells its kind."""
COMMITTED_SIZES: Final[Mapping[Code, int]] = {b"PQ25": 32 + 1184, b"PQ44": 56 + 1568}
"""Bytes of the public value that Commit carries in KEM mode, by key agreement; in DH mode it carries none."""


def frame(message_type: bytes, body: bytes) -> bytes:
    """Return a whole message: preamble, length, type and ``body``."""
    return _PREAMBLE.pack(_PREAMBLE_MARK, (_PREAMBLE.size + len(body)) // _WORD, message_type) + body


def _exactly(message: bytes, size: int) -> None:
    if len(message) != size:
        raise MessageError(f"a ZRTP message has {len(message)} bytes and should have {size}")


class _Bodiless:
    """A message that is nothing but its type."""

    __slots__ = ()
    TYPE: ClassVar[bytes]

    @classmethod
    def parse(cls, message: bytes) -> Self:
        _exactly(message, _PREAMBLE.size)
        return cls()

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, b"")


@dataclass(frozen=True, slots=True)
class HelloACK(_Bodiless):
    """Tells that a Hello arrived (§5.3)."""

    TYPE: ClassVar = b"HelloACK"


@dataclass(frozen=True, slots=True)
class Conf2ACK(_Bodiless):
    """Tells that Confirm2 arrived (§5.8)."""

    TYPE: ClassVar = b"Conf2ACK"


@dataclass(frozen=True, slots=True)
class ClearACK(_Bodiless):
    """Tells that a GoClear arrived and is heeded (§5.12)."""

    TYPE: ClassVar = b"ClearACK"


@dataclass(frozen=True, slots=True)
class RelayACK(_Bodiless):
    """Tells that a SASrelay arrived (§5.14)."""

    TYPE: ClassVar = b"RelayACK"


@dataclass(frozen=True, slots=True)
class ErrorACK(_Bodiless):
    """Tells that an Error arrived (§5.10)."""

    TYPE: ClassVar = b"ErrorACK"


@dataclass(frozen=True, slots=True)
class Hello:
    """What an endpoint is and can do (§5.2).

    12 version, 16 client identifier, 32 H3, 64 ZID, 76 flags, 77-79 counts, 80 hash, cipher, auth tag, key
    agreement and SAS codes, then the MAC keyed by H2.
    """

    TYPE: ClassVar = b"Hello   "
    _FIXED: ClassVar = struct.Struct("!4s16s32s12s4B")
    _SIGNATURE_CAPABLE: ClassVar = 0x40
    _MITM: ClassVar = 0x20
    _PASSIVE: ClassVar = 0x10

    version: bytes
    """Four characters; this protocol is ``1.10``."""
    client_identifier: bytes
    """16 bytes; nothing proves it."""
    h3: bytes
    zid: Zid
    hashes: tuple[Code, ...]
    ciphers: tuple[Code, ...]
    auth_tags: tuple[Code, ...]
    key_agreements: tuple[Code, ...]
    sas_types: tuple[Code, ...]
    signature_capable: bool = False
    mitm: bool = False
    """A PBX that may relay a SAS (§7.3)."""
    passive: bool = False
    """Never sends a Commit."""
    mac: bytes = _NO_MAC

    @classmethod
    def parse(cls, message: bytes) -> Hello:
        start = _PREAMBLE.size + cls._FIXED.size
        if len(message) < start + len(_NO_MAC):
            raise MessageError("a Hello is too short")
        fields = cls._FIXED.unpack_from(message, _PREAMBLE.size)
        version, client_identifier, h3, zid, flags, *packed = fields
        counts = (packed[0] & 0xF, packed[1] >> 4, packed[1] & 0xF, packed[2] >> 4, packed[2] & 0xF)
        if max(counts) > MAX_CODES:
            raise MessageError("a Hello lists more than seven algorithms of one kind")
        _exactly(message, start + _WORD * sum(counts) + len(_NO_MAC))
        codes = [message[at : at + _WORD] for at in range(start, len(message) - len(_NO_MAC), _WORD)]
        ends = list(accumulate(counts))
        return cls(
            version,
            client_identifier,
            h3,
            Zid(zid),
            tuple(codes[: ends[0]]),
            tuple(codes[ends[0] : ends[1]]),
            tuple(codes[ends[1] : ends[2]]),
            tuple(codes[ends[2] : ends[3]]),
            tuple(codes[ends[3] :]),
            signature_capable=bool(flags & cls._SIGNATURE_CAPABLE),
            mitm=bool(flags & cls._MITM),
            passive=bool(flags & cls._PASSIVE),
            mac=message[-len(_NO_MAC) :],
        )

    def __bytes__(self) -> bytes:
        lists = (self.hashes, self.ciphers, self.auth_tags, self.key_agreements, self.sas_types)
        hashes, ciphers, auth_tags, key_agreements, sas_types = map(len, lists)
        fixed = self._FIXED.pack(
            self.version,
            self.client_identifier,
            self.h3,
            self.zid,
            (self._SIGNATURE_CAPABLE if self.signature_capable else 0)
            | (self._MITM if self.mitm else 0)
            | (self._PASSIVE if self.passive else 0),
            hashes,
            ciphers << 4 | auth_tags,
            key_agreements << 4 | sas_types,
        )
        return frame(self.TYPE, fixed + b"".join(code for codes in lists for code in codes) + self.mac)

    @property
    def client(self) -> str:
        """The client identifier as text; peers pad it with spaces or with NUL."""
        return self.client_identifier.rstrip(b"\0 ").decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class _Commit:
    """12 H2, 44 ZID, 56 hash, 60 cipher, 64 auth tag, 68 key agreement, 72 SAS type, 76 what the mode needs,
    then the MAC keyed by H1 (§5.4).
    """

    TYPE: ClassVar = b"Commit  "
    _START: ClassVar = "!32s12s4s4s4s4s4s"

    h2: bytes
    zid: Zid
    hash: Code
    cipher: Code
    auth_tag: Code
    key_agreement: Code
    sas_type: Code

    @classmethod
    def _body(cls, message: bytes, rest: str) -> tuple[bytes, ...]:
        """Return the fields; ``rest`` says how long those are that the mode needs, and the MAC."""
        body = struct.Struct(cls._START + rest)
        _exactly(message, _PREAMBLE.size + body.size)
        return body.unpack_from(message, _PREAMBLE.size)

    def _framed(self, rest: str) -> bytes:
        values = (getattr(self, one.name) for one in fields(self))
        return frame(self.TYPE, struct.pack(self._START + rest, *values))


@dataclass(frozen=True, slots=True)
class Commit(_Commit):
    """The initiator's choice of algorithms, in DH mode and in KEM mode.

    76 hvi, in KEM mode 108 public value.
    """

    _REST: ClassVar = "32s{}s8s"

    hvi: bytes
    """32 bytes of the hash of DHPart2 and the responder's Hello (§4.4.1.1)."""
    committed: bytes = b""
    """Public value; of the size that ``COMMITTED_SIZES`` says."""
    mac: bytes = _NO_MAC

    @classmethod
    def parse(cls, message: bytes) -> Commit:
        size = COMMITTED_SIZES.get(message[_KEY_AGREEMENT], 0)
        return cls(*cls._body(message, cls._REST.format(size)))  # type: ignore[arg-type]  # a Zid is bytes

    def __bytes__(self) -> bytes:
        return self._framed(self._REST.format(len(self.committed)))


@dataclass(frozen=True, slots=True)
class MultistreamCommit(_Commit):
    """The same for a further stream of a secure session (§4.4.3). 76 nonce."""

    MODE: ClassVar = b"Mult"
    _REST: ClassVar = "16s8s"

    nonce: bytes
    """16 bytes, never the same twice in a session (§4.4.3.1)."""
    mac: bytes = _NO_MAC

    @classmethod
    def parse(cls, message: bytes) -> MultistreamCommit:
        return cls(*cls._body(message, cls._REST))  # type: ignore[arg-type]

    def __bytes__(self) -> bytes:
        return self._framed(self._REST)


@dataclass(frozen=True, slots=True)
class PresharedCommit(_Commit):
    """The same for a call whose keys follow from a retained secret (§4.4.2). 76 nonce, 92 keyID."""

    MODE: ClassVar = b"Prsh"
    _REST: ClassVar = "16s8s8s"

    nonce: bytes
    """16 random bytes."""
    key_id: bytes
    """Names the preshared key, 8 bytes (§4.4.2.1)."""
    mac: bytes = _NO_MAC

    @classmethod
    def parse(cls, message: bytes) -> PresharedCommit:
        return cls(*cls._body(message, cls._REST))  # type: ignore[arg-type]

    def __bytes__(self) -> bytes:
        return self._framed(self._REST)


AnyCommit = Commit | MultistreamCommit | PresharedCommit


def _parse_commit(message: bytes) -> AnyCommit:
    match message[_KEY_AGREEMENT]:
        case MultistreamCommit.MODE:
            return MultistreamCommit.parse(message)
        case PresharedCommit.MODE:
            return PresharedCommit.parse(message)
        case _:
            return Commit.parse(message)


@dataclass(frozen=True, slots=True)
class _DHPart:
    """12 H1, 44 four secret IDs of 8 bytes, 76 public value, then the MAC keyed by H0 (§5.5, §5.6)."""

    TYPE: ClassVar[bytes]
    _FIXED: ClassVar = struct.Struct("!32s8s8s8s8s")

    h1: bytes
    rs1_id: bytes
    rs2_id: bytes
    aux_secret_id: bytes
    pbx_secret_id: bytes
    pv: bytes
    """Public value; its size follows from the key agreement."""
    mac: bytes = _NO_MAC

    @classmethod
    def parse(cls, message: bytes) -> Self:
        start = _PREAMBLE.size + cls._FIXED.size
        if len(message) < start + _WORD + len(_NO_MAC):
            raise MessageError("a DHPart is too short")
        end = len(message) - len(_NO_MAC)
        h1, rs1_id, rs2_id, aux_secret_id, pbx_secret_id = cls._FIXED.unpack_from(message, _PREAMBLE.size)
        pv, mac = message[start:end], message[end:]
        return cls(h1, rs1_id, rs2_id, aux_secret_id, pbx_secret_id, pv, mac)

    def __bytes__(self) -> bytes:
        fixed = self._FIXED.pack(self.h1, self.rs1_id, self.rs2_id, self.aux_secret_id, self.pbx_secret_id)
        return frame(self.TYPE, fixed + self.pv + self.mac)


@dataclass(frozen=True, slots=True)
class DHPart1(_DHPart):
    """The responder's public value (§5.5)."""

    TYPE: ClassVar = b"DHPart1 "


@dataclass(frozen=True, slots=True)
class DHPart2(_DHPart):
    """The initiator's public value (§5.6)."""

    TYPE: ClassVar = b"DHPart2 "


@dataclass(frozen=True, slots=True)
class _Sealed:
    """12 MAC, 20 CFB initialization vector, 36 encrypted part of 40 bytes and more (§5.7, §5.13)."""

    TYPE: ClassVar[bytes]
    _FIXED: ClassVar = struct.Struct("!8s16s")
    _MIN_ENCRYPTED: ClassVar = 40
    _MAX_ENCRYPTED: ClassVar = 40 + 511 * _WORD
    """With the longest signature."""

    mac: bytes
    """confirm_mac, or that of a SASrelay; covers the encrypted part."""
    iv: bytes
    encrypted: bytes = field(repr=False)

    @classmethod
    def parse(cls, message: bytes) -> Self:
        start = _PREAMBLE.size + cls._FIXED.size
        if not cls._MIN_ENCRYPTED <= len(message) - start <= cls._MAX_ENCRYPTED:
            raise MessageError("no encrypted ZRTP message has this size")
        mac, iv = cls._FIXED.unpack_from(message, _PREAMBLE.size)
        return cls(mac, iv, message[start:])

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, self._FIXED.pack(self.mac, self.iv) + self.encrypted)


@dataclass(frozen=True, slots=True)
class Confirm1(_Sealed):
    """The responder proves that it has the keys (§5.7)."""

    TYPE: ClassVar = b"Confirm1"


@dataclass(frozen=True, slots=True)
class Confirm2(_Sealed):
    """The initiator proves that it has the keys (§5.7)."""

    TYPE: ClassVar = b"Confirm2"


@dataclass(frozen=True, slots=True)
class SASrelay(_Sealed):
    """A PBX shows the SAS of the call behind it (§5.13)."""

    TYPE: ClassVar = b"SASrelay"


@dataclass(frozen=True, slots=True)
class GoClear:
    """The sender wants to go on without encryption (§5.11). 12 clear_mac."""

    TYPE: ClassVar = b"GoClear "
    _BODY: ClassVar = struct.Struct("!8s")

    clear_mac: bytes

    @classmethod
    def parse(cls, message: bytes) -> GoClear:
        _exactly(message, _PREAMBLE.size + cls._BODY.size)
        return cls(*cls._BODY.unpack_from(message, _PREAMBLE.size))

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, self._BODY.pack(self.clear_mac))


@dataclass(frozen=True, slots=True)
class Error:
    """The sender cannot go on (§5.9). Nothing authenticates it. 12 error code."""

    TYPE: ClassVar = b"Error   "
    _BODY: ClassVar = struct.Struct("!I")

    code: int

    @classmethod
    def parse(cls, message: bytes) -> Error:
        _exactly(message, _PREAMBLE.size + cls._BODY.size)
        return cls(*cls._BODY.unpack_from(message, _PREAMBLE.size))

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, self._BODY.pack(self.code))


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks whether ZRTP is spoken here (§5.15). 12 version, 16 endpoint hash."""

    TYPE: ClassVar = b"Ping    "
    _BODY: ClassVar = struct.Struct("!4s8s")

    version: bytes
    endpoint_hash: bytes

    @classmethod
    def parse(cls, message: bytes) -> Ping:
        _exactly(message, _PREAMBLE.size + cls._BODY.size)
        return cls(*cls._BODY.unpack_from(message, _PREAMBLE.size))

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, self._BODY.pack(self.version, self.endpoint_hash))


@dataclass(frozen=True, slots=True)
class PingACK:
    """Answers a Ping (§5.16). 12 version, 16 our endpoint hash, 24 the Ping's, 32 the Ping's SSRC."""

    TYPE: ClassVar = b"PingACK "
    _BODY: ClassVar = struct.Struct("!4s8s8sI")

    version: bytes
    endpoint_hash: bytes
    ping_endpoint_hash: bytes
    ping_ssrc: int

    @classmethod
    def parse(cls, message: bytes) -> PingACK:
        _exactly(message, _PREAMBLE.size + cls._BODY.size)
        return cls(*cls._BODY.unpack_from(message, _PREAMBLE.size))

    def __bytes__(self) -> bytes:
        body = self._BODY.pack(self.version, self.endpoint_hash, self.ping_endpoint_hash, self.ping_ssrc)
        return frame(self.TYPE, body)


@dataclass(frozen=True, slots=True)
class _SecAuth:
    """12 number, 16 encrypted body and its tag (``docs/zsa.md``); the tag covers all 16 bytes before, too."""

    TYPE: ClassVar[bytes]
    _FIXED: ClassVar = struct.Struct("!I")
    _MIN_SEALED: ClassVar = 12 + 16
    """The shortest body, and a tag of AES-256-GCM."""

    number: int
    """32 bits; 1 for the first message of a sender, and one more for each that is not a repetition."""
    sealed: bytes = field(repr=False)

    @classmethod
    def parse(cls, message: bytes) -> Self:
        start = _PREAMBLE.size + cls._FIXED.size
        if len(message) < start + cls._MIN_SEALED:
            raise MessageError("a SecAuth is too short")
        (number,) = cls._FIXED.unpack_from(message, _PREAMBLE.size)
        return cls(number, message[start:])

    def __bytes__(self) -> bytes:
        return frame(self.TYPE, self._FIXED.pack(self.number) + self.sealed)


@dataclass(frozen=True, slots=True)
class SecAuth1(_SecAuth):
    """The keeper of secrets opens an exchange of proofs."""

    TYPE: ClassVar = b"SecAuth1"


@dataclass(frozen=True, slots=True)
class SecAuth2(_SecAuth):
    """The holder of an account answers."""

    TYPE: ClassVar = b"SecAuth2"


@dataclass(frozen=True, slots=True)
class SecAuth3(_SecAuth):
    """The keeper concludes."""

    TYPE: ClassVar = b"SecAuth3"


@dataclass(frozen=True, slots=True)
class SecAuthA(_SecAuth):
    """The holder acknowledges."""

    TYPE: ClassVar = b"SecAuthA"


SecAuth = SecAuth1 | SecAuth2 | SecAuth3 | SecAuthA

Message = (
    Hello
    | HelloACK
    | AnyCommit
    | DHPart1
    | DHPart2
    | Confirm1
    | Confirm2
    | Conf2ACK
    | SASrelay
    | RelayACK
    | GoClear
    | ClearACK
    | Error
    | ErrorACK
    | Ping
    | PingACK
    | SecAuth
)

PARSERS: Final[Mapping[bytes, Callable[[bytes], Message]]] = {
    Commit.TYPE: _parse_commit,
    **{
        kind.TYPE: kind.parse
        for kind in (
            Hello,
            HelloACK,
            DHPart1,
            DHPart2,
            Confirm1,
            Confirm2,
            Conf2ACK,
            SASrelay,
            RelayACK,
            GoClear,
            ClearACK,
            Error,
            ErrorACK,
            Ping,
            PingACK,
            SecAuth1,
            SecAuth2,
            SecAuth3,
            SecAuthA,
        )
    },
}


def parse(message: bytes) -> Message:
    """Return the message; raise ``MessageError`` when it is malformed or of a type not spoken here."""
    if len(message) < _PREAMBLE.size:
        raise MessageError("a ZRTP message is too short")
    mark, words, message_type = _PREAMBLE.unpack_from(message)
    if mark != _PREAMBLE_MARK or words * _WORD != len(message):
        raise MessageError("the length of a ZRTP message is not the one it states")
    parser = PARSERS.get(message_type)
    if parser is None:
        raise MessageError("unknown type of ZRTP message")
    return parser(message)
