"""All live calls: who is dialled, who rings, who may talk."""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from phone.audio.interface import SoundCard
from phone.calls.accounts import AccountBook
from phone.calls.call import Call
from phone.calls.contacts import ContactBook
from phone.calls.guard import Acquaintances
from phone.calls.latch import TRUST, Latches
from phone.calls.proofs import Proofs
from phone.calls.values import (
    AccountSnapshot,
    CallError,
    CallSnapshot,
    CallState,
    Direction,
    Happened,
    Level,
    Policy,
)
from phone.media import encryption
from phone.media.encryption import Trust
from phone.media.leg import LegListener, MediaLeg
from phone.secret import Secret
from phone.sip.interface import SipAccount, SipCall, SipEndpoint, SipError
from phone.store.history import History, PastCall
from phone.wire.description import Address
from phone.zrtp.cache import Zid
from phone.zrtp.zsa.body import Flags
from phone.zrtp.zsa.claim import Claim

_log = logging.getLogger("parley.calls")

_ADDRESS = re.compile(
    r"sips?:(?:[^@\s<>\"]+@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?:;[^\s<>\"]*)?"
)
_NUMBER = re.compile(r"[^\s@<>\":;,]+")

_MEDIA_POLICY = {policy: encryption.Policy(policy.value) for policy in Policy}


_REFUSALS = {"busy": 486, "decline": 603}


class MakeLeg(Protocol):
    """Opens the sockets of a new call."""

    def __call__(
        self,
        *,
        policy: encryption.Policy,
        listener: LegListener,
        claim: Claim | None,
        aux_secret: Secret | None,
        latched: Trust,
        remembered: Callable[[Zid], Trust],
    ) -> MediaLeg: ...


