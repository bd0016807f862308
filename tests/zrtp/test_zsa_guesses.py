"""Counting wrong secrets."""

from __future__ import annotations

from phone.zrtp.zsa.guesses import FREE_GUESSES, Guesses


def test_five_are_free_and_then_the_wait_doubles_to_an_hour() -> None:
    """1, 2, 4, 8, 16, 32 minutes, and then always 60."""
    guesses, now, waits = Guesses(), 1000.0, []
    for _ in range(FREE_GUESSES + 1500):
        guesses = guesses.after_wrong(now)
        waits.append((guesses.blocked_until - now) / 60 if guesses.is_blocked(now) else 0)
    assert waits[: FREE_GUESSES - 1] == [0] * (FREE_GUESSES - 1)
    assert waits[FREE_GUESSES - 1 :][:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[-1] == 60


def test_the_wait_ends() -> None:
    """A block is for a time."""
    guesses = Guesses(FREE_GUESSES - 1).after_wrong(0.0)
    assert guesses.is_blocked(59.9)
    assert not guesses.is_blocked(60.0)
