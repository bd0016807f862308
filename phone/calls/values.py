"""What the calls room shows to the outside: snapshots and events, all values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from phone.calls.findings import Checkup
from phone.errors import PhoneError


class CallError(PhoneError):
    """A call could not do what was asked; the sentence says why."""


class Level(Enum):
    """How far a call can be trusted; the order is the order of trust."""

    CLEAR = "CLEAR"
    TO_SERVER = "TO_SERVER"
    """The PBX carries the media, and has the keys."""
    ENCRYPTED = "ENCRYPTED"
    AUTHENTICATED = "AUTHENTICATED"
    VERIFIED = "VERIFIED"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Level).index(self)

    @property
    def is_end_to_end(self) -> bool:
        """Whether nobody between the two phones hears the call."""
        return self not in (Level.CLEAR, Level.TO_SERVER)


class Pending(Enum):
    """A level on its way up or down."""

    SECURING = "Securing..."
    PROVING = "Waiting for proof"
    PROTECTION_LOST = "Protection lost"


class Alarm(Enum):
    """Something a person has to look at; never silent."""

    KEY_CHANGED = "Key changed"
    CODES_DO_NOT_MATCH = "Codes do not match"
    SECRETS_DIFFER = "Secrets differ"


class Policy(Enum):
    """What an account's calls need before anything is heard or sent."""

    PREFER = "prefer"
    REQUIRE = "require"
    REQUIRE_AUTH = "require_auth"


class WeakProof(Enum):
    """What an account does where the other end knows only the proof from which a password can be guessed.

    A secret that is random is proved by it in any case.
    """

    ALLOW = "allow"
    """Prove it all the same; the call is shown with a weak secret."""
    REFUSE = "refuse"


class KeyKind(Enum):
    """What a random key of an account is for, which its PBX or the other phones have too."""

    AUX = "aux"
    """ZRTP's auxiliary secret (RFC 6189 §4.3)."""
    PROOF = "proof"
    """ZSA, beside the SIP secret or in its place (docs/zsa.md, cred 3)."""


class Direction(Enum):
    """Who called."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class CallState(Enum):
    """State of a call as a person sees it."""

    CALLING = "calling"
    RINGING = "ringing"
    INCOMING = "incoming"
    EARLY = "early"
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a call is not better protected than it is, and what would help."""

    cause: str
    """A word for programs: ``no_zrtp``, ``pbx_media``, ``packets_lost``, ``handshake_failed``,
    ``hash_mismatch``, ``cache_mismatch``, ``moved``, ``waiting``, ``codes_differ``, ``cleared``,
    ``relayed``, ``wrong_secret``, ``weak_secret``, ``not_authenticated``, ``protection_missing``."""
    text: str
    """The cause, for people."""
    remedy: str
    """What to do about it, for people; empty where nothing can be done."""


@dataclass(frozen=True, slots=True)
class Weakness(Why):
    """What there is to say against the secret of an account."""

    words: tuple[str, str]
    """``text`` and ``remedy`` with ``{places}`` in them: what can be translated."""
    facts: Mapping[str, str]
    """What the places stand for."""


class TransferState(Enum):
    """How a transfer that we have asked for stands."""

    ASKED = "asked"
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TransferSnapshot:
    """A transfer of the other side to somebody else, as we see it who have asked for it."""

    target: str
    """Whom it shall talk to."""
    state: TransferState
    text: str
    """The same for people, and what has become of it."""


class Does(Enum):
    """What a call that nobody attends talks to."""

    WAIT = "wait"
    """Silence."""
    ECHO = "echo"
    """What the caller says, a moment later."""
    PLAY = "play"
    """A sound file."""
    TAKE_MESSAGE = "take_message"
    """A recorder."""


@dataclass(frozen=True, slots=True)
class Programme:
    """What a call that nobody attends is to have."""

    does: Does
    file: Path | None = None
    """To be played, or the new one to be written; absolute."""
    loop: bool = False
    """Play it again and again."""
    longest_s: float = 120.0
    """Of a message, seconds."""
    silence_s: float = 5.0
    """After which a message is over, seconds."""


