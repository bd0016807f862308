"""One call: pjsua2's dialog and stream, told to a listener."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pjsua2 as pj
from twisted.internet.defer import ensureDeferred

from phone.audio.interface import SoundCard
from phone.sip import message, native
from phone.sip.account import PjAccount
from phone.sip.descriptions import Descriptions
from phone.sip.interface import (
    Dialog,
    SipCall,
    SipCallListener,
    SipError,
    SoundSink,
    Statistics,
    Stream,
    Transport,
)
from phone.sip.keys import InfoKeys
from phone.sip.pjcall import PjCall, call_parameters
from phone.sip.probe import udp_error
from phone.sip.reasons import SYSTEM, transport_failure
from phone.sip.reinvites import Reinvites
from phone.sip.resolver import is_address
from phone.sip.stack import Stack
from phone.sip.uri import DEFAULT_PORT, SipUri, split_name_addr
from phone.wire.description import Address

_log = logging.getLogger("parley.sip")

HANG_UP_S = 3.0
"""How long the far end may take over its part of hanging up before we call it over."""

TRANSFER_GRACE_S = 2.0
"""How long whoever transferred us has to end the old call itself (RFC 5589 §6.1) before we do."""

MOST_CALLS = 4
"""What pjsua2 is built for."""
TOO_MANY = 70010
"""PJ_ETOOMANY"""

_DTMF = re.compile(r"[0-9*#A-D]+", re.IGNORECASE)

DTMF_IS_UPDATE = 1
"""pjmedia: not the first report of this key press."""


@dataclass(frozen=True, slots=True)
class _Negotiated:
    """A stream as pjsua2 made it, before the rest of the message is known."""

    info: Any
    local_rtp: str
    local_rtcp: str
    ssrc: int | None


class Call:
    """A ``SipCall``. Whatever pjsua2 tells reaches the listener in the reactor's next turn, in order."""

    def __init__(
        self,
        stack: Stack,
        account: PjAccount,
        *,
        remote: str,
        signalling: str | None,
        trusted: bool,
        ended: Callable[[Call], None],
        began: Callable[[Call], None],
    ) -> None:
        """``remote``: URI or ``name-addr`` of the peer; ``signalling``: IPv4 address its messages go to or
        come from; ``trusted``: they pass an account's server, whose asserted identities count (RFC 3325).
        """
        self._stack = stack
        self._account: PjAccount | None = account
        self._remote_uri, self._remote_name = split_name_addr(remote)
        self._signalling = signalling
        self._hop: SipUri | None = None
        self._trusted = trusted
        self._ended = ended
        self._began = began
        self.listener: SipCallListener | None = None
        self._pj: PjCall | None = None
        self._id = pj.PJSUA_INVALID_ID
        self._state: Dialog | None = None
        self._incoming = False
        self._muted = False
        self._silent = False
        self._descriptions = Descriptions()
        self._dialog = 0
        """pjsip's own name of the dialog."""
        self._stream_index: int | None = None
        """Which m-line has the sound; ``None``: there is none."""
        self._takes_events = False
        self._keys = InfoKeys(lambda: self._pj, remote)
        self._statistics: Statistics | None = None
        self._failure: str | None = None
        self._overdue: Any = None
        self._held = False
        self._reinvites = Reinvites(stack, lambda: self._pj, remote)
        self._transports: list[int] = []
        """Of the media, as addresses of pjmedia's structures."""
        self._replaces: Call | None = None
        """The call whose REFER made this one."""

    @property
    def remote_uri(self) -> str:
        """``sip:`` URI of the peer."""
        return self._remote_uri

    @property
    def remote_name(self) -> str:
        """Display name of the peer."""
        return self._remote_name

    @property
    def number(self) -> int:
        """Its place in pjsua2, and so in the bridge."""
        return int(self._id)

    # beginning

    def use(self, account: PjAccount | None, hop: SipUri) -> None:
        """Settle, once names are looked up, which account places the call and where its messages go."""
        if account is not None:
            self._account = account
        self._hop = hop
        self._signalling = hop.host

    def place(self, uri: str, *, local_uri: str = "", target_uri: str = "") -> None:
        """Send an INVITE. Raise SipError."""
        if self._state is Dialog.ENDED:
            return
        assert self._account is not None
        self._pj = PjCall(self, self._account, pj.PJSUA_INVALID_ID)
        prm = call_parameters()
        prm.txOption.localUri = local_uri
        prm.txOption.targetUri = target_uri
        self._began(self)
        try:
            self._pj.makeCall(uri, prm)
        except pj.Error as error:
            self.drop()
            if error.status == TOO_MANY:
                raise SipError(f"Parley can carry no more than {MOST_CALLS} calls at once.") from error
            raise SipError(f"{uri} cannot be called: {error.reason}.") from error
        self._id = self._pj.getId()
        if self._hop is not None and self._hop.transport in (None, Transport.UDP):
            ensureDeferred(self._watch(self._hop))

    def expect(self) -> PjCall:
        """Prepare for a call that pjsua2 itself makes (transfer, replacement)."""
        assert self._account is not None
        self._pj = PjCall(self, self._account, pj.PJSUA_INVALID_ID)
        self._began(self)
        return self._pj

    def check_placed(self) -> None:
        """End a call that pjsua2 has not made after all."""
        if self._pj is not None and self._pj.getId() == pj.PJSUA_INVALID_ID:
            self.abandon("The call could not be placed.")

    def take_up(self, call_id: int) -> None:
        """Adopt an INVITE that pjsua2 has received; within its callback."""
        assert self._account is not None
        self._incoming = True
        self._state = Dialog.INCOMING
        self._pj = PjCall(self, self._account, call_id)
        self._id = call_id
        self._began(self)

    def ring(self) -> None:
        """Send 180."""
        self._respond(180)

    # what the owner asks

    def answer(self) -> None:
        """Send 200. Raise SipError."""
        if self._state is not Dialog.INCOMING:
            raise SipError("There is nothing to answer: the call does not ring.")
        self._respond(200)

    def reject(self, status: int = 486, *, contact: str = "") -> None:
        """Refuse the call that rings, or send the caller to ``contact``."""
        self._end(status, contact)

    def hang_up(self) -> None:
        """Cancel or end the call."""
        self._end(0)

    def hold(self) -> None:
        """Stop the sound both ways; the peer is told. Raise SipError."""
        self._wish(held=True)

    def resume(self) -> None:
        """Take the sound up again. Raise SipError."""
        self._wish(held=False)

    def mute(self, muted: bool) -> None:
        """Send silence in place of the microphone."""
        self._muted = muted
        self._apply_mute()

    def silence(self, silent: bool) -> None:
        """Send silence in place of everything."""
        self._silent = silent
        self._apply_mute()

    def transfer(self, uri: str) -> None:
        """Send REFER. Raise SipError."""
        SipUri.parse(uri)
        self._refer(lambda call: call.xfer(uri, pj.CallOpParam()))

    def transfer_to(self, other: SipCall) -> None:
        """Send REFER with Replaces. Raise SipError."""
        target = other._pj if isinstance(other, Call) else None
        if target is None:
            raise SipError("The other call is not connected any more.")
        self._refer(lambda call: call.xferReplaces(target, pj.CallOpParam()))

    def attend(self, sound: SoundCard) -> None:
        """Let this call talk to ``sound`` alone."""
        self._stack.bridge.give(self._id, sound)

    def record(self, sink: SoundSink | None) -> None:
        """Write both sides to ``sink``; ``None`` ends that."""
        self._stack.bridge.record(self._id, sink)

    def send_dtmf(self, digits: str) -> None:
        """Press keys. Raise SipError."""
        if not _DTMF.fullmatch(digits):
            raise SipError(f"{digits!r} cannot be dialled: only 0-9, *, #, A, B, C and D are keys.")
        if self._pj is None or self._stream_index is None:
            raise SipError("Keys can be pressed only while there is sound in the call.")
        try:
            if self._takes_events:
                self._pj.dialDtmf(digits.upper())
            else:
                self._keys.press(digits.upper())
        except pj.Error as error:
            raise SipError(f"The keys could not be sent: {error.reason}.") from error

    def statistics(self) -> Statistics | None:
        """What passed so far in the current stream, or in the last one."""
        self._count()
        return self._statistics

    # what pjsua2 tells

    def pj_state(self, prm: Any) -> None:
        """The dialog moved."""
        assert self._pj is not None
        info = self._pj.getInfo()
        self._id = info.id
        event = prm.e
        cause = pj.PJSIP_EVENT_UNKNOWN
        body = event.body
        if event.type == pj.PJSIP_EVENT_RX_MSG:
            received = body.rxMsg
            self._learn(received.rdata.wholeMsg)
        elif event.type == pj.PJSIP_EVENT_TSX_STATE:
            transaction = body.tsxState
            cause = transaction.type
            self._dialog = native.dialog_of(transaction.tsx)
        status, phrase = info.lastStatusCode, message.presentable(info.lastReason)
        if info.state == pj.PJSIP_INV_STATE_CALLING:
            self._move(Dialog.CALLING, 0, "")
        elif info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            if self._state is not Dialog.EARLY and status == 180:
                self._move(Dialog.RINGING, status, phrase)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._move(Dialog.CONNECTED, status, phrase)
            self._finish_transfer()
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            if cause in (pj.PJSIP_EVENT_TIMER, pj.PJSIP_EVENT_TRANSPORT_ERROR) and self._failure is None:
                # no answer came, so the status is pjsip's own invention
                status, phrase = 0, transport_failure(0, self._where, phrase)
            elif self._failure is not None:
                phrase = self._failure
            self._move(Dialog.ENDED, status, phrase)
            self._stack.mailbox.post(self.drop)

    def pj_transaction(self, prm: Any) -> None:
        """A message went out or came in."""
        event = prm.e
        body = event.body
        transaction = body.tsxState
        about = transaction.tsx
        dialog = native.dialog_of(about)
        if dialog != self._dialog:
            # pjsua gives the place of an ended call to a new one while the old dialog lives on, as it does
            # after a REFER, and it aborts over a request in such a dialog
            if about.role == pj.PJSIP_ROLE_UAS and about.state == pj.PJSIP_TSX_STATE_TRYING:
                request = transaction.src
                native.disown(request.rdata, dialog)
            return
        if about.method == "INFO" and about.role == pj.PJSIP_ROLE_UAC:
            answered = about.state == pj.PJSIP_TSX_STATE_COMPLETED
            # one that was answered comes to its end as well, later
            ended = about.state == pj.PJSIP_TSX_STATE_TERMINATED
            if answered or (ended and transaction.prevState != pj.PJSIP_TSX_STATE_COMPLETED):
                self._stack.mailbox.post(self._keys.answered)
        if transaction.type == pj.PJSIP_EVENT_RX_MSG:
            source = transaction.src
            self._learn(source.rdata.wholeMsg)
            if about.role == pj.PJSIP_ROLE_UAC and about.method == "INVITE":
                self._reinvites.answered(about.statusCode, we_began=not self._incoming)
            elif about.role == pj.PJSIP_ROLE_UAC and about.method == "REFER":
                self._refer_answered(about.statusCode, message.presentable(about.statusText))

    def pj_sdp(self, prm: Any) -> None:
        """Advertise the leg's address instead of pjsua2's."""
        local, remote = prm.sdp.wholeSdp, prm.remSdp.wholeSdp
        if remote:
            self._descriptions.received(remote)
        try:
            assert self.listener is not None
            assert self._transports, "the media is not led to the leg"
            media = self.listener.describe_media(self._signalling)
            prm.sdp.wholeSdp = self._descriptions.ours(local, media, offer=not remote)
        except Exception:
            _log.exception("no media can be offered")
            # fail closed: port 0 refuses the stream (RFC 3264 §6)
            prm.sdp.wholeSdp = re.sub(r"(?m)^(m=\S+) \d+", r"\1 0", local)
            self._stack.mailbox.post(lambda: self._end(500))

    def pj_transport(self, transport: int) -> None:
        """Lead the media to the leg."""
        self._stack.steering.lead(transport, self._leg_addresses)
        self._transports.append(transport)

    def _leg_addresses(self) -> tuple[Address, Address]:
        assert self.listener is not None
        return self.listener.leg_addresses()

    def pj_stream(self, prm: Any) -> None:
        """Media was negotiated, at first or again."""
        assert self._pj is not None
        info = self._pj.getStreamInfo(prm.streamIdx)
        if info.type != pj.PJMEDIA_TYPE_AUDIO:
            return
        transport = self._pj.getMedTransportInfo(prm.streamIdx)
        self._stream_index = prm.streamIdx
        self._takes_events = info.audTxEventPt >= 0
        made = _Negotiated(
            info, transport.localRtpName, transport.localRtcpName, self._descriptions.local_ssrc
        )
        # the rest of the message that brought the answer is handed over after this
        self._stack.mailbox.post(lambda: self._tell_stream(made))

    def pj_stream_gone(self, prm: Any) -> None:  # noqa: ARG002
        """Keep the last statistics."""
        self._count()
        self._stream_index = None
        self._stack.bridge.stream_gone(self._id)

    def pj_media(self) -> None:
        """Join the bridge, or leave it while the call is held."""
        assert self._pj is not None
        info = self._pj.getInfo()
        # of a call that takes another one's place this may come first
        self._id = info.id
        media = info.media
        index = self._stream_index
        heard = index is not None and media[index].status in (
            pj.PJSUA_CALL_MEDIA_ACTIVE,
            pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
        )
        self._apply_mute()
        if heard:
            self._stack.bridge.connect(self._id, self._pj.getAudioMedia(index))
        else:
            self._stack.bridge.disconnect(self._id)
        if heard and info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self._move(Dialog.EARLY, info.lastStatusCode, info.lastReason)

    def pj_dtmf(self, prm: Any) -> None:
        """Report each press once: pjmedia repeats it with every packet."""
        digit, flags = prm.digit, prm.flags
        if not flags & DTMF_IS_UPDATE:
            self._tell(lambda listener: listener.dtmf_received(digit))

    def pj_refer(self, prm: Any) -> None:
        """The peer sends us to somebody else (RFC 3515)."""
        target, _ = split_name_addr(prm.dstUri)
        target = target.partition("?")[0]
        try:
            # a name would have to be looked up, by pjsip and blocking, where no account's route leads the way
            reachable = self._trusted or is_address(SipUri.parse(target).host)
        except SipError:
            reachable = False
        new = self._successor(target)
        listener = self.listener.transfer_requested(target, new) if self.listener and reachable else None
        if listener is None:
            prm.statusCode = 603
            return
        new.listener = listener
        new._replaces = self
        prm.newCall = new.expect()
        self._stack.mailbox.post(new.check_placed)

    def pj_transfer_status(self, prm: Any) -> None:
        """The peer tells how it fares with whom we have sent it to."""
        status, phrase, final = prm.statusCode, message.presentable(prm.reason), prm.finalNotify
        self._tell(lambda listener: listener.transfer_progress(status, phrase, final=final))

    def pj_replace(self, prm: Any) -> None:
        """Another dialog takes over (RFC 3891)."""
        whole = prm.rdata.wholeMsg
        new = self._successor(message.header(whole, "From"))
        listener = self.listener.replaced(new) if self.listener else None
        if listener is None:
            prm.statusCode = 603
            return
        new.listener = listener
        new._incoming = True
        prm.newCall = new.expect()
        self._stack.mailbox.post(new.check_placed)

    def pj_redirect(self, target: str) -> bool:
        """Tell whether to follow a 3xx to ``target``: not where pjsip would block over a name."""
        uri, _ = split_name_addr(target)
        if self._trusted or is_address(SipUri.parse(uri).host):
            return True
        self._failure = f"The other side has moved to {uri}."
        return False

    # inside

    @property
    def _where(self) -> str:
        if self._hop is None:
            return self._remote_uri
        return f"{self._hop.host}:{self._hop.port or DEFAULT_PORT}"

    async def _watch(self, hop: SipUri) -> None:
        """End a call to a closed port long before pjsip gives up."""
        error = await udp_error(self._stack.reactor, self._stack.bind, hop.host, hop.port or DEFAULT_PORT)
        if error and self._state is Dialog.CALLING:
            self._move(Dialog.ENDED, 0, transport_failure(SYSTEM + error, self._where))
            self._end(0)

    def _refer(self, send: Callable[[PjCall], None]) -> None:
        if self._pj is None or self._state is not Dialog.CONNECTED:
            raise SipError("Only a call that is connected can be transferred.")
        try:
            send(self._pj)
        except pj.Error as error:
            raise SipError(f"The call cannot be transferred: {error.reason}.") from error

    def _wish(self, *, held: bool) -> None:
        if self._pj is None or self._state is not Dialog.CONNECTED:
            raise SipError("Only a call that is connected can be held and resumed.")
        self._held = held
        self._apply_mute()
        self._reinvites.wish(held=held)

    def _refer_answered(self, status: int, phrase: str) -> None:
        # pjsip answers a challenge by itself
        if status >= 300 and status not in (401, 407):
            self._tell(lambda listener: listener.transfer_progress(status, phrase, final=True))

    def _respond(self, status: int) -> None:
        assert self._pj is not None
        prm = call_parameters()
        prm.statusCode = status
        try:
            self._pj.answer(prm)
        except pj.Error as error:
            raise SipError(f"The call cannot be answered: {error.reason}.") from error

    def _end(self, status: int, contact: str = "") -> None:
        if self._pj is None:
            self.abandon("Hung up.")
            return
        prm = pj.CallOpParam()
        prm.statusCode = status
        if contact:
            header = pj.SipHeader()
            header.hName, header.hValue = "Contact", f"<{contact}>"
            prm.txOption.headers.push_back(header)
        try:
            self._pj.hangup(prm)
        except pj.Error as error:
            _log.debug("hanging up: %s", error.reason)
        if self._overdue is None:
            self._overdue = self._stack.reactor.callLater(
                HANG_UP_S, lambda: self._move(Dialog.ENDED, 0, "Hung up.")
            )

    def abandon(self, reason: str) -> None:
        """The call never began."""
        self._move(Dialog.ENDED, 0, reason)
        self._stack.mailbox.post(self.drop)

    def _move(self, state: Dialog, status: int, reason: str) -> None:
        if self._state is not state and self._state is not Dialog.ENDED:
            self._state = state
            self._tell(lambda listener: listener.dialog_changed(state, status, reason))

    def _tell(self, what: Callable[[SipCallListener], None]) -> None:
        listener = self.listener
        if listener is not None:
            self._stack.mailbox.post(lambda: what(listener))

    def _tell_stream(self, made: _Negotiated) -> None:
        info = made.info
        if self.listener is None or self._state is Dialog.ENDED:
            return
        remote = self._descriptions.remote_audio()
        self.listener.stream_created(
            Stream(
                remote_rtp=_address(info.remoteRtpAddress),
                remote_rtcp=_address(info.remoteRtcpAddress),
                local_rtp=_address(made.local_rtp),
                local_rtcp=_address(made.local_rtcp),
                ssrc=made.ssrc,
                codec=info.codecName,
                clock_rate=info.codecClockRate,
                payload_type=info.txPt,
                remote_zrtp_hash=remote.zrtp_hash if remote else None,
                remote_dtls=remote.dtls if remote else None,
                remote_holds=not info.dir & pj.PJMEDIA_DIR_ENCODING,
            )
        )

    def _learn(self, whole: str) -> None:
        """Take from a received message what pjsua2 does not tell."""
        if message.has_sdp(whole):
            self._descriptions.received(message.body(whole))
        asserted = message.header(whole, "P-Asserted-Identity")
        if not asserted or not self._trusted:
            return
        uri, name = split_name_addr(asserted)
        if uri.lower().startswith("sip:") and (uri, name) != (self._remote_uri, self._remote_name):
            self._remote_uri, self._remote_name = uri, name
            self._tell(lambda listener: listener.remote_identity_changed(uri, name))

    def _count(self) -> None:
        if self._pj is None or self._stream_index is None:
            return
        try:
            statistics = self._pj.getStreamStat(self._stream_index)
        except pj.Error as error:
            _log.debug("no statistics: %s", error.reason)
            return
        rtcp = statistics.rtcp
        sent, received = rtcp.txStat, rtcp.rxStat
        self._statistics = Statistics(
            packets_sent=sent.pkt,
            packets_received=received.pkt,
            packets_lost=received.loss,
            jitter_ms=received.jitterUsec.mean / 1000,
            round_trip_ms=rtcp.rttUsec.mean / 1000,
        )

    def _apply_mute(self) -> None:
        self._stack.bridge.mute(self._id, self._muted)
        if self._pj is not None and self._stream_index is not None:
            # nothing goes to whom we hold, also before the peer has agreed to it
            shut = self._silent or self._held
            try:
                # what the call receives from the bridge: the stream goes on, with silence in it
                self._pj.getAudioMedia(self._stream_index).adjustRxLevel(0.0 if shut else 1.0)
            except pj.Error as error:
                _log.debug("no sound to mute: %s", error.reason)

    def _successor(self, remote: str) -> Call:
        assert self._account is not None
        return Call(
            self._stack,
            self._account,
            remote=remote,
            signalling=self._signalling,
            trusted=self._trusted,
            ended=self._ended,
            began=self._began,
        )

    def _finish_transfer(self) -> None:
        old, self._replaces = self._replaces, None
        if old is not None:
            self._stack.reactor.callLater(TRANSFER_GRACE_S, old.hang_up)

    def drop(self) -> None:
        """Let go of pjsua2's call; never inside its own callback."""
        if self._overdue is not None and self._overdue.active():
            self._overdue.cancel()
        self._reinvites.give_up()
        for transport in self._transports:
            self._stack.steering.forget(transport)
        if self._pj is not None:
            self._stack.bridge.forget(self._id)
            self._pj = None
            self._account = None
            self._ended(self)


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return Address(host, int(port))
