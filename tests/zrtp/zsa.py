"""Two ends of a ZSA exchange on a network in virtual time, and the attackers between them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from phone.secret import Secret
from phone.zrtp.cache import Zid
from phone.zrtp.events import Authenticated, AuthenticationEvent
from phone.zrtp.messages import SecAuth1, SecAuth2, SecAuth3, SecAuthA, parse
from phone.zrtp.zsa.body import NO_FLAGS, Flags
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import CredentialKind, Credentials, Identity
from phone.zrtp.zsa.exchange import Exchange, Terms
from phone.zrtp.zsa.holder import Holder
from phone.zrtp.zsa.keeper import Keeper
from phone.zrtp.zsa.proof import Binding, transcript_hash
from tests.zrtp.link import End, Link, SeededRandomness

ALICE: Final = Identity("alice", "asterisk")
MESSAGES: Final = (b"Hello of i", b"Hello of r", b"Commit", b"DHPart1", b"DHPart2")
"""Stand for messages as they were sent: nothing here looks into them."""
BINDING: Final = Binding(
    Secret(bytes(range(32))),
    transcript_hash(MESSAGES),
    Zid(b"initiator..."),
    Zid(b"responder..."),
    hashlib.sha256(b"sas").digest(),
)
KINDS: Final = (CredentialKind.MD5_HA1, CredentialKind.SHA256_HA1)
ANSWERS: Final = {SecAuth1.TYPE: SecAuth2.TYPE, SecAuth3.TYPE: SecAuthA.TYPE}


def prepared(password: str, kinds: tuple[CredentialKind, ...] = KINDS) -> Mapping[CredentialKind, Secret]:
    """Return keys that stand for prepared ones: scrypt has its own test."""
    return {kind: Secret(hashlib.sha256(f"{kind} {password}".encode()).digest()) for kind in kinds}


def account(
    password: str = "secret", kinds: tuple[CredentialKind, ...] = KINDS, *, generated: bool = False
) -> Credentials:
    """Return the account that both ends have."""
    return Credentials(ALICE, prepared(password, kinds), generated)


def terms(
    suite: Suite = Suite.HMAC,
    credentials: Credentials | None = None,
    *,
    binding: Binding = BINDING,
    flags: Flags = NO_FLAGS,
    blocked: bool = False,
    seed: str = "",
) -> Terms:
    """Return what one end begins with."""
    claim = Claim(Capability(Side.HOLDER), credentials or account(), flags, blocked)
    return Terms(claim, binding, suite, SeededRandomness(seed))


class Prover:
    """One end of the link."""

    def __init__(self, exchange: Exchange[Any, Any]) -> None:
        self.exchange = exchange
        self.sent: list[bytes] = []
        self.events: list[AuthenticationEvent] = []
        self.ignored = 0

    @property
    def session(self) -> Prover:
        return self

    def start(self, now: float) -> None:
        self.exchange.start(now)

    def receive_datagram(self, datagram: bytes, now: float) -> None:
        message = parse(datagram)
        assert isinstance(message, SecAuth1 | SecAuth2 | SecAuth3 | SecAuthA)
        self.ignored += not self.exchange.receive(message, datagram, now)

    def get_timer(self) -> float | None:
        return self.exchange.deadline

    def handle_timer(self, now: float) -> None:
        self.exchange.handle_timer(now)

    def collect(self) -> list[bytes]:
        messages = self.exchange.messages_to_send()
        self.sent += messages
        while (event := self.exchange.next_event()) is not None:
            self.events.append(event)
        return messages

    @property
    def said(self) -> list[bytes]:
        """The types of the messages sent so far."""
        return [kind_of(message) for message in self.sent]

    @property
    def verdict(self) -> AuthenticationEvent:
        """The one event that tells how it ended."""
        (event,) = self.events
        return event

    @property
    def is_authenticated(self) -> bool:
        return any(isinstance(event, Authenticated) for event in self.events)


Intercept = Callable[[End, bytes], list[bytes]]
Pair = Link[Prover, Prover]


def kind_of(message: bytes) -> bytes:
    """Return the type of a message."""
    return message[4:12]


def keeper(suite: Suite = Suite.HMAC, credentials: Credentials | None = None, **more: Any) -> Prover:
    """Return a keeper with these terms."""
    return Prover(Keeper(terms(suite, credentials, seed="keeper", **more)))


def holder(suite: Suite = Suite.HMAC, credentials: Credentials | None = None, **more: Any) -> Prover:
    """Return a holder with these terms."""
    return Prover(Holder(terms(suite, credentials, seed="holder", **more)))


def meet(a: Prover, b: Prover, intercept: Intercept | None = None, **conditions: Any) -> Pair:
    """Run a whole exchange between two ends and return the link between them."""
    link: Pair = Link(a, b, intercept=intercept, **conditions)
    link.start()
    return link.run()


def lose(kind: bytes, times: int = 1_000_000) -> Intercept:
    """Lose the first ``times`` messages of a type."""
    left = times

    def intercept(_: End, message: bytes) -> list[bytes]:
        nonlocal left
        if left and kind_of(message) == kind:
            left -= 1
            return []
        return [message]

    return intercept


def other_binding(**changes: Any) -> Binding:
    """Return what an end believes that has seen something else."""
    return replace(BINDING, **changes)
