"""What one end tells the other about its media: the few SDP lines that Parley itself answers for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Address(NamedTuple):
    """A UDP end point, as ``socket`` takes it."""

    host: str
    """IPv4 address, dotted."""
    port: int


class Setup(Enum):
    """Who begins the DTLS handshake, from the side that wrote the description (RFC 4145 §4, RFC 5763 §5)."""

    ACTIVE = "active"
    PASSIVE = "passive"
    ACTPASS = "actpass"
    """Whoever answers decides."""


class Fingerprint(NamedTuple):
    """Of a certificate (RFC 8122 §5)."""

    algorithm: str
    """Name of the hash, in lower case."""
    digest: bytes

    def __str__(self) -> str:
        """Return the value of ``a=fingerprint``."""
        return f"{self.algorithm} {self.digest.hex(':').upper()}"


@dataclass(frozen=True, slots=True)
class DtlsDescription:
    """What one side says of its DTLS-SRTP."""

    fingerprints: tuple[Fingerprint, ...]
    """Its certificate is one of these."""
    setup: Setup
    is_new: bool = False
    """``a=connection:new`` (RFC 4145 §5): keys of before count no more."""


@dataclass(frozen=True, slots=True)
class MediaDescription:
    """Put in place of pjsua2's own loopback address in every offer and answer."""

    rtp: Address
    rtcp: Address
    zrtp_hash: str
    """Value of ``a=zrtp-hash``: version and 64 hex digits (RFC 6189 §8.1)."""
    fingerprint: Fingerprint | None = None
    """Of our DTLS certificate: said in every offer, and to whoever has said one. ``None``: we do without."""