@dataclass(frozen=True, slots=True)
class CallStatistics:
    """What has passed so far."""

    duration_s: float
    """Since the answer, seconds."""
    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: float
    plain_sent: int
    """RTP and RTCP packets that left unencrypted."""
    plain_dropped: int
    """Unencrypted packets that were not let through, either way."""
    failed_authentication: int
    """Received SRTP and SRTCP packets that were dropped because no key fitted."""


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """Everything there is to see of one call, at one moment."""

    id: str
    account: str | None
    """Id of the account; ``None``: peer to peer."""
    direction: Direction
    state: CallState
    remote_uri: str
    remote_name: str
    codec: str | None
    level: Level
    pending: Pending | None
    alarm: Alarm | None
    why: Why | None
    """``None`` when nothing better could be had."""
    notices: tuple[str, ...]
    """What the other end asked for, in words."""
    asks_for_trust: bool
    """It is a PBX that asks to be trusted to decrypt calls."""
    sas: str | None
    sas_scheme: str | None
    verified: str | None
    """``Verified with NAME since DATE``, when the level is VERIFIED."""
    authenticated: str | None
    """``Authenticated to REALM``, when the level is AUTHENTICATED."""
    missing: str | None
    """``Protection missing since DATE``, where earlier calls had more; the user is asked."""
    peer_zid: str | None
    """24 hex digits."""
    algorithms: dict[str, str] | None
    """``hash``, ``cipher``, ``auth_tag``, ``key_agreement``, ``sas``."""
    time_to_secure_ms: int | None
    held: bool
    remote_held: bool
    muted: bool
    recording: str | None
    """The file that both sides are being written to."""
    remote_records: bool
    """The other phone says that the call may be recorded (RFC 6189 §11)."""
    status: int
    """Last SIP status of the dialog (RFC 3261 §21); 0: none yet."""
    reason: str
    """Why the call ended, in words; empty while it lasts."""
    dtmf: str
    """Keys the peer has pressed, in order."""
    transfer: TransferSnapshot | None
    """The last transfer that we have asked for."""
    conference: tuple[str, ...]
    """Ids of the other calls that hear this one and are heard in it."""
    statistics: CallStatistics | None


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """One account and its registration; no secret in it."""

    id: str
    uri: str
    name: str
    """Display name, may be empty."""
    auth_user: str
    transport: str
    proxy: str | None
    policy: Policy
    credential: str
    """``password``, ``md5`` or ``sha-256``."""
    realm: str | None
    """Of its digests, as given or as its registrar has accepted one; ``None``: not known yet."""
    proves_to: str | None
    """Realm whose ends its calls prove its secret to; ``None``: to nobody, or it is still being prepared."""
    weak_proof: WeakProof
    keys: tuple[KeyKind, ...]
    """Random keys that it has."""
    state: str
    """``registering``, ``registered``, ``unregistered`` or ``failed``."""
    reason: str
    """Why it failed, in words; empty otherwise."""
    messages: MessagesSnapshot | None
    """``None``: the server has never told of a mailbox."""
    health: tuple[Weakness, ...] = ()
    """What there is to say against its secret, the worst first: ``shared_secret``, ``weak_secret``,
    ``unknown_strength``, ``digest_exposed``."""


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """Somebody who calls us, and whose secret we keep; the secret is not in it."""

    account: str | None
    """``None``: he calls without a server."""
    caller: str
    """As the PBX names him, often by extension."""
    user: str
    """His digest user name."""
    realm: str
    forms: tuple[str, ...]
    """``md5``, ``sha-256``, ``key``: in which forms it can be proved."""
    random: bool
    """It is known to be nothing that a person has thought of."""
    remembered: bool
    """It survives a restart."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret that was made, and what the PBX has to know of it."""

    secret: str | None = field(repr=False)
    """``None``: the account has it, and it is not shown."""
    pjsip_conf: str = field(repr=False)
    """The ``auth`` section of Asterisk's ``pjsip.conf``."""


@dataclass(frozen=True, slots=True)
class ContactSnapshot:
    """One contact."""

    name: str
    address: str
    """``sip:USER@HOST``, or a number at an account."""
    policy: Policy | None
    """What calls with it need; ``None``: what the account's need."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who may be meant by what was typed."""

    name: str
    """May be empty."""
    address: str


@dataclass(frozen=True, slots=True)
class MessagesSnapshot:
    """What waits in an account's mailbox (RFC 3842)."""

    waiting: bool
    """Whether there is anything new; a server may say so without counting."""
    new: int
    old: int
    mailbox: str | None
    """Address that plays them; ``None``: the server has named none."""


@dataclass(frozen=True, slots=True)
class ProofSnapshot:
    """When a device has last proved that it knows the secret of an account."""

    account: str | None
    """``None``: one that is kept for calls without a server."""
    suite: int
    """1: HMAC; 2: PAKE (docs/zsa.md)."""
    last: str
    """ISO 8601 date-time, UTC."""


@dataclass(frozen=True, slots=True)
class PeerSnapshot:
    """One peer device in the trust store."""

    zid: str
    """24 hex digits."""
    name: str
    """Given when the SAS was compared; empty before."""
    uri: str
    """Where it was last talked to."""
    verified_since: str | None
    """ISO 8601 date-time, UTC; ``None``: the SAS was never compared, or the proof was revoked."""
    first_seen: str
    last_seen: str
    proofs: tuple[ProofSnapshot, ...]
    """The latest first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The ZRTP algorithms of one kind, by their codes without padding (RFC 6189 §5.1)."""

    kind: str
    """``hashes``, ``ciphers``, ``auth_tags``, ``key_agreements`` or ``sas_types``."""
    offered: tuple[str, ...]
    """Best first."""
    mandatory: tuple[str, ...]
    """Those of ``offered`` that cannot be switched off."""
    off: tuple[str, ...]
    """Could be offered, and are not."""
    chosen: bool
    """By the user; otherwise this is what Parley offers by itself."""


class Role(Enum):
    """What a sound device is for."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    RINGER = "ringer"


@dataclass(frozen=True, slots=True)
class DeviceSnapshot:
    """One sound device that is there."""

    name: str
    is_default: bool
    """The sound system would take it."""
    is_private: bool
    """It is a headset, as its name says."""


@dataclass(frozen=True, slots=True)
class SoundSnapshot:
    """Devices and levels at one moment."""

    backend: str
    """The sound system; empty: none."""
    microphones: tuple[DeviceSnapshot, ...]
    speakers: tuple[DeviceSnapshot, ...]
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
    overruns: int
    cancel_echo: str
    """``auto``, ``on`` or ``off``: the user's wish."""
    echo: str
    """Value of ``audio.interface.EchoState``: what is done about echo."""
    echo_reason: str
    """And why, in words."""
    even_out: bool
    """The user is made as loud as others."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What is kept of one kind was changed by somebody: whoever shows it asks again."""

    kind: str
    """``accounts``, ``contacts``, ``history``, ``peers`` or ``secrets``."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as ``parley events`` prints it."""

    event: str
    """``call``, ``call.incoming``, ``call.ended``, ``account``, ``dtmf``, ``alarm``, ``transfer``,
    ``attended``, ``sound``, ``edited``, ``checkup``."""
    subject: CallSnapshot | AccountSnapshot | SoundSnapshot | Edited | Checkup
