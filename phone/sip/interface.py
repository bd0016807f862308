"""What the SIP room offers and asks for, as values and protocols without pjsua2.

All calls and all listener methods run in the reactor's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from phone.audio.interface import SoundCard
from phone.errors import PhoneError
from phone.secret import Secret
from phone.sip.reply import Reply
from phone.wire.description import Address, DtlsDescription, MediaDescription
from phone.wire.summary import MessageSummary


class SipError(PhoneError):
    """SIP could not do what was asked; the sentence names the cause."""


class Transport(Enum):
    """How SIP messages travel."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class CredentialKind(Enum):
    """What the account's secret is."""

    PASSWORD = "password"  # noqa: S105  # the name of a kind, not a password
    MD5_HA1 = "md5"
    """32 hex digits, MD5(user:realm:password) (RFC 2617 §3.2.2.2)."""
    SHA256_HA1 = "sha-256"
    """64 hex digits, SHA-256(user:realm:password) (RFC 7616 §3.4.2)."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Everything SIP needs to register and call as one account."""

    uri: str
    """``sip:USER@HOST[:PORT]``"""
    display_name: str
    auth_user: str
    """Digest user name; normally the user part of ``uri``."""
    secret: Secret | None = field(repr=False)
    credential: CredentialKind
    realm: str
    """``*`` for a password; HA1 forms are bound to one realm."""
    transport: Transport
    proxy: str | None
    """Outbound proxy URI."""


class Registration(Enum):
    """State of one account at its registrar."""

    REGISTERING = "registering"
    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    FAILED = "failed"


class Dialog(Enum):
    """State of one call's dialog."""

    CALLING = "calling"
    INCOMING = "incoming"
    RINGING = "ringing"
    """Outgoing, 180 without media."""
    EARLY = "early"
    """Media before the answer."""
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stream:
    """A negotiated audio stream, at every creation anew."""

    remote_rtp: Address
    remote_rtcp: Address
    local_rtp: Address
    """pjsua2's own socket on 127.0.0.1."""
    local_rtcp: Address
    ssrc: int | None
    """Our SSRC as pjsua2 announced it; ``None``: it must be learned from the first packet."""
    codec: str
    """Encoding name, e.g. ``G722``."""
    clock_rate: int
    """RTP clock rate, Hz."""
    payload_type: int
    remote_zrtp_hash: str | None
    """Value of the peer's ``a=zrtp-hash``, if it sent one."""
    remote_dtls: DtlsDescription | None
    """What the peer says of DTLS-SRTP, if it has it."""
    remote_holds: bool
    """The peer asked us not to send (``sendonly``, ``inactive`` or a 0.0.0.0 address)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """RTP statistics of a call as pjsua2 counts them."""

    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: float


class SoundSink(Protocol):
    """Where a recorded call goes."""

    def write(self, frame: bytes) -> None:
        """Take 20 ms, 16 kHz stereo: left what we say, right what we hear. In a thread of pjmedia."""
        ...


class SipCallListener(Protocol):
    """Told by a ``SipCall`` what happens to it."""

    def describe_media(self, remote_host: str | None) -> MediaDescription:
        """Return what to advertise in the SDP being created.

        ``remote_host``: IPv4 address the SIP messages of this dialog go to or come from, if known.
        """
        ...

    def leg_addresses(self) -> tuple[Address, Address]:
        """Return where on this host the call's RTP and RTCP are to be sent."""
        ...

    def stream_created(self, stream: Stream) -> None:
        """Media was negotiated, at first or again (re-INVITE)."""
        ...

    def dialog_changed(self, state: Dialog, status: int, reason: str) -> None:
        """The dialog moved on; ``status`` and ``reason``: last SIP status (RFC 3261 §21)."""
        ...

    def dtmf_received(self, digit: str) -> None:
        """The peer pressed a key (RFC 4733 or INFO), once per press."""
        ...

    def remote_identity_changed(self, uri: str, name: str) -> None:
        """The peer now presents another identity (after a transfer)."""
        ...

    def transfer_requested(self, uri: str, call: SipCall) -> SipCallListener | None:
        """The peer asks us to talk to ``uri`` instead (REFER, RFC 3515).

        Return who listens to ``call``, which is placed at once; ``None`` refuses with 603. This dialog ends
        when the new one is answered.
        """
        ...

    def transfer_progress(self, status: int, reason: str, *, final: bool) -> None:
        """The peer tells how it fares with whom we have sent it to (RFC 3515 §2.4.4).

        ``status`` and ``reason``: what the third party, or the peer itself, answers; ``final``: no more
        comes.
        """
        ...

    def replaced(self, call: SipCall) -> SipCallListener | None:
        """Another dialog takes this one over (Replaces, RFC 3891), as an attended transfer does.

        Return who listens to ``call``, answered at once; ``None`` refuses with 603. This dialog ends.
        """
        ...


