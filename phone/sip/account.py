"""Accounts: who we are, at which registrar, and how we try again."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import pjsua2 as pj
from twisted.internet.defer import Deferred, ensureDeferred

from phone.sip import message, native
from phone.sip.backoff import Backoff
from phone.sip.callbacks import callback
from phone.sip.interface import (
    AccountSettings,
    CredentialKind,
    RegistrarAnswer,
    Registration,
    SipError,
    Transport,
)
from phone.sip.message import presentable
from phone.sip.probe import udp_error
from phone.sip.reasons import HOPELESS, SYSTEM, registration_failure, transport_failure
from phone.sip.reply import Reply
from phone.sip.resolver import resolve
from phone.sip.stack import ANY, Stack
from phone.sip.uri import DEFAULT_PORT, SipUri, name_addr
from phone.wire.errors import PacketError
from phone.wire.summary import MessageSummary

_log = logging.getLogger("parley.sip")

EXPIRES_S = 300
"""Registration interval: a server that has forgotten us learns of us within five minutes."""

RTP_PORTS = range(30000, 32700)
"""pjsua2's own RTP sockets on 127.0.0.1, below the ports that systems give out by themselves."""

MOST_ACCOUNTS = 8
"""What pjsua2 is built for, and two are our own; it aborts the process over one more."""

UNREGISTER_S = 2.0
"""How long we wait for the answer to our last REGISTER."""


class Owner(Protocol):
    """Who is behind a pjsua2 account."""

    def call_arrived(self, prm: Any) -> None:
        """An INVITE came for it; the call must be taken up before this returns."""
        ...

    def registration_answered(self, prm: Any) -> None:
        """A REGISTER ended, one way or another."""
        ...

    def mailbox_told(self, prm: Any) -> None:
        """A NOTIFY of ``message-summary`` came."""
        ...


_living: weakref.WeakSet[PjAccount] = weakref.WeakSet()


class PjAccount(pj.Account):  # type: ignore[misc]
    """pjsua2's account; knows its owner weakly, so that no cycle goes through it."""

    def __init__(self, owner: Owner) -> None:
        """Raise SipError when there are too many."""
        if len(_living) >= MOST_ACCOUNTS:
            raise SipError(f"Parley can keep no more than {MOST_ACCOUNTS - 2} accounts.")
        super().__init__()
        self._owner = weakref.ref(owner)
        _living.add(self)

    @callback
    def onIncomingCall(self, prm: Any) -> None:
        """An INVITE outside any dialog."""
        if owner := self._owner():
            owner.call_arrived(prm)

    @callback
    def onRegState(self, prm: Any) -> None:
        """The end of a REGISTER transaction."""
        if owner := self._owner():
            owner.registration_answered(prm)

    @callback
    def onMwiInfo(self, prm: Any) -> None:
        """A NOTIFY of message-summary."""
        if owner := self._owner():
            owner.mailbox_told(prm)


def basic_config(uri: str, display_name: str = "") -> Any:
    """Return what all our accounts have in common."""
    config = pj.AccountConfig()
    config.idUri = name_addr(uri, display_name)
    # retries are ours: with jitter, and not against a wrong password
    config.regConfig.registerOnAdd = False
    config.regConfig.disableRegOnModify = True
    config.regConfig.retryIntervalSec = 0
    config.regConfig.timeoutSec = EXPIRES_S
    config.natConfig.sipOutboundUse = 0
    config.natConfig.iceEnabled = False
    config.natConfig.sipStunUse = pj.PJSUA_STUN_USE_DISABLED
    config.natConfig.mediaStunUse = pj.PJSUA_STUN_USE_DISABLED
    # the barrier: what pjsua2 sends cannot leave this host, only the relay's packets can
    config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    config.mediaConfig.transportConfig.port = RTP_PORTS.start
    config.mediaConfig.transportConfig.portRange = len(RTP_PORTS)
    config.mediaConfig.transportConfig.randomizePort = True
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
    # would send a re-INVITE of its own after each answer with several codecs
    config.mediaConfig.lockCodecEnabled = False
    config.mediaConfig.rtcpMuxEnabled = False
    config.callConfig.holdType = pj.PJSUA_CALL_HOLD_TYPE_RFC3264
    config.mwiConfig.enabled = False
    config.videoConfig.autoShowIncoming = False
    config.videoConfig.autoTransmitOutgoing = False
    return config


