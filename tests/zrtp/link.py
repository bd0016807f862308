"""Two sessions and the network between them, in virtual time: nothing sleeps, everything repeats."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, Generic, Protocol, TypeVar

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.association import Association
from phone.zrtp.dh import DH3K, EC25, X255, X448
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Event, Role, Secured
from phone.zrtp.hashchain import sign
from phone.zrtp.messages import Message, parse
from phone.zrtp.packet import Packet
from phone.zrtp.randomness import EncapsulationKey, SystemRandomness
from phone.zrtp.session import Session
from phone.zrtp.states import State
from phone.zrtp.zsa.claim import Claim
from tests.zrtp.memory import MemoryCache

E = TypeVar("E")


class Engine(Protocol):
    """What a link asks of a session."""

    def start(self, now: float) -> None: ...
    def receive_datagram(self, datagram: bytes, now: float) -> None: ...
    def get_timer(self) -> float | None: ...
    def handle_timer(self, now: float) -> None: ...


class End(Protocol):
    """What a link asks of a party."""

    @property
    def session(self) -> Engine: ...
    def collect(self) -> list[bytes]: ...


A = TypeVar("A", bound=End)
B = TypeVar("B", bound=End)

Interceptor = Callable[[End, bytes], Sequence[bytes]]
"""What becomes of a datagram on its way: nothing, the same, another, or several."""


CLASSIC: Final = Configuration(key_agreements=(X255, X448, EC25, DH3K))
"""As of a peer that knows no KEM mode: no message of it is fragmented."""


class SeededRandomness:
    """Repeats itself: a test that fails today fails tomorrow. Keeps the sizes of private values."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self.private_sizes: list[int] = []

    def h0(self) -> bytes:
        return self._random.randbytes(32)

    def private_value(self, size: int) -> bytes:
        self.private_sizes.append(size)
        return self._random.randbytes(size)

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        """The one value that differs from run to run: nothing of what is said later depends on it."""
        return SystemRandomness().encapsulate(key)

    def secret_id(self, secret: str, sender: Role) -> bytes:
        return self._random.randbytes(8)

    def confirm_iv(self) -> bytes:
        return self._random.randbytes(16)

    def nonce(self) -> bytes:
        return self._random.randbytes(16)

    def sequence_number(self) -> int:
        return self._random.randint(1, 0x0FFF)


class Party:
    """One end of the link: a session, what it remembers, what it said and what it told."""

    def __init__(
        self,
        name: str,
        ssrc: int,
        *,
        configuration: Configuration | None = None,
        cache: MemoryCache | None = None,
        association: Association | None = None,
        aux_secret: Secret | None = None,
        claim: Claim | None = None,
        seed: str = "",
    ) -> None:
        """``seed``: tells apart two parties of one name."""
        self.name = name
        self.cache = cache or MemoryCache.named(name)
        # the second call of a party is not a copy of its first
        self.randomness = SeededRandomness(f"{name}{seed} {len(self.cache.entries)} {self.cache.saves}")
        self.session = Session(
            ssrc=ssrc,
            cache=self.cache,
            configuration=configuration,
            randomness=self.randomness,
            association=association,
            aux_secret=aux_secret,
            claim=claim,
        )
        self.sent: list[bytes] = []
        self.events: list[tuple[StreamId, Event]] = []

    def collect(self) -> list[bytes]:
        """Take out what the session has to send and to tell; return the datagrams."""
        datagrams = self.session.datagrams_to_send()
        self.sent += datagrams
        while (event := self.session.next_event()) is not None:
            self.events.append(event)
        return datagrams

    def told(self, kind: type[E]) -> list[E]:
        """Return the events of one kind so far."""
        return [event for _, event in self.events if isinstance(event, kind)]

    @property
    def secured(self) -> Secured:
        """The one event that tells that the call is secure."""
        (event,) = self.told(Secured)
        return event

    @property
    def said(self) -> list[bytes]:
        """The types of the messages sent so far."""
        return [kind for datagram in self.sent if (kind := type_of(datagram))]

    @property
    def states(self) -> list[State]:
        return [stream.state for stream in self.session._streams.values()]


