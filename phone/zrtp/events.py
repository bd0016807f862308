"""What the engine tells the outside. Every event is a value; the engine never calls up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from phone.secret import Secret
from phone.zrtp.cache import Zid


class Role(Enum):
    """Who sent the Commit that counts (RFC 6189 §4.2)."""

    INITIATOR = "initiator"
    RESPONDER = "responder"


@dataclass(frozen=True, slots=True)
class Algorithms:
    """The four-character codes in use, trailing spaces stripped (RFC 6189 §5.1.2-5.1.6)."""

    hash: str
    cipher: str
    auth_tag: str
    key_agreement: str
    sas: str


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """SRTP master keys of one stream (RFC 6189 §4.5.3), named from our side."""

    local_key: Secret = field(repr=False)
    """Protects what we send; 16 or 32 bytes by ``cipher``."""
    local_salt: Secret = field(repr=False)
    """14 bytes (12 with GCM)."""
    remote_key: Secret = field(repr=False)
    """Opens what the peer sends."""
    remote_salt: Secret = field(repr=False)
    cipher: str
    """``AES1`` or ``AES3``."""
    auth_tag: str
    """``HS32``, ``HS80`` or ``GCM `` (four characters)."""


HANDED_OVER: Final = SrtpKeys(Secret(b""), Secret(b""), Secret(b""), Secret(b""), "", "")
"""Stands for keys that the owner of the stream has and the engine keeps no longer."""


@dataclass(frozen=True, slots=True)
class Sas:
    """The short authentication string (RFC 6189 §5.1.6)."""

    scheme: str
    """``B32`` or ``B256``."""
    text: str
    """B32: four characters; B256: two words with a colon between them."""


@dataclass(frozen=True, slots=True)
class PeerFound:
    """A first valid Hello came: the peer speaks ZRTP."""

    zid: Zid
    client: str
    """Client identifier, for display only: nothing proves it."""


@dataclass(frozen=True, slots=True)
class ExchangeStarted:
    """A Commit was sent or taken: keys are being agreed, no plain RTP should leave (RFC 6189 §4)."""

    role: Role


@dataclass(frozen=True, slots=True)
class ReceiveKeysReady:
    """What the peer sends may be opened from now on (initiator: Confirm1, responder: Confirm2)."""

    keys: SrtpKeys


@dataclass(frozen=True, slots=True)
class Secured:
    """The exchange is complete: send under these keys, and nothing in clear any more."""

    keys: SrtpKeys
    role: Role
    algorithms: Algorithms
    peer_zid: Zid
    sas: Sas
    sas_verified: bool
    """Our user compared it in an earlier call, and key continuity has held since (RFC 6189 §7.1)."""
    peer_verified: bool
    """The peer's V flag: its user says the same of us. Takes nothing from, and adds nothing to, ours."""
    cache_mismatch: bool
    """We had a retained secret of this peer and it had not: warn strongly (§4.3.2)."""
    new_peer: bool
    """We have no retained secret of this ZID: key continuity begins with this call."""
    hello_hash_matched: bool | None
    """Whether the Hello matched the signalled ``a=zrtp-hash``; ``None``: none was signalled."""
    disclosure: bool
    """The peer's D flag: its product discloses keys (§11)."""
    aux_mismatch: bool = False
    """We have an auxiliary secret, and the peer has not the same (§4.3.2)."""
    trusted_mitm: bool = False
    """The peer is a PBX that our user enrolled: it may show the SAS of the call behind it (§7.3)."""
    enrollment_offered: bool = False
    """The peer is a PBX that asks to be trusted so; only the user may consent (§7.3.1)."""


@dataclass(frozen=True, slots=True)
class SasRelayed:
    """A trusted PBX shows the SAS of the call behind it (RFC 6189 §7.3).

    Read this one aloud instead of our own. The PBX hears the call: nothing is encrypted end to end.
    """

    sas: Sas
    sas_verified: bool
    """The PBX says that the far end's user has compared it in an earlier call."""
    disclosure: bool
    """The far end's product discloses keys."""


@dataclass(frozen=True, slots=True)
class ClearRefused:
    """The peer wants to go on without encryption, and we do not allow it; the stream stays secure."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The peer goes on without encryption, the keys are void: send nothing until the user agrees (§4.7.2)."""


class Cause(Enum):
    """Why an exchange did not, or may not, succeed."""

    NO_PEER = "no ZRTP answer from the peer"
    TIMEOUT = "the peer stopped answering in the middle of the key exchange"
    PEER_ERROR = "the peer refused the key exchange"
    PROTOCOL = "the peer broke the key exchange's rules"
    HELLO_HASH = "the peer's Hello is not the one that the signalling announced"
    ATTACK = "a message was altered on the way"
    PASSIVE = "neither end may begin the key exchange"


@dataclass(frozen=True, slots=True)
class Failed:
    """The exchange ended without keys; the stream is dead but still answers Hellos."""

    cause: Cause
    error_code: int | None = None
    """RFC 6189 §5.9, ours or the peer's."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something that only an attacker or a broken peer does; the exchange goes on."""

    cause: Cause
    detail: str


class Doubt(Enum):
    """Why the other end has not proved that it knows the secret of our account (``docs/zsa.md``)."""

    WRONG_TAG = "the secrets of the two ends differ, or someone is in between"
    REFUSED = "the other end did not accept the proof"
    OTHER_ACCOUNT = "the other end proves another account"
    NO_COMMON_CREDENTIAL = "the two ends know the secret in different forms"
    OTHER_SUITE = "the other end does not keep to what was agreed"
    BACKING_OFF = "too many wrong secrets; wait before the next attempt"
    NO_ANSWER = "no answer to the proof"
    NOT_OFFERED = "the other end does not know this kind of proof"
    TOO_WEAK = (
        "it knows only a kind of proof from which the password could be guessed, which you have refused"
    )


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The other end has proved that it knows the secret of the account, and nobody is in between."""

    user: str
    realm: str
    suite: int
    """1: HMAC; 2: PAKE."""
    weak: bool
    """A password that a person has thought of, by suite 1: it may be guessed from what was sent."""
    unattended: bool
    """No person is at the other end."""
    required: bool
    """The other end goes on only with a proof."""


@dataclass(frozen=True, slots=True)
class NotAuthenticated:
    """The proof did not come about. Nothing that was secure before is less so now."""

    doubt: Doubt
    guess: bool
    """The other end may have tried one secret: to be counted (``zsa.guesses``)."""


AuthenticationEvent = Authenticated | NotAuthenticated

Event = (
    PeerFound
    | ExchangeStarted
    | ReceiveKeysReady
    | Secured
    | SasRelayed
    | ClearRefused
    | Cleared
    | Failed
    | Suspicion
    | AuthenticationEvent
)
