"""The smallest media relay that pjsua2 can live behind: packets through, nothing else."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.protocol import DatagramProtocol

from phone.sip.interface import Stream
from phone.wire.description import Address, MediaDescription

reactor: Any = installed_reactor


class _Side(DatagramProtocol):
    transport: Any

    def __init__(self) -> None:
        self.other: _Side | None = None
        self.target: Address | None = None

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:  # noqa: N802
        other = self.other
        if other is not None and other.target is not None and other.transport is not None:
            other.transport.write(datagram, other.target)


class Relay:
    """Two pairs of sockets: outer ones on ``host``, inner ones on 127.0.0.1."""

    def __init__(self, host: str) -> None:
        self._host = host
        self.outer, self._inner = [_Side(), _Side()], [_Side(), _Side()]
        self._ports: list[Any] = []
        for outer, inner in zip(self.outer, self._inner, strict=True):
            outer.other, inner.other = inner, outer
            self._ports.append(reactor.listenUDP(0, outer, interface=host))
            self._ports.append(reactor.listenUDP(0, inner, interface="127.0.0.1"))

    def describe(self) -> MediaDescription:
        """Return where the peer has to send to."""
        rtp, rtcp = (Address(self._host, self._ports[index].getHost().port) for index in (0, 2))
        return MediaDescription(rtp, rtcp, "1.10 " + "0" * 64)

    def inner(self) -> tuple[Address, Address]:
        """Return where pjsua2 has to send to."""
        rtp, rtcp = (Address("127.0.0.1", self._ports[index].getHost().port) for index in (1, 3))
        return rtp, rtcp

    def connect(self, stream: Stream) -> None:
        """Join pjsua2 and the peer."""
        self.outer[0].target, self.outer[1].target = stream.remote_rtp, stream.remote_rtcp
        self._inner[0].target, self._inner[1].target = stream.local_rtp, stream.local_rtcp

    def close(self) -> None:
        """Close all sockets."""
        for port in self._ports:
            port.stopListening()
