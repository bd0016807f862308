"""One stream: a Hello of ours, and the exchange that grows from it (RFC 6189 §4).

The table in ``states`` says what happens; the actions it names are here. Until a Commit has been answered,
several Hellos may have come in, of which all but one are forged or from a peer that is gone. Each is kept
with a handshake of its own; the hash chain of what follows shows which was the right one.
"""

from __future__ import annotations

from typing import Final

from phone.machine import Machine
from phone.zrtp.announcement import Announcement
from phone.zrtp.cache import Zid
from phone.zrtp.endpoint import Endpoint, StreamId
from phone.zrtp.errors import ErrorCode, MessageError, ProtocolError
from phone.zrtp.events import (
    Cause,
    Cleared,
    ClearRefused,
    Event,
    ExchangeStarted,
    Failed,
    PeerFound,
    ReceiveKeysReady,
    Role,
    SasRelayed,
)
from phone.zrtp.handshake import Handshake
from phone.zrtp.keys import Exporter
from phone.zrtp.messages import (
    AnyCommit,
    ClearACK,
    Commit,
    Conf2ACK,
    Confirm1,
    Confirm2,
    DHPart1,
    DHPart2,
    Error,
    ErrorACK,
    GoClear,
    Hello,
    HelloACK,
    Message,
    MultistreamCommit,
    PresharedCommit,
    RelayACK,
    SASrelay,
    SecAuth1,
    SecAuth2,
    SecAuth3,
    SecAuthA,
)
from phone.zrtp.negotiation import outranks
from phone.zrtp.proving import Proving
from phone.zrtp.states import EXCHANGING, OPEN, TABLE, Input, State
from phone.zrtp.timers import (
    PASSIVE_WAIT,
    SILENCE,
    T1,
    T1_PEER_KNOWN,
    T2,
    TURN,
    RetransmissionTimer,
    Schedule,
)

_MAX_HELLOS: Final = 16
"""Hellos kept of one stream's possible peers."""
_PATIENCE: Final = 0.5
"""Seconds in which a Hello is repeated at least twice, and in which nobody starts anew."""
_STANDSTILL: Final = 1.0
"""Seconds after which an exchange that does not move on has probably lost its peer."""


