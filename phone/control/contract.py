"""What the backend can be asked, what it answers, and what it tells by itself.

Standard library only: every client imports this. Parameters are dataclasses; results are the JSON that comes
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from phone.errors import PhoneError

LINE_BYTES = 1 << 20
"""One message is one line of JSON, at most this long."""

REFUSED = 1
"""Error code: the backend understood, and cannot or will not; the message is a sentence for people."""

SUBSCRIBE = "events.subscribe"
"""The method after which a client is told what happens, until it hangs up."""

HAPPENED = "happened"
"""The notification that then comes; its params are an ``Event``."""


class ControlError(PhoneError):
    """The backend refused, or cannot be reached; the sentence says why."""

    def __init__(self, sentence: str, code: int = REFUSED) -> None:
        """``code``: of the JSON-RPC error."""
        super().__init__(sentence)
        self.code = code


AccountState = Literal["registering", "registered", "unregistered", "failed"]
CallState = Literal["calling", "ringing", "incoming", "early", "connected", "ended"]
Direction = Literal["outgoing", "incoming"]
Level = Literal["CLEAR", "TO_SERVER", "ENCRYPTED", "AUTHENTICATED", "VERIFIED"]
Pending = Literal["Securing...", "Waiting for proof", "Protection lost"]
Refusal = Literal["busy", "decline"]
TransferState = Literal["asked", "under way", "done", "failed"]
Alarm = Literal["Key changed", "Codes do not match", "Secrets differ"]
Transport = Literal["udp", "tcp", "tls"]
Policy = Literal["prefer", "require", "require_auth"]
WeakProof = Literal["allow", "refuse"]
Credential = Literal["password", "md5", "sha-256"]
KeptCredential = Literal["password", "md5", "sha-256", "key"]
KeyKind = Literal["aux", "proof"]
Programme = Literal["wait", "echo", "play", "take_message"]
EditedKind = Literal["accounts", "contacts", "history", "peers", "secrets"]
Role = Literal["microphone", "speaker", "ringer"]
Verdict = Literal["fine", "warning", "broken", "not checked"]
Check = Literal[
    "account",
    "dns",
    "port",
    "tls",
    "digest",
    "clock",
    "nat",
    "secret",
    "call",
    "rtp",
    "direct_media",
    "devices",
    "microphone",
    "speaker",
    "listening",
    "versions",
]
EchoMode = Literal["auto", "on", "off"]
AlgorithmKind = Literal["hashes", "ciphers", "auth_tags", "key_agreements", "sas_types"]

LEVELS: Mapping[Level, str] = {
    "CLEAR": "Not encrypted",
    "TO_SERVER": "Encrypted to the server",
    "ENCRYPTED": "Encrypted, not verified",
    "AUTHENTICATED": "Authenticated",
    "VERIFIED": "Verified",
}
"""The words that people see; ``Call.verified`` and ``Call.authenticated`` say more."""


# results


class Why(TypedDict):
    """Why a call is not better protected."""

    cause: str
    """A word for programs."""
    text: str
    remedy: str
    """Empty where nothing can be done."""


class Weakness(Why):
    """What there is to say against the secret of an account."""

    words: list[str]
    """``text`` and ``remedy`` with ``{places}`` in them: what can be translated."""
    facts: dict[str, str]
    """What the places stand for."""


class Statistics(TypedDict):
    """What has passed in a call so far."""

    duration_s: float
    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: float
    plain_sent: int
    """RTP and RTCP packets that left unencrypted."""
    plain_dropped: int
    failed_authentication: int


class Transfer(TypedDict):
    """A transfer that this side has asked for."""

    target: str
    state: TransferState
    text: str
    """The same for people, and what has become of it."""


class Call(TypedDict):
    """Everything there is to see of one call."""

    id: str
    account: str | None
    """``None``: peer to peer."""
    direction: Direction
    state: CallState
    remote_uri: str
    remote_name: str
    codec: str | None
    level: Level
    pending: Pending | None
    alarm: Alarm | None
    why: Why | None
    notices: list[str]
    """What the other end asked for, in words."""
    asks_for_trust: bool
    """It is a PBX that asks to be trusted to decrypt calls: ``call.enroll`` agrees."""
    sas: str | None
    sas_scheme: str | None
    verified: str | None
    """``Verified with NAME since DATE``."""
    authenticated: str | None
    """``Authenticated to REALM``."""
    missing: str | None
    """``Protection missing since DATE``: earlier calls had more, and the user is asked."""
    peer_zid: str | None
    algorithms: dict[str, str] | None
    """``hash``, ``cipher``, ``auth_tag``, ``key_agreement``, ``sas``."""
    time_to_secure_ms: int | None
    held: bool
    remote_held: bool
    muted: bool
    recording: str | None
    """The file that both sides are being written to."""
    remote_records: bool
    """The other phone says that the call may be recorded."""
    status: int
    """Last SIP status; 0: none yet."""
    reason: str
    """Why it ended, in words."""
    dtmf: str
    """Keys the peer has pressed."""
    transfer: Transfer | None
    conference: list[str]
    """Ids of the other calls that hear this one."""
    statistics: Statistics | None


class Messages(TypedDict):
    """What waits in an account's mailbox."""

    waiting: bool
    """Whether there is anything new; a server may say so without counting."""
    new: int
    old: int
    mailbox: str | None
    """Address that plays them; ``None``: the server has named none."""


