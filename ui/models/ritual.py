"""The comparing of codes, as a card that asks once and never blocks; the backend alone compares."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

TALK_S = 5
"""Seconds of talk both ways before anybody is asked."""


class State(Enum):
    """What the card shows."""

    HIDDEN = "hidden"
    ASKING = "asking"
    """The code, and a field for what one hears."""
    DIFFERED = "differed"
    """Someone may be listening; it may have been misread once."""
    ASKING_AGAIN = "asking again"
    REFUSED = "refused"
    """It has differed twice: there is nothing left but to hang up."""
    NAMING = "naming"
    """It matched: who was that?"""


ASKING = frozenset({State.ASKING, State.ASKING_AGAIN, State.NAMING})
"""In these it has the place of an alarm that the user is about to settle by it."""


class Input(Enum):
    """What moves the card."""

    TALKED = "talked"
    """Both have talked for a while, and this phone was not asked about before."""
    OPENED = "opened"
    """The user wants to compare now."""
    LATER = "later"
    MATCHED = "matched"
    DIFFERED = "differed"
    MISREAD = "misread"
    """The user thinks that it was misread."""
    NAMED = "named"


TABLE: Mapping[tuple[State, Input], State] = {
    (State.HIDDEN, Input.TALKED): State.ASKING,
    (State.HIDDEN, Input.OPENED): State.ASKING,
    (State.HIDDEN, Input.DIFFERED): State.DIFFERED,
    (State.ASKING, Input.LATER): State.HIDDEN,
    (State.ASKING, Input.MATCHED): State.NAMING,
    (State.ASKING, Input.DIFFERED): State.DIFFERED,
    (State.DIFFERED, Input.MISREAD): State.ASKING_AGAIN,
    (State.ASKING_AGAIN, Input.MATCHED): State.NAMING,
    (State.ASKING_AGAIN, Input.DIFFERED): State.REFUSED,
    (State.ASKING_AGAIN, Input.LATER): State.DIFFERED,
    (State.NAMING, Input.NAMED): State.HIDDEN,
    (State.NAMING, Input.LATER): State.HIDDEN,
}
"""What is not listed changes nothing: the user's clicks and the backend's answers cross each other."""


class Ritual:
    """Where one call stands in it."""

    def __init__(self) -> None:
        self.state = State.HIDDEN
        self.talked_s = 0
        self._packets = (0, 0)

    def feed(self, happened: Input) -> None:
        """Move on."""
        self.state = TABLE.get((self.state, happened), self.state)

    def hear(self, sent: int, received: int) -> bool:
        """Count one more second, with this many packets by now; return whether that makes ``TALK_S``."""
        before, self._packets = self._packets, (sent, received)
        if sent <= before[0] or received <= before[1]:
            return False
        self.talked_s += 1
        return self.talked_s == TALK_S
