"""State machines as one table: ``(state, input) -> (action, next state)``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import Enum
from typing import Generic, TypeVar

S = TypeVar("S", bound=Enum)
I = TypeVar("I", bound=Enum)  # noqa: E741

Table = Mapping[tuple[S, I], tuple[str, S]]
"""``(state, input)`` to ``(name of the action's method, next state)``; an empty name: no action."""


class Machine(Generic[S, I]):
    """Holds one state and moves it as the table says.

    ``feed`` returns the name of the action to run, or ``None`` for an input that is not listed in this
    state: UDP repeats and anyone can forge, so the owner counts and ignores such a message. An input of our
    own code that is not listed is a bug: ``demand`` raises ``KeyError`` for it.
    """

    def __init__(self, table: Table[S, I], state: S, *, name: str) -> None:
        self._table = table
        self._log = logging.getLogger(f"parley.machine.{name}")
        self.state = state

    def feed(self, event: I) -> str | None:
        """Move on ``event``; return the action's name, or ``None`` when the table does not list it."""
        if (self.state, event) not in self._table:
            return None
        return self.demand(event)

    def demand(self, event: I) -> str:
        """Move on ``event``; raise ``KeyError`` when the table does not list it."""
        action, following = self._table[self.state, event]
        if self._log.isEnabledFor(logging.DEBUG):
            self._log.debug("%s + %s -> %s", self.state.name, event.name, following.name)
        self.state = following
        return action
