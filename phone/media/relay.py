"""Carries packets between the phone, on this host's loopback, and the network."""

from __future__ import annotations

import errno
import socket
from collections import deque
from typing import Protocol

from phone.media.encryption import Counters
from phone.media.nat import Latch
from phone.media.pump import MediaPump
from phone.media.sockets import LOOPBACK, RtpSocketPair, disconnect
from phone.wire.demux import Kind, classify
from phone.wire.description import Address
from phone.wire.srtp import CAPACITY, PacketBuffer

# looked up for every packet, which costs a sixth of a microsecond as members of an enum
_RTP, _RTCP, _ZRTP, _DTLS, _OTHER = Kind
_HANDSHAKES = (_ZRTP, _DTLS)

_EARLY = 8
"""ZRTP and DTLS datagrams kept that came before the remote address was known."""


class Passage(Protocol):
    """Decides what passes, and changes it in place. A returned length of 0: it does not pass."""

    def seal(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Take a packet of the phone; return the length of what leaves."""
        ...

    def open(self, buffer: PacketBuffer, length: int, *, rtcp: bool, proof: bool) -> int:
        """Take a packet of the network; return the length of what the phone gets.

        ``proof``: only if it authenticates, because nobody was expected where it came from.
        """
        ...

    def zrtp_received(self, datagram: bytes) -> None:
        """Take a ZRTP datagram of the remote."""
        ...

    def dtls_received(self, datagram: bytes) -> None:
        """Take a DTLS datagram of the remote."""
        ...

    def remote_found(self) -> None:
        """The remote turned out to be somewhere else than signalled."""
        ...


class Relay:
    """Two paths, RTP and RTCP, each from an inner socket on 127.0.0.1 to an outer one.

    Inner sockets are connected to the phone's own ports, so that the kernel drops every other source. Outer
    ones are connected once the remote has been heard. With rtcp-mux (RFC 5761) RTCP takes the RTP path.
    """

    def __init__(self, pump: MediaPump, bind_host: str, passage: Passage, counters: Counters) -> None:
        """Open the sockets; raise OSError when there is no address or port to be had."""
        inner = RtpSocketPair(LOOPBACK)
        try:
            outer = RtpSocketPair(bind_host)
        except OSError:
            inner.close()
            raise
        self.port = outer.port
        """Our RTP port towards the network; RTCP has the next one."""
        self._inner, self._outer = inner, outer
        self._pump = pump
        self._passage = passage
        self._rtp = _Path(inner.rtp, outer.rtp, passage, counters, carries_rtp=True)
        self._rtcp = _Path(inner.rtcp, outer.rtcp, passage, counters, carries_rtp=False)
        self._let_rtcp_take(self._rtcp)
        for path in (self._rtp, self._rtcp):
            pump.watch(path.inner, path.read_inner)
            pump.watch(path.outer, path.read_outer)

    @property
    def inner(self) -> tuple[Address, Address]:
        """Where on 127.0.0.1 the phone is to send RTP and RTCP."""
        return Address(LOOPBACK, self._inner.port), Address(LOOPBACK, self._inner.port + 1)

    @property
    def remote(self) -> Address | None:
        """Where RTP goes: as signalled, or as seen."""
        return self._rtp.latch.remote

    def is_current(self, remote_rtp: Address) -> bool:
        """Tell whether this signalled address means the remote that we have."""
        return self._rtp.latch.is_current(remote_rtp)

    def join(self, local_rtp: Address, local_rtcp: Address) -> None:
        """Take the phone's packets from these ports alone, and bring it its own there."""
        self._rtp.join(local_rtp)
        self._rtcp.join(local_rtcp)

    def aim(self, remote_rtp: Address, remote_rtcp: Address, seen: Address | None = None) -> None:
        """Send to this remote from now on; ``seen``: where it was found behind its NAT before."""
        self._let_rtcp_take(self._rtp if remote_rtcp == remote_rtp else self._rtcp)
        if not self._rtp.latch.is_current(remote_rtp):
            self._rtp.move(remote_rtp, seen)
        if not self._rtcp.latch.is_current(remote_rtcp):
            self._rtcp.move(remote_rtcp, None)

    def send(self, datagram: bytes) -> None:
        """Send a ZRTP or DTLS datagram to the remote."""
        self._rtp.send(datagram)

    def send_rtcp(self, datagram: bytes) -> None:
        """Send an RTCP packet of our own to the remote."""
        self._rtp.rtcp_way.send(datagram)

    def release_early(self) -> None:
        """Hand on the ZRTP and DTLS that came before the remote was known, as far as it is the remote's."""
        self._rtp.release_early()

    def close(self) -> None:
        """Free all ports."""
        for path in (self._rtp, self._rtcp):
            self._pump.forget(path.inner)
            self._pump.forget(path.outer)
        self._inner.close()
        self._outer.close()

    def _let_rtcp_take(self, way: _Path) -> None:
        self._rtp.rtcp_way = self._rtcp.rtcp_way = way


class _Path:
    """One inner and one outer socket, and what is between them."""

    rtcp_way: _Path
    """Which path RTCP takes."""

    def __init__(
        self,
        inner: socket.socket,
        outer: socket.socket,
        passage: Passage,
        counters: Counters,
        *,
        carries_rtp: bool,
    ) -> None:
        self.inner = inner
        self.outer = outer
        self.latch = Latch()
        self._passage = passage
        self._counters = counters
        self._carries_rtp = carries_rtp
        self._phone: Address | None = None
        self._connected = False
        self._buffer = PacketBuffer()
        self._view = self._buffer.view
        self._early: deque[tuple[Address, bytes]] = deque(maxlen=_EARLY)

    # from the phone

    def join(self, phone: Address) -> None:
        """Connect to the phone's port."""
        if phone == self._phone:
            return
        self.inner.connect(phone)
        self._phone = phone
        # what is queued came while anybody could send
        while self._receive(self.inner) is not None:
            self._counters.strangers += 1

    def read_inner(self) -> None:
        """Carry one packet out."""
        length = self._receive(self.inner)
        if length is None:
            return
        if self._phone is None:
            self._counters.strangers += 1
            return
        kind = classify(self._view, length)
        rtcp = kind is _RTCP
        if length == CAPACITY or not (rtcp or (kind is _RTP and self._carries_rtp)):
            self._counters.foreign += 1
            return
        length = self._passage.seal(self._buffer, length, rtcp=rtcp)
        if length:
            (self.rtcp_way if rtcp else self).send(self._view[:length])

    def send(self, datagram: bytes | memoryview) -> None:
        """Send to the remote, which must be known."""
        try:
            if self._connected:
                self.outer.send(datagram)
            else:
                assert self.latch.remote is not None
                self.outer.sendto(datagram, self.latch.remote)
        except OSError as error:
            self._count(error)

    # from the network

    def move(self, signalled: Address, seen: Address | None) -> None:
        """Let the remote be somewhere else."""
        self.latch.move(signalled, seen)
        if self._connected and disconnect(self.outer):
            self._connected = False
        elif self._connected:
            self.outer.connect(signalled)

    def read_outer(self) -> None:
        """Carry one packet in."""
        if self._connected:
            length = self._receive(self.outer)
            if length is not None:
                self._arrived(length, None)
            return
        received = self._receive_from()
        if received is not None:
            self._arrived(*received)
            if self.latch.settled and self.outer.fileno() >= 0:
                self._connect()

    def deliver(self, datagram: bytes | memoryview) -> None:
        """Bring the phone, which must have been joined, a packet."""
        try:
            self.inner.send(datagram)
        except OSError as error:
            self._count(error)

    def release_early(self) -> None:
        """Hand on what was kept, as far as it is the remote's."""
        while self._early:
            source, datagram = self._early.popleft()
            self._arrived(self._buffer.put(datagram), source)

    def _arrived(self, length: int, source: Address | None) -> None:
        """Judge a datagram; ``source`` is ``None`` on a connected socket."""
        kind = classify(self._view, length)
        if kind is _OTHER or length == CAPACITY or not (self._carries_rtp or kind is _RTCP):
            self._counters.foreign += 1
        elif source is None or self.latch.expects(source):
            self._take(kind, length, proof=False)
        elif self.latch.remote is None and kind in _HANDSHAKES:
            self._early.append((source, self._buffer.get(length)))
        elif not self.latch.may_be(source) or not self._find(kind, length, source):
            self._counters.strangers += 1

    def _find(self, kind: Kind, length: int, source: Address) -> bool:
        """Judge a datagram from where nobody was expected; tell whether it is the remote's."""
        before = self.latch.remote
        if kind not in _HANDSHAKES and self._take(kind, length, proof=True):
            self.latch.prove(source)
        elif self.latch.hear(source):
            self._take(kind, length, proof=False)
        else:
            return False
        if self.latch.remote != before:
            self._passage.remote_found()
        return True

    def _take(self, kind: Kind, length: int, *, proof: bool) -> bool:
        """Let the passage have a datagram; tell whether it passed."""
        if kind is _ZRTP:
            self._passage.zrtp_received(self._buffer.get(length))
            return False
        if kind is _DTLS:
            self._passage.dtls_received(self._buffer.get(length))
            return False
        rtcp = kind is _RTCP
        length = self._passage.open(self._buffer, length, rtcp=rtcp, proof=proof)
        if length:
            (self.rtcp_way if rtcp else self).deliver(self._view[:length])
        return length > 0

    def _connect(self) -> None:
        """Let the kernel drop everybody but the remote, and sort out what is queued from before."""
        remote = self.latch.remote
        assert remote is not None
        try:
            self.outer.connect(remote)
        except OSError as error:
            self._count(error)
            return
        self._connected = True
        while received := self._receive_from():
            length, source = received
            if source == remote:
                self._arrived(length, None)
            else:
                self._counters.strangers += 1

    # sockets

    def _receive(self, receiver: socket.socket) -> int | None:
        """Read one datagram into the buffer and return its length; ``None``: there was none."""
        try:
            return receiver.recv_into(self._view, CAPACITY)
        except BlockingIOError:
            return None
        except OSError as error:
            self._count(error)
            return None

    def _receive_from(self) -> tuple[int, Address] | None:
        """Read one datagram of the network into the buffer; return its length and where it came from."""
        try:
            length, source = self.outer.recvfrom_into(self._view, CAPACITY)
        except BlockingIOError:
            return None
        except OSError as error:
            self._count(error)
            return None
        return length, Address(*source)

    def _count(self, error: OSError) -> None:
        if error.errno == errno.ECONNREFUSED:
            self._counters.refused += 1
        else:
            self._counters.send_failed += 1
