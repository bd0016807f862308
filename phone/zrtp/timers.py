"""Retransmission schedules (RFC 6189 §6). All times are seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Schedule:
    """The wait doubles from ``first`` up to ``cap``; after ``resends`` and one more wait it has run out."""

    first: float
    cap: float
    resends: int


T1: Final = Schedule(0.05, 0.2, 20)
"""Hello to a peer of which nothing is known: 3.75 s to the last one."""
T1_PEER_KNOWN: Final = Schedule(0.05, 0.2, 62)
"""Hello to a peer that has shown any sign of ZRTP: at least 12 s."""
T2: Final = Schedule(0.15, 1.2, 10)
"""Everything else that is retransmitted: 9.45 s to the last one."""
TURN: Final = Schedule(0.05, 0.2, 60)
"""How a stream waits until another one of the session has its keys; longer than T2."""
SILENCE: Final = Schedule(10.0, 10.0, 0)
"""How long a responder waits for the initiator's next message."""
PASSIVE_WAIT: Final = Schedule(12.0, 12.0, 0)
"""How long an endpoint that never commits waits for the peer's Commit."""


class RetransmissionTimer:
    """One schedule at a time, told the time from outside."""

    def __init__(self) -> None:
        self.deadline: float | None = None
        self._schedule = T1
        self._wait = 0.0
        self._left = 0

    def start(self, schedule: Schedule, now: float) -> None:
        """Begin ``schedule``; the first transmission happens now."""
        self._schedule = schedule
        self._wait = schedule.first
        self._left = schedule.resends
        self.deadline = now + self._wait

    def extend(self, schedule: Schedule) -> None:
        """Go on with ``schedule``, which has the same waits, from where the running one stands."""
        self._left += schedule.resends - self._schedule.resends
        self._schedule = schedule

    def stop(self) -> None:
        """Never expire."""
        self.deadline = None

    def expire(self, now: float) -> bool:
        """Tell, at the deadline, whether to transmit again; ``False``: the schedule has run out."""
        if self._left == 0:
            self.deadline = None
            return False
        self._left -= 1
        self._wait = min(self._wait * 2, self._schedule.cap)
        self.deadline = now + self._wait
        return True
