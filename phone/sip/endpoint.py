"""The SIP stack: pjsua2, polled from the reactor."""

from __future__ import annotations

import gc
import logging
import re
import socket
import weakref
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pjsua2 as pj
from twisted.internet.defer import Deferred, DeferredList, ensureDeferred, succeed
from twisted.internet.task import LoopingCall, deferLater

from phone.audio.interface import FRAME_MS, RATE, SoundCard
from phone.sip import message, native
from phone.sip.account import Account, LocalIdentity, PjAccount
from phone.sip.bridge import SILENT_DB, Bridge
from phone.sip.call import MOST_CALLS, Call
from phone.sip.callbacks import Mailbox, adopt_thread, callback
from phone.sip.interface import (
    AccountSettings,
    Registration,
    SipAccount,
    SipCall,
    SipCallListener,
    SipError,
    SipListener,
    Transport,
)
from phone.sip.loudness import Loudness, find_scales
from phone.sip.profile import Profiles
from phone.sip.reasons import ADDRESS_IN_USE
from phone.sip.resolver import is_address, resolve
from phone.sip.stack import ANY, Stack
from phone.sip.steering import Steering
from phone.sip.uri import DEFAULT_PORT, SipUri, name_addr, split_name_addr
from phone.wire.description import Address

_log = logging.getLogger("parley.sip")
_pjsua_log = logging.getLogger("parley.pjsua")

USER_AGENT = "Parley/0.1"

LOCAL_USER = "parley"
"""Who we are in calls that go through no server."""

BUSY_POLL_S = 0.010
IDLE_POLL_S = 0.020
WATCH_S = 1.0
MOST_EVENTS = 50
"""Events handled in one poll, so that a flood does not keep the reactor from the media."""

FAREWELL_S = 0.3
"""How long BYE and CANCEL have to leave."""

DESTROY_SILENTLY = 3
"""PJSUA_DESTROY_NO_NETWORK: we have said our farewells; saves a second of waiting."""

PORT_ATTEMPTS = 20

CODECS = ("G722/16000", "PCMA/8000", "PCMU/8000", "speex/8000", "GSM/8000", "iLBC/8000")
"""What can be offered, by preference.

None with an RTP clock of 16 kHz: pjsua2 would offer a second telephone-event for it, and Asterisk 22 would
then number both anew when it connects two phones directly, so that keys pressed were not understood. To leave
the second out does not help (docs/sound.md).
"""

HIGHEST_PRIORITY = 255
"""PJMEDIA_CODEC_PRIO_HIGHEST"""

_SECRETS = re.compile(
    r"^(a=(?:crypto|zrtp-hash|fingerprint|ice-pwd)|(?:proxy-)?authorization|(?:www|proxy)-authenticate)[:=].*$",
    re.IGNORECASE | re.MULTILINE,
)


class _Log(pj.LogWriter):  # type: ignore[misc]
    """pjsua2's log as Python's, without secrets."""

    def write(self, entry: Any) -> None:
        """Pass one message on."""
        try:
            text = _SECRETS.sub(r"\1: (left out)", entry.msg.rstrip())
            # what matters of it is told again in our own words
            _pjsua_log.log(logging.INFO if entry.level <= 1 else logging.DEBUG, "%s", text)
        except Exception:  # noqa: S110  # there is nobody left to tell
            pass


class _Library(pj.Endpoint):  # type: ignore[misc]
    """pjsua2's endpoint; knows its owner weakly, so that no cycle goes through it."""

    def __init__(self, owner: Endpoint) -> None:
        super().__init__()
        self._owner = weakref.ref(owner)

    @callback
    def onSelectAccount(self, prm: Any) -> None:
        """An INVITE came: which account is it for?"""
        if owner := self._owner():
            owner.pj_select(prm)

    @callback
    def onTransportState(self, prm: Any) -> None:
        """A connection was made or lost."""
        if owner := self._owner():
            owner.pj_transport(prm)


