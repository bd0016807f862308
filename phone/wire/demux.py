"""Tells apart what shares one UDP port (RFC 7983, RFC 5761 §4, RFC 6189 §5)."""

from __future__ import annotations

from enum import Enum, auto

RTCP_BYTES = 8
"""Shortest RTCP packet: header and SSRC."""
RTP_BYTES = 12
DTLS_BYTES = 13
"""Header of a record (RFC 6347 §4.1)."""

_COOKIE = b"ZRTP"
_FIRST_RTCP, _LAST_RTCP = 192, 223
"""RTCP packet types; as RTP they would be a marker bit and the payload types 64-95 (RFC 5761 §4)."""

_FIRST_DTLS, _LAST_DTLS = 20, 63


class Kind(Enum):
    """What a datagram claims to be, by its first bytes alone."""

    RTP = auto()
    """Also SRTP: they look the same."""
    RTCP = auto()
    """Also SRTCP."""
    ZRTP = auto()
    DTLS = auto()
    OTHER = auto()
    """STUN, TURN or garbage."""


# an enum's member costs more to look up than all the rest of ``classify``
_RTP, _RTCP, _ZRTP, _DTLS, _OTHER = Kind


def classify(datagram: memoryview, length: int) -> Kind:
    """Classify the first ``length`` bytes of ``datagram``."""
    if length < RTCP_BYTES:
        return _OTHER
    first = datagram[0]
    if first >> 6 == 2:
        if _FIRST_RTCP <= datagram[1] <= _LAST_RTCP:
            return _RTCP
        return _RTP if length >= RTP_BYTES else _OTHER
    if first >> 4 == 1 and datagram[4:8] == _COOKIE:
        return _ZRTP
    if _FIRST_DTLS <= first <= _LAST_DTLS and length > DTLS_BYTES:
        return _DTLS
    return _OTHER
