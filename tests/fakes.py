"""Stand-ins for what the calls room stands on, where a test needs neither SIP nor sockets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from phone.calls.values import CallSnapshot, CallState, Direction, Level
from phone.media.encryption import Counters, LegState, Protection
from phone.sip.inquiry import Answered, NoAnswerError
from phone.sip.interface import (
    AccountSettings,
    RegistrarAnswer,
    SipCall,
    SipCallListener,
    SipError,
    Statistics,
    Transport,
)
from phone.sip.reply import Challenge, Reply
from phone.wire.description import Address, MediaDescription
from phone.zrtp.cache import Zid

IDLE = LegState(
    protection=Protection.WAITING,
    secured=None,
    proof=None,
    peer_client=None,
    remote=None,
    time_to_secure_ms=None,
    no_zrtp=False,
    failure=None,
    carrier_failure=None,
    suspicions=(),
    relayed=None,
    cleared=False,
    clear_refused=False,
    counters=Counters(),
)
"""A leg that nothing has happened to."""


@dataclass
class FakeLeg:
    """A media leg that is in whatever state the test says."""

    state: LegState = IDLE
    host: str | None = None
    connections: list[dict[str, object]] = field(default_factory=list)
    confirmed: list[bool] = field(default_factory=list)
    clear_allowed: bool = False
    enrolled: bool = False
    proceeded: bool = False
    discloses: bool = False
    closed: bool = False

    @property
    def inner(self) -> tuple[Address, Address]:
        return Address("127.0.0.1", 4000), Address("127.0.0.1", 4001)

    def describe(self, host: str) -> MediaDescription:
        self.host = host
        return MediaDescription(Address(host, 4000), Address(host, 4001), "1.10 " + "0" * 64)

    def connect(self, **where: object) -> None:
        self.connections.append(where)

    def confirm_sas(self, matches: bool) -> None:
        self.confirmed.append(matches)

    def allow_clear(self) -> None:
        self.clear_allowed = True

    def enroll(self) -> None:
        self.enrolled = True

    def proceed(self) -> None:
        self.proceeded = True

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeSipCall:
    """A dialog that writes down what is asked of it."""

    remote_uri: str = "sip:ben@192.0.2.7"
    remote_name: str = "Ben"
    asked: list[str] = field(default_factory=list)
    muted: bool = False
    silent: bool = False

    def answer(self) -> None:
        self.asked.append("answer")

    def reject(self, status: int = 486, *, contact: str = "") -> None:
        self.asked.append(f"reject {status} {contact}".strip())

    def hang_up(self) -> None:
        self.asked.append("hang up")

    def hold(self) -> None:
        self.asked.append("hold")

    def resume(self) -> None:
        self.asked.append("resume")

    def mute(self, muted: bool) -> None:
        self.muted = muted

    def attend(self, sound: object) -> None:
        self.asked.append(f"attend {type(sound).__name__}")

    def record(self, sink: object) -> None:
        self.asked.append("record" if sink else "record no more")

    def send_dtmf(self, digits: str) -> None:
        self.asked.append(f"dtmf {digits}")

    def silence(self, silent: bool) -> None:
        self.silent = silent

    def transfer(self, uri: str) -> None:
        self.asked.append(f"transfer {uri}")

    def transfer_to(self, other: SipCall) -> None:
        self.asked.append(f"transfer to {other.remote_uri}")

    def statistics(self) -> Statistics | None:
        return Statistics(100, 99, 1, 2.5, 10.0)


@dataclass
class FakePeer:
    """What is known of one device."""

    name: str = ""
    verified_since: str | None = None


@dataclass
class FakeAcquaintances:
    """A trust store in memory."""

    peers: dict[Zid, FakePeer] = field(default_factory=dict)
    proofs: dict[tuple[str, Zid], str] = field(default_factory=dict)
    """When a device has last proved the secret of an account."""

    def met(self, zid: Zid, uri: str) -> None:
        self.peers.setdefault(zid, FakePeer())

    def peer(self, zid: Zid) -> FakePeer | None:
        return self.peers.get(zid)

    def verified_at(self, uri: str, *, besides: Zid) -> FakePeer | None:
        others = [peer for zid, peer in self.peers.items() if zid != besides and peer.verified_since]
        return others[-1] if others else None

    def proved(self, account: str, zid: Zid, suite: int) -> None:
        self.proofs[account, zid] = "2026-03-04T12:00:00Z"

    def proved_since(self, account: str, zid: Zid) -> str | None:
        return self.proofs.get((account, zid))

    def set_name(self, zid: Zid, name: str) -> None:
        self.peers[zid].name = name

    def unverify(self, zid: Zid) -> None:
        self.peers[zid].verified_since = None

    def unprove(self, account: str, zid: Zid) -> None:
        self.proofs.pop((account, zid), None)


@dataclass
class FakeSipAccount:
    """Counts what is asked of it."""

    registered: int = 0
    closed: bool = False
    answer: RegistrarAnswer | None = None

    def register(self) -> None:
        self.registered += 1

    def close(self) -> None:
        self.closed = True


CHALLENGE = Challenge("asterisk", "MD5")

REPLY = Reply(
    status=401,
    phrase="Unauthorized",
    challenges=(CHALLENGE,),
    server="Asterisk PBX 22",
    received="",
    rport=None,
    date=None,
)
"""To a question without a login."""


@dataclass
class FakeNetwork:
    """A network where every name is known and every server answers, unless the test says otherwise."""

    known: tuple[str, ...] = ("192.0.2.5",)
    known6: tuple[str, ...] = ()
    elsewhere: tuple[str, int] | None = None
    reply: Reply = REPLY
    silent: str | None = None
    """Why no server answers, with ``{where}`` in it."""
    asked: list[tuple[str, str, str, int]] = field(default_factory=list)

    async def addresses(self, host: str) -> tuple[str, ...]:
        if not self.known:
            raise SipError(f"{host} is not known.")
        return self.known

    async def addresses6(self, host: str) -> tuple[str, ...]:
        return self.known6

    async def service(self, domain: str, transport: Transport) -> tuple[str, int] | None:
        return self.elsewhere

    async def ask(self, user: str, domain: str, address: str, port: int, transport: Transport) -> Answered:
        self.asked.append((user, domain, address, port))
        if self.silent is not None:
            raise NoAnswerError(self.silent, address)
        return Answered(self.reply, ("192.0.2.100", 40000))


@dataclass
class FakeEndpoint:
    """Takes every account but those over TLS, as a stack without TLS does."""

    accounts: list[tuple[AccountSettings, FakeSipAccount]] = field(default_factory=list)
    dialled: list[tuple[object, str]] = field(default_factory=list)
    calls: list[FakeSipCall] = field(default_factory=list)
    listeners: list[SipCallListener] = field(default_factory=list)
    conferences: list[list[str]] = field(default_factory=list)

    def add_account(self, settings: AccountSettings) -> FakeSipAccount:
        if settings.transport.value == "tls":
            raise SipError("There is no TLS here.")
        account = FakeSipAccount()
        self.accounts.append((settings, account))
        return account

    def dial(self, account: object, uri: str, listener: SipCallListener) -> SipCall:
        if "refused" in uri:
            raise SipError("This cannot be called.")
        self.dialled.append((account, uri))
        self.listeners.append(listener)
        self.calls.append(FakeSipCall(remote_uri=uri, remote_name=""))
        return self.calls[-1]

    def confer(self, calls: Sequence[SipCall]) -> None:
        self.conferences.append([call.remote_uri for call in calls])

    def codecs(self) -> list[str]:
        return []

    def known_codecs(self) -> list[str]:
        return []

    def set_codecs(self, names: list[str]) -> None:
        pass

    def set_volume(self, microphone: float, speaker: float) -> None:
        pass

    def levels(self) -> tuple[float, float]:
        return -100.0, -100.0

    @property
    def latest(self) -> FakeSipAccount:
        """The account that was added last."""
        return self.accounts[-1][1]


NEW_CALL = CallSnapshot(
    id="",
    account=None,
    direction=Direction.OUTGOING,
    state=CallState.CALLING,
    remote_uri="",
    remote_name="",
    codec=None,
    level=Level.CLEAR,
    pending=None,
    alarm=None,
    why=None,
    notices=(),
    asks_for_trust=False,
    sas=None,
    sas_scheme=None,
    verified=None,
    authenticated=None,
    missing=None,
    peer_zid=None,
    algorithms=None,
    time_to_secure_ms=None,
    held=False,
    remote_held=False,
    muted=False,
    recording=None,
    remote_records=False,
    status=0,
    reason="",
    dtmf="",
    transfer=None,
    conference=(),
    statistics=None,
)
"""A call that nothing has happened to."""
