"""Makes pjmedia send its RTP and RTCP to the call's media leg, and nowhere else.

Left alone pjmedia sends to where the peer's session description points, in clear, until enough packets have
come from elsewhere. Its sockets are bound to 127.0.0.1, which keeps that off the network, but not from a peer
on this very host. So the remote address is replaced at the moment a stream attaches to its transport, in the
place of the transport's ``attach2`` operation (``pjmedia/transport.h``). This knows C structures of one
version of pjmedia, and refuses to work with another.
"""

from __future__ import annotations

import ctypes
import logging
import socket
from collections.abc import Callable
from typing import Any

from phone.sip.interface import SipError
from phone.wire.description import Address

_log = logging.getLogger("parley.sip")

KNOWN_VERSION = "2.15.1"

Target = Callable[[], tuple[Address, Address]]
"""Where RTP and RTCP are to go; asked at every attachment."""

NOWHERE = Address("127.0.0.1", 9)
"""The discard port (RFC 863)."""

_UDP = 0
"""PJMEDIA_TRANSPORT_TYPE_UDP"""

_IPV4_LENGTH = 16

_NAMES = (b"srtp", b"udp")
"""pjsua2 puts its SRTP, switched off or not, in front of the UDP transport; attachments pass through it."""

_OPERATIONS = (
    "get_info",
    "attach",
    "detach",
    "send_rtp",
    "send_rtcp",
    "send_rtcp2",
    "media_create",
    "encode_sdp",
    "media_start",
    "media_stop",
    "simulate_lost",
    "destroy",
    "attach2",
)


class _Operations(ctypes.Structure):
    """``pjmedia_transport_op``."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in _OPERATIONS)


class _Transport(ctypes.Structure):
    """The beginning of a ``pjmedia_transport``."""

    _fields_ = (
        ("name", ctypes.c_char * 32),
        ("type", ctypes.c_int),
        ("operations", ctypes.POINTER(_Operations)),
    )


class _SocketAddress(ctypes.Structure):
    """A ``pj_sockaddr`` with an IPv4 address in it; as long as an IPv6 address makes it."""

    _fields_ = (
        ("family", ctypes.c_uint16),
        ("port", ctypes.c_uint8 * 2),
        ("host", ctypes.c_uint8 * 4),
        ("rest", ctypes.c_uint32 * 5),
    )

    def set(self, address: Address) -> None:
        """Let it be ``address``."""
        self.family = socket.AF_INET
        self.port[:] = address.port.to_bytes(2, "big")
        self.host[:] = socket.inet_aton(address.host)


class _Attachment(ctypes.Structure):
    """The beginning of a ``pjmedia_transport_attach_param``."""

    _fields_ = (
        ("stream", ctypes.c_void_p),
        ("media_type", ctypes.c_int),
        ("remote_rtp", _SocketAddress),
        ("remote_rtcp", _SocketAddress),
        ("address_length", ctypes.c_uint),
    )


_Attach = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Attachment))


class Steering:
    """Leads the media of every call. Must live as long as pjsua2."""

    def __init__(self, version: str) -> None:
        """``version``: of pjsua2. Raise SipError for one whose structures are not known."""
        if version != KNOWN_VERSION:
            raise SipError(f"Parley needs pjsua2 {KNOWN_VERSION}; this is {version}.")
        self._targets: dict[int, Target] = {}
        self._replacement = _Attach(self._attach)
        self._operations: _Operations | None = None
        self._original: Any = None

    def lead(self, transport: int, target: Target) -> None:
        """Lead what is sent over a new media transport, a ``pjmedia_transport *``. Raise SipError."""
        found = _Transport.from_address(transport)
        if not found.name.startswith(_NAMES) or found.type != _UDP:
            raise SipError("This build of pjsua2 has media transports that Parley does not know.")
        if self._operations is None:
            # every transport of pjsua2's has the same table
            self._original = _Attach(found.operations.contents.attach2)
            self._operations = _Operations.from_buffer_copy(found.operations.contents)
            self._operations.attach2 = ctypes.cast(self._replacement, ctypes.c_void_p)
        self._targets[transport] = target
        found.operations = ctypes.pointer(self._operations)

    def forget(self, transport: int) -> None:
        """The transport's call is over; what attaches to it from now on is sent nowhere."""
        self._targets.pop(transport, None)

    def _attach(self, transport: int, attachment: Any) -> int:
        try:
            rtp, rtcp = self._targets[transport]()
        except Exception:
            # pjmedia would abort over a refusal here
            _log.exception("media is sent nowhere")
            rtp = rtcp = NOWHERE
        found = attachment.contents
        # with rtcp-mux both are one (RFC 5761)
        muxed = found.remote_rtcp.port[:] == found.remote_rtp.port[:]
        found.remote_rtp.set(rtp)
        found.remote_rtcp.set(rtp if muxed else rtcp)
        found.address_length = _IPV4_LENGTH
        return int(self._original(transport, attachment))
