"""A backend that is real from its socket down to the calls and the database; SIP and media are stand-ins.

It runs in a thread with a reactor of its own. As a program (``python -m tests.control.backend HOME``) it
serves until it is killed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import ensureDeferred, maybeDeferred
from twisted.internet.selectreactor import SelectReactor
from twisted.internet.threads import blockingCallFromThread

from phone.audio.devices import Device, Devices
from phone.audio.player import NoPlayer
from phone.audio.silent import NullCard
from phone.calls.accounts import AccountBook
from phone.calls.algorithms import AlgorithmBook
from phone.calls.attendance import Attendance
from phone.calls.call import Call
from phone.calls.contacts import ContactBook
from phone.calls.health import SecretHealth
from phone.calls.kept import KeptSecrets
from phone.calls.latch import Latches
from phone.calls.peers import PeerBook
from phone.calls.proofs import Proofs
from phone.calls.sound import SoundDesk
from phone.calls.switchboard import Switchboard
from phone.calls.values import Happened, Policy
from phone.config import Home
from phone.control.client import Client
from phone.control.methods import Methods
from phone.control.server import ControlServer
from phone.doctor.devices import DeviceChecks
from phone.doctor.doctor import Doctor
from phone.doctor.server import ServerChecks
from phone.doctor.trial_call import CallCheck
from phone.media.encryption import LegState, Protection
from phone.media.streams import SRTP_SUITES
from phone.secret import Secret
from phone.sip.interface import (
    AccountSettings,
    Dialog,
    RegistrarAnswer,
    Registration,
    SipAccount,
    SipCallListener,
    SipError,
    Stream,
    Transport,
)
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
from phone.zrtp.cache import CacheEntry, RetainedSecret, Zid
from phone.zrtp.events import Algorithms, Role, Sas, Secured, SrtpKeys
from tests.fakes import IDLE, REPLY, FakeLeg, FakeNetwork, FakeSipCall

T = TypeVar("T")

SIP_ADDRESS = "192.0.2.100:5062"
BEN_ZID = Zid(b"ben's phone!")
SAS = "b7xq"

STREAM = Stream(
    remote_rtp=Address("192.0.2.7", 4000),
    remote_rtcp=Address("192.0.2.7", 4001),
    local_rtp=Address("127.0.0.1", 4002),
    local_rtcp=Address("127.0.0.1", 4003),
    ssrc=1,
    codec="G722",
    clock_rate=8000,
    payload_type=9,
    remote_zrtp_hash=None,
    remote_dtls=None,
    remote_holds=False,
)

SECURED = Secured(
    keys=SrtpKeys(Secret(b"k"), Secret(b"s"), Secret(b"k"), Secret(b"s"), "AES1", "HS80"),
    role=Role.INITIATOR,
    algorithms=Algorithms("S256", "AES1", "HS80", "X255", "B32"),
    peer_zid=BEN_ZID,
    sas=Sas("B32", SAS),
    sas_verified=False,
    peer_verified=False,
    cache_mismatch=False,
    new_peer=True,
    hello_hash_matched=None,
    disclosure=False,
)


@dataclass
class Leg(FakeLeg):
    """A media leg that keeps what its session would."""

    trust: TrustStore = field(kw_only=True)

    def confirm_sas(self, matches: bool) -> None:
        super().confirm_sas(matches)
        if matches:
            rs1 = RetainedSecret(Secret(b"r" * 32))
            self.trust.save(BEN_ZID, CacheEntry(rs1, sas_verified=True))


@dataclass
class Registrar:
    """Answers every REGISTER alike; ``None``: not at all."""

    state: Registration | None = Registration.REGISTERED
    reason: str = ""
    status: int = 200


@dataclass
class FakeSipAccount:
    """An account at ``Registrar``."""

    settings: AccountSettings
    register: Callable[[], None] = lambda: None
    closed: bool = False
    answer: RegistrarAnswer | None = None

    def close(self) -> None:
        self.closed = True


async def _devices() -> Devices:
    microphone, headset = Device("Desk microphone", True), Device("Headset", False)
    return Devices("PulseAudio", (microphone, headset), (Device("Loudspeaker", True), headset))


class Backend:
    """The backend, and what a test does to it from outside."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.prepare()
        self.registrar = Registrar()
        self.network = FakeNetwork()
        self.sip_accounts: list[FakeSipAccount] = []
        self.invited = (Dialog.RINGING, 180, "Ringing")
        """What becomes of a call that is dialled."""
        self.sip_call = FakeSipCall()
        self.offered: list[str] = []
        self.pressed: list[str] = []
        self.volume = (0.0, 0.0)
        self.listener: SipCallListener | None = None
        self.leg: Leg | None = None
        self._reactor = SelectReactor()
        self._thread = threading.Thread(target=self._reactor.run, args=(False,))
        self._thread.start()
        with contextlib.ExitStack() as failing:
            failing.callback(self._stop)
            self.do(self._build)
            failing.pop_all()

    def do(self, action: Callable[..., T], *arguments: object) -> T:
        """Run ``action`` in the reactor's thread and return its result."""
        return blockingCallFromThread(self._reactor, action, *arguments)

    def _build(self) -> None:
        self.control = ControlServer(self._reactor, self.home.socket)
        self._database = Database(self.home.database)
        self.trust = TrustStore(self._database, time.time)
        secrets = Secrets(self.home.secrets, keyring_service=None)
        kept = KeptSecrets(KeptStore(self._database, secrets), off_reactor=maybeDeferred)
        proofs = Proofs(
            GuessStore(self._database), kept, self.trust, off_reactor=maybeDeferred, now=time.time
        )
        self.accounts = AccountBook(
            Accounts(self._database),
            secrets,
            proofs,
            kept=kept,
            health=SecretHealth(maybeDeferred),
            changed=lambda snapshot: self.switchboard.publish(Happened("account", snapshot)),
        )
        self.algorithms = AlgorithmBook(Settings(self._database), SRTP_SUITES)
        self.sound = SoundDesk(
            card=NullCard(),
            ringer=NoPlayer(),
            tones=NoPlayer(),
            settings=Settings(self._database),
            enumerate_devices=_devices,
            call_later=self._reactor.callLater,
            changed=lambda snapshot: self.switchboard.publish(Happened("sound", snapshot)),
        )
        history = History(self._database)
        contacts = ContactBook(Contacts(self._database), history, self._look_again)
        latches = Latches(BestLevels(self._database), contacts, time.time)
        self.switchboard = Switchboard(
            accounts=self.accounts,
            contacts=contacts,
            acquaintances=self.trust,
            latches=latches,
            proofs=proofs,
            history=history,
            make_leg=self._make_leg,
            route=lambda host: "192.0.2.100",
            call_later=self._reactor.callLater,
            now=self._reactor.seconds,
            peer_policy=Policy.PREFER,
            pressed=self.pressed.append,
        )
        self.switchboard.attach(self)
        self.sound.attach(self)
        self.accounts.attach(self)
        doctor = Doctor(
            accounts=self.accounts,
            sound=self.sound,
            server=ServerChecks(self.accounts, self.network, self._reactor, lambda: datetime.now(UTC)),
            call=CallCheck(self.switchboard, self._reactor),
            devices=DeviceChecks(self.sound, self.switchboard, None),
            sip=SIP_ADDRESS,
            clock=self._reactor,
            tell=lambda checkup: self.switchboard.publish(Happened("checkup", checkup)),
        )
        self.control.listen(
            Methods(
                switchboard=self.switchboard,
                accounts=self.accounts,
                kept=kept,
                peers=PeerBook(self.trust, latches, self.switchboard.trust_changed),
                algorithms=self.algorithms,
                sound=self.sound,
                contacts=contacts,
                history=history,
                attendance=Attendance(self.switchboard, lambda act: act()),
                doctor=doctor,
                sip_address=SIP_ADDRESS,
            )
        )

    def _look_again(self) -> None:
        self.switchboard.trust_changed()

    def client(self) -> Client:
        """Return a new connection to it."""
        return Client(self.home.socket)

    def close(self) -> None:
        """End it as the daemon does, if that has not happened yet."""
        if not self._thread.is_alive():
            return
        try:
            self.do(lambda: ensureDeferred(self.control.close()))
            self.do(self._database.close)
        finally:
            self._stop()

    def _stop(self) -> None:
        self._reactor.callFromThread(self._reactor.stop)
        self._thread.join()

    def _make_leg(self, **options: object) -> Any:
        self.leg = Leg(trust=self.trust)
        return self.leg

    # the SIP stack (SipEndpoint)

    def add_account(self, settings: AccountSettings) -> SipAccount:
        if settings.transport is Transport.TLS:
            raise SipError("There is no TLS here.")
        account = FakeSipAccount(settings)

        def register() -> None:
            self._reactor.callLater(0, self._answer_register, account)

        account.register = register
        register()
        self.sip_accounts.append(account)
        return account

    def _answer_register(self, account: FakeSipAccount) -> None:
        if self.registrar.state is not None:
            account.answer = RegistrarAnswer(replace(REPLY, status=self.registrar.status), "MD5", "asterisk")
            self.accounts.registration_changed(account, self.registrar.state, self.registrar.reason)

    def dial(self, account: SipAccount | None, uri: str, listener: SipCallListener) -> FakeSipCall:
        if uri.endswith("nowhere.example"):
            raise SipError("The host nowhere.example is not known.")
        self.listener = listener
        self.sip_call = FakeSipCall(remote_uri=uri, remote_name="")
        self._reactor.callLater(0, self._move, *self.invited)
        return self.sip_call

    def confer(self, calls: Sequence[object]) -> None:
        pass

    def codecs(self) -> list[str]:
        return self.offered or self.known_codecs()

    def known_codecs(self) -> list[str]:
        return ["G722/16000", "PCMA/8000", "PCMU/8000"]

    def set_codecs(self, names: list[str]) -> None:
        self.offered = names

    def set_volume(self, microphone: float, speaker: float) -> None:
        self.volume = (microphone, speaker)

    def levels(self) -> tuple[float, float]:
        return -20.0, -30.0

    # what the other side does

    def ring(self) -> None:
        """Ben calls."""

        def incoming() -> None:
            self.sip_call = FakeSipCall()
            self.listener = self.switchboard.call_incoming(None, self.sip_call, Address("192.0.2.7", 5060))

        self.do(incoming)

    def connect(self) -> None:
        """The call is answered, and its sound is agreed on."""
        self.do(self._move, Dialog.CONNECTED, 200, "OK")
        self.do(self._listener.stream_created, STREAM)

    def secure(self) -> None:
        """ZRTP has agreed on keys."""
        secure = replace(IDLE, protection=Protection.SECURE, secured=SECURED)
        self.become(replace(secure, time_to_secure_ms=12, peer_client="Ben's"))

    def become(self, state: LegState) -> None:
        """The encryption of the call is in this state."""
        assert self.leg is not None
        self.leg.state = state
        self.do(self._listener.leg_changed, self.leg)

    def refer_answered(self, status: int, reason: str) -> None:
        """Ben's phone, or whom it was sent to, answers for good."""
        listener = self._listener
        self.do(lambda: listener.transfer_progress(status, reason, final=True))

    def press(self, digit: str) -> None:
        """Ben presses a key."""
        self.do(self._listener.dtmf_received, digit)

    def end(self, status: int = 200, reason: str = "OK") -> None:
        """Ben hangs up, or refuses."""
        self.do(self._move, Dialog.ENDED, status, reason)

    def _move(self, state: Dialog, status: int, reason: str) -> None:
        self._listener.dialog_changed(state, status, reason)

    @property
    def _listener(self) -> Call:
        assert isinstance(self.listener, Call)
        return self.listener


if __name__ == "__main__":
    Backend(Path(sys.argv[1]))
    print("ready", flush=True)
