"""The SIP stack: pjsua2, polled from the reactor."""

from __future__ import annotations

import gc
import logging
import re
import socket
import weakref
from typing import Any

import pjsua2 as pj
from twisted.internet.defer import Deferred, DeferredList, ensureDeferred
from twisted.internet.task import LoopingCall, deferLater

from phone.audio.interface import FRAME_MS, RATE, SoundCard
from phone.sip import message, native
from phone.sip.account import Account, LocalIdentity, PjAccount
from phone.sip.bridge import Bridge
from phone.sip.call import Call
from phone.sip.callbacks import Mailbox, adopt_thread, callback
from phone.sip.interface import (
    AccountSettings,
    Registration,
    SipAccount,
    SipCallListener,
    SipError,
    SipListener,
)
from phone.sip.reasons import ADDRESS_IN_USE
from phone.sip.resolver import is_address, resolve
from phone.sip.stack import Stack
from phone.sip.uri import DEFAULT_PORT, SipUri
from phone.wire.description import Address

_log = logging.getLogger("parley.sip")
_pjsua_log = logging.getLogger("parley.pjsua")

USER_AGENT = "Parley/0.1"

BUSY_POLL_S = 0.010
IDLE_POLL_S = 0.020
MOST_EVENTS = 50
"""Events handled in one poll, so that a flood does not keep the reactor from the media."""

FAREWELL_S = 0.3
"""How long BYE and CANCEL have to leave."""

MOST_CALLS = 4
"""What pjsua2 is built for."""
PORT_ATTEMPTS = 20

