"""How well a secret stands against guessing, and secrets that nobody can guess.

The estimate is zxcvbn's: the one that password research measures others against, kept up, MIT, in pure
Python. What counts lengths and kinds of characters instead takes ``Password1!`` for strong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from twisted.internet.defer import Deferred

from phone.secret import Secret

T = TypeVar("T")

RANDOM_BITS: Final = 128
"""From here on a secret counts as random: no computer tries so many."""
_GENERATED: Final = re.compile(rb"[a-z2-7]{32}")
_CHECKSUM_BYTES: Final = 4
_LONGEST: Final = 72
"""Characters; zxcvbn takes no more, and needs 31 ms for them."""


class OffReactor(Protocol):
    """Runs what takes long where nobody waits for it."""

    def __call__(self, work: Callable[[], T], /) -> Deferred[T]:
        """Return what fires with what ``work`` returns."""
        ...


@dataclass(frozen=True, slots=True)
class Strength:
    """What an estimate says, about a password or of how it was made."""

    bits: float
    """Binary logarithm of how many guesses it takes."""
    at_digest: str
    """How long those take a graphics card at a login's digest (10^10 a second), in words."""
    at_proof: str
    """How long at a proof of suite 1, which costs one scrypt each (10^4 a second), in words."""

    @property
    def is_random(self) -> bool:
        """Tell whether it is no password that a person has thought of."""
        return self.bits >= RANDOM_BITS


def make_secret(random_bytes: Callable[[int], bytes]) -> Secret:
    """Return a secret of 128 random bits as 32 characters that every PBX and keyboard takes.

    The last 32 bits are a checksum, by which it is known again wherever it is typed.
    """
    value = random_bytes(RANDOM_BITS // 8)
    return Secret(base64.b32encode(value + _checksum(value)).lower())


def is_generated(secret: Secret) -> bool:
    """Tell whether ``make_secret`` has made it; a person does so once in four thousand million tries."""
    if not _GENERATED.fullmatch(secret.reveal()):
        return False
    value = base64.b32decode(secret.reveal().upper())
    return hmac.compare_digest(value[-_CHECKSUM_BYTES:], _checksum(value[:-_CHECKSUM_BYTES]))


def _checksum(value: bytes) -> bytes:
    return hashlib.sha256(b"Parley secret" + value).digest()[:_CHECKSUM_BYTES]


def estimate(secret: Secret, hints: Iterable[str]) -> Strength:
    """Estimate a password; ``hints``: names that are tried first. Not in the reactor."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  # 14 MB of word lists

    if is_generated(secret):
        return Strength(RANDOM_BITS, "centuries", "centuries")
    text = secret.reveal().decode(errors="replace")[:_LONGEST]
    if not text:
        return Strength(0.0, "no time", "no time")  # zxcvbn fails over it
    found = zxcvbn(text, user_inputs=[hint for hint in hints if hint])
    times = found["crack_times_display"]
    return Strength(
        bits=float(found["guesses_log10"]) / math.log10(2),
        at_digest=times["offline_fast_hashing_1e10_per_second"],
        at_proof=times["offline_slow_hashing_1e4_per_second"],
    )
