"""Somebody in between who agrees on keys with each of two phones, and gives himself out for the other one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from phone.media.streams import SecureStream
from phone.wire.demux import Kind, classify
from phone.wire.srtp import PacketBuffer, SrtpError
from phone.zrtp.cache import Zid
from phone.zrtp.events import ReceiveKeysReady, Secured
from phone.zrtp.messages import Hello, parse
from phone.zrtp.packet import Packet
from phone.zrtp.session import Session
from tests.peers.relay import HELLO, Sent, Side, zrtp_type
from tests.zrtp.memory import MemoryCache


class Impostor:
    """An attack of the relay's. Its time passes while datagrams come, of which a call has plenty.

    Everybody on the way sees the ZIDs of the two; what they have retained of each other it does not have.
    What it is told it passes on under other keys, so that both hear each other.
    """

    def __init__(self) -> None:
        self.heard = 0
        """Packets of sound that it has opened."""
        self._faces: dict[Side, _Face] = {}
        """What each phone takes for the other one."""
        self._buffer = PacketBuffer()

    def __call__(self, side: Side, datagram: bytes) -> Iterator[Sent]:
        """Take what the phone on this side has sent."""
        kind = classify(memoryview(datagram), len(datagram))
        if kind is Kind.ZRTP:
            self._agree(side, datagram)
        elif kind in (Kind.RTP, Kind.RTCP):
            yield from self._listen(side, datagram, rtcp=kind is Kind.RTCP)
        if kind is not Kind.RTCP:  # which has a port of its own
            for towards, face in self._faces.items():
                for answer in face.work():
                    yield towards.other, answer

    def _agree(self, side: Side, datagram: bytes) -> None:
        if zrtp_type(datagram) == HELLO and side.other not in self._faces:
            packet = Packet.parse(datagram)
            hello = parse(packet.message)
            assert isinstance(hello, Hello)
            self._faces[side.other] = _Face(hello.zid, packet.ssrc)
        if side in self._faces:
            self._faces[side].session.receive_datagram(datagram, time.monotonic())

    def _listen(self, side: Side, datagram: bytes, *, rtcp: bool) -> Iterator[Sent]:
        near, far = (self._faces[one].stream if one in self._faces else None for one in (side, side.other))
        if near is None or far is None or far.secured is None:
            return
        with suppress(SrtpError):
            length = near.unprotect(self._buffer, self._buffer.put(datagram), rtcp=rtcp)
            self.heard += not rtcp
            yield side, self._buffer.get(far.protect(self._buffer, length, rtcp=rtcp))


class _Face:
    """What one of the phones sees: the other one's ZID and SSRC, and an engine that is neither's."""

    def __init__(self, zid: Zid, ssrc: int) -> None:
        self.stream: SecureStream | None = None
        self.session = Session(ssrc=ssrc, cache=MemoryCache(zid))
        self.session.start(time.monotonic())

    def work(self) -> list[bytes]:
        """Do what is due; return what is to be sent."""
        now = time.monotonic()
        if (due := self.session.get_timer()) is not None and due <= now:
            self.session.handle_timer(now)
        answers = self.session.datagrams_to_send()
        while (happened := self.session.next_event()) is not None:
            identifier, event = happened
            if isinstance(event, ReceiveKeysReady):
                self.stream = SecureStream(identifier, event.keys)
            elif isinstance(event, Secured) and self.stream is not None:
                self.stream.secure(event, 0)
        return answers
