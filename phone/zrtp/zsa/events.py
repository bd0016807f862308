"""What an exchange tells the outside, once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from phone.zrtp.zsa.capability import Suite
from phone.zrtp.zsa.credentials import Identity


class Doubt(Enum):
    """Why the other end is not authenticated."""

    WRONG_TAG = "the secrets of the two ends differ, or someone is in between"
    REFUSED = "the other end did not accept the proof"
    OTHER_ACCOUNT = "the other end proves another account"
    NO_COMMON_CREDENTIAL = "the two ends know the secret in different forms"
    OTHER_SUITE = "the other end does not keep to what was agreed"
    BACKING_OFF = "too many wrong secrets; wait before the next attempt"
    NO_ANSWER = "no answer to the proof"


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The other end has proved that it knows the secret of the account, and nobody is in between."""

    identity: Identity
    suite: Suite
    weak: bool
    """A password that a person has thought of, by suite 1: it may be guessed from what was sent."""
    unattended: bool
    """No person is at the other end."""
    required: bool
    """The other end goes on only with a proof."""


@dataclass(frozen=True, slots=True)
class NotAuthenticated:
    """The exchange has ended without proof. Nothing that was secure before is less so now."""

    doubt: Doubt
    guess: bool
    """The other end may have tried one secret: count it (``Guesses``)."""


ZsaEvent = Authenticated | NotAuthenticated
