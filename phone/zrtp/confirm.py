"""The encrypted part of Confirm1 and Confirm2 (RFC 6189 §5.7)."""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass, field
from typing import ClassVar

from phone.zrtp.errors import ErrorCode, MessageError, ProtocolError
from phone.zrtp.events import Cause, Role
from phone.zrtp.keys import ConfirmKeys
from phone.zrtp.messages import Confirm1, Confirm2


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a Confirm says once it is decrypted.

    0 H0, 32 signature length in words (9 bits, after 15 unused ones), 35 flags, 36 cache expiration interval,
    40 signature.
    """

    _FIXED: ClassVar = struct.Struct("!32sHBBI")
    _ENROLLMENT: ClassVar = 8
    _SAS_VERIFIED: ClassVar = 4
    _ALLOW_CLEAR: ClassVar = 2
    _DISCLOSURE: ClassVar = 1

    h0: bytes = field(repr=False)
    expiry: int
    """Cache expiration interval, seconds (§4.9)."""
    sas_verified: bool = False
    """V: the SAS was compared in an earlier call."""
    allow_clear: bool = False
    """A: a GoClear would be taken."""
    disclosure: bool = False
    """D: the product discloses keys."""
    enrollment: bool = False
    """E: a PBX asks to be trusted."""
    signature: bytes = b""
    """Signature type block and signature."""

    @classmethod
    def parse(cls, plaintext: bytes) -> Confirmation:
        """Return the confirmation; raise ``MessageError`` for a signature of another length than stated."""
        h0, high, low, flags, expiry = cls._FIXED.unpack_from(plaintext)
        signature = plaintext[cls._FIXED.size :]
        if len(signature) != ((high & 1) << 8 | low) * 4:
            raise MessageError("the signature in a Confirm is not as long as it says")
        return cls(
            h0,
            expiry,
            bool(flags & cls._SAS_VERIFIED),
            bool(flags & cls._ALLOW_CLEAR),
            bool(flags & cls._DISCLOSURE),
            bool(flags & cls._ENROLLMENT),
            signature,
        )

    def __bytes__(self) -> bytes:
        words = len(self.signature) // 4
        flags = (
            (self._ENROLLMENT if self.enrollment else 0)
            | (self._SAS_VERIFIED if self.sas_verified else 0)
            | (self._ALLOW_CLEAR if self.allow_clear else 0)
            | (self._DISCLOSURE if self.disclosure else 0)
        )
        return self._FIXED.pack(self.h0, words >> 8, words & 0xFF, flags, self.expiry) + self.signature


def seal(confirmation: Confirmation, keys: ConfirmKeys, sender: Role, iv: bytes) -> bytes:
    """Return the whole Confirm message of ``sender``: Confirm1 by the responder, Confirm2 by the initiator.

    ``keys`` are the sender's, ``iv`` is 16 random bytes. The MAC covers the encrypted part only.
    """
    kind = Confirm1 if sender is Role.RESPONDER else Confirm2
    encrypted = keys.encrypt(iv, bytes(confirmation))
    return bytes(kind(keys.mac(encrypted), iv, encrypted))


def unseal(message: Confirm1 | Confirm2, keys: ConfirmKeys) -> Confirmation:
    """Return what ``message`` says; ``keys`` are its sender's.

    Raise ``ProtocolError`` 0x70 when its MAC is wrong: it is not from the one with whom we share the keys.
    """
    if not hmac.compare_digest(keys.mac(message.encrypted), message.mac):
        raise ProtocolError(ErrorCode.BAD_CONFIRM_MAC, "the MAC of the peer's Confirm is wrong", Cause.ATTACK)
    return Confirmation.parse(keys.decrypt(message.iv, message.encrypted))
