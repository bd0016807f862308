"""A call to an extension that answers by itself: which way its sound goes, and whether it comes back.

The call talks to a tone, and not to the user's microphone and speaker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from twisted.internet.task import deferLater

from phone.audio.trial import ToneCard
from phone.calls.findings import Check, Finding, Verdict
from phone.calls.security import PBX_MEDIA
from phone.calls.switchboard import Switchboard
from phone.calls.values import (
    CallError,
    CallSnapshot,
    CallState,
    CallStatistics,
    Happened,
    Level,
    Pending,
    Policy,
)
from phone.doctor import words
from phone.doctor.words import because

ANSWER_S = 20.0
"""How long it may ring."""
SOUND_S = 8.0
"""How long it lasts at most, once answered: an RTCP report of the other end takes five seconds."""
SETTLED_S = 1.5
"""How much longer it lasts once its level is known and its sound arrives: for the counts."""
LOOK_S = 0.1
LOSSY_SHARE = 0.03


class _Follower:
    """Keeps up with one call, and lets it talk to the tone as soon as it is answered."""

    def __init__(self, switchboard: Switchboard, card: ToneCard, first: CallSnapshot) -> None:
        self._switchboard = switchboard
        self._card = card
        self.last = first

    def happened(self, event: Happened) -> None:
        if not isinstance(event.subject, CallSnapshot) or event.subject.id != self.last.id:
            return
        before, self.last = self.last, event.subject
        if self.last.state is CallState.CONNECTED and before.state is not CallState.CONNECTED:
            self._switchboard.attend(self.last.id, self._card)

    def look(self) -> CallSnapshot:
        """Return the call as it is, with its counts."""
        if self.last.state is not CallState.ENDED:
            self.last = self._switchboard.call(self.last.id)
        return self.last


@dataclass(frozen=True, slots=True)
class CallCheck:
    """Makes the call."""

    switchboard: Switchboard
    clock: Any
    """Twisted's reactor, or what has its clock."""

    async def check(self, target: str, account: str | None, policy: Policy) -> AsyncIterator[Finding]:
        """Call ``target``, tell what became of it, and hang up."""
        if self.switchboard.calls():
            yield words.BUSY_HERE(account)
            return
        try:
            call = self.switchboard.dial(target, account)
        except CallError as error:
            yield words.CANNOT_CALL(account, target=target, reason=str(error))
            return
        card = ToneCard()
        follower = _Follower(self.switchboard, card, call)
        unsubscribe = self.switchboard.subscribe(follower.happened)
        try:
            # what is heard before the answer is not talked to either
            self.switchboard.mute(call.id, True)
            await self._wait_answered(follower)
            if follower.last.state is CallState.CONNECTED:
                self.switchboard.mute(call.id, False)
                await self._wait_settled(follower, card)
            for finding in judge(follower.look(), target, policy, came_back=card.came_back):
                yield finding
        finally:
            unsubscribe()
            if follower.last.state is not CallState.ENDED:
                self.switchboard.hang_up(call.id)

    async def _wait_answered(self, follower: _Follower) -> None:
        deadline = self.clock.seconds() + ANSWER_S
        while follower.last.state not in (CallState.CONNECTED, CallState.ENDED):
            if self.clock.seconds() >= deadline:
                return
            await deferLater(self.clock, LOOK_S)

    async def _wait_settled(self, follower: _Follower, card: ToneCard) -> None:
        deadline = self.clock.seconds() + SOUND_S
        settled: float | None = None
        while self.clock.seconds() < deadline:
            await deferLater(self.clock, LOOK_S)
            call = follower.look()
            if call.state is CallState.ENDED:
                return
            if (card.came_back or _is_confirmed(call)) and _is_settled(call):
                settled = settled or self.clock.seconds()
                if self.clock.seconds() - settled >= SETTLED_S:
                    return


def _is_confirmed(call: CallSnapshot) -> bool:
    """Tell whether the other end is known to receive: it reports so, or has agreed on keys."""
    numbers = call.statistics
    if numbers is None or not numbers.packets_received:
        return False
    return numbers.round_trip_ms > 0 or call.level.is_end_to_end


def _is_settled(call: CallSnapshot) -> bool:
    return call.pending not in (Pending.SECURING, Pending.PROVING) and (
        call.why is None or call.why.cause != "waiting"
    )


def judge(call: CallSnapshot, target: str, policy: Policy, *, came_back: bool) -> list[Finding]:
    """Return what a call has shown; ``came_back``: its tone was heard again."""
    account, numbers = call.account, call.statistics
    if numbers is None or call.state not in (CallState.CONNECTED, CallState.ENDED):
        reason = call.reason or "Nobody has answered in time."
        return [words.CALL_FAILED(account, target=target, reason=reason), words.NOT_DIRECT(account)]
    if call.codec is None:
        return [words.CALLED_WITHOUT_SOUND(account, target=target), words.NOT_DIRECT(account)]
    sound = _held_back(call, target, policy) or _sound(call, numbers, came_back=came_back)
    # where nothing arrives, that there is no ZRTP either says nothing
    way = words.NOT_DIRECT(account) if sound.verdict is Verdict.BROKEN else _way(call, target)
    return [words.CALLED(account, target=target, codec=call.codec), sound, way]


def _held_back(call: CallSnapshot, target: str, policy: Policy) -> Finding | None:
    """Return why nothing passes, if it is Parley that lets nothing pass."""
    if call.pending is Pending.PROTECTION_LOST:
        return words.ASKED(call.account, target=target)
    if policy is not Policy.PREFER and not call.level.is_end_to_end:
        return words.HELD_BACK(call.account, policy=policy.value, account=call.account or "")
    return None


def _sound(call: CallSnapshot, numbers: CallStatistics, *, came_back: bool) -> Finding:
    received, lost = numbers.packets_received, numbers.packets_lost
    facts = {"sent": str(numbers.packets_sent), "received": str(received), "lost": str(lost)}
    if not received:
        remote = call.remote_name or call.remote_uri
        return words.NOTHING_BACK(call.account, remote=remote, sent=facts["sent"])
    if lost > LOSSY_SHARE * (received + lost):
        return words.LOSSY(call.account, lost=str(lost), all=str(received + lost))
    if came_back:
        return words.BOTH_WAYS(call.account, **facts)
    if _is_confirmed(call):
        return words.CONFIRMED(call.account, **facts)
    return words.ONE_WAY(call.account, **facts)


def _way(call: CallSnapshot, target: str) -> Finding:
    """Return who could hear the call, in the words that any call has for it."""
    if call.alarm is not None and call.why is not None:
        return because(Check.DIRECT_MEDIA, call.account, call.why, Verdict.BROKEN)
    if call.level is Level.AUTHENTICATED and call.authenticated is not None:
        return words.AUTHENTICATED(call.account, authenticated=call.authenticated)
    if call.level.is_end_to_end:
        return words.DIRECT(call.account, ms=str(call.time_to_secure_ms or 0))
    if call.why is None:
        return words.NOT_DIRECT(call.account)
    if call.why is PBX_MEDIA:
        return words.PBX_CARRIES(call.account, target=target)
    return because(Check.DIRECT_MEDIA, call.account, call.why)
