"""What the encrypted part of a SecAuth message says."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import ClassVar, Final

from phone.zrtp.errors import MessageError
from phone.zrtp.zsa.credentials import CredentialsError, Identity

_VERSION: Final = 1
_WORD: Final = 4
_LENGTH: Final = struct.Struct("!H")
NOBODY: Final = Identity("", "")
"""In every message but SecAuth1: who proves nothing yet is not told which account we have."""


class Flags(IntFlag):
    """What an end says of itself; bits that we do not know stay in what is authenticated."""

    UNATTENDED = 1
    """No person is here."""
    PROOF_REQUIRED = 2
    """Our policy is to go on only with a proof."""


NO_FLAGS: Final = Flags(0)


class Status(IntEnum):
    """How an exchange goes on."""

    OK = 0
    REFUSED = 1
    """The one status for every failure: nothing tells an unknown account from a wrong secret."""
    OTHER_CREDENTIAL = 2
    """``share`` lists the kinds that we have, one byte each."""
    NO_SUCH_SUITE = 3


@dataclass(frozen=True, slots=True)
class Body:
    """0 version, 1 suite, 2 credential kind, 3 flags, 4 share length, 5 tag length, 6 status, 7 zero.

    Then the identity (user and realm, each after its length in two bytes), share, tag, and zeros to a word.
    """

    _FIXED: ClassVar = struct.Struct("!8B")

    suite: int
    credential: int
    flags: Flags
    status: Status = Status.OK
    identity: Identity = NOBODY
    share: bytes = b""
    tag: bytes = field(default=b"", repr=False)

    @classmethod
    def parse(cls, data: bytes) -> Body:
        """Return the body; raise ``MessageError`` when it is malformed or of another version."""
        if len(data) < cls._FIXED.size:
            raise MessageError("a SecAuth body is too short")
        version, suite, credential, flags, share_size, tag_size, status, zero = cls._FIXED.unpack_from(data)
        if version != _VERSION or zero:
            raise MessageError("a SecAuth body is of another version")
        user, at = _name(data, cls._FIXED.size)
        realm, at = _name(data, at)
        middle = at + share_size
        end = middle + tag_size
        share, tag, padding = data[at:middle], data[middle:end], data[end:]
        if end > len(data) or padding != bytes(-end % _WORD):
            raise MessageError("a SecAuth body is not as long as it says")
        try:
            identity = Identity(user.decode(), realm.decode())
            return cls(suite, credential, Flags(flags), Status(status), identity, share, tag)
        except (ValueError, CredentialsError) as error:
            raise MessageError("a SecAuth body says what makes no sense") from error

    def __bytes__(self) -> bytes:
        fixed = self._FIXED.pack(
            _VERSION,
            self.suite,
            self.credential,
            self.flags,
            len(self.share),
            len(self.tag),
            self.status,
            0,
        )
        unpadded = fixed + bytes(self.identity) + self.share + self.tag
        return unpadded + bytes(-len(unpadded) % _WORD)


def _name(data: bytes, at: int) -> tuple[bytes, int]:
    """Return what stands at ``at`` after its length, and where it ends."""
    start = at + _LENGTH.size
    if start > len(data):
        raise MessageError("a SecAuth body ends in the middle")
    (size,) = _LENGTH.unpack_from(data, at)
    return data[start : start + size], start + size