class SipCall(Protocol):
    """One dialog."""

    @property
    def remote_uri(self) -> str:
        """``sip:`` URI of the peer as it last presented itself."""
        ...

    @property
    def remote_name(self) -> str:
        """Display name of the peer; may be empty."""
        ...

    def answer(self) -> None: ...
    def reject(self, status: int = 486, *, contact: str = "") -> None:
        """Refuse the call that rings; ``contact``: the URI of the Contact of a 302 (RFC 3261 §21.3.3)."""
        ...

    def hang_up(self) -> None: ...
    def hold(self) -> None: ...
    def resume(self) -> None: ...
    def mute(self, muted: bool) -> None:
        """Stop or restart sending the microphone into this call."""
        ...

    def silence(self, silent: bool) -> None:
        """Stop or restart sending anything into this call: the microphone and the rest of a conference."""
        ...

    def transfer(self, uri: str) -> None:
        """Ask the peer to talk to ``uri`` instead (REFER, RFC 3515). Raise SipError."""
        ...

    def transfer_to(self, other: SipCall) -> None:
        """Ask the peer to take our place in ``other`` (REFER with Replaces, RFC 5589 §7). Raise SipError."""
        ...

    def attend(self, sound: SoundCard) -> None:
        """Let this call talk to ``sound`` and to nobody else, until the end or another one."""
        ...

    def record(self, sink: SoundSink | None) -> None:
        """Write both sides of this call, and of no other, to ``sink``; ``None`` ends that."""
        ...

    def send_dtmf(self, digits: str) -> None:
        """Send ``digits`` (0-9 * # A-D) as RFC 4733 events, by INFO if the peer takes none.

        Raise SipError if there is no media.
        """
        ...

    def statistics(self) -> Statistics | None:
        """Return what passed in the current stream, or, after the end, in the last one."""
        ...


@dataclass(frozen=True, slots=True)
class RegistrarAnswer:
    """How a registrar has answered an account's last REGISTER."""

    reply: Reply
    algorithm: str
    """Of the digest that the account has sent, in capitals; empty: it has sent none."""
    realm: str


class SipAccount(Protocol):
    """One account at its registrar."""

    @property
    def answer(self) -> RegistrarAnswer | None:
        """How its registrar has answered last; ``None``: not at all."""
        ...

    def register(self) -> None:
        """Send REGISTER now."""
        ...

    def close(self) -> None:
        """Hang up its calls, unregister and forget the account."""
        ...


class SipListener(Protocol):
    """Told by the endpoint what concerns no existing call."""

    def registration_changed(
        self, account: SipAccount, state: Registration, status: int, reason: str
    ) -> None:
        """A REGISTER was answered, or could not be sent (``status`` 0, ``reason`` says why)."""
        ...

    def messages_changed(self, account: SipAccount, messages: MessageSummary) -> None:
        """The account's server tells what waits in its mailbox (RFC 3842)."""
        ...

    def realm_accepted(self, account: SipAccount, realm: str) -> None:
        """The account's registrar has asked for a digest of this realm, and accepted ours (RFC 7616 §3.3)."""
        ...

    def call_incoming(
        self, account: SipAccount | None, call: SipCall, source: Address
    ) -> SipCallListener | None:
        """A peer calls; ``account`` is ``None`` for a call that no account's server sent us.

        Return who listens to the call; ``None`` refuses it with 486.
        """
        ...


class SipEndpoint(Protocol):
    """The SIP stack: one per process."""

    def add_account(self, settings: AccountSettings) -> SipAccount: ...

    def dial(self, account: SipAccount | None, uri: str, listener: SipCallListener) -> SipCall:
        """Send an INVITE; without account from this host's own address. Raise SipError."""
        ...

    def confer(self, calls: Sequence[SipCall]) -> None:
        """Let these calls hear each other, as long as they last; whoever else was in a conference is out."""
        ...

    def codecs(self) -> list[str]:
        """Return the codecs that calls offer, best first, as ``NAME/RATE``."""
        ...

    def known_codecs(self) -> list[str]:
        """Return every codec that can be offered, in the order of our own preference."""
        ...

    def set_codecs(self, names: list[str]) -> None:
        """Offer these of ``known_codecs`` from the next call on, and no other; an empty list: all."""
        ...

    def set_volume(self, microphone: float, speaker: float) -> None:
        """Make both louder or quieter; 1.0: as it comes."""
        ...

    def levels(self) -> tuple[float, float]:
        """Return how loud microphone and speaker are now, dB below full scale; -100: silence."""
        ...
