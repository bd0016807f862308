"""The proof that follows a key exchange on its stream, where both Hellos ask for it (``docs/zsa.md``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from phone.zrtp.endpoint import Endpoint, StreamId
from phone.zrtp.events import Doubt, NotAuthenticated
from phone.zrtp.handshake import Handshake
from phone.zrtp.messages import SecAuth
from phone.zrtp.zsa.capability import Side
from phone.zrtp.zsa.exchange import Exchange, Terms
from phone.zrtp.zsa.holder import Holder
from phone.zrtp.zsa.keeper import Keeper

_SIDES: Final[dict[Side, Callable[[Terms], Exchange[Any, Any]]]] = {Side.KEEPER: Keeper, Side.HOLDER: Holder}


class Proving:
    """At most one exchange of proofs at a time."""

    def __init__(self, identity: StreamId, endpoint: Endpoint) -> None:
        self._identity = identity
        self._endpoint = endpoint
        self._exchange: Exchange[Any, Any] | None = None
        self._handshake: Handshake | None = None

    @property
    def deadline(self) -> float | None:
        """When ``handle_timer`` is due."""
        return None if self._exchange is None else self._exchange.deadline

    def begin(self, handshake: Handshake, now: float) -> None:
        """Begin, behind a complete exchange of keys, if the peer's Hello allows it; tell if it does not."""
        claim, binding, peer = self._endpoint.claim, handshake.remains.binding, handshake.hello.sas_types
        if claim is None or binding is None:
            return
        suite = claim.capability.choose(peer)
        if suite is None:
            doubt = Doubt.TOO_WEAK if claim.capability.refuses(peer) else Doubt.NOT_OFFERED
            self._endpoint.events.append((self._identity, NotAuthenticated(doubt, guess=False)))
            return
        terms = Terms(claim, binding, suite, self._endpoint.randomness)
        exchange = self._exchange = _SIDES[claim.capability.side](terms)
        self._handshake = handshake
        handshake.await_proof()
        exchange.start(now)
        self._collect(exchange)

    def receive(self, message: SecAuth, raw: bytes, now: float) -> bool:
        """Take a message; tell whether it belongs here."""
        exchange = self._exchange
        if exchange is None:
            return False
        taken = exchange.receive(message, raw, now)
        self._collect(exchange)
        return taken

    def handle_timer(self, now: float) -> None:
        """Do what is due by ``now``."""
        if self._exchange is not None:
            self._exchange.handle_timer(now)
            self._collect(self._exchange)

    def stop(self) -> None:
        """Drop every key: what was to be authenticated is over."""
        self._exchange = None

    def _collect(self, exchange: Exchange[Any, Any]) -> None:
        self._endpoint.outgoing.extend(exchange.messages_to_send())
        assert self._handshake is not None
        while (event := exchange.next_event()) is not None:
            self._handshake.weigh_proof(event)
            self._endpoint.events.append((self._identity, event))