CODECS = ("G722/16000", "speex/16000", "PCMA/8000", "PCMU/8000", "speex/8000", "GSM/8000", "iLBC/8000")
"""By preference; what is not listed is not offered."""


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
        self, *, bind: str, port: int, reactor: Any, listener: SipListener, sound: SoundCard
    ) -> None:
        self._reactor = reactor
        self._listener = listener
        self._bind = bind
        self._accounts: list[Account] = []
        self._calls: set[Call] = set()
        self._connections: set[int] = set()
        """Handles of the TCP connections that stand."""
        self._identity: LocalIdentity | None = None
        self._closed: Deferred[None] | None = None
        self._poll = LoopingCall(self._handle_events)
        self._poll.clock = reactor
        adopt_thread()
        self._library: _Library | None = _Library(self)
        try:
            self._start()
            self.port = self._open_transports(port)
            self._library.libStart()
            self._library.audDevManager().setNullDev()
            self._set_priorities()
            self._stack = Stack(reactor, bind, Mailbox(reactor.callLater), Bridge(sound))
            self._identity = LocalIdentity(
                f"sip:parley@{self._own_address('')}:{self.port}", self._call_arrived
            )
        except pj.Error as error:
            self._destroy()
            raise SipError(f"SIP cannot start: {error.reason}.") from error
        except BaseException:
            self._destroy()
            raise
        self._set_pace()

    # what the owner asks

    def add_account(self, settings: AccountSettings) -> Account:
        """Keep an account and register it. Raise SipError for settings that can never work."""
        account = Account(
            self._stack,
            settings,
            changed=self._registration_changed,
            call_arrived=self._account_called,
            gone=self._accounts.remove,
        )
        self._accounts.append(account)
        account.register()
        return account

    def dial(self, account: SipAccount | None, uri: str, listener: SipCallListener) -> Call:
        """Send an INVITE; without account from this host's own address. Raise SipError."""
        target = SipUri.parse(uri)
        if self._closed is not None or self._identity is None or self._identity.pj is None:
            raise SipError("Parley is ending.")
        served = next(
            (a for a in self._accounts if a is account and (a.settings.proxy or a.owns(target.host))), None
        )
        call = Call(
            self._stack,
            self._identity.pj,
            remote=uri,
            signalling=None,
            trusted=served is not None,
            ended=self._call_ended,
            began=self._call_began,
        )
        call.listener = listener
        ensureDeferred(self._dial(call, target, account, served))
        return call

    def codecs(self) -> list[str]:
        """Return the codecs in use, best first, as ``NAME/RATE``."""
        assert self._library is not None
        found = [codec for codec in self._library.codecEnum2() if codec.priority > 0]
        return [codec.codecId.rpartition("/")[0] for codec in sorted(found, key=lambda c: -int(c.priority))]

    def close(self) -> Deferred[None]:
        """Hang up, unregister, and end pjsua2; fires when all of it is gone. May be called again."""
        if self._closed is None:
            self._closed = ensureDeferred(self._close())
        return self._closed

    # what pjsua2 tells

    def pj_select(self, prm: Any) -> None:
        """Give an INVITE to an account only if that account's server has sent it.

        The account of a stranger's call would answer his challenges with a digest of its password.
        """
        received = prm.rdata
        host = received.srcAddress.rpartition(":")[0]
        user = SipUri.parse(received.wholeMsg.split(" ", 2)[1]).user
        at_host = [a for a in self._accounts if a.pj is not None and host in a.addresses]
        chosen = next((a for a in at_host if a.uri.user == user), at_host[0] if at_host else None)
        pj_account: PjAccount | None = None
        if chosen is not None:
            pj_account = chosen.pj
        elif self._identity is not None:
            pj_account = self._identity.pj
        if pj_account is not None:
            prm.accountIndex = pj_account.getId()

    def pj_transport(self, prm: Any) -> None:
        """A connection-oriented transport was lost: accounts that registered over it are deaf."""
        connection = int(prm.hnd)
        if prm.state == pj.PJSIP_TP_STATE_CONNECTED:
            self._connections.add(connection)
        elif connection in self._connections:
            self._connections.remove(connection)
            for account in self._accounts:
                self._stack.mailbox.post(account.transport_lost)

    # inside

    def _start(self) -> None:
        assert self._library is not None
        native.silence()
        self._library.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = MOST_CALLS
        config.uaConfig.userAgent = USER_AGENT
        config.uaConfig.mwiUnsolicitedEnabled = False
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
        self._library.libInit(config)

    def _open_transports(self, port: int) -> int:
        """Open UDP and TCP on one port; return it."""
        for _ in range(PORT_ATTEMPTS):
            udp = self._open(pj.PJSIP_TRANSPORT_UDP, "UDP", port)
            assert self._library is not None
            number = int(self._library.transportGetInfo(udp).localName.rpartition(":")[2])
            try:
                self._open(pj.PJSIP_TRANSPORT_TCP, "TCP", number)
            except SipError:
                if port != 0:
                    raise
                self._library.transportClose(udp)
            else:
                return number
        raise SipError("No port is free for both UDP and TCP.")

    def _open(self, kind: int, name: str, port: int) -> int:
        assert self._library is not None
        config = pj.TransportConfig()
        config.port = port
        config.boundAddress = self._bind
        try:
            transport: int = self._library.transportCreate(kind, config)
        except pj.Error as error:
            if error.status == ADDRESS_IN_USE:
                raise SipError(f"{name} port {port} of {self._bind} is in use by another program.") from error
            raise SipError(f"{name} port {port} of {self._bind} cannot be opened: {error.reason}.") from error
        return transport

    def _set_priorities(self) -> None:
        assert self._library is not None
        for codec in self._library.codecEnum2():
            name = codec.codecId.rpartition("/")[0]
            priority = 255 - CODECS.index(name) if name in CODECS else 0
            self._library.codecSetPriority(codec.codecId, priority)

    def _set_pace(self) -> None:
        """Poll faster while there are calls."""
        interval = BUSY_POLL_S if self._calls else IDLE_POLL_S
        if not self._poll.running:
            self._poll.start(interval, now=False).addErrback(lambda failure: _log.error("%s", failure))
        elif self._poll.interval != interval:
            self._poll.stop()
            self._set_pace()

    def _handle_events(self) -> None:
        for _ in range(MOST_EVENTS):
            if self._library is None or self._library.libHandleEvents(0) <= 0:
                return

    async def _dial(
        self, call: Call, target: SipUri, account: SipAccount | None, served: Account | None
    ) -> None:
        try:
            if served is not None:
                await served.prepare()
                call.use(served.pj, served.next_hop)
                call.place(str(target))
            else:
                (address, *_) = await resolve(self._reactor, target.host)
                hop = SipUri(target.user, address, target.port, target.transport)
                call.use(None, hop)
                own = f"sip:parley@{self._own_address(address)}:{self.port}"
                call.place(
                    str(target),
                    local_uri=account.settings.uri if isinstance(account, Account) else own,
                    target_uri="" if is_address(target.host) else str(hop),
                )
        except SipError as error:
            call.abandon(str(error))

    def _own_address(self, peer: str) -> str:
        """Return the IPv4 address from which ``peer`` sees us; no packet is sent."""
        if self._bind != "0.0.0.0":  # noqa: S104  # compared, not bound
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

    def _account_called(self, account: Account, prm: Any) -> None:
        assert account.pj is not None
        self._take_up(account, account.pj, prm)

    def _call_arrived(self, prm: Any) -> None:
        assert self._identity is not None
        assert self._identity.pj is not None
        self._take_up(None, self._identity.pj, prm)

    def _take_up(self, account: Account | None, pj_account: PjAccount, prm: Any) -> None:
        received = prm.rdata
        whole, source = received.wholeMsg, received.srcAddress
        host, _, port = source.rpartition(":")
        call = Call(
            self._stack,
            pj_account,
            remote=message.header(whole, "From"),
            signalling=host,
            trusted=account is not None,
            ended=self._call_ended,
            began=self._call_began,
        )
        call.take_up(prm.callId)
        if self._closed is not None:
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
        farewells = [account.closed() for account in list(self._accounts)]
        await DeferredList(farewells)
        await deferLater(self._reactor, FAREWELL_S)
        self._destroy()

    def _destroy(self) -> None:
        """Drop every object of pjsua2, then itself; the order matters."""
        if self._poll.running:
            self._poll.stop()
        if self._library is None:
            return
        for call in list(self._calls):
            call.abandon("Parley is ending.")
            call.drop()
        for account in list(self._accounts):
            account.pj = None
        if self._identity is not None:
            self._identity.close()
        if hasattr(self, "_stack"):
            self._stack.bridge.close()
        gc.collect()
        try:
            self._library.libDestroy(DESTROY_SILENTLY)
        except pj.Error as error:
            _log.warning("SIP did not end well: %s", error.reason)
        self._library = None


DESTROY_SILENTLY = 3
"""PJSUA_DESTROY_NO_NETWORK: we have said our farewells; saves a second of waiting."""