class Contact(TypedDict):
    """One contact."""

    name: str
    address: str
    """``sip:USER@HOST``, or a number at an account."""
    policy: Policy | None
    """``None``: that of the account."""


class Suggestion(TypedDict):
    """Somebody who may be meant by what was typed."""

    name: str
    address: str


class Account(TypedDict):
    """One account and its registration."""

    id: str
    uri: str
    name: str
    auth_user: str
    transport: Transport
    proxy: str | None
    policy: Policy
    credential: Credential
    realm: str | None
    """Of its digests, as given or as its registrar has accepted one; ``None``: not known yet."""
    proves_to: str | None
    """Realm whose ends its calls prove its secret to; ``None``: to nobody, or it is still being prepared."""
    weak_proof: WeakProof
    """Whether it proves a password in the older way, from which that could be guessed."""
    keys: list[KeyKind]
    """Random keys that it has: ZRTP's auxiliary secret, and one for proofs beside the SIP secret."""
    state: AccountState
    reason: str
    messages: Messages | None
    """``None``: the server has never told of a mailbox."""
    health: list[Weakness]
    """What there is to say against its secret, the worst first."""


class AccountKey(TypedDict):
    """A random key that an account has now, or has not any more."""

    account: Account
    made: str | None
    """In hex, for the other end, if it was made."""


class NewSecret(TypedDict):
    """A secret that was made, and what the PBX has to know of it."""

    secret: str | None
    """``None``: the account has it, and it is not shown."""
    pjsip_conf: str
    """The ``auth`` section of Asterisk's ``pjsip.conf``."""


class Kept(TypedDict):
    """Somebody who calls us, and whose secret is kept."""

    account: str | None
    """``None``: he calls without a server."""
    caller: str
    """As the PBX names him, often by extension."""
    user: str
    realm: str
    forms: list[str]
    """``md5``, ``sha-256``, ``key``: in which forms it can be proved."""
    random: bool
    """It is known to be nothing that a person has thought of."""
    remembered: bool
    """It survives a restart."""


class Proof(TypedDict):
    """When a phone has last proved that it knows the secret of an account."""

    account: str | None
    """``None``: one that is kept for calls without a server."""
    suite: int
    """1: HMAC; 2: PAKE."""
    last: str


class Peer(TypedDict):
    """One phone in the trust store. Dates: ISO 8601, UTC."""

    zid: str
    name: str
    uri: str
    verified_since: str | None
    first_seen: str
    last_seen: str
    proofs: list[Proof]
    """The latest first."""


class Offer(TypedDict):
    """The ZRTP algorithms of one kind, by their codes."""

    kind: AlgorithmKind
    offered: list[str]
    """Best first."""
    mandatory: list[str]
    """Those of ``offered`` that cannot be switched off."""
    off: list[str]
    """Could be offered, and are not."""
    chosen: bool
    """By the user; otherwise this is what Parley offers by itself."""


class Device(TypedDict):
    """A sound device that is there."""

    name: str
    is_default: bool
    """The sound system would take it."""
    is_private: bool
    """It is a headset, as its name says."""


