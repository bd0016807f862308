"""One call's media: its sockets, its keys and the gate between them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from phone.dtls.identity import Identity
from phone.errors import PhoneError
from phone.media.carrier import Carrier
from phone.media.encryption import WANTED, Counters, Gate, Input, LegState, Policy, Protection, Trust
from phone.media.pump import MediaPump
from phone.media.relay import Relay
from phone.media.streams import SecureStream, SecureStreams
from phone.secret import Secret
from phone.wire.description import Address, DtlsDescription, MediaDescription
from phone.wire.rtcp import empty_receiver_report
from phone.wire.sdp import HOLD_HOST
from phone.wire.srtp import PacketBuffer, SrtpError
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import SecretCache, Zid
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import (
    Authenticated,
    Cause,
    Cleared,
    ClearRefused,
    Event,
    ExchangeStarted,
    Failed,
    NotAuthenticated,
    PeerFound,
    ReceiveKeysReady,
    SasRelayed,
    Secured,
    Suspicion,
)
from phone.zrtp.randomness import Randomness
from phone.zrtp.session import Session
from phone.zrtp.zsa.claim import Claim

QUIET_S = 0.8
"""Without ZRTP for this long after the remote became known, PREFER lets plain RTP out. A handshake takes a
tenth of it."""
NO_ZRTP_S = 3.0
"""After this the display may say that the peer has no ZRTP."""
SECURING_S = 10.0
"""An exchange that takes longer has failed; T2 gives up after 9.45 s (RFC 6189 §6)."""
EVIDENCE_S = 0.5
"""Pause between SRTCP packets of our own that show a new remote which keys we have."""
EVIDENCES = 6

_SUSPICIONS_KEPT = 16

# looked up for every packet, which is slow as members of an enum
_SECURE, _SUSPENDED, _TO_SERVER = Protection.SECURE, Protection.SUSPENDED, Protection.TO_SERVER
_WITH_KEYS = (Protection.SECURE, Protection.PROVING, Protection.HELD)

_log = logging.getLogger("parley.media")


class MediaError(PhoneError):
    """The media leg cannot do what was asked."""


class DelayedCall(Protocol):
    """The part of Twisted's ``IDelayedCall`` that the leg uses."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """The part of Twisted's ``IReactorTime`` that the leg uses; the reactor is one."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, callable: Callable[[], None], /) -> DelayedCall: ...  # noqa: N802


class LegListener(Protocol):
    """Told by a ``MediaLeg`` that its state differs."""

    def leg_changed(self, leg: MediaLeg) -> None:
        """``leg.state`` differs in something other than its counters. Never called from inside a method."""
        ...