def _credentials(settings: AccountSettings) -> Any:
    assert settings.secret is not None
    secret = settings.secret.reveal().decode()
    if settings.credential is CredentialKind.PASSWORD:
        return pj.AuthCredInfo(
            "digest", settings.realm, settings.auth_user, pj.PJSIP_CRED_DATA_PLAIN_PASSWD, secret
        )
    # of MD5, as far as the binding can say; see ``native.set_digest_algorithm``
    return pj.AuthCredInfo(
        "digest", settings.realm, settings.auth_user, pj.PJSIP_CRED_DATA_DIGEST, secret.lower()
    )


class Account:
    """A ``SipAccount``: registers, and registers again until it is closed."""

    def __init__(
        self,
        stack: Stack,
        settings: AccountSettings,
        *,
        changed: Callable[[Account, Registration, int, str], None],
        messages: Callable[[Account, MessageSummary], None],
        realm_accepted: Callable[[Account, str], None],
        call_arrived: Callable[[Account, PjAccount, Any], None],
        gone: Callable[[Account], None],
    ) -> None:
        """``gone`` is called once the account is closed for good. Raises SipError for unusable settings."""
        if settings.transport is Transport.TLS:
            raise SipError("Parley's SIP library cannot be trusted with TLS yet; use udp or tcp.")
        self._stack = stack
        self.settings = settings
        self.uri = SipUri.parse(settings.uri)
        self._server = SipUri.parse(settings.proxy) if settings.proxy else self.uri
        self._changed = changed
        self._messages = messages
        self._realm_accepted = realm_accepted
        self._call_arrived = call_arrived
        self._gone = gone
        self._backoff = Backoff(stack.random.random)
        self.pj: PjAccount | None = None
        """Set once the server's address is known."""
        self.addresses: tuple[str, ...] = ()
        """IPv4 addresses of the server."""
        self.address: str | None = None
        """The one in use."""
        self.answer: RegistrarAnswer | None = None
        """How the server has answered the last REGISTER; ``None``: not at all."""
        self._suspect = False
        """The address in use has not answered lately."""
        self._retry: Any = None
        self._busy = False
        self._sending = False
        """Within ``setRegistration``."""
        self._registered = False
        self._refusal = 0
        """pjlib's number for how the network refuses our packets; 0: it does not."""
        self._closing: Deferred[None] | None = None

    @property
    def identity(self) -> str:
        """Who it is, as a ``name-addr``."""
        return name_addr(f"sip:{self.uri.user}@{self.uri.host}", self.settings.display_name)

    @property
    def next_hop(self) -> SipUri:
        """Where its messages go first; ``prepare`` has found it out."""
        assert self.address is not None
        return SipUri("", self.address, self._server.port, self.settings.transport)

    @property
    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port or DEFAULT_PORT}"

    def register(self) -> None:
        """Send REGISTER now, unless one is under way."""
        self._cancel_retry()
        if self._closing is not None:
            return
        if not self._busy:
            self._busy = True
            ensureDeferred(self._register())
        elif self._refusal:
            # pjsip still repeats the last one to a port that was closed: whoever asks is told how that is now
            ensureDeferred(self._watch())

    def serves(self, host: str) -> bool:
        """Tell whether calls to ``host`` go through this account's server."""
        return bool(self.settings.proxy) or host.lower() == self.uri.host.lower() or host in self.addresses

    async def prepare(self) -> None:
        """Look up the server and tell pjsua2 the way there; ``pj`` is set after this. Raise SipError."""
        self.addresses = await resolve(self._stack.reactor, self._server.host)
        if self._closing is not None:
            raise SipError("The account was closed.")
        chosen = self._choose(self.addresses)
        if chosen != self.address:
            self._set_way(chosen)

    def _set_way(self, chosen: str) -> None:
        # no coroutine holds on to the pjsua2 object: it must die when we let go of it
        if self.pj is None:
            account = PjAccount(self)
            self._attempt(lambda: account.create(self._config(chosen)))
            self.pj = account
        else:
            account = self.pj
            self._attempt(lambda: account.modify(self._config(chosen)))
        if self.settings.credential is CredentialKind.SHA256_HA1 and self.settings.secret is not None:
            secret = self.settings.secret.reveal().lower()
            algorithm = pj.PJSIP_AUTH_ALGORITHM_SHA256
            native.set_digest_algorithm(account.getId(), self.settings.auth_user, secret, algorithm)
        self.address = chosen

    def close(self) -> None:
        """Unregister and forget the account."""
        self.closed()

    def closed(self) -> Deferred[None]:
        """Close, and fire once the server knows, or after two seconds."""
        if self._closing is not None:
            return self._closing
        self._cancel_retry()
        self._closing = Deferred()
        if self._registered and self.pj is not None:
            try:
                self.pj.setRegistration(False)
            except pj.Error as error:
                _log.debug("cannot unregister: %s", error.reason)
            else:
                self._retry = self._stack.reactor.callLater(UNREGISTER_S, self._finish)
                return self._closing
        self._stack.mailbox.post(self._finish)
        return self._closing

    def transport_lost(self) -> None:
        """A connection is gone; if incoming calls would have come through it, a new one must be made."""
        if self._registered and self.settings.transport is Transport.TCP:
            self.register()

    # what pjsua2 tells

    def call_arrived(self, prm: Any) -> None:
        """An INVITE came for this account."""
        assert self.pj is not None
        self._call_arrived(self, self.pj, prm)

    def registration_answered(self, prm: Any) -> None:
        """A REGISTER ended."""
        code, status, expiration = prm.code, prm.status, prm.expiration
        phrase = presentable(prm.reason)
        received = prm.rdata
        answered = bool(received.wholeMsg)
        if self._sending:
            return  # the exception that follows tells more
        self._busy = False
        self.answer = _answer(received) if answered else None
        if self._closing is not None:
            self._stack.mailbox.post(self._finish)
        elif status == 0 and code // 100 == 2:
            self._suspect = False
            self._registered = expiration > 0
            self._backoff.reset()
            if self._registered and self.answer is not None and self.answer.realm:
                self._stack.mailbox.post(partial(self._realm_accepted, self, self.answer.realm))
            self._tell(
                Registration.REGISTERED if self._registered else Registration.UNREGISTERED, code, phrase
            )
        else:
            self._suspect = not answered
            reason = registration_failure(
                code, status or self._refusal, phrase, where=self._where, answered=answered
            )
            if answered and code in (401, 407) and self.settings.secret is None:
                reason = "The server asks for a password, and this account has none."
            self._failed(code if answered else 0, reason, slow=answered and code in HOPELESS)

    def mailbox_told(self, prm: Any) -> None:
        """What waits in the mailbox, if it is our server that tells: anyone can send a NOTIFY."""
        received = prm.rdata
        whole, source = received.wholeMsg, received.srcAddress
        if source.rpartition(":")[0] not in self.addresses or not whole.startswith("NOTIFY "):
            return
        try:
            summary = MessageSummary.parse(message.body(whole))
        except PacketError as error:
            _log.debug("%s: %s", self.settings.uri, error)
            return
        self._stack.mailbox.post(lambda: self._messages(self, summary))

    # inside

    async def _register(self) -> None:
        if not self._registered:
            self._tell(Registration.REGISTERING, 0, "")
        try:
            await self.prepare()
            self._send()
        except SipError as error:
            self._busy = False
            if self._closing is None:
                self._suspect = True
                self._failed(0, str(error), slow=False)
        else:
            if self.settings.transport is Transport.UDP:
                await self._watch()

    def _send(self) -> None:
        account = self.pj
        assert account is not None
        self._sending = True
        try:
            self._attempt(lambda: account.setRegistration(True))
        finally:
            self._sending = False

    async def _watch(self) -> None:
        """Tell of a closed port long before pjsip gives up; its repetitions go on and may yet succeed."""
        hop = self.next_hop
        error = await udp_error(self._stack.reactor, self._stack.bind, hop.host, hop.port or DEFAULT_PORT)
        self._refusal = SYSTEM + error if error else 0
        if error and self._busy and self._closing is None:
            self._tell(Registration.FAILED, 0, transport_failure(self._refusal, self._where))

    def _failed(self, code: int, reason: str, *, slow: bool) -> None:
        self._registered = False
        delay = self._backoff.next(slow=slow)
        _log.info("%s: %s Next attempt in %.0f s.", self.settings.uri, reason, delay)
        self._cancel_retry()
        self._retry = self._stack.reactor.callLater(delay, self.register)
        self._tell(Registration.FAILED, code, reason)

    def _tell(self, state: Registration, code: int, reason: str) -> None:
        self._stack.mailbox.post(lambda: self._changed(self, state, code, reason))

    def _finish(self) -> None:
        if self._closing is not None and not self._closing.called:
            self._cancel_retry()
            # the destructor takes it from pjsua2; ``shutdown`` would do so a second time, with a reused id
            self.pj = None
            self._gone(self)
            self._closing.callback(None)

    def _cancel_retry(self) -> None:
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
        self._retry = None

    def _choose(self, addresses: tuple[str, ...]) -> str:
        """Stay with an address that works; go on to the next when it does not."""
        if self.address not in addresses:
            return addresses[0]
        step = 1 if self._suspect else 0
        return addresses[(addresses.index(self.address) + step) % len(addresses)]

    def _config(self, address: str) -> Any:
        settings = self.settings
        registrar = SipUri("", self.uri.host, self.uri.port, None)
        config = basic_config(f"sip:{self.uri.user}@{registrar.host}", settings.display_name)
        if self._stack.bind != ANY:
            # else pjsip takes for its own whatever address the routing table prefers
            config.sipConfig.transportId = self._stack.transports[settings.transport]
        if self._stack.contact is not None:
            config.sipConfig.contactForced = f"<sip:{self.uri.user}@{self._stack.contact}>"
            # else what the front tells of our own sockets would take its place
            config.natConfig.contactRewriteUse = 0
            config.natConfig.viaRewriteUse = 0
        config.mwiConfig.enabled = True
        config.regConfig.registrarUri = str(registrar)
        config.regConfig.proxyUse = 2  # the account's own route
        # the looked-up address as a route that stays here: pjsip would block over a name
        port = self._server.port or DEFAULT_PORT
        config.sipConfig.proxies.append(f"sip:{address}:{port};transport={settings.transport.value};lr;hide")
        if settings.proxy:
            config.sipConfig.proxies.append(f"{settings.proxy.removesuffix(';lr')};lr")
        if settings.secret is not None:
            config.sipConfig.authCreds.append(_credentials(settings))
        return config

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except pj.Error as error:
            raise SipError(transport_failure(error.status, self._where, error.reason)) from error


