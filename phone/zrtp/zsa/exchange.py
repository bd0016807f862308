"""What both sides of an exchange of proofs have in common.

The owner calls ``start``, ``receive`` and ``handle_timer``, and after each of them sends what
``messages_to_send`` returns, reads ``next_event`` until it returns ``None``, and heeds ``deadline``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final, Generic, TypeVar

from phone.machine import Machine, Table
from phone.secret import Secret
from phone.zrtp.errors import MessageError
from phone.zrtp.events import Authenticated, AuthenticationEvent, Doubt, NotAuthenticated
from phone.zrtp.messages import SecAuth
from phone.zrtp.randomness import Randomness
from phone.zrtp.zsa.body import NOBODY, Body, Flags, Status
from phone.zrtp.zsa.capability import Side, Suite
from phone.zrtp.zsa.channel import Channel
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.cpace import SHARE_SIZE
from phone.zrtp.zsa.credentials import CredentialKind, Identity
from phone.zrtp.zsa.proof import Binding, Proof

HARD_STOP: Final = 5.0
"""Seconds after which an exchange that has not come to an end is over."""

S = TypeVar("S", bound=Enum)
I = TypeVar("I", bound=Enum)  # noqa: E741


@dataclass(frozen=True, slots=True)
class Terms:
    """What both sides begin with."""

    claim: Claim
    binding: Binding
    suite: Suite
    """The one that both Hellos lead to (``Capability.choose``)."""
    randomness: Randomness


class Exchange(ABC, Generic[S, I]):
    """One exchange, once for each call."""

    _SIDE: ClassVar[Side]

    def __init__(self, terms: Terms, table: Table[S, I], state: S) -> None:
        self._terms = terms
        self._machine = Machine(table, state, name="zsa")
        self._channel: Channel | None = Channel(terms.binding.extraction(), self._SIDE)
        self._proof: Proof | None = None
        self._credential = 0
        """Kind of the secret in use, as messages name it."""
        self._outgoing: deque[bytes] = deque()
        self._events: deque[AuthenticationEvent] = deque()
        self._stop_at: float | None = None

    @property
    def state(self) -> S:
        return self._machine.state

    @property
    @abstractmethod
    def deadline(self) -> float | None:
        """When ``handle_timer`` is due; ``None``: nothing is waited for."""

    @abstractmethod
    def start(self, now: float) -> None:
        """Begin: the stream is secure on our side."""

    @abstractmethod
    def receive(self, message: SecAuth, raw: bytes, now: float) -> bool:
        """Take a message of the peer, ``raw`` as it came; tell whether it belongs here."""

    @abstractmethod
    def handle_timer(self, now: float) -> None:
        """Do what is due by ``now``."""

    def messages_to_send(self) -> list[bytes]:
        """Return the messages that are due, oldest first."""
        messages = list(self._outgoing)
        self._outgoing.clear()
        return messages

    def next_event(self) -> AuthenticationEvent | None:
        """Return the oldest event not yet returned; ``None``: there is none."""
        return self._events.popleft() if self._events else None

    # what the sides are made of

    def _open(self, message: SecAuth, raw: bytes, expected: tuple[type[SecAuth], ...]) -> Body | None:
        """Return what a message says that is expected now; ``None``: it is not, or not from the peer."""
        if self._channel is None or not isinstance(message, expected):
            return None
        try:
            return self._channel.open(message, raw)
        except MessageError:
            return None

    def _feed(self, event: I, now: float, *details: object) -> None:
        getattr(self, f"_{self._machine.demand(event)}")(now, *details)

    def _begin_proof(self, kind: CredentialKind) -> Proof:
        terms = self._terms
        self._credential = kind
        self._proof = Proof(
            self._SIDE,
            terms.binding,
            identity=terms.claim.credentials.identity,
            suite=terms.suite,
            kind=kind,
            secret=terms.claim.credentials.keys[kind],
            flags=terms.claim.flags,
            private=Secret(terms.randomness.private_value(SHARE_SIZE)),
        )
        return self._proof

    def _prove(self, kind: type[SecAuth], identity: Identity = NOBODY) -> bytes:
        """Return a message with what it should carry."""
        assert self._proof is not None
        share, tag = self._proof.write(kind)
        return self._seal(kind, Status.OK, identity, share, tag)

    def _seal(
        self,
        kind: type[SecAuth],
        status: Status,
        identity: Identity = NOBODY,
        share: bytes = b"",
        tag: bytes = b"",
    ) -> bytes:
        assert self._channel is not None
        terms = self._terms
        body = Body(terms.suite, self._credential, terms.claim.flags, status, identity, share, tag)
        return self._channel.seal(kind, body)

    def _tell_success(self) -> None:
        assert self._proof is not None
        credentials, suite, peer = self._terms.claim.credentials, self._terms.suite, self._proof.peer_flags
        self._events.append(
            Authenticated(
                credentials.identity.user,
                credentials.identity.realm,
                suite,
                weak=suite is Suite.HMAC and not credentials.is_random(self._credential),
                unattended=Flags.UNATTENDED in peer,
                required=Flags.PROOF_REQUIRED in peer,
            )
        )

    def _tell_failure(self, doubt: Doubt, *, guess: bool) -> None:
        self._events.append(NotAuthenticated(doubt, guess))

    def _rest(self, _now: float) -> None:
        """Drop every key: nothing is left to be said but stored answers."""
        self._channel = self._proof = self._stop_at = None
