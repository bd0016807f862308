"""What is remembered of a peer between calls, and who remembers it (RFC 6189 §4.9, §4.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType, Protocol

from phone.secret import Secret

Zid = NewType("Zid", bytes)
"""ZRTP identifier of one installation: 12 random bytes, made once (RFC 6189 §4.9)."""

FOREVER = 0xFFFFFFFF
"""Cache expiration interval, seconds: never expires (RFC 6189 §4.9)."""


@dataclass(frozen=True, slots=True)
class RetainedSecret:
    """One retained secret, rs1 or rs2."""

    value: Secret
    """32 bytes."""
    expires_in: int = FOREVER
    """Seconds from the moment it was loaded or saved; 0: expired, its loss raises no alarm."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """All that is remembered of one peer ZID."""

    rs1: RetainedSecret | None = None
    rs2: RetainedSecret | None = None
    sas_verified: bool = False
    """The user compared the SAS with this peer, and key continuity has held since (§7.1)."""
    pbx_secret: Secret | None = None
    """32 bytes that a PBX and we share since the user enrolled it (§7.3.1)."""
    preshared_calls: int = 0
    """Calls in Preshared mode since the last one with Diffie-Hellman (§4.4.2)."""


class SecretCache(Protocol):
    """The store that keeps retained secrets. ZID and secrets live together: one is worthless alone."""

    def zid(self) -> Zid:
        """Return our own ZID, made at the first call and the same for ever after."""
        ...

    def load(self, peer: Zid) -> CacheEntry | None:
        """Return what is known of ``peer``; ``None`` for a stranger."""
        ...

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        """Replace what is known of ``peer``, in one transaction (§4.6.1)."""
        ...
