"""What an association tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from phone.secret import Secret


class Cause(Enum):
    """Why there are no keys."""

    FINGERPRINT = "the other end's certificate is not the one that the signalling announced"
    PROTOCOL = "the other end broke the rules of DTLS, or refused"
    PROFILE = "the two ends have no protection of media in common"
    TIMEOUT = "the other end did not answer"


@dataclass(frozen=True, slots=True)
class MediaKeys:
    """Master keys and salts of SRTP, one pair a direction (RFC 5764 §4.2)."""

    local_key: Secret = field(repr=False)
    local_salt: Secret = field(repr=False)
    remote_key: Secret = field(repr=False)
    remote_salt: Secret = field(repr=False)
    auth_tag: str
    """As ZRTP calls it."""


@dataclass(frozen=True, slots=True)
class Established:
    """Keys are agreed on with the owner of the announced certificate."""

    keys: MediaKeys


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no keys; the association is over."""

    cause: Cause


Event = Established | Failed
