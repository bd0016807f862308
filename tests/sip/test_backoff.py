"""When to register again."""

from __future__ import annotations

from phone.sip.backoff import Backoff


def delays(backoff: Backoff, count: int, *, slow: bool = False) -> list[float]:
    """Return so many delays in a row."""
    return [backoff.next(slow=slow) for _ in range(count)]


def test_delays_double_up_to_five_minutes() -> None:
    """A server that is away for long is not asked every two seconds."""
    backoff = Backoff(lambda: 1.0)
    assert delays(backoff, 10) == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert delays(backoff, 5000)[-1] == 300


def test_jitter_spreads_phones() -> None:
    """Half to all of the delay, as chance wills."""
    assert [Backoff(lambda: 0.0).next(slow=False), Backoff(lambda: 0.5).next(slow=False)] == [1, 1.5]


def test_a_success_begins_anew() -> None:
    """The next failure is a first one."""
    backoff = Backoff(lambda: 1.0)
    delays(backoff, 5)
    backoff.reset()
    assert backoff.next(slow=False) == 2


def test_what_only_a_person_can_cure_is_tried_rarely() -> None:
    """A wrong password: ten minutes at least, two hours at most."""
    assert delays(Backoff(lambda: 1.0), 6, slow=True) == [600, 1200, 2400, 4800, 7200, 7200]
