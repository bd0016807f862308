"""What is proved: the tags of both ends, and what they are bound to."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from phone.secret import Secret
from phone.zrtp.cache import Zid
from phone.zrtp.errors import ProtocolError, ZrtpError
from phone.zrtp.events import Role
from phone.zrtp.messages import SecAuth, SecAuth1, SecAuth2, SecAuth3, SecAuthA
from phone.zrtp.zsa.body import Body, Flags
from phone.zrtp.zsa.capability import Side, Suite
from phone.zrtp.zsa.cpace import CPace
from phone.zrtp.zsa.credentials import CredentialKind, Identity, length_prefixed

_TAG_KEY_SIZE: Final = 32


class ProofError(ZrtpError):
    """The other end does not know the secret, or somebody is in between."""


def extract(salt: bytes, key: Secret) -> Secret:
    """Return the pseudorandom key of HKDF (RFC 5869 §2.2)."""
    return Secret(HKDF.extract(SHA256(), salt, key.reveal()))


def expand(key: Secret, info: bytes, size: int) -> bytes:
    """Return ``size`` bytes of HKDF's output (RFC 5869 §2.3)."""
    return HKDFExpand(SHA256(), size, info).derive(key.reveal())


def transcript_hash(messages: tuple[bytes, bytes, bytes, bytes, bytes]) -> bytes:
    """Return TH of the initiator's Hello, the responder's, Commit, DHPart1 and DHPart2, as they were sent.

    Both Hellos are in it, unlike in total_hash: a capability taken away on the way is noticed.
    """
    return hashlib.sha256(b"ZSA transcript" + b"".join(map(length_prefixed, messages))).digest()


@dataclass(frozen=True, slots=True)
class Binding:
    """The ZRTP exchange that is to be authenticated."""

    exported_key: Secret
    """RFC 6189 §4.5.2."""
    transcript: bytes
    """TH."""
    initiator: Zid
    responder: Zid
    sas_hash: bytes = field(repr=False)

    def extraction(self) -> Secret:
        """Return XK, of which no one else has any part."""
        return extract(b"ZSA", self.exported_key)

    def context(self, identity: Identity, suite: Suite, kind: CredentialKind) -> bytes:
        """Return ctx, which every tag covers."""
        names = length_prefixed(bytes(identity))
        chosen = bytes([suite, kind])
        return self.transcript + self.initiator + self.responder + names + chosen + self.sas_hash


class Part(Enum):
    """What a message carries beside its status."""

    SHARE = "share"
    TAG = "tag"


PARTS: Final[Mapping[Suite, Mapping[type[SecAuth], Part]]] = {
    Suite.HMAC: {SecAuth1: Part.TAG, SecAuth2: Part.TAG},
    Suite.PAKE: {SecAuth1: Part.SHARE, SecAuth2: Part.SHARE, SecAuth3: Part.TAG, SecAuthA: Part.TAG},
}
"""In both the keeper shows its tag first, and the holder only to one whose tag was right."""

_PACE_ROLE: Final = {Side.KEEPER: Role.INITIATOR, Side.HOLDER: Role.RESPONDER}


class Proof:
    """One attempt by one suite and one form of the secret, seen from one side."""

    def __init__(
        self,
        side: Side,
        binding: Binding,
        *,
        identity: Identity,
        suite: Suite,
        kind: CredentialKind,
        secret: Secret,
        flags: Flags,
        private: Secret,
    ) -> None:
        """``secret`` is S; ``flags`` are our own; ``private`` is 32 random bytes."""
        self.suite: Final = suite
        self.kind: Final = kind
        self._side = side
        self._extraction = binding.extraction()
        self._context = binding.context(identity, suite, kind)
        self._flags = {side: flags}
        self._key: Secret | None = None
        self._cpace: CPace | None = None
        self._share = b""
        if suite is Suite.HMAC:
            self._key = extract(self._extraction.reveal(), secret)
        else:
            self._cpace = CPace(_PACE_ROLE[side], secret, self._context, binding.transcript, private)
            self._share = self._cpace.share

    @property
    def peer_flags(self) -> Flags:
        """What the other end says of itself."""
        return self._flags[self._side.other]

    def write(self, message: type[SecAuth]) -> tuple[bytes, bytes]:
        """Return the share and the tag that our ``message`` carries; what it does not carry is empty."""
        part = PARTS[self.suite].get(message)
        return (
            self._share if part is Part.SHARE else b"",
            self._tag(self._side) if part is Part.TAG else b"",
        )

    def read(self, message: type[SecAuth], body: Body) -> None:
        """Take what the peer's ``message`` carries; raise ``ProofError`` when it does not prove anything."""
        part = PARTS[self.suite].get(message)
        if message in (SecAuth1, SecAuth2):
            self._flags[self._side.other] = body.flags
        if bool(body.share) != (part is Part.SHARE) or bool(body.tag) != (part is Part.TAG):
            raise ProofError("a SecAuth does not carry what it should")
        if part is Part.SHARE:
            self._agree(body.share)
        elif part is Part.TAG and not hmac.compare_digest(self._tag(self._side.other), body.tag):
            raise ProofError("the tag of a SecAuth is wrong")

    def _agree(self, share: bytes) -> None:
        assert self._cpace is not None
        own, peer = (self._flags[side].to_bytes(1, "big") for side in (self._side, self._side.other))
        try:
            session_key = self._cpace.agree(own, share, peer)
        except ProtocolError as error:
            raise ProofError("the share of a SecAuth is not acceptable") from error
        self._cpace = None
        self._key = extract(self._extraction.reveal(), session_key)

    def _tag(self, side: Side) -> bytes:
        """Return the tag of one side; the holder's covers the keeper's."""
        assert self._key is not None
        key = expand(self._key, b"ZSA tag " + side.value, _TAG_KEY_SIZE)
        covered = self._context + self._flags[Side.KEEPER].to_bytes(1, "big")
        if side is Side.HOLDER:
            covered += self._flags[Side.HOLDER].to_bytes(1, "big") + self._tag(Side.KEEPER)
        return hmac.digest(key, covered, "sha256")
