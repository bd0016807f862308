"""The packet that carries a ZRTP message (RFC 6189 §5).

======  ====  =======================================================
offset  size  field
======  ====  =======================================================
0       1     0x10, never the version of an RTP packet; 0x11 with a fragment
1       1     zero
2       2     sequence number
4       4     magic cookie ``ZRTP``
8       4     SSRC of the RTP stream that this packet belongs to
12      n     message or fragment of one, a multiple of 4 bytes
12 + n  4     CRC-32C of everything before, least significant byte first
======  ====  =======================================================
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import google_crc32c

from phone.zrtp.errors import MessageError

MAGIC_COOKIE: Final = b"ZRTP"
MAX_MESSAGE_SIZE: Final = 2120
"""Bytes; a Confirm with the longest signature, 511 words (§5.7)."""
MIN_MESSAGE_SIZE: Final = 12

_WHOLE: Final = 0x10
_FRAGMENT: Final = 0x11
_HEADER: Final = struct.Struct("!BBH4sI")
_CRC: Final = struct.Struct("<I")
PACKET_OVERHEAD: Final = _HEADER.size + _CRC.size
"""Bytes of a packet beside its message."""


def crc32c(data: bytes) -> int:
    """Return the CRC-32C (Castagnoli) of ``data``, as RFC 4960 Appendix B computes it."""
    value: int = google_crc32c.value(data)
    return value


@dataclass(frozen=True, slots=True)
class Packet:
    """One ZRTP packet, the payload of one UDP datagram."""

    sequence_number: int
    """16 bits, one more for every packet sent, retransmissions included."""
    ssrc: int
    message: bytes
    is_fragment: bool = False
    """``message`` is part of one, as ``fragments`` reads it."""

    @classmethod
    def parse(cls, datagram: bytes) -> Packet:
        """Return the packet in ``datagram``; raise ``MessageError`` when it is none or was damaged.

        But for the mark of a fragment, bits 4 to 15 of the first word are ignored on receipt (§5).
        """
        size = len(datagram) - PACKET_OVERHEAD
        if not MIN_MESSAGE_SIZE <= size <= MAX_MESSAGE_SIZE or size % 4:
            raise MessageError("no ZRTP packet has this size")
        first, _, sequence_number, cookie, ssrc = _HEADER.unpack_from(datagram)
        if first >> 4 != 1 or cookie != MAGIC_COOKIE:
            raise MessageError("not a ZRTP packet")
        (crc,) = _CRC.unpack_from(datagram, len(datagram) - _CRC.size)
        if crc32c(datagram[: -_CRC.size]) != crc:
            raise MessageError("the checksum of a ZRTP packet is wrong")
        return cls(sequence_number, ssrc, datagram[_HEADER.size : -_CRC.size], first == _FRAGMENT)

    def __bytes__(self) -> bytes:
        first = _FRAGMENT if self.is_fragment else _WHOLE
        covered = _HEADER.pack(first, 0, self.sequence_number, MAGIC_COOKIE, self.ssrc) + self.message
        return covered + _CRC.pack(crc32c(covered))