class Sound(TypedDict):
    """Devices and levels at one moment."""

    backend: str
    """The sound system; empty: none."""
    microphones: list[Device]
    speakers: list[Device]
    microphone: str | None
    """Chosen; ``None``: what the system would take. So for the next two."""
    speaker: str | None
    ringer: str | None
    microphone_in_use: str | None
    """Open now; ``None``: none, as without a call."""
    speaker_in_use: str | None
    notice: str | None
    """What the user has to decide, in words."""
    microphone_volume: int
    """Percent; 100: as it comes."""
    speaker_volume: int
    microphone_level_db: float
    """Of the last 20 ms, dB below full scale; -100: silence."""
    speaker_level_db: float
    underruns: int
    """Times that sound was missing."""
    overruns: int
    """Times that sound had to be dropped."""
    cancel_echo: EchoMode
    """The user's wish: ``auto`` where a loudspeaker can be heard by the microphone."""
    echo: Literal["idle", "parley", "desktop", "headset", "off", "missing", "failed"]
    """What is done: nothing between calls (``idle``); Parley cancels it, or the desktop has; or nothing is
    done, since the loudspeaker is a headset's, the user wants none of it, its library is not installed, or
    has failed.
    """
    echo_reason: str
    """The same in words."""
    even_out: bool
    """The user is made as loud as others."""


class Finding(TypedDict):
    """What one check of the doctor's came to."""

    check: Check
    account: str | None
    """``None``: it is about this computer."""
    verdict: Verdict
    found: str
    remedy: str
    """Empty where nothing has to be done."""
    command: str
    """For a terminal, by which ``remedy`` is done, or begun; may be empty."""
    words: list[str]
    """``found`` and ``remedy`` with ``{places}`` in them: what can be translated."""
    facts: dict[str, str]
    """What the places stand for; without facts there are no places."""


class Checkup(TypedDict):
    """One examination by the doctor, as far as it has come."""

    id: str
    findings: list[Finding]
    done: bool


class PastCall(TypedDict):
    """One call that has ended."""

    ended: str
    account: str | None
    direction: Direction
    uri: str
    name: str
    """That of the contact at this address, else as it was told; may be empty."""
    duration_s: float | None
    """``None``: it was never answered."""
    level: Level
    reason: str


class Status(TypedDict):
    """The backend at this moment."""

    sip: str
    """``HOST:PORT`` that takes calls without a server."""
    accounts: list[Account]
    calls: list[Call]


class Event(TypedDict):
    """Something that happened."""

    event: Literal[
        "call",
        "call.incoming",
        "call.ended",
        "account",
        "dtmf",
        "alarm",
        "transfer",
        "attended",
        "sound",
        "edited",
        "checkup",
    ]
    call: NotRequired[Call]
    sound: NotRequired[Sound]
    account: NotRequired[Account]
    edited: NotRequired[EditedKind]
    """What a client has changed of what is kept; whoever shows it asks again."""
    checkup: NotRequired[Checkup]


# parameters


@dataclass(frozen=True, slots=True)
class Nothing:
    """No parameters."""


@dataclass(frozen=True, slots=True)
class OneCall:
    """A call; ``None``: the only one that fits."""

    call: str | None = None


@dataclass(frozen=True, slots=True)
class GoOn:
    """A call that asks whether to go on with less protection; ``None``: the only one that fits."""

    call: str | None = None
    always: bool = False
    """Do not ask again at its address for what is missing now."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Whom to call."""

    target: str
    """``sip:`` address, or a number at an account."""
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """Shut or open the microphone of a call."""

    muted: bool
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Dtmf:
    """Press keys in a call."""

    digits: str
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse a call that rings."""

    call: str | None = None
    how: Refusal = "busy"
    to: str | None = None
    """Send the caller there instead: a ``sip:`` address, or a number at the call's account."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to add."""

    name: str
    address: str
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """What to change of a contact; what is ``None`` stays as it is, and ``""`` takes the policy away."""

    contact: str
    """Its name up to now."""
    name: str | None = None
    address: str | None = None
    policy: Policy | Literal[""] | None = None


@dataclass(frozen=True, slots=True)
class OneContact:
    """A contact by name."""

    contact: str


@dataclass(frozen=True, slots=True)
class Text:
    """A part of a name or address."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class BlindTransfer:
    """Send the other side of a call to somebody else."""

    target: str
    """``sip:`` address, or a number at the call's account."""
    call: str | None = None


@dataclass(frozen=True, slots=True)
class AttendedTransfer:
    """Let the other sides of two calls talk to each other, and leave both."""

    call: str
    to: str
    """The other call."""


@dataclass(frozen=True, slots=True)
class Conference:
    """Calls whose other sides are to hear each other."""

    calls: list[str]


