"""What the relay costs beside the least that any relay must do.

``python -m bench.relay [CALLS]``: both move the same SRTP packets of ``CALLS`` calls (default 50) out and in
through real sockets in one process: the bare loop reads, calls libsrtp in place and sends, and does nothing
else; the relay is two legs' whole code. Prints microseconds of CPU per packet, the best of several rounds
taken in turn, and the ratio.
"""

from __future__ import annotations

import gc
import select
import sys
import time
from collections.abc import Callable

from phone.wire.rtp import RtpPacket
from phone.wire.srtp import CAPACITY, AuthTag, PacketBuffer, SrtpReceiver, SrtpSender
from tests.media.world import End, Sockets, World

ROUNDS = 15
PACKETS = 10
"""Per call and round; the sockets' queues hold them."""
SPEECH = bytes(160)


class BareCall:
    """An inner and an outer socket, SRTP keys, and nothing that decides anything."""

    def __init__(self, end: End, epoll: select.epoll) -> None:
        secured = end.leg.state.secured
        assert secured is not None
        keys = secured.keys
        tag = AuthTag(keys.auth_tag)
        self.protect = SrtpSender(keys.local_key, keys.local_salt, tag).protect
        self.unprotect = SrtpReceiver(keys.local_key, keys.local_salt, tag).unprotect
        self.inner, self.outer = Sockets("127.0.0.1"), Sockets(end.host)
        self.phone, self.peer = Sockets("127.0.0.1"), Sockets(end.host)
        self.inner.pair.rtp.connect(self.phone.rtp)
        self.outer.pair.rtp.connect(self.peer.rtp)
        epoll.register(self.inner.pair.rtp.fileno(), select.EPOLLIN)
        epoll.register(self.outer.pair.rtp.fileno(), select.EPOLLIN)

    def close(self) -> None:
        for opened in (self.inner, self.outer, self.phone, self.peer):
            opened.close()


def drain(opened: Sockets) -> list[bytes]:
    return [datagram for datagram, _ in opened.heard()]


def cpu_us(work: Callable[[], object]) -> float:
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1000


def main(calls: int) -> None:
    """Measure and print."""
    world = World()
    ends = []
    for number in range(calls):
        near, far = world.end(f"near {number}"), world.end(f"far {number}")
        world.secure(near, far)
        ends.append((near, far))
    epoll = select.epoll()
    bare = [BareCall(near, epoll) for near, _ in ends]
    buffer = PacketBuffer()
    routes: dict[int, Callable[[], object]] = {}

    def route(source: Sockets, target: Sockets, transform: Callable[[PacketBuffer, int], int]) -> None:
        receive, send, view = source.pair.rtp.recv_into, target.pair.rtp.send, buffer.view
        routes[source.pair.rtp.fileno()] = lambda: send(view[: transform(buffer, receive(view, CAPACITY))])

    for call in bare:
        route(call.inner, call.outer, call.protect)
        route(call.outer, call.inner, call.unprotect)

    def bare_loop() -> None:
        while ready := epoll.poll(0):
            for descriptor, _ in ready:
                routes[descriptor]()

    def relay_loop() -> None:
        assert world.pump._epoll is not None
        while select.select([world.pump], [], [], 0)[0]:
            world.pump.doRead()

    best = {"bare": float("inf"), "relay": float("inf")}
    gc.disable()
    for number in range(ROUNDS):
        # the relay: each near end speaks; what crosses is protected by one leg and opened by the other
        for near, _ in ends:
            for _ in range(PACKETS):
                near.phone.speak(SPEECH)
        best["relay"] = min(best["relay"], cpu_us(relay_loop) / (2 * calls * PACKETS))
        for _, far in ends:
            assert len(far.phone.speech()) == PACKETS
        # the bare loop: the same out, then in
        for call in bare:
            for index in range(PACKETS):
                packet = bytes(RtpPacket(0, number * PACKETS + index + 1, 0, 7, SPEECH))
                call.phone.pair.rtp.sendto(packet, call.inner.rtp)
        spent = cpu_us(bare_loop)
        for call in bare:
            for datagram in drain(call.peer):
                call.peer.pair.rtp.sendto(datagram, call.outer.rtp)
        spent += cpu_us(bare_loop)
        best["bare"] = min(best["bare"], spent / (2 * calls * PACKETS))
        for call in bare:
            assert len(drain(call.phone)) == PACKETS
    gc.enable()
    print(f"{calls} calls, us of CPU per packet: bare loop {best['bare']:.2f}, relay {best['relay']:.2f}")
    print(f"ratio {best['relay'] / best['bare']:.2f}")
    for call in bare:
        call.close()
    epoll.close()
    world.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
