"""SRTP and SRTCP by libsrtp: AES in counter mode with HMAC-SHA1 (RFC 3711, RFC 6188), AES-GCM (RFC 7714).

Packets are protected and opened in place, in one ``PacketBuffer``: pylibsrtp's own ``Session.protect`` copies
each packet three times. The way in place, and AES-256 in counter mode, use private names of pylibsrtp.
So everything is proved once at import against known packets: where the way in place does not hold the public
way is used, and a cipher that does not hold is not ``AVAILABLE``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pylibsrtp
from pylibsrtp import _binding

from phone.secret import Secret
from phone.wire.errors import PacketError

_ffi = _binding.ffi
_lib = _binding.lib

CAPACITY = 4096
"""A datagram must be shorter, bytes; media stays under the path's MTU, ZRTP under 2200."""

_TRAILER = 148
"""What libsrtp may append at most: SRTCP index, tag and MKI, bytes."""
_PUBLIC_WAY_BYTES = 1500 - _TRAILER
"""``Session.protect`` takes no longer packet."""
_REPLAY = ("replay check failed (bad index)", "replay check failed (index too old)")
_length = _ffi.new("int *")


class AuthTag(Enum):
    """How packets are authenticated, by ZRTP's code (RFC 6189 §5.1.4)."""

    HS32 = "HS32"
    """HMAC-SHA1 cut to 32 bits; SRTCP has 80 all the same (RFC 3711 §5.2)."""
    HS80 = "HS80"
    GCM = "GCM "
    """Part of the cipher: 128 bits, for SRTP and SRTCP (RFC 7714 §13.2)."""


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
        """The length of ``key`` chooses the cipher; ``salt`` has 14 bytes, 12 with GCM.

        Raise ValueError for other lengths, and for a cipher that is not ``AVAILABLE``.
        """
        session = _open_session(key, salt, auth_tag, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.protect: Transform = _transform(session, "protect")
        self.protect_rtcp: Transform = _transform(session, "protect_rtcp")


class SrtpReceiver:
    """Opens what the peer sends under one master key, with any SSRC; each packet once (RFC 3711 §3.3.2).

    A packet that is refused stays as it was, so that another key may be tried on it.
    """

    def __init__(self, key: Secret, salt: Secret, auth_tag: AuthTag) -> None:
        """Take the same as ``SrtpSender``, and raise the same."""
        session = _open_session(key, salt, auth_tag, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        self.unprotect: Transform = _transform(session, "unprotect")
        self.unprotect_rtcp: Transform = _transform(session, "unprotect_rtcp")
        if auth_tag is AuthTag.GCM:
            self.unprotect = _restoring(self.unprotect)
            self.unprotect_rtcp = _restoring(self.unprotect_rtcp)


@dataclass(frozen=True, slots=True)
class _Suite:
    """What libsrtp is told, and what must come of it."""

    salt_bytes: int
    profile: int
    """pylibsrtp's; for a cipher without one, the profile that has all but the cipher right."""
    cipher: int | None
    """libsrtp's number of a cipher that is in no profile."""
    rtp: str
    """What follows the header of the known RTP packet, protected; hexadecimal."""
    rtcp: str
    """The same of the known RTCP packet."""


_RTP_HEADER = bytes.fromhex("8000000100000000deadbeef")
_RTCP_HEADER = bytes.fromhex("80c80005deadbeef")
_PAYLOAD = bytes(16)
# AES-192 is not here: what libsrtp makes of such a key is not what RFC 6188 says, so no other could open it.
# Bytes of the key, libsrtp's cipher, and the known packets: index 1, key and salt 00 01 02 ..; not by libsrtp
_AES_CM = (
    (
        16,
        None,
        "3299004747e78ffaa29cedadd0dc76b99744ae36bd2c0e83352f",
        "3b2239a019705116ee7c1f3871aff6c68000000183b0de165e188257f0e5",
    ),
    (
        32,
        5,
        "305b86625f67a4a87766c12df66242b509f9e7a50e1f0c0528bb",
        "0f6cdae4dc96e35c484ac6378e5e142480000001be835632be5cc7ac1cc3",
    ),
)
_AES_GCM = (
    (
        16,
        pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
        "4a2565f69d3ba4747331250bb7f0151dd36a4ab03da0a4896fc66870889ba61b",
        "3b32da292e93fe41c3a0e798431d30e31af82a4e815976aaef22bd3950848a0280000001",
    ),
    (
        32,
        pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
        "051a64f6191f6409b5d7d7381e68d8f0a15d508f686993b8c83ff7e2125bfd5a",
        "5128eb4702c54c164eefd3dacfb3b07de44d1d377508773d17671e90ec3a7af780000001",
    ),
)
_SUITES: dict[tuple[int, AuthTag], _Suite] = {}
for _key_bytes, _cipher, _rtp, _rtcp in _AES_CM:
    _SUITES[_key_bytes, AuthTag.HS80] = _Suite(
        14, pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80, _cipher, _rtp, _rtcp
    )
    _SUITES[_key_bytes, AuthTag.HS32] = _Suite(
        14, pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32, _cipher, _rtp[:-12], _rtcp
    )
for _key_bytes, _profile, _rtp, _rtcp in _AES_GCM:
    _SUITES[_key_bytes, AuthTag.GCM] = _Suite(12, _profile, None, _rtp, _rtcp)


def _open_session(key: Secret, salt: Secret, auth_tag: AuthTag, ssrc_type: int) -> pylibsrtp.Session:
    if (len(key), auth_tag) not in AVAILABLE:
        raise ValueError(f"no SRTP cipher has a key of {len(key)} bytes with {auth_tag.name}")
    suite = _SUITES[len(key), auth_tag]
    if len(salt) != suite.salt_bytes:
        raise ValueError(f"this SRTP cipher takes a salt of {suite.salt_bytes} bytes, not {len(salt)}")
    return _session(suite, key.reveal() + salt.reveal(), ssrc_type)


def _session(suite: _Suite, key: bytes, ssrc_type: int) -> pylibsrtp.Session:
    """Return a session for ``key``, which ends in the salt."""
    policy = pylibsrtp.Policy(key=key, ssrc_type=ssrc_type, srtp_profile=suite.profile)
    if suite.cipher is not None:
        for part in (policy._policy.rtp, policy._policy.rtcp):
            # libsrtp 2: cipher, bytes of its key and salt, authentication, bytes of its key and tag, services
            fields = _ffi.cast("int *", _ffi.addressof(part))
            if _ffi.sizeof(part) != 6 * _ffi.sizeof("int") or (fields[0], fields[1]) != (1, 30):
                raise TypeError("srtp_crypto_policy_t is not what it was")
            fields[0], fields[1] = suite.cipher, len(key)
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


def _restoring(transform: Transform) -> Transform:
    """Put a refused packet back as it was: libsrtp decrypts with GCM before it knows the tag."""

    def restoring(buffer: PacketBuffer, length: int) -> int:
        packet = buffer.get(length)
        try:
            return transform(buffer, length)
        except SrtpError:
            buffer.view[:length] = packet
            raise

    return restoring


def _proved(way: Callable[[pylibsrtp.Session, str], Transform], key_bytes: int, auth_tag: AuthTag) -> bool:
    """Tell whether the known packets come out as they should, and open again."""
    suite, buffer = _SUITES[key_bytes, auth_tag], PacketBuffer()
    key = bytes(range(key_bytes)) + bytes(range(suite.salt_bytes))
    try:
        sender = _session(suite, key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        receiver = _session(suite, key, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        for kind, header, known in (("", _RTP_HEADER, suite.rtp), ("_rtcp", _RTCP_HEADER, suite.rtcp)):
            length = way(sender, f"protect{kind}")(buffer, buffer.put(header + _PAYLOAD))
            if buffer.get(length) != header + bytes.fromhex(known):
                return False
            length = way(receiver, f"unprotect{kind}")(buffer, length)
            if buffer.get(length) != header + _PAYLOAD:
                return False
    except (AttributeError, TypeError, PacketError, pylibsrtp.Error):
        return False
    return True


_transform = _in_place if _proved(_in_place, 16, AuthTag.HS80) else _copying

AVAILABLE = frozenset(suite for suite in _SUITES if _proved(_transform, *suite))
"""What may be offered: bytes of the master key, and how packets are authenticated."""
