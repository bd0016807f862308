"""Tells apart what shares one UDP port (RFC 7983, RFC 5761 §4, RFC 6189 §5)."""

from __future__ import annotations

from enum import Enum, auto

RTCP_BYTES = 8
"""Shortest RTCP packet: header and SSRC."""
RTP_BYTES = 12

_COOKIE = b"ZRTP"


class Kind(Enum):
    """What a datagram claims to be, by its first bytes alone."""

    RTP = auto()
    """Also SRTP: they look the same."""
    RTCP = auto()
    """Also SRTCP."""
    ZRTP = auto()
    OTHER = auto()
    """STUN, DTLS, TURN or garbage."""


def classify(datagram: memoryview, length: int) -> Kind:
    """Classify the first ``length`` bytes of ``datagram``."""
    if length < RTCP_BYTES:
        return Kind.OTHER
    first = datagram[0]
    if first >> 6 == 2:
        # an RTCP packet type 192-223 is, read as RTP, a marker bit and payload type 64-95 (RFC 5761 §4)
        if 192 <= datagram[1] <= 223:
            return Kind.RTCP
        return Kind.RTP if length >= RTP_BYTES else Kind.OTHER
    if first >> 4 == 1 and datagram[4:8] == _COOKIE:
        return Kind.ZRTP
    return Kind.OTHER
