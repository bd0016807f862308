"""What one end tells the other about its media: the few SDP lines that Parley itself answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Address(NamedTuple):
    """A UDP end point, as ``socket`` takes it."""

    host: str
    """IPv4 address, dotted."""
    port: int


@dataclass(frozen=True, slots=True)
class MediaDescription:
    """Put in place of pjsua2's own loopback address in every offer and answer."""

    rtp: Address
    rtcp: Address
    zrtp_hash: str
    """Value of ``a=zrtp-hash``: version and 64 hex digits (RFC 6189 §8.1)."""