class Stream:
    """One Hello of ours and what became of it. Time is seconds, as everywhere."""

    def __init__(self, identity: StreamId, endpoint: Endpoint, *, provoked: bool = False) -> None:
        """``provoked``: only a Hello from the network made us open this stream, and it may be forged."""
        self.identity: Final = identity
        self.announcement: Final = Announcement(endpoint)
        self._endpoint = endpoint
        self._machine = Machine(TABLE, State.DISCOVERING, name="zrtp")
        self._timer = RetransmissionTimer()
        self._hello_schedule = T1
        self._heard: list[Handshake] = []
        self._exchange: Handshake | None = None
        self._request: tuple[bytes, ...] = ()
        """What is retransmitted until it is answered."""
        self._answer = b""
        """What a repeated request is answered with."""
        self._obstacle: Failed | None = None
        """The likeliest reason, should the stream fail."""
        self._error_code = ErrorCode.PROTOCOL_TIMEOUT
        """What the peer is told, should the stream fail."""
        self._provoked = provoked
        self._told = provoked
        """Whether nobody waits to hear that no exchange came about."""
        self._acknowledged_by: int | None = None
        """SSRC of the last HelloACK since our Hello was begun to be sent."""
        self._acknowledged_since: float | None = None
        self._moved_at = 0.0
        self._relayed: SasRelayed | None = None
        self._clear_refused = False
        self._proving = Proving(identity, endpoint)

    @property
    def state(self) -> State:
        return self._machine.state

    @property
    def is_open(self) -> bool:
        """Our Hello may still find another peer."""
        return self.state in OPEN

    def is_busy(self, now: float) -> bool:
        """An exchange is going on."""
        return self.state in EXCHANGING and now - self._moved_at < _STANDSTILL

    def negotiates(self, peer: Zid, now: float) -> bool:
        """An exchange with ``peer`` is going on, or we have begun one."""
        exchange = self._exchange
        going_on = self.state is State.COMMIT_SENT or self.is_busy(now)
        return going_on and exchange is not None and exchange.hello.zid == peer

    @property
    def deadline(self) -> float | None:
        """When ``handle_timer`` is due."""
        deadlines = (self._timer.deadline, self._proving.deadline)
        return min((due for due in deadlines if due is not None), default=None)

    def knows(self, hello: bytes) -> bool:
        """Tell whether this Hello has come before."""
        return any(handshake.raw == hello for handshake in self._heard)

    def start(self, now: float) -> None:
        """Begin to send Hello, unless the peer was faster."""
        self._feed(Input.START, now)

    def restart(self, now: float) -> None:
        """The peer's address has changed: send Hello, or what was last asked for, on a fresh schedule."""
        self._feed(Input.RESTART, now)

    def expect_peer(self) -> None:
        """Something shows that ZRTP is spoken at the other end: give it at least 12 s (§6)."""
        if self._hello_schedule is T1:
            self._hello_schedule = T1_PEER_KNOWN
            if self._request == (self.announcement.hello,):
                self._timer.extend(T1_PEER_KNOWN)

    def obstruct(self, obstacle: Failed) -> None:
        """Remember why the stream may fail; it goes on, for anyone may have sent what says so."""
        self._obstacle = obstacle

    def forget_unannounced(self) -> None:
        """Drop the Hellos that the signalling, which spoke later, does not confirm (§8.1)."""
        self._heard = [
            handshake
            for handshake in self._heard
            if handshake is self._exchange or handshake.matches_signalling is not False
        ]

    def has_taken(self, message: bytes) -> bool:
        """Tell whether exactly this message has come before, and moved the exchange on."""
        return self._exchange is not None and self._exchange.has_taken(message)

    def receive_hello(self, hello: Hello, raw: bytes, ssrc: int, now: float) -> None:
        """Take a Hello that this stream knows, or may know from now on, and acknowledge it."""
        acknowledgement = bytes(HelloACK())
        if self._acknowledged_by == ssrc:
            # a peer that has our Commit before it learns that its Hello arrived sends none of its own
            self._feed(Input.HELLO_ACK, now, self._learn(hello, raw, ssrc, now))
            self._endpoint.outgoing.append(acknowledgement)
        else:
            self._endpoint.outgoing.append(acknowledgement)
            self._learn(hello, raw, ssrc, now)

    def receive(self, message: Message, raw: bytes, ssrc: int, now: float) -> bool:
        """Take any other message; tell whether it belongs here."""
        try:
            match message:
                case HelloACK():
                    taken = self._receive_hello_ack(ssrc, now)
                case Commit() | MultistreamCommit() | PresharedCommit():
                    taken = self._receive_commit(message, raw, now)
                case DHPart1():
                    taken = self._receive_dhpart1(message, raw, now)
                case DHPart2():
                    taken = self._receive_dhpart2(message, raw, now)
                case Confirm1() | Confirm2():
                    taken = self._receive_confirm(message, raw, now)
                case Conf2ACK():
                    taken = self._feed(Input.CONF2_ACK, now)
                case SASrelay():
                    taken = self._receive_relay(message, now)
                case GoClear():
                    taken = self._receive_go_clear(message, now)
                case SecAuth1() | SecAuth2() | SecAuth3() | SecAuthA():
                    taken = self._proving.receive(message, raw, now)
                case ErrorACK():
                    taken = self._feed(Input.ERROR_ACK, now)
                case _:
                    taken = False
        except ProtocolError as error:
            taken = self._feed(Input.VIOLATION, now, error)
        return taken

    def srtp_authenticated(self, now: float) -> None:
        """SRTP from the peer opened under our keys: it has our Confirm2 (§4.6)."""
        self._feed(Input.CONF2_ACK, now)
        self._feed(Input.SRTP, now)

    def handle_timer(self, now: float) -> None:
        """Do what is due by ``now``."""
        if self._timer.deadline is not None and self._timer.deadline <= now:
            self._feed(Input.RESEND if self._timer.expire(now) else Input.EXHAUSTED, now)
        self._proving.handle_timer(now)

    def judge_sas(self, matches: bool) -> None:
        """Keep what the user found; only for a stream that is secure."""
        assert self._exchange is not None
        self._exchange.judge_sas(matches)

    def enroll(self) -> None:
        """Trust the PBX at the other end, which asks for it; only for a stream that is secure."""
        assert self._exchange is not None
        self._exchange.enroll()

    @property
    def exporter(self) -> Exporter:
        """What others may take keys of their own from; only of a stream that is secure."""
        assert self._exchange is not None
        return self._exchange.remains.exporter

    # judging: does the message belong to this exchange?

    def _learn(self, hello: Hello, raw: bytes, ssrc: int, now: float) -> Handshake:
        known = next((handshake for handshake in self._heard if handshake.raw == raw), None)
        if known is None:
            known = Handshake(self._endpoint, self.announcement, hello, raw, ssrc, heard_at=now)
            self._feed(Input.HELLO, now, known)
        else:
            known.ssrc = ssrc
            known.heard_lately = True
            self._feed(Input.HELLO_REPEATED, now)
        return known

    def _expects(self, event: Input) -> bool:
        return (self.state, event) in TABLE

    def _receive_hello_ack(self, ssrc: int, now: float) -> bool:
        if self.state not in (State.DISCOVERING, State.PEER_HEARD):
            return False
        self._acknowledged_by = ssrc
        if self._acknowledged_since is None:
            self._acknowledged_since = now
        handshake = self._acknowledging(ssrc, now - self._acknowledged_since)
        return handshake is None or self._feed(Input.HELLO_ACK, now, handshake)

    def _acknowledging(self, ssrc: int, since: float) -> Handshake | None:
        """Return whose Hello came from where our own is acknowledged; a HelloACK tells no more than its SSRC.

        A Hello from another SSRC may be forged, so the right one gets time to come. When it does not, the
        peer has changed its SSRC, unless that Hello was all that made us open the stream. Of several at about
        the same time the first one counts: forgeries come behind what they imitate.
        """
        same = [handshake for handshake in self._heard if handshake.ssrc == ssrc]
        lately = [handshake for handshake in self._heard if handshake.heard_lately]
        patient = self._provoked or since < _PATIENCE
        candidates = same or ([] if patient else lately)
        return next((one for one in candidates if candidates[-1].heard_at - one.heard_at < _PATIENCE), None)

    def _receive_commit(self, commit: AnyCommit, raw: bytes, now: float) -> bool:
        if self._exchange is not None and self._exchange.peer_commit == raw:
            return self._feed(Input.COMMIT_REPEATED, now)
        event = Input.COMMIT if isinstance(commit, Commit) else Input.COMMIT_WITHOUT_DH
        if not self._expects(event):
            return False
        opened = [handshake for handshake in self._heard if handshake.opened_by(commit)]
        if not opened:
            return False
        handshake = next((one for one in opened if one.is_authentic(commit)), None)
        if handshake is None:
            raise ProtocolError(
                ErrorCode.HELLO_MISMATCH, "the peer's Hello was altered on the way", Cause.ATTACK
            )
        if not self._goes_first(commit, handshake, now):
            return True
        answer = handshake.take_commit(commit, raw)
        if answer is None:
            # a preshared key that we do not have: our own Commit, in DH mode, prevails over it (§4.4.2.3)
            self._feed(Input.HELLO_ACK, now, handshake)
            return True
        return self._feed(event, now, handshake, answer)

    def _goes_first(self, commit: AnyCommit, handshake: Handshake, now: float) -> bool:
        """Tell whether the peer's Commit prevails, on this stream and over the session's others (§4.2)."""
        if self.state is State.COMMIT_SENT and handshake.outranked not in (None, commit):
            # a peer whose Commit has lost sends no other one: somebody on the way has changed it
            return False
        own, mitm = (self._exchange or handshake).own_commit, handshake.hello.mitm
        if own is not None and not outranks(commit, own, mitm=mitm):
            # the peer answers our Commit; one that we had withdrawn is sent again
            self._feed(Input.HELLO_ACK, now, handshake)
            handshake.outranked = commit
            return False
        if isinstance(commit, MultistreamCommit):
            return True
        rival = self._endpoint.association.other_at_turn(self, handshake.hello.zid, now)
        return rival is None or rival.yield_to(commit, now)

    def yield_to(self, commit: AnyCommit, now: float) -> bool:
        """Tell whether a Commit that the peer sent on another stream goes before ours, and make way."""
        exchange = self._exchange
        if exchange is None or exchange.own_commit is None or not self._expects(Input.YIELD):
            return False
        if not outranks(commit, exchange.own_commit, mitm=exchange.hello.mitm):
            return False
        return self._feed(Input.YIELD, now)

    def _receive_dhpart1(self, message: DHPart1, raw: bytes, now: float) -> bool:
        if not self._expects(Input.DHPART1):
            return False
        handshake = next((one for one in self._heard if one.fits_dhpart1(message)), None)
        if handshake is None:
            return False
        return self._feed(Input.DHPART1, now, handshake, handshake.take_dhpart1(message, raw))

    def _receive_dhpart2(self, message: DHPart2, raw: bytes, now: float) -> bool:
        exchange = self._exchange
        if exchange is None:
            return False
        if exchange.peer_dhpart2 == raw:
            return self._feed(Input.DHPART2_REPEATED, now)
        if not self._expects(Input.DHPART2) or not exchange.fits_dhpart2(message):
            return False
        return self._feed(Input.DHPART2, now, exchange.take_dhpart2(message, raw))

    def _receive_confirm(self, message: Confirm1 | Confirm2, raw: bytes, now: float) -> bool:
        event = Input.CONFIRM1 if isinstance(message, Confirm1) else Input.CONFIRM2
        exchange = self._exchange
        if exchange is None:
            return False
        if exchange.peer_confirm2 == raw:
            return self._feed(Input.CONFIRM2_REPEATED, now)
        if not self._expects(event):
            return False
        try:
            confirmation = exchange.unseal(message)
        except MessageError:
            return False
        except ProtocolError as error:
            # anyone can send this; should nothing better come, it is the reason
            self.obstruct(Failed(error.cause, error.code))
            self._error_code = error.code
            return False
        exchange.take_confirm(confirmation)
        return self._feed(event, now, raw)

    def _receive_relay(self, message: SASrelay, now: float) -> bool:
        if not self._expects(Input.SAS_RELAY):
            return False
        try:
            relayed = self._handshake.remains.relayed(message)
        except (MessageError, ProtocolError):
            return False  # anyone can send this
        return self._feed(Input.SAS_RELAY, now, relayed)

    def _receive_go_clear(self, message: GoClear, now: float) -> bool:
        if self.state is State.CLEARED:
            return self._feed(Input.GO_CLEAR, now)
        if not self._expects(Input.GO_CLEAR) or not self._handshake.remains.is_clear_request(message):
            return False
        allowed = self._endpoint.configuration.allow_clear
        return self._feed(Input.GO_CLEAR if allowed else Input.GO_CLEAR_REFUSED, now)

    # the actions that the table names

    def _feed(self, event: Input, now: float, *details: object) -> bool:
        before = self.state
        action = self._machine.feed(event)
        if self.state is not before:
            self._moved_at = now
        if action:
            getattr(self, f"_{action}")(now, *details)
        return action is not None

    def _send_hello(self, now: float) -> None:
        self._send_request(now, self.announcement.hello, schedule=self._hello_schedule)

    def _search_again(self, now: float) -> None:
        for handshake in self._heard:
            handshake.heard_lately = False
        self._exchange = None
        self._obstacle = None
        self._provoked = self._told = False
        self._acknowledged_by = self._acknowledged_since = None
        self._send_hello(now)

    def _meet(self, now: float, handshake: Handshake) -> None:
        self._obstacle = None
        self._tell(PeerFound(handshake.hello.zid, handshake.hello.client))
        self._note(now, handshake)
        if self._acknowledged_by != handshake.ssrc:
            # our earlier Hellos may have gone before the peer was there
            self._send_hello(now)

    def _note(self, _now: float, handshake: Handshake) -> None:
        handshake.prepare()
        if handshake.hello.passive and self._endpoint.configuration.passive:
            self.obstruct(Failed(Cause.PASSIVE))
        if len(self._heard) == _MAX_HELLOS:
            # a flood drives out neither who came first nor who came last
            others = [one for one in self._heard if one is not self._exchange]
            self._heard.remove(others[len(others) // 2])
        self._heard.append(handshake)

    def _reawaken(self, now: float) -> None:
        if self._timer.deadline is None:
            self._send_hello(now)

    def _await_commit(self, now: float, handshake: Handshake) -> None:
        if self._endpoint.configuration.passive:
            self._request = ()
            self._timer.start(PASSIVE_WAIT, now)
        else:
            self._exchange = handshake
            self._wait_turn(now)
            self._try_commit(now)

    def _make_way(self, now: float) -> None:
        self._handshake.withdraw()
        self._wait_turn(now)

    def _wait_turn(self, now: float) -> None:
        self._request = ()
        self._timer.start(TURN, now)

    def _try_commit(self, now: float) -> None:
        handshake = self._handshake
        association = self._endpoint.association
        if handshake.needs_turn and association.other_at_turn(self, handshake.hello.zid, now) is not None:
            return
        self._feed(Input.INITIATE, now)

    def _send_commit(self, now: float) -> None:
        self._take_turn()
        self._handshake.outranked = None
        commit = self._handshake.commit()
        self._told = False
        self._tell(ExchangeStarted(Role.INITIATOR))
        self._send_request(now, commit)
        # a HelloACK proves nothing: should it be forged, the peer needs our Hello again
        self._request = (self.announcement.hello, commit)

    def _take_turn(self) -> None:
        if self._handshake.needs_turn:
            self._endpoint.association.take_turn(self)

    def _answer_commit(self, now: float, handshake: Handshake, answer: bytes) -> None:
        self._exchange = handshake
        self._take_turn()
        self._tell(ExchangeStarted(Role.RESPONDER))
        self._send_answer(now, answer)

    def _send_dhpart2(self, now: float, handshake: Handshake, dhpart2: bytes) -> None:
        self._exchange = handshake
        self._send_request(now, dhpart2)

    def _send_confirm1(self, now: float, confirm1: bytes) -> None:
        self._send_answer(now, confirm1)

    def _send_confirm2(self, now: float, _raw: bytes) -> None:
        self._tell(ReceiveKeysReady(self._handshake.srtp))
        self._send_request(now, self._handshake.confirm())

    def _send_conf2ack(self, now: float, raw: bytes) -> None:
        self._handshake.peer_confirm2 = raw
        self._tell(ReceiveKeysReady(self._handshake.srtp))
        self._send_answer(now, bytes(Conf2ACK()))
        self._rest(now)
        self._secure(now)

    def _secure(self, now: float) -> None:
        handshake = self._handshake
        self._tell(handshake.complete())
        self._proving.begin(handshake, now)
        self._forget_secrets()

    def _acknowledge_relay(self, _now: float, relayed: SasRelayed | None) -> None:
        self._endpoint.outgoing.append(bytes(RelayACK()))
        if relayed is not None and relayed != self._relayed:
            self._relayed = relayed
            self._tell(relayed)

    def _go_clear(self, now: float) -> None:
        self._rest(now)
        self._handshake.go_clear()
        self._proving.stop()
        self._tell(Cleared())
        self._acknowledge_clear(now)

    def _acknowledge_clear(self, _now: float) -> None:
        self._endpoint.outgoing.append(bytes(ClearACK()))

    def _refuse_clear(self, _now: float) -> None:
        if not self._clear_refused:
            self._clear_refused = True
            self._tell(ClearRefused())
        self._endpoint.outgoing.append(bytes(Error(ErrorCode.GO_CLEAR_NOT_ALLOWED)))

    def _resend(self, _now: float) -> None:
        self._endpoint.outgoing.extend(self._request)

    def _request_again(self, now: float) -> None:
        self._send_request(now, *self._request)

    def _answer_again(self, now: float) -> None:
        if self.state is State.SECURE:
            self._endpoint.outgoing.append(self._answer)
        else:
            self._send_answer(now, self._answer)

    def _report(self, _now: float) -> None:
        self._exchange = None
        if not self._told:
            self._told = True
            default = Failed(Cause.TIMEOUT if self._heard else Cause.NO_PEER)
            self._tell(self._obstacle or default)

    def _give_up(self, now: float) -> None:
        self._end(now, self._obstacle or Failed(Cause.TIMEOUT, self._error_code))

    def _refuse(self, now: float, error: ProtocolError) -> None:
        self._error_code = error.code
        self._end(now, Failed(error.cause, error.code))

    def _end(self, now: float, failure: Failed) -> None:
        self._exchange = None
        self._forget_secrets()
        self._tell(failure)
        self._send_request(now, bytes(Error(self._error_code)))

    def _rest(self, _now: float) -> None:
        self._request = ()
        self._timer.stop()

    # what the actions are made of

    @property
    def _handshake(self) -> Handshake:
        assert self._exchange is not None
        return self._exchange

    def _tell(self, event: Event) -> None:
        self._endpoint.events.append((self.identity, event))

    def _send_request(self, now: float, *messages: bytes, schedule: Schedule = T2) -> None:
        self._request = messages
        self._endpoint.outgoing.extend(messages)
        self._timer.start(schedule, now)

    def _send_answer(self, now: float, message: bytes) -> None:
        self._request = ()
        self._answer = message
        self._endpoint.outgoing.append(message)
        self._timer.start(SILENCE, now)

    def _forget_secrets(self) -> None:
        """Drop what no exchange of this stream needs any more (§4.7.3)."""
        self.announcement.forget_key_pairs()
        for handshake in self._heard:
            if handshake is not self._exchange:
                handshake.forget()
