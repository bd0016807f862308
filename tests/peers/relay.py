"""A hostile relay: all that two phones send each other passes through it, and an attack decides what arrives.

The attacks are a table, so that every test of phones can go through all of them; what each has to come to is
the test's to say. The relay knows no clock: whoever owns it calls ``carry`` again and again.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from phone.media.sockets import RtpSocketPair
from phone.wire.demux import Kind, classify
from phone.wire.description import Address
from phone.wire.rtp import RtpPacket
from phone.zrtp.messages import Hello, parse
from phone.zrtp.packet import Packet

PROOFS = (b"SecAuth1", b"SecAuth2", b"SecAuth3", b"SecAuthA")
HELLO = b"Hello   "
LIE = bytes(reversed(range(160)))
"""The payload of plain sound that nobody has spoken."""


class Side(Enum):
    """Who has sent, or would seem to have sent, a datagram."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """Who gets it."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


Sent = tuple[Side, bytes]
Attack = Callable[[Side, bytes], Iterable[Sent]]
"""What becomes of a datagram: nothing, the same, another, or several, from either side."""


def zrtp_type(datagram: bytes) -> bytes:
    """Return the type of the ZRTP message that is in a datagram or begins there; nothing: there is none."""
    if classify(memoryview(datagram), len(datagram)) is not Kind.ZRTP:
        return b""
    if datagram[0] == 0x11:  # a fragment
        return datagram[24:32] if datagram[16:18] == b"\0\0" else b""
    return datagram[16:24]


def honest(side: Side, datagram: bytes) -> Iterator[Sent]:
    """Change nothing."""
    yield side, datagram


def dropping(*types: bytes) -> Attack:
    """Lose all messages of these types; ``b"any"``: all of ZRTP."""

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        kind = zrtp_type(datagram)
        is_zrtp = classify(memoryview(datagram), len(datagram)) is Kind.ZRTP
        if kind not in types and not (is_zrtp and b"any" in types):
            yield side, datagram

    return attack


def without_codes(prefix: bytes, *, of: Side) -> Attack:
    """Take the codes that begin so out of the Hello of one side, with a right checksum."""

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        if side is not of or zrtp_type(datagram) != HELLO:
            yield side, datagram
            return
        packet = Packet.parse(datagram)
        hello = parse(packet.message)
        assert isinstance(hello, Hello)
        left = tuple(code for code in hello.sas_types if not code.startswith(prefix))
        message = bytes(replace(hello, sas_types=left)) + packet.message[-8:]
        yield side, bytes(replace(packet, message=message))

    return attack


def edited(kind: bytes) -> Attack:
    """Turn a bit in the middle of every message of a type, with a right checksum."""

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        if zrtp_type(datagram) == kind:
            packet = Packet.parse(datagram)
            message = bytearray(packet.message)
            message[len(message) // 2] ^= 1
            datagram = bytes(replace(packet, message=bytes(message)))
        yield side, datagram

    return attack


def reflecting(*types: bytes) -> Attack:
    """Send back to each side what it has said itself, in the place of what the other says."""

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        yield (side.other if zrtp_type(datagram) in types else side), datagram

    return attack


def echoing(*types: bytes) -> Attack:
    """Send back to each side what it has said itself, besides delivering it."""

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        yield side, datagram
        if zrtp_type(datagram) in types:
            yield side.other, datagram

    return attack


def replaying(old: Iterable[Sent]) -> Attack:
    """Deliver messages of an earlier call in the place of those of the same type; keep none back."""
    kept = {(side, zrtp_type(datagram)): datagram for side, datagram in old}

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        yield side, kept.get((side, zrtp_type(datagram)), datagram)

    return attack


def injecting_plain() -> Attack:
    """Add plain sound to everything, from both sides."""
    numbers = iter(range(1 << 16))

    def attack(side: Side, datagram: bytes) -> Iterator[Sent]:
        yield side, datagram
        for speaker in Side:
            number = next(numbers)
            yield speaker, bytes(RtpPacket(0, number, 160 * number, 0x5EED, LIE))

    return attack


def only_plain(side: Side, datagram: bytes) -> Iterator[Sent]:
    """Put plain sound in the place of everything."""
    number = int.from_bytes(datagram[2:4], "big")
    yield side, bytes(RtpPacket(0, number, 160 * number, 0x5EED, LIE))


ATTACKS: Mapping[str, Callable[[], Attack]] = {
    "a Hello without the keeper's codes": lambda: without_codes(b"ZSK", of=Side.RIGHT),
    "a Hello without the holder's codes": lambda: without_codes(b"ZSH", of=Side.LEFT),
    "an edited Hello": lambda: edited(HELLO),
    "no ZRTP at all": lambda: dropping(b"any"),
    "no Hello": lambda: dropping(HELLO),
    "no SecAuth1": lambda: dropping(b"SecAuth1"),
    "no SecAuth2": lambda: dropping(b"SecAuth2"),
    "no SecAuth3": lambda: dropping(b"SecAuth3"),
    "an edited SecAuth1": lambda: edited(b"SecAuth1"),
    "an edited SecAuth2": lambda: edited(b"SecAuth2"),
    "an edited SecAuth3": lambda: edited(b"SecAuth3"),
    "reflected proofs": lambda: reflecting(*PROOFS),
}
"""What keeps a holder on the left from taking the keeper on the right for proved, by name."""

HARMLESS: Mapping[str, Callable[[], Attack]] = {
    "nothing": lambda: honest,
    "echoed proofs": lambda: echoing(*PROOFS),
    "plain sound beside it": injecting_plain,
}
"""What changes nothing between the two."""


@dataclass
class _Port:
    """The sockets that one phone talks to, and where it is."""

    pair: RtpSocketPair
    phone: Address | None = None

    def send(self, datagram: bytes, *, rtcp: bool) -> None:
        if self.phone is not None:
            sock = self.pair.rtcp if rtcp else self.pair.rtp
            sock.sendto(datagram, (self.phone.host, self.phone.port + rtcp))


@dataclass
class Relay:
    """Sits between two phones; what each of them has sent is kept in ``tapped``."""

    host: str
    attack: Attack = honest
    tapped: list[Sent] = field(default_factory=list)
    """RTP port and RTCP port together, before the attack."""

    def __post_init__(self) -> None:
        self._ports = {side: _Port(RtpSocketPair(self.host)) for side in Side}

    def address(self, side: Side) -> Address:
        """Return where the phone of this side has to send to."""
        return Address(self.host, self._ports[side].pair.port)

    def aim(self, side: Side, phone: Address) -> None:
        """Tell where the phone of this side is."""
        self._ports[side].phone = phone

    def carry(self, *, within: float = 0) -> int:
        """Pass on what has come, or comes within so many seconds; return how many datagrams that was."""
        sources = {
            sock: (side, sock is port.pair.rtcp)
            for side, port in self._ports.items()
            for sock in (port.pair.rtp, port.pair.rtcp)
        }
        count = 0
        for ready in select.select(list(sources), [], [], within)[0]:
            side, rtcp = sources[ready]
            try:
                datagram = ready.recv(5000)
            except ConnectionRefusedError:
                continue
            count += 1
            self.tapped.append((side, datagram))
            for sender, arriving in self.attack(side, datagram):
                self._ports[sender.other].send(arriving, rtcp=rtcp)
        return count

    def plain(self, payload: bytes) -> list[Sent]:
        """Return what the phones have sent with this payload in it, for anyone to hear."""
        return [(side, datagram) for side, datagram in self.tapped if payload in datagram]

    def close(self) -> None:
        """Close all sockets."""
        for port in self._ports.values():
            port.pair.close()