@dataclass(frozen=True, slots=True)
class Verify:
    """Compare the code that was heard."""

    code: str
    call: str | None = None
    name: str | None = None
    """Who read it."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to add."""

    uri: str
    name: str = ""
    secret: str | None = field(default=None, repr=False)
    credential: Credential = "password"
    """What ``secret`` is: itself, or a digest HA1 in hex."""
    realm: str | None = None
    auth_user: str | None = None
    """``None``: the user in ``uri``."""
    transport: Transport = "udp"
    proxy: str | None = None
    policy: Policy = "prefer"
    weak_proof: WeakProof = "allow"


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What to change of an account; what is ``None`` stays as it is, and ``""`` takes the proxy away."""

    account: str | None = None
    uri: str | None = None
    name: str | None = None
    secret: str | None = field(default=None, repr=False)
    credential: Credential | None = None
    realm: str | None = None
    auth_user: str | None = None
    transport: Transport | None = None
    proxy: str | None = None
    policy: Policy | None = None
    weak_proof: WeakProof | None = None


@dataclass(frozen=True, slots=True)
class MakeSecret:
    """Make a secret for an account that nobody can guess."""

    account: str | None = None
    realm: str | None = None
    """``None``: the account's."""
    use: bool = False
    """The account has it from now on; otherwise it is only returned."""
    plain: bool = False
    """The PBX is to keep the secret itself, not its digests."""


@dataclass(frozen=True, slots=True)
class SetKey:
    """Give an account a random key of 32 bytes; without one, and none to be made: take it away."""

    kind: KeyKind
    account: str | None = None
    key: str | None = field(default=None, repr=False)
    """64 hex digits."""
    make: bool = False


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """Whose secret to keep, so that it can be proved to those who call."""

    user: str
    realm: str
    secret: str = field(repr=False)
    credential: KeptCredential = "password"
    account: str | None = None
    """At which account he calls; ``None``: without a server."""
    caller: str | None = None
    """How the PBX names him, often by extension; ``None``: as ``user``."""
    beside: bool = False
    """What is kept of him in other forms stays, where the PBX has several of them."""
    remember: bool = True
    """Also after a restart."""


@dataclass(frozen=True, slots=True)
class OneCaller:
    """Somebody whose secret is kept."""

    caller: str
    account: str | None = None
    """At which account he calls; ``None``: without a server."""


@dataclass(frozen=True, slots=True)
class OneAccount:
    """An account by id or address; ``None``: the only one."""

    account: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What the doctor is to look at."""

    account: str | None = None
    """By id or address; ``None``: every one."""
    call: str | None = None
    """An extension that answers by itself; it is called."""
    whole: bool = True
    """This computer and its sound too."""


@dataclass(frozen=True, slots=True)
class OnePeer:
    """A peer by ZID or name."""

    peer: str


@dataclass(frozen=True, slots=True)
class NewName:
    """A peer and its new name."""

    peer: str
    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """A list of peers, or of contacts, that was exported."""

    document: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What to offer of one kind, from the next call on."""

    kind: AlgorithmKind
    names: list[str]
    """Codes, best first; what is mandatory and not among them is offered last."""


@dataclass(frozen=True, slots=True)
class OneKind:
    """A kind of algorithm; ``None``: every one."""

    kind: AlgorithmKind | None = None


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """Which device to use."""

    role: Role
    name: str | None = None
    """Its name or a part of it; ``None``: what the system would take."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Where to play a sound."""

    role: Literal["speaker", "ringer"] = "speaker"


@dataclass(frozen=True, slots=True)
class Volume:
    """How loud."""

    role: Literal["microphone", "speaker"]
    percent: int
    """100: as it comes."""


@dataclass(frozen=True, slots=True)
class CancelEcho:
    """When to take echo and noise out of the microphone's sound."""

    mode: EchoMode


@dataclass(frozen=True, slots=True)
class EvenOut:
    """Whether to make the user as loud as others."""

    on: bool


@dataclass(frozen=True, slots=True)
class Codecs:
    """Which codecs to offer, best first; none: as Parley comes."""

    names: list[str]


@dataclass(frozen=True, slots=True)
class Attend:
    """Answer a call, if it rings, and let it talk to a program in place of a person.

    Of those that end, the event ``attended`` tells.
    """

    call: str
    does: Programme
    file: str | None = None
    """Absolute path of the sound to play, or of the new WAV file to take a message."""
    loop: bool = False
    longest_s: int = 120
    """Of a message."""
    silence_s: int = 5
    """After which a message is over."""


