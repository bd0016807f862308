"""When to try again after a failed registration."""

from __future__ import annotations

from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 300.0
"""A server that was gone is found again within five minutes."""

SLOW_FIRST_S = 600.0
SLOW_LONGEST_S = 7200.0
"""A wrong password does not get better by itself, and servers lock out who insists."""


class Backoff:
    """Exponential delays with jitter, so that phones do not come back all at once."""

    def __init__(self, random: Callable[[], float]) -> None:
        """``random``: uniform in [0, 1)."""
        self._random = random
        self._failures = 0

    def next(self, *, slow: bool) -> float:
        """Return the seconds to wait after one more failure: half to all of 2, 4, 8 ... 300.

        ``slow``: 600, 1200 ... 7200, for causes that only a person can cure.
        """
        first, longest = (SLOW_FIRST_S, SLOW_LONGEST_S) if slow else (FIRST_S, LONGEST_S)
        # beyond 2^12 times the first every delay is at its limit
        delay = min(longest, first * 2.0 ** min(self._failures, 12))
        self._failures += 1
        return delay * (0.5 + self._random() / 2)

    def reset(self) -> None:
        """It worked: the next failure is a first one."""
        self._failures = 0