class Link(Generic[A, B]):
    """Delivers datagrams between two parties and lets their timers run."""

    DELAY: Final = 0.01
    """Seconds from one end to the other."""

    def __init__(
        self,
        a: A,
        b: B,
        *,
        seed: int = 0,
        loss: float = 0.0,
        duplication: float = 0.0,
        jitter: float = 0.0,
        intercept: Interceptor | None = None,
    ) -> None:
        """``loss`` and ``duplication`` are probabilities, ``jitter`` is seconds of random further delay."""
        self.a, self.b = a, b
        self.now = 0.0
        self._random = random.Random(seed)
        self._loss, self._duplication, self._jitter = loss, duplication, jitter
        self._intercept = intercept or (lambda _, datagram: [datagram])
        self._order = count()
        self._in_flight: list[tuple[float, int, End, bytes]] = []
        self._delivered: list[tuple[End, bytes]] = []

    def start(self, *parties: End) -> None:
        """Start some parties, or both, now."""
        for party in parties or (self.a, self.b):
            party.session.start(self.now)
            self.flush(party)

    def flush(self, party: End) -> None:
        """Put what ``party`` has to send on its way."""
        for datagram in party.collect():
            for arriving in self._intercept(party, datagram):
                if self._random.random() >= self._loss:
                    self.send(party, arriving)
                    if self._random.random() < self._duplication:
                        self.send(party, arriving)

    def send(self, sender: End, datagram: bytes) -> None:
        """Put one datagram on its way, as if ``sender`` had sent it."""
        at = self.now + self.DELAY + self._random.random() * self._jitter
        receiver: End = self.b if sender is self.a else self.a
        heapq.heappush(self._in_flight, (at, next(self._order), receiver, datagram))

    def delivered_to(self, receiver: End) -> list[bytes]:
        """Return the datagrams that have arrived at ``receiver``, oldest first."""
        return [datagram for party, datagram in self._delivered if party is receiver]

    def run(self, until: float = 60.0, *, stop: Callable[[], object] = lambda: False) -> Link[A, B]:
        """Let time pass up to ``until``, or until nothing is left to happen, or until ``stop`` says so."""
        while not stop():
            ends: tuple[End, End] = (self.a, self.b)
            timers = [(due, end) for end in ends if (due := end.session.get_timer()) is not None]
            due, party = min(timers, key=lambda timer: timer[0], default=(None, ends[0]))
            arrival = self._in_flight[0][0] if self._in_flight else None
            if arrival is not None and (due is None or arrival <= due):
                if arrival > until:
                    break
                self.now, _, party, datagram = heapq.heappop(self._in_flight)
                self._delivered.append((party, datagram))
                party.session.receive_datagram(datagram, self.now)
            elif due is not None and due <= until:
                self.now = max(self.now, due)
                party.session.handle_timer(self.now)
            else:
                break
            self.flush(party)
        return self


def connect(a: A, b: B, **conditions: float) -> Link[A, B]:
    """Run a whole handshake on a network with these conditions."""
    link = Link(a, b, **conditions)  # type: ignore[arg-type]
    link.start()
    return link.run()


def same_keys(a: Party, b: Party) -> bool:
    """Tell whether each side opens what the other one protects, and both show the same SAS."""
    ours, theirs = a.secured, b.secured
    return (
        ours.keys.local_key == theirs.keys.remote_key
        and ours.keys.local_salt == theirs.keys.remote_salt
        and ours.keys.remote_key == theirs.keys.local_key
        and ours.keys.remote_salt == theirs.keys.local_salt
        and ours.sas == theirs.sas
        and {ours.role, theirs.role} == {Role.INITIATOR, Role.RESPONDER}
    )


def type_of(datagram: bytes) -> bytes:
    """Return the type of the message that is in a datagram or begins there; nothing: it only ends there."""
    if datagram[0] == 0x11:
        return datagram[24:32] if datagram[16:18] == b"\0\0" else b""
    return datagram[16:24]


def message_of(datagram: bytes) -> Message:
    """Return the message in a datagram."""
    return parse(Packet.parse(datagram).message)


def reframed(datagram: bytes, message: bytes) -> bytes:
    """Return ``datagram`` with another message and a right checksum: a forgery."""
    return bytes(replace(Packet.parse(datagram), message=message))


def resigned(datagram: bytes, message: Message, key: bytes) -> bytes:
    """The same with a right MAC at the end of the message."""
    return reframed(datagram, sign(bytes(message), key))


def drop(message_type: bytes, *, sender: End | None = None, times: int = 1_000_000) -> Interceptor:
    """Lose the first ``times`` messages of a type."""
    left = times

    def intercept(party: End, datagram: bytes) -> list[bytes]:
        nonlocal left
        if left and type_of(datagram) == message_type and sender in (None, party):
            left -= 1
            return []
        return [datagram]

    return intercept