@dataclass(frozen=True, slots=True)
class Record:
    """Write a call to a file."""

    file: str | None
    """Absolute path of a new WAV file; ``None``: stop."""
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """Whether other phones are told that calls may be recorded."""

    announce: bool


@dataclass(frozen=True, slots=True)
class Latest:
    """How many to return."""

    count: int = 20


@dataclass(frozen=True, slots=True)
class Method:
    """What a method takes and what it returns."""

    params: type
    result: Any
    edits: EditedKind | None = None
    """What it changes of what is kept: all who listen are told ``edited``."""


METHODS: Mapping[str, Method] = {
    "status": Method(Nothing, Status),
    SUBSCRIBE: Method(Nothing, None),
    "account.add": Method(NewAccount, Account, "accounts"),
    "account.edit": Method(AccountChanges, Account),
    "account.list": Method(Nothing, list[Account]),
    "account.show": Method(OneAccount, Account),
    "account.remove": Method(OneAccount, None, "accounts"),
    "account.test": Method(OneAccount, Account),
    "account.new_secret": Method(MakeSecret, NewSecret),
    "account.key": Method(SetKey, AccountKey),
    "secret.keep": Method(KeptSecret, Kept, "secrets"),
    "secret.list": Method(Nothing, list[Kept]),
    "secret.forget": Method(OneCaller, None, "secrets"),
    "call.dial": Method(Dial, Call),
    "call.redial": Method(Nothing, Call),
    "call.suggest": Method(Text, list[Suggestion]),
    "call.answer": Method(OneCall, Call),
    "call.reject": Method(Reject, Call),
    "call.hang_up": Method(OneCall, Call),
    "call.hold": Method(OneCall, Call),
    "call.resume": Method(OneCall, Call),
    "call.mute": Method(Mute, Call),
    "call.dtmf": Method(Dtmf, Call),
    "call.transfer": Method(BlindTransfer, Call),
    "call.transfer_to": Method(AttendedTransfer, Call),
    "call.conference": Method(Conference, list[Call]),
    "call.verify": Method(Verify, Call),
    "call.allow_clear": Method(GoOn, Call),
    "call.proceed": Method(GoOn, Call),
    "call.enroll": Method(OneCall, Call),
    "sas.words": Method(Nothing, list[str]),
    "call.attend": Method(Attend, Call),
    "call.record": Method(Record, Call),
    "recording.announce": Method(Announce, bool),
    "devices.list": Method(Nothing, Sound),
    "devices.choose": Method(DeviceChoice, Sound),
    "devices.volume": Method(Volume, Sound),
    "devices.cancel_echo": Method(CancelEcho, Sound),
    "devices.even_out": Method(EvenOut, Sound),
    "devices.try": Method(Trial, None),
    "codecs.list": Method(Nothing, list[str]),
    "codecs.known": Method(Nothing, list[str]),
    "codecs.set": Method(Codecs, list[str]),
    "peers.list": Method(Nothing, list[Peer]),
    "peers.show": Method(OnePeer, Peer),
    "peers.rename": Method(NewName, Peer, "peers"),
    "peers.forget": Method(OnePeer, None, "peers"),
    "peers.unverify": Method(OnePeer, Peer, "peers"),
    "peers.export": Method(Nothing, str),
    "peers.import": Method(Export, int, "peers"),
    "algorithms.list": Method(Nothing, list[Offer]),
    "algorithms.set": Method(Choice, Offer),
    "algorithms.reset": Method(OneKind, list[Offer]),
    "contacts.list": Method(Text, list[Contact]),
    "contacts.add": Method(NewContact, Contact, "contacts"),
    "contacts.edit": Method(ContactChanges, Contact, "contacts"),
    "contacts.remove": Method(OneContact, None, "contacts"),
    "contacts.export": Method(Nothing, str),
    "contacts.import": Method(Export, int, "contacts"),
    "doctor.examine": Method(Examination, Checkup),
    "history": Method(Latest, list[PastCall]),
    "history.clear": Method(Nothing, None, "history"),
}
"""All there is. ``doctor.examine`` answers with a checkup that has no findings yet; events bring it, whenever
it has come further. ``account.test`` answers when the registrar has, and ``devices`` when the sound system
has; every other method at once."""
