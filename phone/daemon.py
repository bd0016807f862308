"""The backend process: every room built once, joined, run, and closed in the right order."""

from __future__ import annotations

import faulthandler
import gc
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import ensureDeferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from phone.audio.card import DeviceCard
from phone.audio.devices import enumerate_devices
from phone.audio.echo import EchoCard
from phone.audio.interface import SoundCard
from phone.audio.player import DevicePlayer, NoPlayer, SoundPlayer
from phone.audio.trial import try_devices
from phone.audio.wav import WavCard
from phone.calls.accounts import AccountBook
from phone.calls.algorithms import AlgorithmBook
from phone.calls.attendance import Attendance
from phone.calls.contacts import ContactBook
from phone.calls.health import SecretHealth
from phone.calls.kept import KeptSecrets
from phone.calls.latch import Latches
from phone.calls.peers import PeerBook
from phone.calls.proofs import Proofs
from phone.calls.signals import Signals
from phone.calls.sound import SoundDesk
from phone.calls.switchboard import Switchboard
from phone.calls.values import AccountSnapshot, Happened, Policy
from phone.config import Home
from phone.control.methods import Methods
from phone.control.server import ControlServer
from phone.doctor.devices import DeviceChecks
from phone.doctor.doctor import Doctor
from phone.doctor.server import ServerChecks
from phone.doctor.trial_call import CallCheck
from phone.dtls.identity import Identity
from phone.errors import PhoneError
from phone.log import set_up
from phone.media import encryption
from phone.media.leg import LegListener, MediaLeg
from phone.media.pump import MediaPump
from phone.media.streams import SRTP_SUITES
from phone.secret import Secret
from phone.sip.endpoint import Endpoint
from phone.sip.inquiry import Inquirer
from phone.sip.interface import Registration, SipAccount, SipCall, SipCallListener
from phone.store.accounts import Accounts
from phone.store.contacts import Contacts
from phone.store.database import Database
from phone.store.guesses import GuessStore
from phone.store.history import History
from phone.store.kept import KeptStore
from phone.store.levels import BestLevels
from phone.store.secrets import Secrets
from phone.store.settings import Settings
from phone.store.trust import TrustStore
from phone.wire.description import Address
from phone.wire.summary import MessageSummary
from phone.zrtp.cache import Zid
from phone.zrtp.zsa.claim import Claim

_log = logging.getLogger("parley.daemon")

LOOPBACK = "127.0.0.1"
ANY = "0.0.0.0"  # noqa: S104  # what the user asks for by default

SWITCH_INTERVAL_S = 0.0005
"""How long one thread may keep another from the interpreter: the sound thread's frames are 20 ms apart."""


