"""Wakes whoever a datagram came for."""

from __future__ import annotations

import logging
import select
import socket
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

_log = logging.getLogger("parley.media")

Readable = Callable[[], None]
"""Called when a socket has something; reads one datagram."""


class Reactor(Protocol):
    """The part of Twisted's ``IReactorFDSet`` that the pump uses."""

    def addReader(self, reader: Any) -> None: ...  # noqa: N802  # named by Twisted
    def removeReader(self, reader: Any) -> None: ...  # noqa: N802  # named by Twisted


@implementer(IReadDescriptor)
class MediaPump:
    """All media sockets in one epoll, and that epoll in the reactor as a single descriptor.

    The reactor's own dispatch costs more than relaying a packet, so it is paid once for all packets that are
    due. Each socket is read once a round: a flood on one does not starve the others. Where the system has no
    epoll each socket is a reader of its own.
    """

    def __init__(self, reactor: Reactor, *, nested: bool = hasattr(select, "epoll")) -> None:
        self._reactor = reactor
        self._readers: dict[int, _Reader] = {}
        self._epoll = select.epoll() if nested else None
        if self._epoll is not None:
            reactor.addReader(self)

    def watch(self, watched: socket.socket, readable: Readable) -> None:
        """Call ``readable`` whenever ``watched`` has something to read."""
        descriptor = watched.fileno()
        reader = self._readers[descriptor] = _Reader(descriptor, readable)
        if self._epoll is not None:
            self._epoll.register(descriptor, select.EPOLLIN)
        else:
            self._reactor.addReader(reader)

    def forget(self, watched: socket.socket) -> None:
        """Undo ``watch``; before the socket is closed."""
        reader = self._readers.pop(watched.fileno())
        if self._epoll is not None:
            self._epoll.unregister(reader.descriptor)
        else:
            self._reactor.removeReader(reader)

    def close(self) -> None:
        """Leave the reactor. All sockets must be forgotten by then."""
        if self._epoll is not None:
            self._reactor.removeReader(self)
            self._epoll.close()

    def fileno(self) -> int:
        """Return the epoll's descriptor (Twisted)."""
        assert self._epoll is not None
        return self._epoll.fileno()

    def doRead(self) -> None:  # noqa: N802  # named by Twisted
        """Serve every socket that is ready, once (Twisted)."""
        assert self._epoll is not None
        for descriptor, _ in self._epoll.poll(0):
            # one that was served before it in this round may have ended its call
            if descriptor in self._readers:
                self._readers[descriptor].doRead()

    def logPrefix(self) -> str:  # noqa: N802  # named by Twisted
        """Return what Twisted's log calls this."""
        return "media"

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802  # named by Twisted
        """Do nothing: there is no connection to lose (Twisted)."""


@implementer(IReadDescriptor)
class _Reader:
    """One socket and whom to wake; a bad datagram never ends the relay, so nothing gets past here."""

    def __init__(self, descriptor: int, readable: Readable) -> None:
        self.descriptor = descriptor
        self._readable = readable

    def fileno(self) -> int:
        return self.descriptor

    def doRead(self) -> None:  # noqa: N802  # named by Twisted
        try:
            self._readable()
        except Exception:
            _log.exception("a media datagram met an error of ours")

    def logPrefix(self) -> str:  # noqa: N802  # named by Twisted
        return "media"

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802  # named by Twisted
        """Do nothing: there is no connection to lose."""