def _answer(received: Any) -> RegistrarAnswer | None:
    """Return an answer to REGISTER, and the digest that it is an answer to."""
    try:
        reply = Reply.parse(received.wholeMsg.encode("utf-8", "surrogateescape"))
    except PacketError:
        return None  # pjsip takes what is no answer to anybody else
    for name in ("Authorization", "Proxy-Authorization"):
        if realm := message.realm(credentials := native.header_answered(received, name)):
            return RegistrarAnswer(reply, message.algorithm(credentials), realm)
    return RegistrarAnswer(reply, "", "")


class LocalIdentity:
    """Who we are in calls that go through no server."""

    def __init__(
        self, uri: str, transport: int | None, call_arrived: Callable[[None, PjAccount, Any], None]
    ) -> None:
        """``transport``: pjsua2's number of the one socket to use; ``None``: any."""
        self._call_arrived = call_arrived
        self.pj = PjAccount(self)
        config = basic_config(uri)
        # a caller's Contact is where he can be called back: not the far end of a connection that ends
        config.natConfig.contactUseSrcPort = 0
        if transport is not None:
            config.sipConfig.transportId = transport
        self.pj.create(config)

    def call_arrived(self, prm: Any) -> None:
        """An INVITE came that no account's server has sent."""
        self._call_arrived(None, self.pj, prm)

    def registration_answered(self, prm: Any) -> None:
        """Never: it does not register."""

    def mailbox_told(self, prm: Any) -> None:
        """It has no mailbox; whoever says so is a stranger."""
