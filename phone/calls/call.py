"""One call: its dialog, its media leg and what both together mean."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from phone.audio.interface import AudioError, SoundCard
from phone.audio.wav import Recording
from phone.calls import security
from phone.calls.reasons import reason_in_words
from phone.calls.ritual import Comparison, compare
from phone.calls.transfer import Transfer
from phone.calls.values import (
    CallError,
    CallSnapshot,
    CallState,
    CallStatistics,
    Direction,
    Level,
    TransferState,
)
from phone.media.encryption import LegState
from phone.media.leg import MediaError, MediaLeg
from phone.sip.interface import Dialog, SipCall, SipCallListener, Stream
from phone.wire.description import Address, MediaDescription
from phone.zrtp.cache import Zid
from phone.zrtp.errors import EnrollmentError
from phone.zrtp.events import AuthenticationEvent, Sas, Secured

_log = logging.getLogger("parley.calls")

_STATES = {
    Dialog.CALLING: CallState.CALLING,
    Dialog.INCOMING: CallState.INCOMING,
    Dialog.RINGING: CallState.RINGING,
    Dialog.EARLY: CallState.EARLY,
    Dialog.CONNECTED: CallState.CONNECTED,
    Dialog.ENDED: CallState.ENDED,
}


class Peer(Protocol):
    """What the trust store tells of one device."""

    @property
    def name(self) -> str: ...
    @property
    def verified_since(self) -> str | None: ...


class Acquaintances(Protocol):
    """Where a call looks up and writes down whom it meets."""

    def met(self, zid: Zid, uri: str) -> None:
        """Note that this device was talked to just now."""
        ...

    def peer(self, zid: Zid) -> Peer | None: ...

    def verified_at(self, uri: str, *, besides: Zid) -> Peer | None:
        """Return another device that was last talked to at ``uri`` and is verified."""
        ...

    def set_name(self, zid: Zid, name: str) -> None: ...


class Call:
    """Listens to one ``SipCall`` and one ``MediaLeg``; tells ``changed`` whenever its snapshot differs."""

    def __init__(
        self,
        *,
        identifier: str,
        direction: Direction,
        account: str | None,
        remote_uri: str,
        required: bool,
        latched: Level,
        passed_on_by: str | None,
        make_leg: Callable[[Call], MediaLeg],
        acquaintances: Acquaintances,
        name_at: Callable[[str], str],
        route: Callable[[str | None], str],
        changed: Callable[[Call], None],
        judged: Callable[[AuthenticationEvent], None],
        succeed: Callable[[Call, SipCall, Direction], Call],
        now: Callable[[], float],
    ) -> None:
        """``required``: the policy lets nothing pass in clear. ``latched``: the level that the call whose
        place it takes has had. ``passed_on_by``: who has sent us to the peer. ``route``: our own address as
        the given host sees it. ``name_at``: what the user calls whoever has an address; may be empty.
        ``judged``: told what came of a proof. ``succeed``: opens the call that takes this one's place.
        ``now``: seconds, monotonic.
        """
        self.id = identifier
        self.direction = direction
        self.account = account
        self._remote_uri = remote_uri
        self._remote_name = ""
        self._required = required
        self._acquaintances = acquaintances
        self._name_at = name_at
        self._route = route
        self._changed = changed
        self._judged = judged
        self._succeed = succeed
        self._now = now
        self._sip: SipCall | None = None
        self._state = CallState.CALLING if direction is Direction.OUTGOING else CallState.INCOMING
        self._status = 0
        self._reason = ""
        self._hung_up_here = False
        self._signalling_host: str | None = None
        self._stream: Stream | None = None
        self._muted = False
        self._held = False
        self._codes_differ = False
        self._compared: Zid | None = None
        self._dtmf = ""
        self._recording: Recording | None = None
        self._connected_at: float | None = None
        self._ended_at: float | None = None
        self._latched = latched
        self._best_level = Level.CLEAR
        self._passed_on_by = passed_on_by
        self._transfer: Transfer | None = None
        self.attended = False
        """It talks to a program, so that it has to wait for no other call."""
        self.companions: tuple[Call, ...] = ()
        """The other calls of its conference."""
        self._met: Zid | None = None
        self._proof: AuthenticationEvent | None = None
        self._familiar: str | None = None
        """Whose phone, another one than this, we have verified at the same address."""
        self._last_statistics: CallStatistics | None = None
        self._leg = make_leg(self)

    # what the switchboard does

    def attach(self, sip: SipCall) -> None:
        """Join the dialog to this call."""
        self._sip = sip
        self._remote_uri = sip.remote_uri or self._remote_uri
        self._remote_name = sip.remote_name

    @property
    def best_level(self) -> Level:
        """The highest level that this call has had."""
        return self._best_level

    @property
    def latch(self) -> Level:
        """The level below which whatever takes this call's place must not fall silently."""
        return max(self._latched, self._best_level, key=list(Level).index)

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
        return self._required

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
        if self._recording is not None:
            raise CallError(f"Call {self.id} is already recorded, to {self._recording.path}.")
        if self._leg.state.secured is not None and not self._leg.discloses:
            raise CallError(
                "The other phone was not told that this call may be recorded; it is told when the keys are"
                " agreed. Switch that on before you call: parley announce-recording on."
            )
        try:
            self._recording = Recording(path, channels=2, new=True)
        except AudioError as error:
            raise CallError(str(error)) from error
        self._recording.start()
        self._dialog().record(self._recording)
        self._changed(self)

    def stop_recording(self) -> None:
        """Close the file. Raise CallError if the call is not recorded."""
        if self._recording is None:
            raise CallError(f"Call {self.id} is not recorded.")
        self._end_recording()
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
        leg = self._leg.state
        secured = leg.secured
        if secured is None:
            raise CallError(f"Call {self.id} is not encrypted, so there is no code to compare.")
        shown = _shown_sas(leg, secured)
        match compare(shown, heard):
            case Comparison.UNREADABLE:
                shape = "two words" if shown.scheme == "B256" else "four letters or digits"
                raise CallError(f"A code is {shape}; {heard!r} is not. Type it again.")
            case Comparison.DIFFERS:
                self._codes_differ = True
                self._compared = None
                if leg.relayed is None:
                    self._leg.confirm_sas(False)
                self._apply_mute()
                self._changed(self)
                raise CallError(
                    "The codes do not match: someone may be listening. Nothing is sent any more; hang up,"
                    " or have the code read once more and type it again."
                )
            case Comparison.MATCHES if leg.relayed is not None:
                # of the call behind the PBX: nothing is proved of the PBX, nor of a phone that we talk to
                self._codes_differ = False
                self._apply_mute()
                self._changed(self)
            case Comparison.MATCHES:
                self._codes_differ = False
                self._compared = secured.peer_zid
                self._leg.confirm_sas(True)
                known = self._acquaintances.peer(secured.peer_zid)
                if name or known is None or not known.name:
                    self._acquaintances.set_name(secured.peer_zid, name or self._spoken_name())
                self._apply_mute()
                self._changed(self)

    def allow_clear(self) -> None:
        """The user has read the notice and wants to go on without encryption."""
        self._leg.allow_clear()
        self._changed(self)

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
        )
        self._changed(self)

    def dialog_changed(self, state: Dialog, status: int, reason: str) -> None:
        self._state = _STATES[state]
        self._status = status
        if state is Dialog.CONNECTED and self._connected_at is None:
            self._connected_at = self._now()
        if state is Dialog.ENDED:
            self._end_recording()
            self._last_statistics = self._statistics()
            self._ended_at = self._now()
            self._reason = self._passed_on() or reason_in_words(
                status,
                reason,
                direction=self.direction,
                was_connected=self._connected_at is not None,
                hung_up_here=self._hung_up_here,
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

    def leg_changed(self, leg: MediaLeg) -> None:
        secured = leg.state.secured
        if secured is not None and secured.peer_zid != self._met:
            self._met = secured.peer_zid
            self._codes_differ = False
            self._familiar = None
            if secured.new_peer:
                familiar = self._acquaintances.verified_at(self._remote_uri, besides=secured.peer_zid)
                self._familiar = None if familiar is None else familiar.name or self._spoken_name()
            self._acquaintances.met(secured.peer_zid, self._remote_uri)
            self._apply_mute()
        proof = leg.state.proof
        if proof is not None and proof is not self._proof:
            self._proof = proof
            self._judged(proof)
        self._changed(self)

    # what everybody sees

    def snapshot(self) -> CallSnapshot:
        """Return everything there is to see of this call."""
        leg = self._leg.state
        secured = leg.secured
        peer = self._acquaintances.peer(secured.peer_zid) if secured else None
        assessment = self._assess()
        level = assessment.level
        self._best_level = max(self._best_level, level, key=list(Level).index)
        verified = None
        if level is Level.VERIFIED and peer is not None:
            since = (peer.verified_since or "")[:10]
            verified = f"Verified with {peer.name or self._spoken_name()} since {since}"
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
            notices=security.notices(
                leg,
                familiar=self._familiar,
                passed_on_by=self._passed_on_by,
                in_clear=next((one.who for one in self.companions if one.level is Level.CLEAR), None),
            ),
            asks_for_trust=security.asks_for_trust(leg),
            sas=_shown_sas(leg, secured).text if secured else None,
            sas_scheme=_shown_sas(leg, secured).scheme if secured else None,
            verified=verified,
            authenticated=security.authenticated_to(leg.proof) if level is Level.AUTHENTICATED else None,
            peer_zid=secured.peer_zid.hex() if secured else None,
            algorithms=asdict(secured.algorithms) if secured else None,
            time_to_secure_ms=leg.time_to_secure_ms,
            held=self._held,
            remote_held=self._stream is not None and self._stream.remote_holds,
            muted=self._muted,
            recording=str(self._recording.path) if self._recording is not None else None,
            remote_records=secured is not None and secured.disclosure,
            status=self._status,
            reason=self._reason,
            dtmf=self._dtmf,
            transfer=self._transfer.snapshot() if self._transfer else None,
            conference=tuple(companion.id for companion in self.companions),
            statistics=self._last_statistics or self._statistics(),
        )

    # inside

    def _assess(self) -> security.Assessment:
        leg = self._leg.state
        peer = self._acquaintances.peer(leg.secured.peer_zid) if leg.secured else None
        return security.assess(leg, self._situation(leg, peer))

    def _situation(self, leg: LegState, peer: Peer | None) -> security.Situation:
        secured = leg.secured
        continuous = secured is not None and (secured.sas_verified or secured.peer_zid == self._compared)
        return security.Situation(
            has_media=self._stream is not None,
            held=self._held or (self._stream is not None and self._stream.remote_holds),
            pbx_media=self._at_pbx(leg.remote),
            verified=continuous and peer is not None and peer.verified_since is not None,
            codes_differ=self._codes_differ,
            required=self._required,
        )

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

    def _end_recording(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            self._dialog().record(None)
            recording.stop()

    def _apply_mute(self) -> None:
        if self._sip is not None:
            self._sip.mute(self._muted)
            self._sip.silence(self._codes_differ)

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


def _shown_sas(leg: LegState, secured: Secured) -> Sas:
    """Return the code to read aloud: that of the call behind a trusted PBX, else our own (RFC 6189 §7.3)."""
    return leg.relayed.sas if leg.relayed is not None else secured.sas
