"""Sending the other side of a call to somebody else, and how that fares (RFC 3515, RFC 5589)."""

from __future__ import annotations

from enum import Enum

from phone.calls.reasons import refusal_in_words
from phone.calls.values import TransferSnapshot, TransferState
from phone.machine import Machine, Table


class Input(Enum):
    """What the peer tells of it."""

    PROGRESS = "it tries"
    REACHED = "it talks to the third party"
    REFUSED = "it, or the third party, does not want to"


_A, _U, _D, _F = TransferState
TABLE: Table[TransferState, Input] = {
    (_A, Input.PROGRESS): ("", _U),
    (_A, Input.REACHED): ("leave", _D),
    (_A, Input.REFUSED): ("", _F),
    (_U, Input.PROGRESS): ("", _U),
    (_U, Input.REACHED): ("leave", _D),
    (_U, Input.REFUSED): ("", _F),
}
"""``leave``: our part is over, the call can end."""


class Transfer:
    """One transfer that we have asked for."""

    def __init__(self, target: str) -> None:
        """``target``: whom the other side shall talk to, for people."""
        self._target = target
        self._words = f"The other side is asked to talk to {target}."
        self._machine = Machine(TABLE, TransferState.ASKED, name="transfer")

    @property
    def is_open(self) -> bool:
        """Whether its end is yet to come."""
        return self._machine.state in (TransferState.ASKED, TransferState.UNDER_WAY)

    def progress(self, status: int, reason: str, *, final: bool) -> bool:
        """Take in what the peer tells; return whether our part of the call is over.

        ``status``: of the third party, or of the peer's own refusal. A last word that is none (100, say, of a
        phone that does not follow its own call) counts as success: the peer has left to make it.
        """
        if status >= 300:
            told, words = Input.REFUSED, refusal_in_words(status, reason)
        elif final:
            told, words = Input.REACHED, f"The other side now talks to {self._target}."
        elif status == 180:
            told, words = Input.PROGRESS, f"It rings at {self._target}."
        else:
            told, words = Input.PROGRESS, f"The other side calls {self._target}."
        action = self._machine.feed(told)
        if action is not None:
            self._words = words
        return action == "leave"

    def snapshot(self) -> TransferSnapshot:
        """Return how it stands."""
        return TransferSnapshot(self._target, self._machine.state, self._words)
