"""Names to addresses."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock

from phone.sip.interface import SipError
from phone.sip.resolver import TIMEOUT_S, resolve


class Reactor(Clock):
    """A clock with a name server that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.nameResolver = self
        self.receiver: Any = None

    def resolveHostName(self, receiver: Any, host: str, **options: Any) -> None:  # noqa: N802
        """Begin to think."""
        self.receiver = receiver

    def answer(self, *addresses: str) -> None:
        """Say what the name stands for."""
        for address in addresses:
            self.receiver.addressResolved(IPv4Address("UDP", address, 0))
        self.receiver.resolutionComplete()


def start(reactor: Reactor, host: str) -> tuple[Deferred[Any], list[Any]]:
    """Look ``host`` up; what comes of it will be in the list."""
    outcome: list[Any] = []
    looking = ensureDeferred(resolve(reactor, host))
    looking.addBoth(outcome.append)
    return looking, outcome


def test_address_needs_no_name_server() -> None:
    """It is there at once."""
    assert start(Reactor(), "192.0.2.7")[1] == [("192.0.2.7",)]


def test_name_with_several_addresses() -> None:
    """Each of them once, in the server's order."""
    reactor = Reactor()
    _, outcome = start(reactor, "pbx.example")
    assert outcome == []
    reactor.answer("192.0.2.2", "192.0.2.1", "192.0.2.2")
    assert outcome == [("192.0.2.2", "192.0.2.1")]


def test_unknown_name() -> None:
    """It is named."""
    reactor = Reactor()
    _, outcome = start(reactor, "pbx.example")
    reactor.answer()
    with pytest.raises(SipError, match=r"pbx\.example is not known"):
        outcome[0].raiseException()


def test_silent_name_server() -> None:
    """Nobody waits for ever, and a late answer is harmless."""
    reactor = Reactor()
    _, outcome = start(reactor, "pbx.example")
    reactor.advance(TIMEOUT_S)
    with pytest.raises(SipError, match="name server does not answer"):
        outcome[0].raiseException()
    reactor.answer("192.0.2.1")