class Endpoint:
    """A ``SipEndpoint``. One per process: pjsua2 knows no second one.

    Everything happens in the reactor's thread. ``bind``: IPv4 address for SIP, ``0.0.0.0`` for every
    interface; ``port``: UDP and TCP, 0 for a free one. Raises SipError.
    """

    def __init__(
        self,
        *,
        bind: str,
        port: int,
        reactor: Any,
        listener: SipListener,
        sound: SoundCard,
        contact: str | None = None,
    ) -> None:
        self._reactor = reactor
        self._listener = listener
        self._bind = bind
        self._contact = contact
        self._accounts: list[Account] = []
        self._identities: dict[Transport, LocalIdentity] = {}
        self._calls: set[Call] = set()
        self._connections: set[int] = set()
        """Handles of the TCP connections that stand."""
        self._bridge: Bridge | None = None
        self._closing = False
        self._closed = False
        self._waiting: list[Deferred[None]] = []
        """Who waits for the end."""
        self._poll = LoopingCall(self._handle_events)
        self._watch = LoopingCall(lambda: self._loudness.look(reactor.seconds()))
        self._poll.clock = self._watch.clock = reactor
        adopt_thread()
        self._library: _Library | None = _Library(self)
        try:
            self._stack = self._start(self._library, port, sound)
        except pj.Error as error:
            self._destroy()
            raise SipError(f"SIP cannot start: {error.reason}.") from error
        except BaseException:
            self._destroy()
            raise
        for loop, pause_s in ((self._poll, IDLE_POLL_S), (self._watch, WATCH_S)):
            loop.start(pause_s, now=False).addErrback(lambda failure: _log.error("%s", failure))
        # leaving the interpreter without libDestroy aborts the process
        reactor.addSystemEventTrigger("before", "shutdown", self.close)

    # what the owner asks

    def add_account(self, settings: AccountSettings) -> Account:
        """Keep an account and register it. Raise SipError for settings that can never work."""
        account = Account(
            self._stack,
            settings,
            changed=self._registration_changed,
            messages=self._listener.messages_changed,
            realm_accepted=self._listener.realm_accepted,
            call_arrived=self._take_up,
            gone=self._accounts.remove,
        )
        self._accounts.append(account)
        account.register()
        return account

    def dial(self, account: SipAccount | None, uri: str, listener: SipCallListener) -> Call:
        """Send an INVITE; without account from this host's own address. Raise SipError."""
        target = SipUri.parse(uri)
        identity = self._identities.get(target.transport or Transport.UDP)
        if self._closing:
            raise SipError("Parley is ending.")
        if identity is None:
            raise SipError("Parley's SIP library cannot be trusted with TLS yet; use udp or tcp.")
        through = next((a for a in self._accounts if a is account and a.serves(target.host)), None)
        call = Call(
            self._stack,
            identity.pj,
            remote=uri,
            signalling=None,
            trusted=through is not None,
            ended=self._call_ended,
            began=self._call_began,
        )
        call.listener = listener
        sender = account.identity if isinstance(account, Account) else ""
        ensureDeferred(self._dial(call, target, through, sender))
        return call

    def confer(self, calls: Sequence[SipCall]) -> None:
        """Let these calls hear each other, and no others."""
        self._stack.bridge.confer(frozenset(call.number for call in calls if isinstance(call, Call)))

    def codecs(self) -> list[str]:
        """Return the codecs in use, best first, as ``NAME/RATE``."""
        assert self._library is not None
        found = [codec for codec in self._library.codecEnum2() if codec.priority > 0]
        return [_codec_name(codec) for codec in sorted(found, key=lambda c: -int(c.priority))]

    def known_codecs(self) -> list[str]:
        """Return every codec that can be offered, as ``NAME/RATE``, best first."""
        assert self._library is not None
        have = {_codec_name(codec) for codec in self._library.codecEnum2()}
        return [name for name in CODECS if name in have]

    def set_codecs(self, names: list[str]) -> None:
        """Offer these from the next call on; an empty list: as by default."""
        assert self._library is not None
        offered = names or list(CODECS)
        for codec in self._library.codecEnum2():
            name = _codec_name(codec)
            priority = HIGHEST_PRIORITY - offered.index(name) if name in offered else 0
            self._library.codecSetPriority(codec.codecId, priority)

    def set_volume(self, microphone: float, speaker: float) -> None:
        """Make both louder or quieter; 1.0: as it comes."""
        if self._bridge is not None:
            self._bridge.set_volume(microphone, speaker)

    def levels(self) -> tuple[float, float]:
        """Return how loud microphone and speaker are now, dB below full scale."""
        return self._bridge.levels() if self._bridge is not None else (SILENT_DB, SILENT_DB)

    def close(self) -> Deferred[None]:
        """Hang up, unregister, and end pjsua2; fires when all of it is gone. May be called again."""
        if self._closed:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting.append(waiting)
        if not self._closing:
            self._closing = True
            ensureDeferred(self._close())
        return waiting

    # what pjsua2 tells

    def pj_select(self, prm: Any) -> None:
        """Give an INVITE to an account only if that account's server has sent it.

        The account of a stranger's call would answer his challenges with a digest of its password.
        """
        received = prm.rdata
        whole = received.wholeMsg
        host = received.srcAddress.rpartition(":")[0]
        user = SipUri.parse(whole.split(" ", 2)[1]).user
        at_host = [a for a in self._accounts if a.pj is not None and host in a.addresses]
        account = next((a for a in at_host if a.uri.user == user), at_host[0] if at_host else None)
        over_tcp = message.header(whole, "Via").upper().startswith("SIP/2.0/TCP")
        identity = self._identities[Transport.TCP if over_tcp else Transport.UDP]
        chosen = account.pj if account is not None else identity.pj
        assert chosen is not None
        prm.accountIndex = chosen.getId()

    def pj_transport(self, prm: Any) -> None:
        """A connection was lost: accounts that registered over it are deaf."""
        connection = int(prm.hnd)
        if prm.state == pj.PJSIP_TP_STATE_CONNECTED:
            self._connections.add(connection)
        elif connection in self._connections:
            self._connections.remove(connection)
            for account in self._accounts:
                self._stack.mailbox.post(account.transport_lost)

    # inside

    def _start(self, library: _Library, port: int, sound: SoundCard) -> Stack:
        native.silence()
        library.libCreate()
        library.libInit(_configuration())
        native.keep_to_udp()
        self._profiles = Profiles()
        self.port, transports = self._open_transports(library, port)
        library.libStart()
        library.audDevManager().setNullDev()
        self._loudness = Loudness(find_scales(2 * MOST_CALLS))
        self.set_codecs([])
        self._bridge = Bridge(sound)
        own_uri = f"sip:{LOCAL_USER}@{self.own_address('')}:{self.port}"
        for transport, number in transports.items():
            only = None if self._bind == ANY else number
            self._identities[transport] = LocalIdentity(own_uri, only, self._take_up)
        mailbox = Mailbox(self._reactor.callLater)
        steering = Steering(library.libVersion().full)
        return Stack(self._reactor, self._bind, transports, mailbox, self._contact, self._bridge, steering)

    def _open_transports(self, library: _Library, port: int) -> tuple[int, dict[Transport, int]]:
        """Open UDP and TCP on one port; return it and pjsua2's numbers of both."""
        for _ in range(PORT_ATTEMPTS):
            udp = self._open(library, pj.PJSIP_TRANSPORT_UDP, "UDP", port)
            number = int(library.transportGetInfo(udp).localName.rpartition(":")[2])
            try:
                tcp = self._open(library, pj.PJSIP_TRANSPORT_TCP, "TCP", number)
            except SipError:
                if port != 0:
                    raise
                library.transportClose(udp)
            else:
                return number, {Transport.UDP: udp, Transport.TCP: tcp}
        raise SipError("No port is free for both UDP and TCP.")

    def _open(self, library: _Library, kind: int, name: str, port: int) -> int:
        config = pj.TransportConfig()
        config.port = port
        if self._bind != ANY:  # else pjsua would take one interface's address for all of them
            config.boundAddress = self._bind
        try:
            number: int = library.transportCreate(kind, config)
        except pj.Error as error:
            socket_name = (
                f"{name} port {port}" if self._bind == ANY else f"{name} port {port} of {self._bind}"
            )
            if error.status == ADDRESS_IN_USE:
                raise SipError(f"{socket_name} is in use by another program.") from error
            raise SipError(f"{socket_name} cannot be opened: {error.reason}.") from error
        return number

    def _set_pace(self) -> None:
        """Poll faster while there are calls; from the next poll on, since this may run within one."""
        self._poll.interval = BUSY_POLL_S if self._calls else IDLE_POLL_S

    def _handle_events(self) -> None:
        if self._bridge is not None:
            self._bridge.tick()
        for _ in range(MOST_EVENTS):
            if self._library is None or self._library.libHandleEvents(0) <= 0:
                return

    async def _dial(self, call: Call, target: SipUri, through: Account | None, sender: str) -> None:
        try:
            if through is not None:
                await through.prepare()
                call.use(through.pj, through.next_hop)
                call.place(str(target))
            else:
                (address, *_) = await resolve(self._reactor, target.host)
                hop = SipUri(target.user, address, target.port, target.transport)
                call.use(None, hop)
                call.place(
                    str(target),
                    local_uri=sender or f"sip:{LOCAL_USER}@{self.own_address(address)}:{self.port}",
                    target_uri="" if is_address(target.host) else str(hop),
                )
        except SipError as error:
            call.abandon(str(error))

    def own_address(self, peer: str) -> str:
        """Return the IPv4 address from which ``peer`` sees us; no packet is sent."""
        if self._bind != ANY:
            return self._bind
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((peer or "192.0.2.1", DEFAULT_PORT))
            except OSError:
                return "127.0.0.1"
            host: str = probe.getsockname()[0]
            return host

    def _call_began(self, call: Call) -> None:
        self._calls.add(call)
        self._set_pace()

    def _call_ended(self, call: Call) -> None:
        self._calls.discard(call)
        self._set_pace()

    def _registration_changed(self, account: Account, state: Registration, status: int, reason: str) -> None:
        self._listener.registration_changed(account, state, status, reason)

    def _take_up(self, account: Account | None, pj_account: PjAccount, prm: Any) -> None:
        """An INVITE came; pjsua2 wants the call adopted at once."""
        received = prm.rdata
        whole, source = received.wholeMsg, received.srcAddress
        host, _, port = source.rpartition(":")
        call = Call(
            self._stack,
            pj_account,
            remote=(account is not None and message.header(whole, "P-Asserted-Identity")) or _caller(whole),
            signalling=host,
            trusted=account is not None,
            ended=self._call_ended,
            began=self._call_began,
        )
        call.take_up(prm.callId)
        if self._closing:
            call.reject(503)
            return
        try:
            call.listener = self._listener.call_incoming(account, call, Address(host, int(port)))
        except Exception:
            _log.exception("an incoming call could not be taken")
            call.reject(500)
            return
        if call.listener is None:
            call.reject(486)
        else:
            call.ring()

    async def _close(self) -> None:
        for call in list(self._calls):
            call.hang_up()
        await DeferredList([account.closed() for account in list(self._accounts)])
        await deferLater(self._reactor, FAREWELL_S)
        self._destroy()
        self._closed = True
        for waiting in self._waiting:
            waiting.callback(None)

    def _destroy(self) -> None:
        """Drop every object of pjsua2, then itself; the order matters."""
        library, self._library = self._library, None
        if library is None:
            return
        for loop in (self._poll, self._watch):
            if loop.running:
                loop.stop()
        for call in list(self._calls):
            call.abandon("Parley is ending.")
            call.drop()
        for account in self._accounts:
            account.pj = None
        self._identities.clear()
        try:
            # ends pjmedia's clock, which goes through the ports of the bridge while they are destroyed
            library.audDevManager().setNoDev()
        except pj.Error as error:
            _log.debug("no clock to end: %s", error.reason)
        if self._bridge is not None:
            self._bridge.close()
        gc.collect()
        try:
            library.libDestroy(DESTROY_SILENTLY)
        except pj.Error as error:
            _log.warning("SIP did not end well: %s", error.reason)


