"""The control socket, served by the reactor."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from phone.control import jsonrpc
from phone.control.address import short_path
from phone.control.contract import HAPPENED, LINE_BYTES, SUBSCRIBE, ControlError
from phone.control.methods import Methods

_log = logging.getLogger("parley.control")

MOST_WAITING = 1 << 20
"""Bytes that may wait for a client that does not read; then it is dropped."""


class ControlServer:
    """The one backend of its home: nobody else can be it, until this process ends in whatever way."""

    def __init__(self, reactor: Any, path: Path) -> None:
        """Claim ``path``, which lies in a folder of mode 0700. Raise ControlError when it is taken."""
        self._reactor = reactor
        self._path = path
        self._port: Any = None  # untyped in Twisted
        self._name = contextlib.ExitStack()
        self._unsubscribe: Callable[[], None] | None = None
        self._clients: set[_Client] = set()
        self._subscribers: set[_Client] = set()
        try:
            # a lock, since it goes with the process: a socket that a killed one has left tells nothing
            self._lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise ControlError(f"Parley is already running with the home {path.parent}.") from error
        except OSError as error:
            raise ControlError(f"The folder {path.parent} cannot be used: {error.strerror}.") from error

    def listen(self, methods: Methods) -> None:
        """Answer from now on. Raise ControlError."""
        self._methods = methods
        self._path.unlink(missing_ok=True)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
                listening.setblocking(False)
                # until the end: Twisted removes the socket by the name it was bound to
                listening.bind(self._name.enter_context(short_path(self._path)))
                listening.listen()
                self._port = self._reactor.adoptStreamPort(listening.fileno(), socket.AF_UNIX, _Clients(self))
            self._path.chmod(0o600)  # Twisted opens it to all; the folder does not let them in
        except OSError as error:
            raise ControlError(f"The socket {self._path} cannot be used: {error.strerror}.") from error
        self._unsubscribe = methods.subscribe(self._publish)

    async def close(self) -> None:
        """Stop listening, hang up, and let another backend have this home."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._port is not None:
            with contextlib.suppress(FileNotFoundError):  # somebody else has removed it
                await maybeDeferred(self._port.stopListening)
            self._name.close()
        for client in list(self._clients):
            client.hang_up()
        os.close(self._lock)

    def _publish(self, event: Mapping[str, Any]) -> None:
        text = jsonrpc.notification(HAPPENED, event)
        for client in list(self._subscribers):
            client.send(text)

    # what the clients tell

    def joined(self, client: _Client) -> None:
        """A client has connected."""
        self._clients.add(client)

    def left(self, client: _Client) -> None:
        """A client has gone."""
        self._clients.discard(client)
        self._subscribers.discard(client)

    async def call(self, client: _Client, method: str, params: Mapping[str, Any]) -> object:
        """Carry out a method for ``client``."""
        if method != SUBSCRIBE:
            return await self._methods.call(method, params)
        self._subscribers.add(client)
        return None


class _Clients(Factory):
    """Makes a ``_Client`` of every connection."""

    noisy = False

    def __init__(self, server: ControlServer) -> None:
        self._server = server

    def buildProtocol(self, addr: object) -> _Client:  # noqa: ARG002, N802  # Twisted's name
        return _Client(self._server)


class _Client(LineOnlyReceiver):
    """One connection. While its client does not read answers, its requests are not read either."""

    delimiter = b"\n"
    MAX_LENGTH = LINE_BYTES
    transport: Any  # untyped in Twisted

    def __init__(self, server: ControlServer) -> None:
        self._server = server
        self._waiting: int | None = None
        """Bytes written since the client has stopped reading; ``None``: it reads."""

    def connectionMade(self) -> None:  # noqa: N802  # Twisted's name
        self.transport.registerProducer(self, True)
        self._server.joined(self)

    def connectionLost(self, reason: Failure | None = None) -> None:  # noqa: ARG002, N802  # Twisted's name
        self._server.left(self)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        # bytes that are no UTF-8 become half surrogate pairs, which no parameter may have
        text = line.decode("utf-8", "surrogateescape")
        Deferred.fromCoroutine(jsonrpc.answer(text, self._call)).addCallback(self._reply)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802  # Twisted's name
        _log.warning("a client that sent a line of more than %d bytes was dropped", LINE_BYTES)
        self.transport.abortConnection()

    def send(self, text: str) -> None:
        """Send one line, or drop the client if it has left too much unread."""
        line = text.encode() + b"\n"
        if self._waiting is not None:
            self._waiting += len(line)
            if self._waiting > MOST_WAITING:
                _log.warning("a client that does not read was dropped")
                self.transport.abortConnection()
                return
        self.transport.write(line)

    def hang_up(self) -> None:
        """Send what is waiting, then close."""
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    async def _call(self, method: str, params: Mapping[str, Any]) -> object:
        return await self._server.call(self, method, params)

    def _reply(self, text: str | None) -> None:
        if text is not None:
            self.send(text)

    # IPushProducer: the transport tells whether the client reads

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's name
        if self._waiting is None:  # it is told so at every write
            self._waiting = 0
            self.transport.pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802  # Twisted's name
        self._waiting = None
        self.transport.resumeProducing()

    def stopProducing(self) -> None:  # noqa: N802  # Twisted's name
        """Nothing to stop: ``connectionLost`` comes."""
