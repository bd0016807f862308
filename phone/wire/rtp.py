"""RTP packets (RFC 3550 §5.1, extension §5.3.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from phone.wire.errors import PacketError

VERSION = 2
HEADER_BYTES = 12

_HEADER = struct.Struct(">BBHII")
_EXTENSION = struct.Struct(">HH")


@dataclass(frozen=True, slots=True)
class HeaderExtension:
    """Follows the contributing sources when the X bit is set."""

    profile: int
    """16 bits, defined by the profile."""
    data: bytes = field(repr=False)
    """A whole number of 32-bit words."""


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One RTP packet. ``bytes(packet)`` is its wire form."""

    payload_type: int
    """7 bits."""
    sequence_number: int
    """16 bits."""
    timestamp: int
    """32 bits, in units of the payload's clock rate."""
    ssrc: int
    """32 bits."""
    payload: bytes = field(default=b"", repr=False)
    marker: bool = False
    csrc: tuple[int, ...] = ()
    """Contributing sources, at most 15."""
    extension: HeaderExtension | None = None
    padding: int = 0
    """Padding after the payload, bytes, 0 to 255, its own count byte included."""

    @classmethod
    def parse(cls, data: bytes) -> RtpPacket:
        """Read one datagram. Raise PacketError when it is not RTP version 2 or its lengths do not fit."""
        if len(data) < HEADER_BYTES:
            raise PacketError(f"{len(data)} bytes are no RTP packet")
        first, second, sequence_number, timestamp, ssrc = _HEADER.unpack_from(data)
        if first >> 6 != VERSION:
            raise PacketError(f"RTP version {first >> 6}")
        start = HEADER_BYTES + 4 * (first & 0x0F)
        if len(data) < start:
            raise PacketError("the contributing sources are cut off")
        csrc = struct.unpack_from(f">{first & 0x0F}I", data, HEADER_BYTES)
        extension = None
        if first & 0x10:
            if len(data) < start + 4:
                raise PacketError("the header extension is cut off")
            profile, words = _EXTENSION.unpack_from(data, start)
            end = start + 4 + 4 * words
            if len(data) < end:
                raise PacketError("the header extension is cut off")
            extension = HeaderExtension(profile, data[start + 4 : end])
            start = end
        padding = 0
        if first & 0x20:
            padding = data[-1] if len(data) > start else 0
            if not 0 < padding <= len(data) - start:
                raise PacketError(f"{padding} bytes of padding in {len(data) - start}")
        return cls(
            payload_type=second & 0x7F,
            sequence_number=sequence_number,
            timestamp=timestamp,
            ssrc=ssrc,
            payload=data[start : len(data) - padding],
            marker=bool(second & 0x80),
            csrc=csrc,
            extension=extension,
            padding=padding,
        )

    def __bytes__(self) -> bytes:
        extension = b""
        if self.extension is not None:
            words = len(self.extension.data) // 4
            extension = _EXTENSION.pack(self.extension.profile, words) + self.extension.data
        padding = bytes(self.padding - 1) + bytes([self.padding]) if self.padding else b""
        first = (
            VERSION << 6
            | (0x20 if self.padding else 0)
            | (0x10 if self.extension is not None else 0)
            | len(self.csrc)
        )
        return b"".join(
            (
                _HEADER.pack(
                    first,
                    self.marker << 7 | self.payload_type,
                    self.sequence_number,
                    self.timestamp,
                    self.ssrc,
                ),
                struct.pack(f">{len(self.csrc)}I", *self.csrc),
                extension,
                self.payload,
                padding,
            )
        )