def _codec_name(codec: Any) -> str:
    """Return ``NAME/RATE``, without the number of channels."""
    name: str = codec.codecId.rpartition("/")[0]
    return name


def _configuration() -> Any:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = MOST_CALLS
    config.uaConfig.userAgent = USER_AGENT
    config.uaConfig.mwiUnsolicitedEnabled = True
    verbose = _pjsua_log.isEnabledFor(logging.DEBUG)
    writer = _Log()
    config.logConfig.writer = writer
    writer.__disown__()  # libDestroy deletes it
    config.logConfig.level = 4 if verbose else 1
    config.logConfig.consoleLevel = config.logConfig.level
    config.logConfig.msgLogging = verbose
    config.logConfig.decor = 0
    config.medConfig.clockRate = RATE
    config.medConfig.sndClockRate = RATE
    config.medConfig.channelCount = 1
    config.medConfig.audioFramePtime = FRAME_MS
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    return config


def _caller(whole: str) -> str:
    """Return who sent an INVITE, as a ``name-addr`` that can be called back.

    A From header names no port (RFC 3261 §20.20), so that of the Contact is taken if it is at the same host.
    """
    sender = message.header(whole, "From")
    uri, name = split_name_addr(sender)
    contact, _ = split_name_addr(message.header(whole, "Contact"))
    try:
        named, reached = SipUri.parse(uri), SipUri.parse(contact)
    except SipError:
        return sender
    if named.port is None and named.host == reached.host and reached.port is not None:
        uri = str(replace(named, port=reached.port))
    return name_addr(uri, name)
