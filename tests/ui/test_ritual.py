"""The comparing of codes."""

from __future__ import annotations

import itertools

import pytest

from ui.models.ritual import TABLE, TALK_S, Input, Ritual, State


@pytest.mark.parametrize(("state", "happened"), list(itertools.product(State, Input)))
def test_what_is_not_listed_changes_nothing(state: State, happened: Input) -> None:
    """Every state takes every input."""
    ritual = Ritual()
    ritual.state = state
    ritual.feed(happened)
    assert ritual.state is TABLE.get((state, happened), state)


def test_two_mismatches_leave_no_way_but_hanging_up() -> None:
    """It may have been misread once."""
    ritual = Ritual()
    for happened in (Input.OPENED, Input.DIFFERED, Input.MISREAD, Input.DIFFERED):
        ritual.feed(happened)
    for happened in Input:
        ritual.feed(happened)
        assert ritual.state is State.REFUSED


def test_later_after_a_mismatch_keeps_the_alarm() -> None:
    """The second try can be put off, and the mismatch stays."""
    ritual = Ritual()
    for happened in (Input.OPENED, Input.DIFFERED, Input.MISREAD, Input.LATER):
        ritual.feed(happened)
    assert ritual.state is State.DIFFERED


def test_only_talk_both_ways_counts() -> None:
    """Seconds in which one side is silent do not."""
    ritual = Ritual()
    assert not any(ritual.hear(second * 50, 0) for second in range(1, 20))
    heard = [ritual.hear(2000 + second * 50, second * 50) for second in range(1, 20)]
    assert heard.index(True) == TALK_S - 1
    assert heard.count(True) == 1
