"""SRTP and SRTCP (RFC 3711) with AES in counter mode and HMAC-SHA1, by libsrtp.

Packets are protected and opened in place, in one ``PacketBuffer``: pylibsrtp's own ``Session.protect`` copies
each packet three times. The way in place uses private names of pylibsrtp, so it is proved once at import
against the public way; where it does not hold the public way is used.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import pylibsrtp
from pylibsrtp import _binding

from phone.secret import Secret
from phone.wire.errors import PacketError

KEY_BYTES = 16
SALT_BYTES = 14
_ffi = _binding.ffi
_lib = _binding.lib

CAPACITY = 4096
"""A datagram must be shorter, bytes; media stays under the path's MTU, ZRTP under 2200."""

_TRAILER = 148
"""What libsrtp may append at most: SRTCP index, tag and MKI, bytes."""
_PUBLIC_WAY_BYTES = 1500 - _TRAILER
"""``Session.protect`` takes no longer packet."""
_REPLAY = ("replay check failed (bad index)", "replay check failed (index too old)")
_SELF_TEST = bytes.fromhex("8000000100000000deadbeef") + bytes(20)
_length = _ffi.new("int *")


class AuthTag(Enum):
    """Length of the SRTP authentication tag (RFC 4568 §6.2); SRTCP always has 80 bits (RFC 3711 §5.2)."""

    HS32 = "HS32"
    HS80 = "HS80"


class SrtpError(PacketError):
    """libsrtp refused a packet: not authentic, replayed, or no packet at all."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.replayed = message in _REPLAY
        """Its number came before or is too old to tell; libsrtp looks at that before the tag."""


class PacketBuffer:
    """Room for one datagram, where libsrtp can work on it."""

    __slots__ = ("data", "view")

    def __init__(self) -> None:
        self.data: Any = _ffi.new("char[]", CAPACITY + _TRAILER)
        """What libsrtp is given."""
        self.view = memoryview(_ffi.buffer(self.data))
        """The same memory for sockets; longer than ``CAPACITY`` by what libsrtp may append."""

    def put(self, datagram: bytes) -> int:
        """Copy ``datagram`` in; return its length. Raise PacketError when it is too long."""
        if len(datagram) > CAPACITY:
            raise PacketError(f"{len(datagram)} bytes are too long")
        self.view[: len(datagram)] = datagram
        return len(datagram)

    def get(self, length: int) -> bytes:
        """Return a copy of the first ``length`` bytes."""
        return bytes(self.view[:length])


Transform = Callable[[PacketBuffer, int], int]
"""Works on the first bytes of a buffer in place: the length before to the length after. Raises SrtpError."""


class SrtpSender:
    """Protects what we send under one master key, with any SSRC."""

    def __init__(self, key: Secret, salt: Secret, auth_tag: AuthTag) -> None:
        """``key`` 16 bytes, ``salt`` 14 bytes; ``ValueError`` for other lengths."""
        session = _open_session(key, salt, auth_tag, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.protect: Transform = _transform(session, "protect")
        self.protect_rtcp: Transform = _transform(session, "protect_rtcp")


class SrtpReceiver:
    """Opens what the peer sends under one master key, with any SSRC; each packet once (RFC 3711 §3.3.2).

    A packet that is refused stays as it was, so that another key may be tried on it.
    """

    def __init__(self, key: Secret, salt: Secret, auth_tag: AuthTag) -> None:
        """``key`` 16 bytes, ``salt`` 14 bytes; ``ValueError`` for other lengths."""
        session = _open_session(key, salt, auth_tag, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        self.unprotect: Transform = _transform(session, "unprotect")
        self.unprotect_rtcp: Transform = _transform(session, "unprotect_rtcp")


_PROFILES = {
    AuthTag.HS80: pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    AuthTag.HS32: pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


def _open_session(key: Secret, salt: Secret, auth_tag: AuthTag, ssrc_type: int) -> pylibsrtp.Session:
    if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError(
            f"AES_CM_128 takes {KEY_BYTES} and {SALT_BYTES} bytes, not {len(key)} and {len(salt)}"
        )
    policy = pylibsrtp.Policy(
        key=key.reveal() + salt.reveal(), ssrc_type=ssrc_type, srtp_profile=_PROFILES[auth_tag]
    )
    return pylibsrtp.Session(policy)


def _copying(session: pylibsrtp.Session, name: str) -> Transform:
    """Return the public way: copy the packet out, and what comes of it back in."""
    method: Callable[[bytes], bytes] = getattr(session, name)

    def transform(buffer: PacketBuffer, length: int) -> int:
        try:
            if length > _PUBLIC_WAY_BYTES:
                raise pylibsrtp.Error("packet is too long")
            return buffer.put(method(buffer.get(length)))
        except pylibsrtp.Error as error:
            raise SrtpError(str(error)) from None

    return transform


def _in_place(session: pylibsrtp.Session, name: str) -> Transform:
    """Return the fast way: libsrtp's function on the buffer itself."""
    function = getattr(_lib, f"srtp_{name}")
    context = session._srtp[0]

    # the default keeps `session` alive, which owns the context
    def transform(buffer: PacketBuffer, length: int, _session: pylibsrtp.Session = session) -> int:
        _length[0] = length
        status = function(context, buffer.data, _length)
        if status:
            raise SrtpError(pylibsrtp.ERRORS[status])
        return int(_length[0])

    return transform


def _proved() -> bool:
    """Tell whether the way in place yields the same packet as the public way, and opens it again."""
    key, salt, buffer = Secret(bytes(KEY_BYTES)), Secret(bytes(SALT_BYTES)), PacketBuffer()

    def session(direction: int) -> pylibsrtp.Session:
        return _open_session(key, salt, AuthTag.HS80, direction)

    try:
        outbound = pylibsrtp.Policy.SSRC_ANY_OUTBOUND
        length = _copying(session(outbound), "protect")(buffer, buffer.put(_SELF_TEST))
        expected = buffer.get(length)
        length = _in_place(session(outbound), "protect")(buffer, buffer.put(_SELF_TEST))
        if buffer.get(length) != expected:
            return False
        length = _in_place(session(pylibsrtp.Policy.SSRC_ANY_INBOUND), "unprotect")(buffer, length)
        return buffer.get(length) == _SELF_TEST
    except (AttributeError, TypeError, PacketError):
        return False


_transform = _in_place if _proved() else _copying
