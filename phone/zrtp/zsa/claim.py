"""What one end of a call can prove, and means to."""

from __future__ import annotations

from dataclasses import dataclass

from phone.zrtp.zsa.body import NO_FLAGS, Flags
from phone.zrtp.zsa.capability import Capability
from phone.zrtp.zsa.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim to know the secret of an account, for one call."""

    capability: Capability
    credentials: Credentials
    """A keeper has them for every name (``Keyring``)."""
    flags: Flags = NO_FLAGS
    blocked: bool = False
    """Too many wrong secrets came before (``Guesses``): prove nothing and compute nothing."""