class MediaLeg:
    """Carries one call's RTP and RTCP between the phone and the network, and agrees on keys with the peer.

    Which packets pass is decided by the ``Gate``; how they are protected by ``SecureStreams``; this class
    feeds the gate with what the network, the ZRTP session and the clock tell.
    """

    def __init__(
        self,
        pump: MediaPump,
        *,
        bind_host: str,
        cache: SecretCache,
        configuration: Configuration,
        policy: Policy,
        listener: LegListener,
        clock: Clock,
        latched: Trust = Trust.NOTHING,
        remembered: Callable[[Zid], Trust] = lambda _: Trust.NOTHING,
        randomness: Randomness | None = None,
        claim: Claim | None = None,
        aux_secret: Secret | None = None,
        identity: Identity | None = None,
    ) -> None:
        """Open the sockets on ``bind_host``. Raise OSError when there is no address or port to be had.

        ``latched``: what an earlier call, whose place this one takes or which was with the same address, knew
        of its other end; with less nothing passes without the user's word. ``remembered``: what earlier calls
        knew of the device with a ZID. ``claim``: to know the secret of the account that the call belongs to.
        ``aux_secret``: 32 random bytes that the other end may have too (RFC 6189 §4.3). ``identity``: for
        DTLS-SRTP with whoever carries the media.
        """
        self._clock = clock
        self._listener = listener
        self._configuration = configuration
        self._gate = Gate(policy, latched=latched)
        self._floor = latched
        """With less than this nothing passes without the user's word."""
        self._remembered = remembered
        self._streams = SecureStreams()
        self._carrier = Carrier(identity)
        self._counters = Counters()
        self._session = Session(
            ssrc=0,
            cache=cache,
            configuration=configuration,
            randomness=randomness,
            aux_secret=aux_secret,
            claim=claim,
        )
        self._can_be_proved = claim is not None
        self._relay = Relay(pump, bind_host, self, self._counters)
        self._ssrc: int | None = None
        self._signalled: Address | None = None
        self._heard_zrtp = False
        self._was_quiet = False
        self._no_zrtp = False
        self._first_zrtp: float | None = None
        self._peer_client: str | None = None
        self._failure: Failed | None = None
        self._suspicions: tuple[Suspicion, ...] = ()
        self._relayed: SasRelayed | None = None
        self._cleared = self._clear_refused = False
        self._evidences_left = 0
        self._timers: dict[Callable[[], None], DelayedCall] = {}
        self._shown = self.state

    # what calls see and do

    @property
    def state(self) -> LegState:
        """Everything there is to see, now."""
        protection = self._gate.protection
        stream = self._streams.current if protection in _WITH_KEYS else None
        doubted = self._streams.current if protection is Protection.REFUSED else stream
        return LegState(
            protection=protection,
            secured=stream.secured if stream else None,
            proof=doubted.proof if doubted else None,
            peer_client=self._peer_client,
            remote=self._relay.remote,
            time_to_secure_ms=stream.time_to_secure_ms if stream else None,
            no_zrtp=self._no_zrtp,
            failure=self._failure,
            carrier_failure=self._carrier.failure,
            suspicions=self._suspicions,
            relayed=self._relayed if stream else None,
            cleared=self._cleared,
            clear_refused=self._clear_refused,
            counters=replace(self._counters),
        )

    @property
    def discloses(self) -> bool:
        """The peer is told, when keys are agreed, that this call may be recorded (RFC 6189 §11)."""
        return self._configuration.disclosure

    @property
    def inner(self) -> tuple[Address, Address]:
        """Where on 127.0.0.1 the phone is to send RTP and RTCP."""
        return self._relay.inner

    def describe(self, host: str) -> MediaDescription:
        """Return what to advertise when our address is ``host``."""
        port = self._relay.port
        identity = self._carrier.identity
        return MediaDescription(
            rtp=Address(host, port),
            rtcp=Address(host, port + 1),
            zrtp_hash=self._session.hello_hash,
            fingerprint=identity.fingerprint if identity else None,
        )

    def connect(
        self,
        *,
        remote_rtp: Address,
        remote_rtcp: Address,
        local_rtp: Address,
        local_rtcp: Address,
        ssrc: int | None,
        remote_zrtp_hash: str | None,
        remote_dtls: DtlsDescription | None = None,
    ) -> None:
        """Join the phone's sockets (``local_*``) to the peer's; call it for every stream that is created.

        ``ssrc``: ours, ``None`` to learn it from the phone's first packet. A remote that says ``HOLD_HOST``
        wants silence and changes nothing. The same remote again changes nothing either.
        """
        self._relay.join(local_rtp, local_rtcp)
        if ssrc is not None:
            self._ssrc = self._session.ssrc = ssrc
        if remote_rtp.host == HOLD_HOST:
            return
        moved = not self._relay.is_current(remote_rtp)
        if moved or remote_zrtp_hash is not None:
            self._session.expect_hello_hash(remote_zrtp_hash)
        if moved:
            self._move(remote_rtp, remote_rtcp, remote_dtls)
        else:
            self._relay.aim(remote_rtp, remote_rtcp)
            if self._carrier.is_news(remote_dtls) and self._gate.protection not in _WITH_KEYS:
                self._meet_carrier(remote_dtls)
            elif remote_dtls is not None:
                self._carrier.renew(remote_dtls, self._clock.seconds())
                self._service_carrier()
        self._service()
        self._publish()

    def confirm_sas(self, matches: bool) -> None:
        """Keep whether the codes compared equal. Raise MediaError while there are no keys."""
        if self._gate.protection not in _WITH_KEYS or self._streams.current is None:
            raise MediaError("The call is not encrypted, so there is no code to confirm.")
        self._session.confirm_sas(self._streams.current.identifier, matches)
        self._streams.current.compared = matches
        self._service()
        if matches:
            self._weigh(self._streams.current)

    def enroll(self) -> None:
        """Trust the PBX at the other end to relay codes: the user consents (RFC 6189 §7.3.1).

        Raise MediaError while the call is not secure, EnrollmentError for a peer that does not ask.
        """
        if self._gate.protection is not _SECURE or self._streams.current is None:
            raise MediaError("The call is not encrypted, so nobody can be trusted in it.")
        self._session.enroll(self._streams.current.identifier)

    def allow_clear(self) -> None:
        """Go on in clear with whoever is there now: the user has answered the notice.

        Changes nothing unless SUSPENDED. Raise MediaError unless the policy is PREFER.
        """
        if self._gate.policy is not Policy.PREFER:
            raise MediaError("This call may not go on without encryption: its policy requires it.")
        self._feed(Input.ALLOWED)
        if self._gate.protection is Protection.CLEAR:
            self._floor = Trust.NOTHING
        self._serve()

    def proceed(self) -> None:
        """Go on with less than was known before of the other end: the user has answered the notice.

        Changes nothing unless HELD.
        """
        if self._gate.protection is Protection.HELD and self._streams.current is not None:
            self._floor = self._streams.current.trust
            self._feed(Input.ACCEPTED)

    def close(self) -> None:
        """Forget the keys and free the ports (RFC 6189 §4.7.3)."""
        self._stop_timers()
        self._session.close()
        self._streams = SecureStreams()
        self._leave_carrier()
        self._relay.close()

    # what the relay tells (Passage)

    def seal(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Judge and protect what the phone sends."""
        if self._ssrc is None and not rtcp:
            self._ssrc = self._session.ssrc = int.from_bytes(buffer.view[8:12], "big")
        protection = self._gate.protection
        stream = self._streams.current
        if stream is not None and (protection is _SECURE or (rtcp and protection is _SUSPENDED)):
            try:
                length = stream.protect(buffer, length, rtcp=rtcp)
            except SrtpError:
                self._counters.plain_dropped_out += 1
                return 0
            self._counters.srtp_sent += 1
            return length
        if protection is _TO_SERVER:
            try:
                length = self._carrier.protect(buffer, length, rtcp=rtcp)
            except SrtpError:
                self._counters.plain_dropped_out += 1
                return 0
            self._counters.srtp_sent += 1
            return length
        if self._gate.plain_leaves:
            self._counters.plain_sent += 1
            return length
        self._counters.plain_dropped_out += 1
        return 0

    def open(self, buffer: PacketBuffer, length: int, *, rtcp: bool, proof: bool) -> int:
        """Judge and open what the network brings."""
        if self._streams:
            try:
                opened, stream = self._streams.unprotect(buffer, length, rtcp=rtcp)
            except SrtpError as refusal:
                if not self._carrier.has_keys:
                    return 0 if proof else self._open_refused(length, refusal)
            else:
                return opened if self._authenticated(stream) else 0
        if self._carrier.has_keys:
            return self._open_served(buffer, length, rtcp=rtcp, proof=proof)
        return 0 if proof else self._open_plain(length)

    def zrtp_received(self, datagram: bytes) -> None:
        """Give the ZRTP session what is its own."""
        now = self._clock.seconds()
        self._counters.zrtp_received += 1
        not_understood = self._session.dropped
        self._session.receive_datagram(datagram, now)
        if self._session.dropped == not_understood:
            self._heard(now)
        self._service()

    def dtls_received(self, datagram: bytes) -> None:
        """Give the association with whoever carries the media what is its own."""
        self._counters.dtls_received += 1
        self._carrier.receive(datagram, self._clock.seconds())
        self._service_carrier()

    def remote_found(self) -> None:
        """Tell where the remote is."""
        self._publish()

    # packets

    def _authenticated(self, stream: SecureStream) -> bool:
        """Draw the conclusions of a packet that authenticated; tell whether it may be played."""
        if not stream.proved:
            stream.proved = True
            self._session.srtp_authenticated(stream.identifier, self._clock.seconds())
            self._service()
        weighed = self._gate.protection in _WITH_KEYS and stream is self._streams.current
        if self._gate.protection is not _SECURE and stream.secured is not None and not weighed:
            self._return_to(stream)
        if self._gate.protection is not _SECURE or stream is not self._streams.current:
            self._counters.superseded += 1
            return False
        self._counters.srtp_received += 1
        return True

    def _open_refused(self, length: int, refusal: SrtpError) -> int:
        """Judge a packet that no key opens."""
        securing = self._gate.protection is Protection.SECURING
        if self._gate.protection is _SECURE or (securing and self._streams.confirming):
            if refusal.replayed:
                self._counters.replayed += 1
            else:
                self._counters.auth_failed += 1
            return 0
        return self._open_plain(length)

    def _open_served(self, buffer: PacketBuffer, length: int, *, rtcp: bool, proof: bool) -> int:
        """Judge a packet under the carrier's keys; who has such keys sends nothing plain."""
        try:
            length = self._carrier.unprotect(buffer, length, rtcp=rtcp)
        except SrtpError as refusal:
            if refusal.replayed:
                self._counters.replayed += 1
            elif not proof:
                self._counters.auth_failed += 1
            return 0
        if not self._gate.served_enters:
            self._counters.superseded += 1
            return 0
        self._counters.srtp_received += 1
        return length

    def _open_plain(self, length: int) -> int:
        if self._gate.plain_enters and not self._awaits_carrier:
            self._counters.plain_received += 1
            return length
        self._counters.plain_dropped_in += 1
        if self._gate.protection is _SUSPENDED:
            self._counters.plain_received_while_suspended += 1
        return 0

    # the remote

    def _move(self, remote_rtp: Address, remote_rtcp: Address, remote_dtls: DtlsDescription | None) -> None:
        """The remote is this one now."""
        known = self._relay.remote
        if self._gate.protection in _WITH_KEYS and self._streams.current is not None:
            assert self._signalled is not None
            assert known is not None
            self._streams.current.homes |= {self._signalled: known, known: known}
        self._leave_carrier()
        at_home = self._streams.at(remote_rtp)
        self._relay.aim(remote_rtp, remote_rtcp, at_home.homes[remote_rtp] if at_home else None)
        self._signalled = remote_rtp
        self._stop_timers()
        self._heard_zrtp = self._was_quiet = self._no_zrtp = False
        self._first_zrtp = None
        self._peer_client = None
        self._failure = None
        self._suspicions = ()
        self._forget_words()
        if at_home is not None:
            self._return_to(at_home)
        else:
            self._discover(first=known is None)
            self._meet_carrier(remote_dtls)
        self._relay.release_early()

    def _discover(self, *, first: bool) -> None:
        """Look for ZRTP at a remote whose keys we do not have."""
        self._feed(Input.MOVED)
        now = self._clock.seconds()
        if first:
            self._session.start(now)
        else:
            self._session.restart_discovery(now)
        self._after(QUIET_S, self._quiet)
        self._after(NO_ZRTP_S, self._note_no_zrtp)
        if self._gate.protection is _SUSPENDED:
            self._evidences_left = EVIDENCES
            self._show_evidence()

    def _return_to(self, stream: SecureStream) -> None:
        self._streams.current = stream
        self._session.stop_discovery()
        self._feed(Input.RETURNED)
        self._weigh(stream)

    def _heard(self, now: float) -> None:
        """ZRTP came from the remote."""
        if self._first_zrtp is None:
            self._first_zrtp = now
        if not self._heard_zrtp:
            self._heard_zrtp = True
            self._no_zrtp = False
            self._feed(Input.HEARD)
            if self._gate.protection is _SUSPENDED:
                self._after(SECURING_S, self._securing_expired)

    def _quiet(self) -> None:
        self._was_quiet = True
        self._go_without_zrtp()

    def _note_no_zrtp(self) -> None:
        self._no_zrtp = not self._heard_zrtp
        self._go_without_zrtp()
        self._publish()

    def _go_without_zrtp(self) -> None:
        """No ZRTP came: take the next best thing, unless that may still get better."""
        if self._heard_zrtp or not self._was_quiet:
            return
        self._serve()
        if not self._awaits_carrier:
            self._feed(Input.QUIET)

    # whoever carries the media

    @property
    def _awaits_carrier(self) -> bool:
        """Whether there may soon be keys with whoever carries the media, so that nothing plain is due."""
        return self._carrier.is_under_way and not self._no_zrtp

    def _meet_carrier(self, announced: DtlsDescription | None) -> None:
        """The remote says this of its DTLS-SRTP; keys that belong to another one are worth nothing here."""
        if self._gate.protection is _TO_SERVER:
            self._feed(Input.MOVED)
        self._carrier.meet(announced, self._clock.seconds())
        self._service_carrier()

    def _leave_carrier(self) -> None:
        """There is something better, or nothing any more."""
        for datagram in self._carrier.leave():
            self._relay.send(datagram)
            self._counters.dtls_sent += 1

    def _service_carrier(self) -> None:
        """Send what the association wants sent, see what has come of it, and set its timer."""
        was_under_way = self._carrier.is_under_way
        for datagram in self._carrier.service():
            self._relay.send(datagram)
            self._counters.dtls_sent += 1
        if was_under_way and not self._carrier.is_under_way:
            self._serve()
            self._go_without_zrtp()
            self._publish()
        due = self._carrier.timer
        if due is not None:
            self._after(max(0.0, due - self._clock.seconds()), self._carrier_due)

    def _carrier_due(self) -> None:
        self._carrier.due(self._clock.seconds())
        self._service_carrier()

    def _serve(self) -> None:
        """Go on under the carrier's keys, where there are some and ZRTP has had its time."""
        waiting = self._gate.protection is Protection.WAITING and not self._was_quiet
        if self._carrier.has_keys and not waiting:
            self._feed(Input.SERVED)

    def _show_evidence(self) -> None:
        """Send SRTCP under the last keys: a peer that has them knows that it is us, and shows the same."""
        stream = self._streams.current
        if self._gate.protection is not _SUSPENDED or stream is None or not self._evidences_left:
            return
        self._evidences_left -= 1
        buffer = PacketBuffer()
        length = buffer.put(empty_receiver_report(self._session.ssrc))
        self._relay.send_rtcp(buffer.get(stream.protect(buffer, length, rtcp=True)))
        self._counters.srtp_sent += 1
        self._after(EVIDENCE_S, self._show_evidence)

    # the ZRTP session

    def _service(self) -> None:
        """Send what the session wants sent, take its events, and set its timer."""
        now = self._clock.seconds()
        for datagram in self._session.datagrams_to_send():
            if self._first_zrtp is None:
                self._first_zrtp = now
            self._relay.send(datagram)
            self._counters.zrtp_sent += 1
        while (happened := self._session.next_event()) is not None:
            self._take_event(*happened)
        due = self._session.get_timer()
        if due is not None:
            self._after(max(0.0, due - now), self._session_due)

    def _session_due(self) -> None:
        self._session.handle_timer(self._clock.seconds())
        self._service()

    def _take_event(self, identifier: StreamId, event: Event) -> None:
        match event:
            case PeerFound():
                self._peer_client = event.client
                self._feed(Input.HEARD)
            case ExchangeStarted():
                self._feed(Input.HEARD)
            case ReceiveKeysReady():
                self._streams.receive_under(identifier, event.keys)
            case Secured():
                self._streams.use(identifier, event, self._time_to_secure_ms())
                self._failure = None
                self._forget_words()
                self._floor = max(self._floor, self._remembered(event.peer_zid))
                self._leave_carrier()
                self._feed(Input.SECURED)
                self._weigh(self._streams.current)
            case Authenticated() | NotAuthenticated():
                self._streams.note_proof(identifier, event)
                self._weigh(self._streams.current)
            case SasRelayed():
                self._relayed = event
            case ClearRefused():
                self._clear_refused = True
            case Cleared():
                self._streams = SecureStreams()
                self._cleared = True
                self._feed(Input.CLEARED)
            case Failed():
                self._streams.fail(identifier)
                if self._gate.protection is not _SECURE:
                    self._failure = event
                self._feed(Input.FAILED)
                self._serve()
            case Suspicion():
                self._suspicions = (*self._suspicions, event)[-_SUSPICIONS_KEPT:]
        self._publish()

    def _weigh(self, stream: SecureStream | None) -> None:
        """Draw the conclusions of what is known of the other end of the stream in use."""
        if stream is None:
            return
        wanted = WANTED[self._gate.policy]
        if stream.trust >= max(wanted, self._floor):
            self._feed(Input.PROVED)
        elif stream.proof is None and self._can_be_proved:
            return  # more may come
        else:
            self._feed(Input.FELL if stream.trust >= wanted else Input.UNPROVED)
        if self._gate.protection is _SECURE:
            self._floor = max(self._floor, stream.trust)

    def _forget_words(self) -> None:
        """Forget what another peer, or the same one before, has said of the call."""
        self._relayed = None
        self._cleared = self._clear_refused = False

    def _time_to_secure_ms(self) -> int:
        now = self._clock.seconds()
        return round((now - (now if self._first_zrtp is None else self._first_zrtp)) * 1000)

    # the gate, the clock, the listener

    def _feed(self, event: Input) -> None:
        before = self._gate.protection
        self._gate.feed(event)
        if self._gate.protection is not before:
            if self._gate.protection is Protection.SECURING:
                self._after(SECURING_S, self._securing_expired)
            self._publish()

    def _securing_expired(self) -> None:
        if self._gate.protection in (Protection.SECURING, _SUSPENDED):
            self._failure = self._failure or Failed(Cause.TIMEOUT)
            self._feed(Input.FAILED)
            self._serve()
            self._publish()

    def _after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call ``callback`` once, after ``seconds``, instead of when it was due before."""

        def due() -> None:
            del self._timers[callback]
            callback()

        if callback in self._timers:
            self._timers[callback].cancel()
        self._timers[callback] = self._clock.callLater(seconds, due)

    def _stop_timers(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _publish(self) -> None:
        """Tell the listener soon, and once for all that happens until then."""
        if self._show not in self._timers:
            self._after(0, self._show)

    def _show(self) -> None:
        state = self.state
        if state != self._shown:
            self._shown = state
            self._listener.leg_changed(self)
