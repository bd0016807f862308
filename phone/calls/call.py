"""One call: its dialog, its media leg and what both together mean."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from phone.audio.interface import SoundCard
from phone.calls import security
from phone.calls.guard import Acquaintances, Guard, shown_sas
from phone.calls.latch import Best, Latches
from phone.calls.reasons import reason_in_words
from phone.calls.recorder import Recorder
from phone.calls.transfer import Transfer
from phone.calls.values import (
    CallError,
    CallSnapshot,
    CallState,
    CallStatistics,
    Direction,
    Level,
    Pending,
    Policy,
    TransferState,
)
from phone.media.leg import MediaError, MediaLeg
from phone.sip.interface import Dialog, SipCall, SipCallListener, Stream
from phone.wire.description import Address, MediaDescription
from phone.zrtp.errors import EnrollmentError
from phone.zrtp.events import AuthenticationEvent

_log = logging.getLogger("parley.calls")

_STATES = {
    Dialog.CALLING: CallState.CALLING,
    Dialog.INCOMING: CallState.INCOMING,
    Dialog.RINGING: CallState.RINGING,
    Dialog.EARLY: CallState.EARLY,
    Dialog.CONNECTED: CallState.CONNECTED,
    Dialog.ENDED: CallState.ENDED,
}


class Call:
    """Listens to one ``SipCall`` and one ``MediaLeg``; tells ``changed`` whenever its snapshot differs."""

    def __init__(
        self,
        *,
        identifier: str,
        direction: Direction,
        account: str | None,
        remote_uri: str,
        policy: Policy,
        latched: Level,
        before: Best,
        unattended: bool,
        passed_on_by: str | None,
        make_leg: Callable[[Call], MediaLeg],
        acquaintances: Acquaintances,
        latches: Latches,
        name_at: Callable[[str], str],
        route: Callable[[str | None], str],
        changed: Callable[[Call], None],
        judged: Callable[[AuthenticationEvent], None],
        succeed: Callable[[Call, SipCall, Direction], Call],
        now: Callable[[], float],
    ) -> None:
        """``policy``: what it needs before anything passes. ``latched``: the level that the call whose place
        it takes has had; ``before``: what earlier calls with the same address had. ``unattended``: nobody is
        here to be asked. ``passed_on_by``: who has sent us to the peer. ``route``: our own address as the
        given host sees it. ``name_at``: what the user calls whoever has an address; may be empty.
        ``judged``: told what came of a proof. ``succeed``: opens the call that takes this one's place.
        ``now``: seconds, monotonic.
        """
        self.id = identifier
        self.direction = direction
        self.account = account
        self._remote_uri = remote_uri
        self._remote_name = ""
        self._name_at = name_at
        self._route = route
        self._changed = changed
        self._succeed = succeed
        self._now = now
        self._sip: SipCall | None = None
        self._state = CallState.CALLING if direction is Direction.OUTGOING else CallState.INCOMING
        self._status = 0
        self._reason = ""
        self._unattended = unattended
        self._hung_up_here = False
        self._ended_because: str | None = None
        self._signalling_host: str | None = None
        self._stream: Stream | None = None
        self._muted = False
        self._held = False
        self._dtmf = ""
        self._connected_at: float | None = None
        self._ended_at: float | None = None
        self._transfer: Transfer | None = None
        self.attended = False
        """It talks to a program, so that it has to wait for no other call."""
        self.companions: tuple[Call, ...] = ()
        """The other calls of its conference."""
        self._last_statistics: CallStatistics | None = None
        self._leg = make_leg(self)
        self._recorder = Recorder(identifier, self._leg)
        self._guard = Guard(
            self._leg,
            account=account,
            policy=policy,
            latched=latched,
            before=before,
            passed_on_by=passed_on_by,
            acquaintances=acquaintances,
            latches=latches,
            spoken_name=self._spoken_name,
            judged=judged,
        )

    # what the switchboard does

    def attach(self, sip: SipCall) -> None:
        """Join the dialog to this call."""
        self._sip = sip
        self._remote_uri = sip.remote_uri or self._remote_uri
        self._remote_name = sip.remote_name

    @property
    def best_level(self) -> Level:
        """The highest level that this call has had."""
        return self._guard.best

    @property
    def latch(self) -> Level:
        """The level below which whatever takes this call's place must not fall silently."""
        return self._guard.latch

    @property
    def state(self) -> CallState:
        return self._state

    @property
    def sip(self) -> SipCall | None:
        """Its dialog."""
        return self._sip

    @property
    def held(self) -> bool:
        """Whether we have put it on hold."""
        return self._held

    @property
    def required(self) -> bool:
        """Whether its policy lets nothing pass in clear."""
        return self._guard.requires_encryption

    @property
    def policy(self) -> Policy:
        """What it needs before anything passes."""
        return self._guard.policy

    @property
    def level(self) -> Level:
        """How far it can be trusted, now."""
        return self._assess().level

    @property
    def who(self) -> str:
        """Whom it is with, for people."""
        return self._name or self._remote_uri

    def answer(self) -> None:
        """Answer an incoming call. Raise CallError in any other state."""
        self._demand(CallState.INCOMING, "only an incoming call can be answered")
        self._dialog().answer()

    def reject(self, status: int) -> None:
        """Refuse an incoming call. Raise CallError in any other state."""
        self._demand(CallState.INCOMING, "only an incoming call can be rejected")
        self._hung_up_here = True
        self._dialog().reject(status)

    def send_away(self, uri: str) -> None:
        """Refuse an incoming call and name who may be called instead. Raise CallError in any other state."""
        self._demand(CallState.INCOMING, "only an incoming call can be sent away")
        self._hung_up_here = True
        self._dialog().reject(302, contact=uri)

    def hang_up(self) -> None:
        """End the call, in whatever state it is."""
        if self._state is CallState.ENDED:
            raise CallError(f"Call {self.id} has already ended.")
        self._hung_up_here = True
        self._dialog().hang_up()

    def hold(self) -> None:
        """Put the call on hold. Raise CallError if it is not connected."""
        self._demand(CallState.CONNECTED, "only a connected call can be held")
        if not self._held:
            self._dialog().hold()
            self._held = True
            self._changed(self)

    def resume(self) -> None:
        """Take the call back from hold. Raise CallError if it is not held."""
        self._demand(CallState.CONNECTED, "only a connected call can be resumed")
        if not self._held:
            raise CallError(f"Call {self.id} is not on hold.")
        self._dialog().resume()
        self._held = False
        self._changed(self)

    def transfer(self, uri: str) -> None:
        """Send the other side to ``uri``. Raise CallError if the call is not connected."""
        self._demand_no_transfer()
        self._dialog().transfer(uri)
        self._transfer = Transfer(uri)
        self._changed(self)

    def transfer_to(self, other: Call) -> None:
        """Let the other sides of both calls talk to each other. Raise CallError unless both are connected."""
        other._demand(CallState.CONNECTED, "only a connected call can take another one over")
        self._demand_no_transfer()
        self._dialog().transfer_to(other._dialog())
        self._transfer = Transfer(other.who)
        self._changed(self)

    def mute(self, muted: bool) -> None:
        """Shut or open the microphone for this call."""
        if self._state is CallState.ENDED:
            raise CallError(f"Call {self.id} has already ended.")
        self._muted = muted
        self._apply_mute()
        self._changed(self)

    def attend(self, sound: SoundCard) -> None:
        """Let the caller talk to ``sound`` and to no person; answer the call if it rings."""
        if self._state is CallState.INCOMING:
            self._dialog().answer()
        elif self._state is not CallState.CONNECTED:
            raise CallError(f"Call {self.id} is {self._state.value}: there is nobody to attend to.")
        self.attended = True
        self._dialog().attend(sound)

    def record(self, path: Path) -> None:
        """Write both sides to a new WAV file, until ``stop_recording`` or the end. Raise CallError."""
        self._demand(CallState.CONNECTED, "only a connected call can be recorded")
        self._recorder.start(path, self._dialog())
        self._changed(self)

    def stop_recording(self) -> None:
        """Close the file. Raise CallError if the call is not recorded."""
        if not self._recorder.stop(self._dialog()):
            raise CallError(f"Call {self.id} is not recorded.")
        self._changed(self)

    def send_dtmf(self, digits: str) -> None:
        """Press keys. Raise CallError for other characters, or while there is no media."""
        wanted = digits.upper()
        if not wanted or any(digit not in "0123456789*#ABCD" for digit in wanted):
            raise CallError(f"{digits!r} are not telephone keys: use 0-9, *, # and A-D.")
        if self._stream is None:
            raise CallError(f"Call {self.id} has no sound yet, so keys cannot be sent.")
        self._dialog().send_dtmf(wanted)

    def verify(self, heard: str, name: str | None) -> None:
        """Compare the code that was heard. Raise CallError when it cannot be, or differs."""
        try:
            self._guard.verify(heard, name, uri=self._remote_uri)
        finally:
            self._apply_mute()
            self._changed(self)

    def allow_clear(self, *, always: bool) -> None:
        """The user has read the notice and wants to go on without encryption.

        ``always``: nor is he to be asked again at this address. Raise CallError while there is an alarm.
        """
        self._go_on(self._leg.allow_clear, always=always)

    def proceed(self, *, always: bool) -> None:
        """The user has read that less is known of the other end than before, and wants to go on.

        ``always``: nor is he to be asked again at this address. Raise CallError while there is an alarm.
        """
        self._go_on(self._leg.proceed, always=always)

    def enroll(self) -> None:
        """Trust the PBX at the other end, which asks for it, to decrypt calls and relay their codes."""
        try:
            self._leg.enroll()
        except (MediaError, EnrollmentError) as error:
            raise CallError(str(error)) from error
        self._changed(self)

    def trust_changed(self) -> None:
        """The trust store was edited from outside: look again."""
        self._changed(self)

    def close(self) -> None:
        """Free the sockets and forget the keys."""
        self._leg.close()

    # what the dialog tells (SipCallListener)

    def describe_media(self, remote_host: str | None) -> MediaDescription:
        self._signalling_host = remote_host or self._signalling_host
        return self._leg.describe(self._route(self._signalling_host))

    def leg_addresses(self) -> tuple[Address, Address]:
        return self._leg.inner

    def stream_created(self, stream: Stream) -> None:
        self._stream = stream
        self._leg.connect(
            remote_rtp=stream.remote_rtp,
            remote_rtcp=stream.remote_rtcp,
            local_rtp=stream.local_rtp,
            local_rtcp=stream.local_rtcp,
            ssrc=stream.ssrc,
            remote_zrtp_hash=stream.remote_zrtp_hash,
            remote_dtls=stream.remote_dtls,
        )
        self._changed(self)

    def dialog_changed(self, state: Dialog, status: int, reason: str) -> None:
        self._state = _STATES[state]
        self._status = status
        if state is Dialog.CONNECTED and self._connected_at is None:
            self._connected_at = self._now()
        if state is Dialog.ENDED:
            self._recorder.stop(self._dialog())
            self._last_statistics = self._statistics()
            self._ended_at = self._now()
            self._reason = (
                self._ended_because
                or self._passed_on()
                or reason_in_words(
                    status,
                    reason,
                    direction=self.direction,
                    was_connected=self._connected_at is not None,
                    hung_up_here=self._hung_up_here,
                )
            )
        self._changed(self)

    def dtmf_received(self, digit: str) -> None:
        self._dtmf += digit
        self._changed(self)

    def transfer_requested(self, uri: str, call: SipCall) -> SipCallListener | None:
        _log.info("call %s is passed on to %s", self.id, uri)
        return self._succeed(self, call, Direction.OUTGOING)

    def replaced(self, call: SipCall) -> SipCallListener | None:
        _log.info("call %s is taken over by %s", self.id, call.remote_uri)
        return self._succeed(self, call, Direction.INCOMING)

    def transfer_progress(self, status: int, reason: str, *, final: bool) -> None:
        if self._transfer is None:
            return
        if self._transfer.progress(status, reason, final=final) and self._state is CallState.CONNECTED:
            self._dialog().hang_up()
        self._changed(self)

    def remote_identity_changed(self, uri: str, name: str) -> None:
        self._remote_uri, self._remote_name = uri, name
        self._changed(self)

    # what the media leg tells (LegListener)

    def leg_changed(self, leg: MediaLeg) -> None:  # noqa: ARG002  # it is ours
        self._guard.look(self._remote_uri)
        self._apply_mute()
        self._changed(self)
        self._end_if_it_must()

    # what everybody sees

    def snapshot(self) -> CallSnapshot:
        """Return everything there is to see of this call."""
        leg = self._leg.state
        secured = leg.secured
        peer = self._guard.peer
        assessment = self._assess()
        level = assessment.level
        return CallSnapshot(
            id=self.id,
            account=self.account,
            direction=self.direction,
            state=self._state,
            remote_uri=self._remote_uri,
            remote_name=(peer.name if peer and peer.name else self._name),
            codec=self._stream.codec if self._stream else None,
            level=level,
            pending=assessment.pending,
            alarm=assessment.alarm,
            why=assessment.why,
            notices=self._guard.notices(
                in_clear=next((one.who for one in self.companions if not one.level.is_end_to_end), None)
            ),
            asks_for_trust=security.asks_for_trust(leg),
            sas=shown_sas(leg, secured).text if secured else None,
            sas_scheme=shown_sas(leg, secured).scheme if secured else None,
            verified=self._guard.verified(level),
            authenticated=security.authenticated_to(leg.proof) if level is Level.AUTHENTICATED else None,
            missing=self._guard.missing(assessment),
            peer_zid=secured.peer_zid.hex() if secured else None,
            algorithms=asdict(secured.algorithms) if secured else None,
            time_to_secure_ms=leg.time_to_secure_ms,
            held=self._held,
            remote_held=self._stream is not None and self._stream.remote_holds,
            muted=self._muted,
            recording=self._recorder.file,
            remote_records=secured is not None and secured.disclosure,
            status=self._status,
            reason=self._reason,
            dtmf=self._dtmf,
            transfer=self._transfer.snapshot() if self._transfer else None,
            conference=tuple(companion.id for companion in self.companions),
            statistics=self._last_statistics or self._statistics(),
        )

    # inside

    def _go_on(self, go_on: Callable[[], None], *, always: bool) -> None:
        found = self._assess()
        if always and (found.alarm is not None or found.pending is not Pending.PROTECTION_LOST):
            raise CallError(f"Call {self.id} asks nothing that could be settled for all calls to come.")
        go_on()
        if always:
            self._guard.expect_no_more(self._remote_uri)
        self._changed(self)

    def _assess(self) -> security.Assessment:
        return self._guard.assess(
            has_media=self._stream is not None,
            held=self._held or (self._stream is not None and self._stream.remote_holds),
            pbx_media=self._at_pbx(self._leg.state.remote),
        )

    def _end_if_it_must(self) -> None:
        """Hang up where there is no proof and the policy wants one, or where nobody answers a question."""
        if self._state is CallState.ENDED or self._hung_up_here:
            return
        because = self._guard.verdict()
        found = self._assess()
        if because is None and self._unattended and found.pending is Pending.PROTECTION_LOST and found.why:
            # a caller whom the PBX has put on hold has moved, and comes back; until then nothing is said
            because = found.why.text if found.why.cause != "moved" else None
        if because is not None:
            _log.warning("call %s ends: %s", self.id, because)
            self._ended_because = because
            self.hang_up()

    def _at_pbx(self, remote: Address | None) -> bool:
        return self.account is not None and remote is not None and remote.host == self._signalling_host

    def _statistics(self) -> CallStatistics | None:
        if self._connected_at is None or self._sip is None:
            return None
        rtp = self._sip.statistics()
        counters = self._leg.state.counters
        return CallStatistics(
            duration_s=round((self._ended_at or self._now()) - self._connected_at, 1),
            packets_sent=rtp.packets_sent if rtp else 0,
            packets_received=rtp.packets_received if rtp else 0,
            packets_lost=rtp.packets_lost if rtp else 0,
            jitter_ms=rtp.jitter_ms if rtp else 0.0,
            round_trip_ms=rtp.round_trip_ms if rtp else 0.0,
            plain_sent=counters.plain_sent,
            plain_dropped=counters.plain_dropped_in + counters.plain_dropped_out,
            failed_authentication=counters.auth_failed,
        )

    def _demand_no_transfer(self) -> None:
        self._demand(CallState.CONNECTED, "only a connected call can be transferred")
        if self._transfer is not None and self._transfer.is_open:
            raise CallError(f"Call {self.id} is being transferred already.")

    def _passed_on(self) -> str | None:
        """Return, in words, that the other side has left for somebody else, when it has."""
        transfer = self._transfer.snapshot() if self._transfer else None
        if self._hung_up_here or transfer is None:
            return None
        # a server that does it itself may end our call as soon as it has begun
        has_left = transfer.state in (TransferState.UNDER_WAY, TransferState.DONE)
        return f"Passed on to {transfer.target}." if has_left else None

    def _apply_mute(self) -> None:
        if self._sip is not None:
            self._sip.mute(self._muted)
            self._sip.silence(self._guard.codes_differ)

    @property
    def _name(self) -> str:
        return self._name_at(self._remote_uri) or self._remote_name

    def _spoken_name(self) -> str:
        user = self._remote_uri.partition(":")[2].partition("@")[0]
        return self._name or user or self._remote_uri

    def _dialog(self) -> SipCall:
        if self._sip is None:
            raise CallError(f"Call {self.id} is not connected to anything.")
        return self._sip

    def _demand(self, state: CallState, sentence: str) -> None:
        if self._state is not state:
            raise CallError(f"Call {self.id} is {self._state.value}: {sentence}.")
