"""The control socket of a worker, for a program that must not wait."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import ClientFactory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from phone.control import jsonrpc
from phone.control.address import short_path
from phone.control.contract import LINE_BYTES, SUBSCRIBE, ControlError, Event
from phone.control.jsonrpc import Notification


class Link(LineOnlyReceiver):
    """One connection to a backend. Everything happens in the reactor's thread."""

    delimiter = b"\n"
    MAX_LENGTH = LINE_BYTES

    def __init__(self, happened: Callable[[Event], None]) -> None:
        """``happened``: told every event once ``subscribe`` was answered."""
        self._happened = happened
        self._identifiers = itertools.count(1)
        self._waiting: dict[int, Deferred[Any]] = {}
        self._gone = False

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> Deferred[Any]:
        """Call ``method``; fires with its result, or fails with ControlError."""
        identifier = next(self._identifiers)
        answered: Deferred[Any] = Deferred()
        if self._gone:
            answered.errback(ControlError("The worker has gone."))
            return answered
        self._waiting[identifier] = answered
        line = jsonrpc.request(method, params or {}, identifier).encode()
        self.sendLine(line)  # type: ignore[no-untyped-call]
        return answered

    def subscribe(self) -> Deferred[Any]:
        """Be told what happens from now on."""
        return self.request(SUBSCRIBE)

    def lineReceived(self, line: bytes) -> None:
        """An answer, or something that has happened."""
        message = jsonrpc.read(line.decode())
        if isinstance(message, Notification):
            self._happened(message.params)
            return
        answered = self._waiting.pop(message.identifier)  # type: ignore[arg-type]  # ours are numbers
        if message.error is not None:
            answered.errback(message.error)
        else:
            answered.callback(message.result)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: ARG002
        """Whoever still waits is told."""
        self._gone = True
        waiting, self._waiting = self._waiting, {}
        for answered in waiting.values():
            answered.errback(ControlError("The worker has gone."))


def connect(reactor: Any, path: Path, happened: Callable[[Event], None]) -> Link:
    """Return a connection to the control socket at ``path``. Raise OSError while nobody listens there."""
    link = Link(happened)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, short_path(path) as name:
        connection.connect(name)
        connection.setblocking(False)
        factory = ClientFactory.forProtocol(lambda: link)
        factory.noisy = False
        reactor.adoptStreamConnection(connection.fileno(), socket.AF_UNIX, factory)
    return link
