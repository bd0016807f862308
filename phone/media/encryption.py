"""The gate: what may pass between the phone and the network, decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum

from phone.dtls.events import Cause as CarrierCause
from phone.machine import Machine, Table
from phone.wire.description import Address
from phone.zrtp.events import AuthenticationEvent, Failed, SasRelayed, Secured, Suspicion


class Policy(Enum):
    """What a call needs before anything is heard or sent."""

    PREFER = "prefer"
    """Secure where the peer can; in clear where it does not speak ZRTP."""
    REQUIRE = "require"
    """Not one plain RTP or RTCP packet leaves, and none comes in."""
    REQUIRE_AUTH = "require_auth"
    """The same, and nothing passes at all before the other end is proved: by the secret of the account, or
    by a code that was compared in an earlier call."""


class Trust(IntEnum):
    """What is known of whoever has the keys; the order is the order of trust."""

    NOTHING = 0
    """There are no keys."""
    SERVER = 1
    """There are keys with whoever carries the media, and who hears it there is not known."""
    KEYS = 2
    """They were agreed on, and whose they are is not known."""
    SECRET = 3
    """By the secret of the account (``docs/zsa.md``)."""
    CODE = 4
    """By people: they have compared the code with this device, and its retained secret has matched since."""


class Protection(Enum):
    """What the media leg does with packets."""

    WAITING = "waiting"
    """Listening for ZRTP from the remote address; nothing leaves."""
    SECURING = "securing"
    """The peer speaks ZRTP, keys are being agreed; nothing leaves (RFC 6189 §4)."""
    CLEAR = "clear"
    """Plain RTP and RTCP pass in both directions."""
    SECURE = "secure"
    """Only what is encrypted leaves, only what authenticates comes in."""
    TO_SERVER = "to_server"
    """Policy PREFER and no ZRTP: only what is encrypted for whoever carries the media leaves, only what
    authenticates as theirs comes in (DTLS-SRTP, RFC 5763)."""
    LAPSED = "lapsed"
    """Was TO_SERVER, and the remote address is now another one: no RTP leaves and none comes in until keys
    are agreed there too, or the user wants to go on without."""
    SUSPENDED = "suspended"
    """Was secure, and the remote address is now another one: no RTP leaves and none comes in until the peer
    proves itself there. Plain RTP, hold music of a PBX for example, is not played either: a fall from secure
    to clear never happens without the user's word (``MediaLeg.allow_clear``). That something plain came is
    counted, so that it can be shown."""
    REFUSED = "refused"
    """Policy REQUIRE and no keys to be had, or policy REQUIRE_AUTH and no proof; nothing passes."""
    PROVING = "proving"
    """There are keys, and whose they are is not proved, though the policy or an earlier call asks for it;
    nothing passes."""
    HELD = "held"
    """There are keys, and less is known of whose they are than was known before, in this call or an earlier
    one; nothing passes until the user has answered (``MediaLeg.proceed``)."""


class Input(Enum):
    """What moves the gate. Whoever feeds it has judged the facts; the policy is in the table."""

    MOVED = "the remote address is known, or is another one now, and no keys belong to it"
    RETURNED = "the remote is one whose keys we have: by its address, or by a packet that authenticated"
    HEARD = "ZRTP came from the remote address"
    QUIET = "no ZRTP came from the remote address for a while"
    SECURED = "a key exchange is complete"
    FAILED = "a key exchange ended without keys"
    SERVED = "there are keys with whoever carries the media, and no sign of ZRTP"
    CLEARED = "the peer whose keys are in use goes on without encryption"
    ALLOWED = "the user has read the notice and wants to go on in clear"
    PROVED = "as much is known of who has the keys in use as the policy and earlier calls ask for"
    UNPROVED = "there will be no proof of who has the keys in use, and the policy wants one"
    FELL = "the policy is content, and less is known of who has the keys in use than was known before"
    ACCEPTED = "the user has read that notice and wants to go on"


_W, _G, _C, _S, _T, _L, _U, _R, _P, _H = Protection
_NEVER = {Policy.PREFER: (_R,), Policy.REQUIRE: (_C, _T, _L), Policy.REQUIRE_AUTH: (_C, _T, _L)}
_AS_IT_IS = {state: state for state in Protection}
_TO_BE_WEIGHED = dict.fromkeys(Protection, _P)
_ALWAYS: dict[Input, dict[Protection, Protection]] = {
    Input.MOVED: {_W: _W, _G: _W, _C: _W, _S: _U, _T: _L, _L: _L, _U: _U, _R: _W, _P: _U, _H: _U},
    Input.RETURNED: _TO_BE_WEIGHED,
    Input.HEARD: _AS_IT_IS | {_W: _G, _C: _G, _R: _G},
    Input.SERVED: _AS_IT_IS,
    Input.CLEARED: _AS_IT_IS | {_S: _U, _P: _U, _H: _U},
    Input.SECURED: _TO_BE_WEIGHED,
    Input.PROVED: _AS_IT_IS | {_P: _S, _H: _S},
    Input.FELL: _AS_IT_IS | {_P: _H, _S: _H},
    Input.ACCEPTED: _AS_IT_IS | {_H: _S},
}
_REQUIRED: dict[Input, dict[Protection, Protection]] = {
    Input.QUIET: _AS_IT_IS,
    Input.FAILED: _AS_IT_IS | {_W: _R, _G: _R},
}
_BY_POLICY: dict[Policy, dict[Input, dict[Protection, Protection]]] = {
    Policy.PREFER: {
        Input.QUIET: _AS_IT_IS | {_W: _C},
        Input.FAILED: _AS_IT_IS | {_G: _C},
        Input.ALLOWED: _AS_IT_IS | {_L: _C, _U: _C},
        Input.SERVED: _AS_IT_IS | {_W: _T, _C: _T, _L: _T},
    },
    Policy.REQUIRE: _REQUIRED,
    Policy.REQUIRE_AUTH: {**_REQUIRED, Input.UNPROVED: _AS_IT_IS | {_P: _R, _S: _R, _H: _R}},
}

TABLES: dict[Policy, Table[Protection, Input]] = {
    policy: {
        (state, event): ("", following)
        for rows in (_ALWAYS, special)
        for event, row in rows.items()
        for state, following in row.items()
        if state not in _NEVER[policy]
    }
    for policy, special in _BY_POLICY.items()
}
"""Into SECURE lead PROVED and ACCEPTED alone; from where there are or were keys into the clear ALLOWED alone,
out of SUSPENDED, or out of LAPSED where the keys were the server's: that is the latch."""
WANTED = {Policy.PREFER: Trust.KEYS, Policy.REQUIRE: Trust.KEYS, Policy.REQUIRE_AUTH: Trust.SECRET}
"""What has to be known of whoever has the keys, whatever was known before."""