class _Parent(Protocol):
    """Whoever has started us; nothing is read from it."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: ARG002, N802  # Twisted's
        """It has ended."""
        reactor: Any = installed_reactor
        if reactor.running:
            reactor.stop()


class Daemon:
    """All rooms, joined; also the SIP stack's listener."""

    def __init__(
        self,
        home: Home,
        *,
        bind: str,
        sip_port: int,
        front: str | None,
        trust: Path,
        card: SoundCard,
        ringer: SoundPlayer,
        tones: SoundPlayer,
        policy: Policy,
        heed_go_clear: bool,
        keyring_service: str | None,
    ) -> None:
        """Build everything. ``front``: ``HOST:PORT`` of the front behind which this backend takes SIP on
        127.0.0.1 alone. ``trust``: database of who we are to others, and of whom we know. ``ringer``,
        ``tones``: for calls that come in, and where calls are heard. Raise PhoneError.
        """
        # mypy sees no zope interfaces in Twisted's global reactor
        reactor: Any = installed_reactor
        self._reactor = reactor
        self._bind = bind
        self._heed_go_clear = heed_go_clear
        self._control = ControlServer(reactor, home.socket)
        self._database = Database(home.database)
        self._trust_database = Database(trust) if trust != home.database else self._database
        self._trust = TrustStore(self._trust_database, time.time)
        self._history = History(self._database)
        self._algorithms = AlgorithmBook(Settings(self._database), SRTP_SUITES)
        secrets = Secrets(home.secrets, keyring_service=keyring_service)
        self._kept = KeptSecrets(KeptStore(self._database, secrets), off_reactor=deferToThread)
        self._proofs = Proofs(
            GuessStore(self._trust_database),
            self._kept,
            self._trust,
            off_reactor=deferToThread,
            now=time.time,
        )
        self._accounts = AccountBook(
            Accounts(self._database),
            secrets,
            self._proofs,
            kept=self._kept,
            health=SecretHealth(deferToThread),
            changed=self._account_changed,
        )
        self._contacts = ContactBook(Contacts(self._database), self._history, self._contacts_changed)
        signals = Signals(ringer=ringer, tones=tones, call_later=reactor.callLater)
        self._latches = Latches(BestLevels(self._database), self._contacts, time.time)
        self._switchboard = Switchboard(
            accounts=self._accounts,
            contacts=self._contacts,
            acquaintances=self._trust,
            latches=self._latches,
            proofs=self._proofs,
            history=self._history,
            make_leg=self._make_leg,
            route=self._route,
            call_later=reactor.callLater,
            now=reactor.seconds,
            peer_policy=policy,
            pressed=signals.pressed,
        )
        self._sound = SoundDesk(
            card=card,
            ringer=ringer,
            tones=tones,
            settings=Settings(self._database),
            enumerate_devices=lambda: deferToThread(enumerate_devices),
            call_later=reactor.callLater,
            changed=lambda snapshot: self._switchboard.publish(Happened("sound", snapshot)),
        )
        for follower in (signals, self._sound):
            self._switchboard.subscribe(follower.happened)
        self._pump = MediaPump(reactor)
        self._identity = Identity()
        self._endpoint = Endpoint(
            bind=bind if front is None else LOOPBACK,
            port=sip_port,
            reactor=reactor,
            listener=self,
            sound=card,
            contact=front,
        )
        self._doctor = self._make_doctor(card)
        self._failure: PhoneError | None = None
        if front is not None:
            StandardIO(_Parent(), reactor=reactor)  # type: ignore[no-untyped-call]
        reactor.callWhenRunning(self._begin)
        reactor.addSystemEventTrigger("before", "shutdown", lambda: ensureDeferred(self._close()))

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raise PhoneError when the beginning failed; all is closed by then."""
        self._reactor.run()
        if self._failure is not None:
            raise self._failure

    # what the SIP stack tells (SipListener)

    def registration_changed(
        self,
        account: SipAccount,
        state: Registration,
        status: int,  # noqa: ARG002  # the reason says it in words
        reason: str,
    ) -> None:
        self._accounts.registration_changed(account, state, reason)

    def messages_changed(self, account: SipAccount, messages: MessageSummary) -> None:
        self._accounts.messages_changed(account, messages)

    def realm_accepted(self, account: SipAccount, realm: str) -> None:
        self._accounts.realm_accepted(account, realm)

    def call_incoming(
        self, account: SipAccount | None, call: SipCall, source: Address
    ) -> SipCallListener | None:
        return self._switchboard.call_incoming(account, call, source)

    # inside

    def _begin(self) -> None:
        """Register, and let clients in; once the reactor runs, so that a failure closes all in good order."""
        try:
            self._switchboard.attach(self._endpoint)
            self._sound.attach(self._endpoint)
            self._accounts.attach(self._endpoint)
            self._control.listen(
                Methods(
                    switchboard=self._switchboard,
                    accounts=self._accounts,
                    kept=self._kept,
                    peers=PeerBook(self._trust, self._latches, self._switchboard.trust_changed),
                    algorithms=self._algorithms,
                    sound=self._sound,
                    contacts=self._contacts,
                    history=self._history,
                    attendance=Attendance(self._switchboard, self._reactor.callFromThread),
                    doctor=self._doctor,
                    sip_address=self._sip_address,
                )
            )
            # what is there now stays, and is not looked through for garbage again and again: that takes
            # 80 ms, in which no thread of ours runs, and each time it was heard
            gc.freeze()
        except PhoneError as error:
            self._failure = error
            self._reactor.stop()

    @property
    def _sip_address(self) -> str:
        return f"{self._endpoint.own_address('')}:{self._endpoint.port}"

    def _make_doctor(self, card: SoundCard) -> Doctor:
        devices = isinstance(card, DeviceCard)
        return Doctor(
            accounts=self._accounts,
            sound=self._sound,
            server=ServerChecks(
                self._accounts,
                Inquirer(self._reactor, self._bind),
                self._reactor,
                lambda: datetime.now(UTC),
            ),
            call=CallCheck(self._switchboard, self._reactor),
            devices=DeviceChecks(
                self._sound,
                self._switchboard,
                (lambda wish: deferToThread(try_devices, wish)) if devices else None,
            ),
            sip=self._sip_address,
            clock=self._reactor,
            tell=lambda checkup: self._switchboard.publish(Happened("checkup", checkup)),
        )

    def _make_leg(
        self,
        *,
        policy: encryption.Policy,
        listener: LegListener,
        claim: Claim | None,
        aux_secret: Secret | None,
        latched: encryption.Trust,
        remembered: Callable[[Zid], encryption.Trust],
    ) -> MediaLeg:
        return MediaLeg(
            self._pump,
            bind_host=self._bind,
            cache=self._trust,
            configuration=replace(
                self._algorithms.configuration(),
                allow_clear=self._heed_go_clear and policy is encryption.Policy.PREFER,
                disclosure=self._sound.announces_recording,
            ),
            policy=policy,
            listener=listener,
            latched=latched,
            remembered=remembered,
            clock=self._reactor,
            claim=claim,
            aux_secret=aux_secret,
            identity=self._identity,
        )

    def _route(self, host: str | None) -> str:
        # behind a front, SIP comes from this host, and sound from elsewhere
        return self._endpoint.own_address(host or "") if self._bind == ANY else self._bind

    def _account_changed(self, account: AccountSnapshot) -> None:
        self._switchboard.publish(Happened("account", account))

    def _contacts_changed(self) -> None:
        self._switchboard.trust_changed()

    async def _close(self) -> None:
        self._doctor.close()
        self._switchboard.close()
        await self._endpoint.close()
        await self._control.close()
        self._pump.close()
        self._database.close()
        if self._trust_database is not self._database:
            self._trust_database.close()


def serve(
    home: Home,
    *,
    bind: str,
    sip_port: int,
    front: str | None,
    trust_of: Path | None,
    play: Path | None,
    record: Path | None,
    echo: bool,
    policy: str,
    heed_go_clear: bool,
    verbose: bool,
) -> None:
    """Run the backend in this process until it is told to end. Raise PhoneError when it cannot start.

    ``policy``: of calls without an account. ``heed_go_clear``: a peer may switch encryption off where the
    policy is ``prefer``; nothing is sent then until the user agrees.
    ``front``: ``HOST:PORT`` of the front that passes SIP on; it is our parent, and when it is gone (standard
    input ends) so are we. ``trust_of``: home whose identity and trust this backend shares.
    ``echo``: instead of a sound device or files, say what is heard.
    """
    # where a library crashes, the log of whoever has started us says in which call of ours
    faulthandler.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    home.prepare()
    set_up(home.log, verbose=verbose)
    devices = not (play or record or echo)
    Daemon(
        home,
        bind=bind,
        sip_port=sip_port,
        front=front,
        trust=home.database if trust_of is None else Home.named(str(trust_of)).database,
        card=_card(play, record, echo=echo),
        ringer=DevicePlayer("ringer") if devices else NoPlayer(),
        tones=DevicePlayer("tones") if devices else NoPlayer(),
        policy=Policy(policy),
        heed_go_clear=heed_go_clear,
        keyring_service=home.keyring_service,
    ).run()


def _card(play: Path | None, record: Path | None, *, echo: bool) -> SoundCard:
    if echo:
        return EchoCard()
    return WavCard(play, record) if play or record else DeviceCard()
