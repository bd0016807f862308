"""The encrypted part of SASrelay: what a PBX says of the call behind it (RFC 6189 §5.13, §7.3)."""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass
from typing import ClassVar, Final

from phone.zrtp.errors import ErrorCode, MessageError, ProtocolError
from phone.zrtp.events import Cause
from phone.zrtp.keys import ConfirmKeys
from phone.zrtp.messages import Code, SASrelay

NO_SAS_HASH: Final = bytes(32)
"""The PBX has nothing to show, and asks only for another rendering scheme."""


@dataclass(frozen=True, slots=True)
class RelayedSas:
    """What a SASrelay says once it is decrypted.

    0 signature length in words (9 bits, after 15 unused ones), 3 flags, 4 SAS rendering scheme, 8 sashash,
    40 signature.
    """

    _FIXED: ClassVar = struct.Struct("!HBB4s32s")
    _SAS_VERIFIED: ClassVar = 4
    _ALLOW_CLEAR: ClassVar = 2
    _DISCLOSURE: ClassVar = 1

    scheme: Code
    sas_hash: bytes
    """32 bytes; ``NO_SAS_HASH``: none is relayed."""
    sas_verified: bool = False
    allow_clear: bool = False
    disclosure: bool = False
    signature: bytes = b""
    """Signature type block and signature."""

    @classmethod
    def parse(cls, plaintext: bytes) -> RelayedSas:
        """Return the relayed SAS; raise ``MessageError`` for a signature of another length than stated."""
        high, low, flags, scheme, sas_hash = cls._FIXED.unpack_from(plaintext)
        signature = plaintext[cls._FIXED.size :]
        if len(signature) != ((high & 1) << 8 | low) * 4:
            raise MessageError("the signature in a SASrelay is not as long as it says")
        return cls(
            scheme,
            sas_hash,
            bool(flags & cls._SAS_VERIFIED),
            bool(flags & cls._ALLOW_CLEAR),
            bool(flags & cls._DISCLOSURE),
            signature,
        )

    def __bytes__(self) -> bytes:
        words = len(self.signature) // 4
        flags = (
            (self._SAS_VERIFIED if self.sas_verified else 0)
            | (self._ALLOW_CLEAR if self.allow_clear else 0)
            | (self._DISCLOSURE if self.disclosure else 0)
        )
        return self._FIXED.pack(words >> 8, words & 0xFF, flags, self.scheme, self.sas_hash) + self.signature


def unseal(message: SASrelay, keys: ConfirmKeys) -> RelayedSas:
    """Return what ``message`` says; ``keys`` are its sender's.

    Raise ``ProtocolError`` when its MAC is wrong: anyone may have sent it.
    """
    if not hmac.compare_digest(keys.mac(message.encrypted), message.mac):
        raise ProtocolError(ErrorCode.BAD_CONFIRM_MAC, "the MAC of a SASrelay is wrong", Cause.ATTACK)
    return RelayedSas.parse(keys.decrypt(message.iv, message.encrypted))
