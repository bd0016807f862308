"""Counting wrong secrets, for one account and one source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FREE_GUESSES: Final = 5
_FIRST_WAIT: Final = 60.0
_LONGEST_WAIT: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many were wrong, and until when no further one is tried; to be kept across restarts.

    Times are seconds since the epoch. After a proof begin again with ``Guesses()``.
    """

    wrong: int = 0
    blocked_until: float = 0.0

    def after_wrong(self, now: float) -> Guesses:
        """Return the count with one more; from the fifth on it blocks for 1, 2, 4 ... 60 minutes."""
        wrong = self.wrong + 1
        if wrong < FREE_GUESSES:
            return Guesses(wrong)
        wait = _FIRST_WAIT * 2.0 ** min(wrong - FREE_GUESSES, 10)
        return Guesses(wrong, now + min(wait, _LONGEST_WAIT))

    def is_blocked(self, now: float) -> bool:
        """Tell whether to refuse without computing anything."""
        return now < self.blocked_until