class Switchboard:
    """Owns every ``Call`` from its first INVITE to its last packet; listens for incoming ones."""

    def __init__(
        self,
        *,
        accounts: AccountBook,
        contacts: ContactBook,
        acquaintances: Acquaintances,
        latches: Latches,
        proofs: Proofs,
        history: History,
        make_leg: MakeLeg,
        route: Callable[[str | None], str],
        call_later: Callable[[float, Callable[[], None]], object],
        now: Callable[[], float],
        peer_policy: Policy,
        pressed: Callable[[str], None],
    ) -> None:
        """``peer_policy``: for calls without an account. ``call_later``: delay in seconds, then the call.
        ``pressed``: told which keys the user presses.
        """
        self._accounts = accounts
        self._contacts = contacts
        self._acquaintances = acquaintances
        self._latches = latches
        self._proofs = proofs
        self._history = history
        self._make_leg = make_leg
        self._route = route
        self._call_later = call_later
        self._now = now
        self._peer_policy = peer_policy
        self._pressed = pressed
        self._calls: dict[str, Call] = {}
        self._numbers = itertools.count(1)
        self._subscribers: list[Callable[[Happened], None]] = []
        self._endpoint: SipEndpoint | None = None
        self._last_shown: dict[str, CallSnapshot] = {}

    def attach(self, endpoint: SipEndpoint) -> None:
        """Join the SIP stack to this switchboard."""
        self._endpoint = endpoint

    # what people do

    def dial(self, target: str, account_id: str | None) -> CallSnapshot:
        """Call ``target``: a ``sip:`` address, or a number or name at an account. Raise CallError.

        Whoever was talked to until now is put on hold.
        """
        endpoint = self._stack()
        uri, account = self._resolve(target.strip(), account_id)
        self._hold_all_but(())
        call = self._open(Direction.OUTGOING, account, uri)
        sip_account = self._accounts.sip_account(account.id) if account else None
        try:
            call.attach(endpoint.dial(sip_account, uri, call))
        except SipError as error:
            del self._calls[call.id]
            call.close()
            raise CallError(str(error)) from error
        self._show(call)
        return call.snapshot()

    def redial(self) -> CallSnapshot:
        """Call again whoever was called last. Raise CallError."""
        past = self._history.last_outgoing()
        if past is None:
            raise CallError("Nobody has been called yet.")
        return self.dial(past.uri, past.account)

    def answer(self, call_id: str | None) -> CallSnapshot:
        """Answer the call that rings; whoever was talked to until now is put on hold."""
        return self._act(call_id, self._turn_to(Call.answer), (CallState.INCOMING,))

    def reject(self, call_id: str | None, how: str = "busy", to: str | None = None) -> CallSnapshot:
        """Refuse the call that rings: as busy, or declined, or by sending the caller to ``to``."""

        def reject(call: Call) -> None:
            if to is None:
                call.reject(_REFUSALS[how])
            else:
                call.send_away(self._resolve(to.strip(), call.account)[0])

        return self._act(call_id, reject, (CallState.INCOMING,))

    def hang_up(self, call_id: str | None) -> CallSnapshot:
        """End a call."""
        return self._act(call_id, Call.hang_up)

    def hold(self, call_id: str | None) -> CallSnapshot:
        """Put a call on hold."""
        return self._act(call_id, Call.hold, (CallState.CONNECTED,))

    def resume(self, call_id: str | None) -> CallSnapshot:
        """Take a call back from hold; whoever was talked to until now is put there instead."""
        return self._act(call_id, self._turn_to(Call.resume), (CallState.CONNECTED,))

    def transfer(self, call_id: str | None, target: str) -> CallSnapshot:
        """Send the other side of a call to ``target``, a ``sip:`` address or a number at its account."""

        def transfer(call: Call) -> None:
            call.transfer(self._resolve(target.strip(), call.account)[0])

        return self._act(call_id, transfer, (CallState.CONNECTED,))

    def transfer_to(self, call_id: str, other_id: str) -> CallSnapshot:
        """Let the other sides of two calls talk to each other, and leave both."""
        other = self._find(other_id)
        if other.id == call_id:
            raise CallError("A call cannot be passed on to itself; name two calls.")
        return self._act(call_id, lambda call: call.transfer_to(other))

    def confer(self, call_ids: Sequence[str]) -> list[CallSnapshot]:
        """Let the other sides of these calls, and of their present conference, hear each other.

        Whoever of them is held is taken back; whoever else was talked to is put on hold. Raise CallError.
        """
        chosen = {call.id: call for call in map(self._find, call_ids)}
        chosen |= {mate.id: mate for call in list(chosen.values()) for mate in call.companions}
        members = list(chosen.values())
        _check_conference(members)
        self._hold_all_but(members)
        try:
            for call in members:
                if call.held:
                    call.resume()
            self._join(members)
        except SipError as error:
            raise CallError(str(error)) from error
        return [call.snapshot() for call in members]

    def mute(self, call_id: str | None, muted: bool) -> CallSnapshot:
        """Shut or open the microphone for a call."""
        return self._act(call_id, lambda call: call.mute(muted))

    def attend(self, call_id: str, sound: SoundCard) -> CallSnapshot:
        """Answer a call, if it rings, and let it talk to ``sound``; no other call has to wait for it."""
        return self._act(call_id, lambda call: call.attend(sound))

    def record(self, call_id: str | None, path: str | None) -> CallSnapshot:
        """Record a call to a new file; ``None`` ends that. Raise CallError."""
        if path is None:
            return self._act(call_id, Call.stop_recording)
        if not os.path.isabs(path):
            raise CallError("A recording needs the whole path of its file.")
        return self._act(call_id, lambda call: call.record(Path(path)))

    def dtmf(self, call_id: str | None, digits: str) -> CallSnapshot:
        """Press keys in a call."""
        snapshot = self._act(call_id, lambda call: call.send_dtmf(digits))
        self._pressed(digits)
        return snapshot

    def verify(self, call_id: str | None, code: str, name: str | None) -> CallSnapshot:
        """Compare the code that was heard; ``name``: who read it. Raise CallError if it differs."""
        return self._act(call_id, lambda call: call.verify(code, name))

    def allow_clear(self, call_id: str | None, *, always: bool = False) -> CallSnapshot:
        """Go on without encryption: the user has read the notice; ``always``: do not ask at this address."""

        def allow_clear(call: Call) -> None:
            _check_strictness(call.companions, call)
            call.allow_clear(always=always)

        return self._act(call_id, allow_clear)

    def proceed(self, call_id: str | None, *, always: bool = False) -> CallSnapshot:
        """Go on with less known of the other end than before: the user has read the notice.

        ``always``: do not ask at this address any more.
        """
        return self._act(call_id, lambda call: call.proceed(always=always))

    def enroll(self, call_id: str | None) -> CallSnapshot:
        """Trust the PBX that asks for it in this call: the user consents."""
        return self._act(call_id, Call.enroll)

    def calls(self) -> list[CallSnapshot]:
        """Return every call that has not ended."""
        return [call.snapshot() for call in self._calls.values()]

    def call(self, call_id: str | None) -> CallSnapshot:
        """Return one call."""
        return self._find(call_id).snapshot()

    def subscribe(self, callback: Callable[[Happened], None]) -> Callable[[], None]:
        """Tell ``callback`` everything that happens; return what ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def publish(self, event: Happened) -> None:
        """Tell all subscribers."""
        for callback in list(self._subscribers):
            callback(event)

    def trust_changed(self) -> None:
        """The trust store was edited: every call looks again."""
        for call in list(self._calls.values()):
            call.trust_changed()

    def close(self) -> None:
        """Hang up everything."""
        for call in list(self._calls.values()):
            if call.state is not CallState.ENDED:
                call.hang_up()

    # what the SIP stack tells

    def call_incoming(self, account: SipAccount | None, sip: SipCall, source: Address) -> Call:
        """A peer calls: open a leg and let it ring."""
        record = self._accounts.owner(account) if account is not None else None
        call = self._open(Direction.INCOMING, record, sip.remote_uri)
        call.attach(sip)
        _log.info("call %s from %s (%s)", call.id, sip.remote_uri, source.host)
        self._show(call, "call.incoming")
        return call

    # inside

    def _stack(self) -> SipEndpoint:
        if self._endpoint is None:
            raise CallError("The backend is not ready yet.")
        return self._endpoint

    def _turn_to(self, action: Callable[[Call], None]) -> Callable[[Call], None]:
        """Return ``action``, after which its call is the only one that is talked to."""

        def turn_to(call: Call) -> None:
            action(call)
            self._hold_all_but((call,))

        return turn_to

    def _hold_all_but(self, kept: Collection[Call]) -> None:
        for call in self._calls.values():
            if call in kept or call.held or call.attended:
                continue
            if call.state is CallState.CONNECTED:
                try:
                    call.hold()
                except SipError as error:
                    raise CallError(f"Call {call.id} cannot be put on hold: {error}") from error

    def _join(self, members: Sequence[Call]) -> None:
        """Let these be the conference, and tell those whom that changes."""
        before = [call for call in self._calls.values() if call.companions]
        self._stack().confer([sip for call in members if (sip := call.sip) is not None])
        for call in before:
            call.companions = ()
        for call in members:
            call.companions = tuple(mate for mate in members if mate is not call)
        for call in {call.id: call for call in (*before, *members)}.values():
            self._show(call)

    def _leave(self, call: Call) -> None:
        """A member of the conference has ended; one alone is none."""
        rest = call.companions
        call.companions = ()
        if rest:
            self._join(rest if len(rest) > 1 else ())

    def _open(
        self, direction: Direction, account: AccountSnapshot | None, uri: str, *, old: Call | None = None
    ) -> Call:
        """Open a call; ``old``: the one whose place it takes."""
        latched = old.latch if old is not None else Level.CLEAR
        aux_secret = self._accounts.aux_secret(account.id) if account else None
        before = self._latches.best(uri)
        policy = self._policy(direction, account, uri, old)
        claim = self._proofs.claim(account and replace(account, policy=policy), direction, uri)
        account_id = account.id if account else None
        try:
            call = Call(
                identifier=str(next(self._numbers)),
                direction=direction,
                account=account_id,
                remote_uri=uri,
                policy=policy,
                latched=latched,
                before=before,
                unattended=claim is not None and Flags.UNATTENDED in claim.flags,
                passed_on_by=old.who if old is not None else None,
                make_leg=lambda listener: self._make_leg(
                    policy=_MEDIA_POLICY[policy],
                    listener=listener,
                    claim=claim,
                    aux_secret=aux_secret,
                    latched=max(TRUST[latched], TRUST[before.level]),
                    remembered=lambda zid: self._remembered(account_id, zid),
                ),
                judged=lambda verdict: self._proofs.weigh(claim, uri, verdict),
                acquaintances=self._acquaintances,
                latches=self._latches,
                name_at=self._name_at,
                route=self._route,
                changed=self._show,
                succeed=self._succeed,
                now=self._now,
            )
        except OSError as error:
            raise CallError(f"No free port for the sound of a call: {error.strerror}.") from error
        self._calls[call.id] = call
        return call

    def _policy(
        self, direction: Direction, account: AccountSnapshot | None, uri: str, old: Call | None
    ) -> Policy:
        """Return what a call needs; ``old``: the one whose place it takes.

        The user's own word for a contact counts where he calls it himself. Who calls in is not proved by his
        address, and where we are sent is another one's choice: there a contact may only ask for more.
        """
        contact = self._contacts.at(uri)
        wanted = [account.policy if account else self._peer_policy]
        if contact is not None and contact.policy is not None:
            if direction is Direction.OUTGOING and old is None:
                return Policy(contact.policy)
            wanted.append(Policy(contact.policy))
        if old is not None:
            wanted.append(old.policy)
        return max(wanted, key=list(Policy).index)

    def _remembered(self, account_id: str | None, zid: Zid) -> Trust:
        """Return what earlier calls knew of a device."""
        known = self._acquaintances.peer(zid)
        if known is not None and known.verified_since is not None:
            return Trust.CODE
        proved = self._acquaintances.proved_since(account_id or "", zid)
        return Trust.SECRET if proved is not None else Trust.NOTHING

    def _succeed(self, old: Call, sip: SipCall, direction: Direction) -> Call:
        account = self._accounts.find(old.account) if old.account else None
        call = self._open(direction, account, sip.remote_uri, old=old)
        call.attach(sip)
        self._show(call)
        return call

    def _resolve(self, target: str, account_id: str | None) -> tuple[str, AccountSnapshot | None]:
        account = self._accounts.find(account_id) if account_id else None
        contact = self._contacts.find(target)
        if contact is not None:
            target = contact.address
        if _ADDRESS.fullmatch(target):
            return target, account or self._accounts.at_host(target)
        if target.lower().startswith(("sip:", "sips:")) or "@" in target or not _NUMBER.fullmatch(target):
            raise CallError(
                f"{target!r} is not an address Parley can call: use sip:USER@HOST, a number, or a contact's"
                " name."
            )
        account = account or self._accounts.default()
        if account is None:
            raise CallError(f"There is no account to call {target!r} with; add one, or call sip:USER@HOST.")
        host = account.uri.partition("@")[2]
        return f"sip:{target}@{host}", account

    def _name_at(self, uri: str) -> str:
        contact = self._contacts.at(uri)
        return contact.name if contact is not None else ""

    def _find(self, call_id: str | None, states: tuple[CallState, ...] = ()) -> Call:
        if call_id is not None:
            if call_id not in self._calls:
                raise CallError(f"There is no call {call_id}.")
            return self._calls[call_id]
        fitting = [c for c in self._calls.values() if not states or c.state in states] or list(
            self._calls.values()
        )
        if not fitting:
            raise CallError("There is no call.")
        if len(fitting) > 1:
            raise CallError("There are several calls; say which: " + ", ".join(c.id for c in fitting) + ".")
        return fitting[0]

    def _act(
        self, call_id: str | None, action: Callable[[Call], None], states: tuple[CallState, ...] = ()
    ) -> CallSnapshot:
        call = self._find(call_id, states)
        try:
            action(call)
        except SipError as error:
            raise CallError(str(error)) from error
        return call.snapshot()

    def _show(self, call: Call, event: str = "call") -> None:
        snapshot = call.snapshot()
        if snapshot.state is CallState.ENDED:
            self._finish(call, snapshot)
            return
        self._tell(call, snapshot, event)
        for mate in call.companions:
            # what it is told of the conference may be another thing now
            self._tell(mate, mate.snapshot(), "call")

    def _tell(self, call: Call, snapshot: CallSnapshot, event: str) -> None:
        if self._last_shown.get(call.id) == snapshot:
            return
        before = self._last_shown.get(call.id)
        self._last_shown[call.id] = snapshot
        self.publish(Happened(event, snapshot))
        if snapshot.alarm is not None and (before is None or before.alarm is not snapshot.alarm):
            self.publish(Happened("alarm", snapshot))
        if snapshot.transfer is not None and (before is None or before.transfer != snapshot.transfer):
            self.publish(Happened("transfer", snapshot))
        if before is not None and len(snapshot.dtmf) > len(before.dtmf):
            self.publish(Happened("dtmf", snapshot))

    def _finish(self, call: Call, snapshot: CallSnapshot) -> None:
        if self._calls.pop(call.id, None) is None:
            return
        before = self._last_shown.pop(call.id, None)
        self._leave(call)
        self._history.add(
            PastCall(
                ended=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                account=snapshot.account,
                direction=snapshot.direction.value,
                uri=snapshot.remote_uri,
                name=snapshot.remote_name,
                duration_s=snapshot.statistics.duration_s if snapshot.statistics else None,
                level=call.best_level.value,
                reason=snapshot.reason,
            )
        )
        if snapshot.transfer is not None and (before is None or before.transfer != snapshot.transfer):
            self.publish(Happened("transfer", snapshot))
        self.publish(Happened("call.ended", snapshot))
        self._call_later(0, call.close)


def _check_conference(members: Sequence[Call]) -> None:
    """Raise CallError for calls that cannot be one conference."""
    if len(members) < 2:
        raise CallError("A conference needs at least two calls.")
    for call in members:
        if call.state is not CallState.CONNECTED:
            raise CallError(f"Call {call.id} is {call.state.value}: only connected calls can be joined.")
    for call in members:
        if not call.level.is_end_to_end:
            _check_strictness(members, call)


def _check_strictness(members: Sequence[Call], plain: Call) -> None:
    """Raise CallError if one of these calls is for its two ends alone: ``plain`` lets others hear it."""
    strict = next((call for call in members if call.required and call is not plain), None)
    if strict is not None:
        raise CallError(
            f"Call {strict.id} requires encryption, and call {plain.id} is not encrypted end to end: they"
            " stay apart."
        )
