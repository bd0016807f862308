"""RTCP: a compound packet as a list of its parts (RFC 3550 §6.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum

from phone.wire.errors import PacketError

VERSION = 2

_HEADER = struct.Struct(">BBH")


class PacketType(IntEnum):
    """The types that begin a compound packet, and those that end a stream (RFC 3550 §12.1)."""

    SR = 200
    RR = 201
    SDES = 202
    BYE = 203
    APP = 204


@dataclass(frozen=True, slots=True)
class RtcpPacket:
    """One part of a compound packet. ``bytes(packet)`` is its wire form."""

    packet_type: int
    """8 bits; see ``PacketType``."""
    count: int
    """5 bits: report blocks, chunks, sources or subtype, by type."""
    body: bytes = field(repr=False)
    """What follows the first word; a whole number of 32-bit words. Padding is left in it."""
    padded: bool = False
    """The P bit: the last byte of ``body`` tells how many bytes of it are padding."""

    def __bytes__(self) -> bytes:
        first = VERSION << 6 | self.padded << 5 | self.count
        return _HEADER.pack(first, self.packet_type, len(self.body) // 4) + self.body


def parse_compound(data: bytes) -> tuple[RtcpPacket, ...]:
    """Split one datagram into its parts. Raise PacketError when a header or a length does not fit."""
    parts: list[RtcpPacket] = []
    at = 0
    while at < len(data) or not parts:
        if len(data) - at < 4:
            raise PacketError(f"{len(data) - at} bytes are no RTCP packet")
        first, packet_type, words = _HEADER.unpack_from(data, at)
        if first >> 6 != VERSION:
            raise PacketError(f"RTCP version {first >> 6}")
        end = at + 4 + 4 * words
        if end > len(data):
            raise PacketError("the RTCP packet is cut off")
        parts.append(RtcpPacket(packet_type, first & 0x1F, data[at + 4 : end], bool(first & 0x20)))
        at = end
    return tuple(parts)


def empty_receiver_report(ssrc: int) -> bytes:
    """Return the smallest RTCP packet there is: an RR without report blocks (RFC 3550 §6.4.2)."""
    return bytes(RtcpPacket(PacketType.RR, 0, ssrc.to_bytes(4, "big")))