class Gate:
    """One leg's protection. Starts WAITING, SUSPENDED or LAPSED; ``feed`` moves it by the policy's table."""

    def __init__(self, policy: Policy, *, latched: Trust = Trust.NOTHING) -> None:
        """``latched``: what was known in the call before, whose place this takes or with the same address."""
        self.policy = policy
        self.protection = Protection.WAITING
        if latched >= Trust.KEYS:
            self.protection = Protection.SUSPENDED
        elif latched is Trust.SERVER and policy is Policy.PREFER:
            self.protection = Protection.LAPSED
        """Moved by ``feed`` alone."""
        self._machine = Machine(TABLES[policy], self.protection, name="media")

    def feed(self, event: Input) -> None:
        """Move on ``event``; raise ``KeyError`` for what the policy never allows."""
        self._machine.demand(event)
        self.protection = self._machine.state

    @property
    def plain_leaves(self) -> bool:
        """Whether RTP and RTCP of the phone may go out as they are."""
        return self.protection is Protection.CLEAR

    @property
    def plain_enters(self) -> bool:
        """Whether RTP and RTCP that no key protects may be played.

        Ringback and announcements come in before an exchange can be complete, so PREFER lets them in until
        the call is secure.
        """
        return self.policy is Policy.PREFER and self.protection in _BEFORE_SECURE

    @property
    def served_enters(self) -> bool:
        """Whether what authenticates as coming from whoever carries the media may be played."""
        return self.plain_enters or self.protection is Protection.TO_SERVER


_BEFORE_SECURE = (Protection.WAITING, Protection.SECURING, Protection.CLEAR)


@dataclass(slots=True)
class Counters:
    """Datagrams of one leg since it was opened; RTP and RTCP together."""

    plain_sent: int = 0
    plain_received: int = 0
    """Unencrypted, and passed on to the phone."""
    plain_dropped_out: int = 0
    """Came from the phone while nothing was allowed to leave."""
    plain_dropped_in: int = 0
    """Not let in because of the policy or because the call was secure before."""
    plain_received_while_suspended: int = 0
    """Part of ``plain_dropped_in``: from the new remote while SUSPENDED, under none of our keys (a PBX's hold
    music, or a peer whose keys we do not have)."""
    srtp_sent: int = 0
    srtp_received: int = 0
    auth_failed: int = 0
    """Received while there were keys, authentic under none of them; forged and plain look the same here."""
    replayed: int = 0
    superseded: int = 0
    """Authentic, but under keys that are no longer, or not yet, in use."""
    zrtp_sent: int = 0
    zrtp_received: int = 0
    dtls_sent: int = 0
    dtls_received: int = 0
    strangers: int = 0
    """From other addresses than the remote one, or from other ports than the phone's."""
    foreign: int = 0
    """Neither RTP, RTCP, ZRTP nor DTLS, or too long."""
    refused: int = 0
    """The other side's port was closed (ICMP port unreachable)."""
    send_failed: int = 0
    """The system would not take or give a datagram: no route, buffers full."""


@dataclass(frozen=True, slots=True)
class LegState:
    """Everything there is to see of a media leg, at one moment."""

    protection: Protection
    secured: Secured | None
    """Of the stream in use; ``None`` unless ``protection`` is SECURE, PROVING or HELD."""
    proof: AuthenticationEvent | None
    """Whether the other end of that stream, or of one that was REFUSED, has proved that it knows the secret
    of the account; ``None``: not yet, or we have nothing to prove."""
    peer_client: str | None
    """What the peer's last Hello calls its software; nothing proves it."""
    remote: Address | None
    """Where RTP goes and comes from: as signalled, or as seen behind a NAT."""
    time_to_secure_ms: int | None
    """From the first ZRTP datagram to or from the remote until Secured, for the stream in use."""
    no_zrtp: bool
    """Three seconds have passed since the remote address was known, and no ZRTP has come from it."""
    failure: Failed | None
    """Why the last exchange with this remote failed; ``None`` after one succeeded or the remote changed."""
    carrier_failure: CarrierCause | None
    """Why there are no keys with whoever carries the media, though it announced its DTLS-SRTP; ``None``:
    there are, or there may be, or it did not."""
    suspicions: tuple[Suspicion, ...]
    relayed: SasRelayed | None
    """The SAS that a trusted PBX shows in place of our own."""
    cleared: bool
    """The peer has switched encryption off, as we allow; SUSPENDED until the user agrees."""
    clear_refused: bool
    """The peer wanted to switch encryption off."""
    counters: Counters = field(compare=False)
    """A copy; two states that differ only here are equal."""
