"""Who is woken for which datagram."""

from __future__ import annotations

import logging
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from twisted.internet.epollreactor import EPollReactor

from phone.media.pump import MediaPump
from tests.media.world import NoReactor

HOST = "127.77.5.1"


class Readers:
    """A reactor that only remembers its readers, and serves them when told to."""

    def __init__(self) -> None:
        self.readers: list[Any] = []

    def addReader(self, reader: Any) -> None:  # noqa: N802  # named by Twisted
        self.readers.append(reader)

    def removeReader(self, reader: Any) -> None:  # noqa: N802  # named by Twisted
        self.readers.remove(reader)

    def serve(self) -> None:
        ready, _, _ = select.select(self.readers, [], [], 0)
        for reader in ready:
            reader.doRead()


@pytest.fixture
def opened() -> Iterator[Callable[[], socket.socket]]:
    """Open bound UDP sockets that are closed after the test."""
    with ExitStack() as stack:

        def open_one() -> socket.socket:
            one = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            one.bind((HOST, 0))
            return one

        yield open_one


@pytest.mark.parametrize("nested", [True, False])
def test_reader_is_woken_for_its_own_datagrams(opened: Callable[[], socket.socket], nested: bool) -> None:
    """Nested or a reader per socket: each socket's own function reads it, until it is forgotten."""
    reactor = Readers()
    pump = MediaPump(reactor, nested=nested)
    first, second, heard = opened(), opened(), []
    pump.watch(first, lambda: heard.append(first.recv(10)))
    pump.watch(second, lambda: heard.append(second.recv(10)))
    assert len(reactor.readers) == (1 if nested else 2)
    first.sendto(b"one", first.getsockname())
    reactor.serve()
    second.sendto(b"two", second.getsockname())
    reactor.serve()
    pump.forget(first)
    first.sendto(b"three", first.getsockname())
    reactor.serve()
    assert heard == [b"one", b"two"]
    pump.forget(second)
    pump.close()
    assert reactor.readers == []


@pytest.mark.parametrize("nested", [True, False])
def test_error_of_ours_does_not_end_the_pump(
    opened: Callable[[], socket.socket], nested: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """What a reader raises is logged, and the next datagram is served."""
    reactor = Readers()
    pump = MediaPump(reactor, nested=nested)
    watched, heard = opened(), []

    def read() -> None:
        heard.append(watched.recv(10))
        raise RuntimeError("a mistake")

    pump.watch(watched, read)
    with caplog.at_level(logging.CRITICAL):
        for _ in range(2):
            watched.sendto(b"one", watched.getsockname())
            reactor.serve()
    assert heard == [b"one", b"one"]
    pump.forget(watched)
    pump.close()


def test_socket_forgotten_in_the_same_round_is_not_served(opened: Callable[[], socket.socket]) -> None:
    """A reader may end another's call although both were ready."""
    pump = MediaPump(NoReactor())
    both, served = [opened(), opened()], []

    def read(number: int) -> None:
        served.append(number)
        pump.forget(both[1 - number])

    for number, watched in enumerate(both):
        pump.watch(watched, partial(read, number))
        watched.sendto(b"one", watched.getsockname())
    pump.doRead()
    assert len(served) == 1
    pump.forget(both[served[0]])
    pump.close()


@pytest.mark.parametrize("nested", [True, False])
def test_real_reactor_serves_the_pump(opened: Callable[[], socket.socket], nested: bool) -> None:
    """Twisted takes the pump's epoll, or each socket, as one of its own descriptors."""
    reactor = EPollReactor()  # type: ignore[no-untyped-call]
    pump = MediaPump(reactor, nested=nested)
    watched, heard = opened(), []

    def read() -> None:
        heard.append(watched.recv(10))
        reactor.callLater(0, reactor.stop)

    pump.watch(watched, read)
    watched.sendto(b"one", watched.getsockname())
    reactor.callLater(5, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert heard == [b"one"]
    pump.forget(watched)
    pump.close()
    for reader in reactor.removeAll():  # type: ignore[no-untyped-call]
        reader.connectionLost(None)
