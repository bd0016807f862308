"""What calls sound like before they are answered, and when their protection changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from phone.audio.player import SoundPlayer
from phone.audio.sounds import KEYS, Sound, seconds
from phone.calls.values import AccountSnapshot, CallSnapshot, CallState, Direction, Happened, Pending

BUSY_S = 2.5
"""How long the busy tone lasts."""

LINGER_S = 0.5
"""How long a device stays open after a short sound: opening it has taken time as well."""

CANCELLED = 487
"""SIP status of a call that the caller gave up (RFC 3261 §21.4.25)."""


class Signals:
    """Rings, and plays tones; follows what the switchboard tells.

    Sounds that last as long as a state are worked out from all calls together; short ones interrupt them.
    """

    def __init__(
        self,
        *,
        ringer: SoundPlayer,
        tones: SoundPlayer,
        call_later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._ringer = ringer
        self._tones = tones
        self._call_later = call_later
        self._calls: dict[str, CallSnapshot] = {}
        self._messages: dict[str, int] = {}
        """New ones, by account."""
        self._ringing = False
        self._tone: Sound | None = None
        self._interruptions = 0
        """Short sounds so far; the last one to end takes up the tone again."""
        self._interrupted = False

    def happened(self, event: Happened) -> None:
        """Something happened to a call or an account."""
        call = event.subject
        if isinstance(call, AccountSnapshot):
            self._look_at_mailbox(call)
        if not isinstance(call, CallSnapshot):
            return
        before = self._calls.get(call.id)
        if call.state is CallState.ENDED:
            self._calls.pop(call.id, None)
        else:
            self._calls[call.id] = call
        if short := _short(event.event, before, call):
            self._interrupt(short, BUSY_S if short is Sound.BUSY else seconds(short) + LINGER_S)
        self._settle()

    def pressed(self, keys: str) -> None:
        """The user presses keys in a call; what has no sound of its own is not heard."""
        for number, key in enumerate(keys):
            if key in KEYS:
                tone = partial(self._interrupt, KEYS[key], seconds(KEYS[key]) + LINGER_S)
                self._call_later(number * seconds(KEYS[key]), tone)

    def _look_at_mailbox(self, account: AccountSnapshot) -> None:
        new = account.messages.new if account.messages else 0
        # the first that is heard of a mailbox is what has long been in it
        if new > self._messages.get(account.id, new):
            self._interrupt(Sound.MESSAGE, seconds(Sound.MESSAGE) + LINGER_S)
        if account.messages:
            self._messages[account.id] = new

    def _settle(self) -> None:
        states = {call.state for call in self._calls.values()}
        called = CallState.INCOMING in states
        talking = bool(states & {CallState.CONNECTED, CallState.EARLY})
        ringing = called and not talking
        if ringing != self._ringing:
            self._ringing = ringing
            if ringing:
                self._ringer.play(Sound.RING)
            else:
                self._ringer.stop()
        tone = None
        if called and talking:
            tone = Sound.WAITING
        elif CallState.RINGING in states:
            tone = Sound.RINGBACK
        if tone is not self._tone:
            self._tone = tone
            if not self._interrupted:
                self._resume()

    def _interrupt(self, short: Sound, lasting: float) -> None:
        self._interruptions += 1
        self._interrupted = True
        self._tones.play(short)
        number = self._interruptions

        def end() -> None:
            if number == self._interruptions:
                self._interrupted = False
                self._resume()

        self._call_later(lasting, end)

    def _resume(self) -> None:
        if self._tone is not None:
            self._tones.play(self._tone)
        else:
            self._tones.stop()


def _short(event: str, before: CallSnapshot | None, call: CallSnapshot) -> Sound | None:
    """Return the short sound that this change of a call is worth."""
    if call.state is CallState.ENDED:
        refused = call.direction is Direction.OUTGOING and call.status >= 300 and call.status != CANCELLED
        return Sound.BUSY if refused and call.statistics is None else None
    lost = call.pending is Pending.PROTECTION_LOST
    if event == "alarm" or (lost and before is not None and before.pending is not call.pending):
        return Sound.ALARM
    secure = call.level.is_end_to_end
    return Sound.SECURED if secure and (before is None or not before.level.is_end_to_end) else None
