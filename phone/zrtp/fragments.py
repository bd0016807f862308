"""Messages that are too long for one datagram: sent in two fragments, and put together again.

The layout is that of other ZRTP stacks; ``docs/zrtp-pq.md`` tells what Parley writes into it. A fragment
takes the place of the message in a packet whose first byte is 0x11:

======  ====  ===============================================
offset  size  field
======  ====  ===============================================
12      2     message id: the first bytes of the message's SHA-256
14      2     length of the message, words
16      2     offset of this fragment in the message, words
18      2     length of this fragment, words
20      n     that part of the message
======  ====  ===============================================

A message can be cut in one way only, so that fragments never overlap. And its id cannot be known before its
first fragment is on its way: nobody can place a fragment of his own where the second one is waited for,
unless he outruns it. He could then forge the whole message as well. What has been put together is judged by
its hash chain, as all messages are.
"""

from __future__ import annotations

import hashlib
import struct
from collections import deque
from dataclasses import dataclass
from typing import Final

from phone.zrtp.errors import MessageError
from phone.zrtp.packet import MAX_MESSAGE_SIZE, PACKET_OVERHEAD, Packet

MAX_DATAGRAM_SIZE: Final = 1200
"""Bytes of UDP payload that get through every path, tunnels over IPv6 included."""
MAX_WAITING: Final = 32
"""Fragments that one session keeps, less than 38 KB; the oldest give way.

The two of a message leave together: between them, or between their retransmissions, a flood has to bring this
many to keep the message out, and whoever can do that can fill the path as well.
"""

_WORD: Final = 4
_ID_SIZE: Final = 2
_FIELDS: Final = struct.Struct("!2sHHH")
_MAX_WHOLE: Final = MAX_DATAGRAM_SIZE - PACKET_OVERHEAD
"""Bytes of the longest message that is sent in one piece."""
_CUT: Final = _MAX_WHOLE - _FIELDS.size
"""Bytes of a first fragment. Two fragments are enough for the longest message."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One of the two parts of a message."""

    ssrc: int
    message_id: bytes
    """2 bytes."""
    message_size: int
    """Bytes of the whole message."""
    is_first: bool
    data: bytes

    @classmethod
    def parse(cls, packet: Packet) -> Fragment:
        """Return what ``packet`` carries; raise ``MessageError`` for a fragment that we would not send."""
        message_id, *words = _FIELDS.unpack_from(packet.message)
        size, offset, length = (number * _WORD for number in words)
        data = packet.message[_FIELDS.size :]
        if not _MAX_WHOLE < size <= MAX_MESSAGE_SIZE:
            raise MessageError("a ZRTP message of this size has no fragments")
        if (offset, length) not in ((0, _CUT), (_CUT, size - _CUT)) or length != len(data):
            raise MessageError("no ZRTP message is cut there")
        return cls(packet.ssrc, message_id, size, not offset, data)

    def __bytes__(self) -> bytes:
        offset = 0 if self.is_first else _CUT
        words = (size // _WORD for size in (self.message_size, offset, len(self.data)))
        return _FIELDS.pack(self.message_id, *words) + self.data

    @property
    def _whole(self) -> tuple[int, bytes, int]:
        """What both parts of one message have in common."""
        return self.ssrc, self.message_id, self.message_size

    def joined(self, other: Fragment) -> bytes | None:
        """Return the message of which these are the parts; ``None``: there is none."""
        first, second = (self, other) if self.is_first else (other, self)
        if not first.is_first or second.is_first or first._whole != second._whole:
            return None
        message = first.data + second.data
        return message if _id_of(message) == first.message_id else None


def packets_of(message: bytes, sequence_number: int, ssrc: int) -> list[Packet]:
    """Return the packet, or the two packets, that carry ``message``; the first has ``sequence_number``."""
    if len(message) <= _MAX_WHOLE:
        return [Packet(sequence_number, ssrc, message)]
    fragments = (
        Fragment(ssrc, _id_of(message), len(message), is_first, data)
        for is_first, data in ((True, message[:_CUT]), (False, message[_CUT:]))
    )
    return [
        Packet((sequence_number + place) & 0xFFFF, ssrc, bytes(fragment), is_fragment=True)
        for place, fragment in enumerate(fragments)
    ]


def _id_of(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()[:_ID_SIZE]


class Reassembly:
    """Keeps the last few fragments of one session until their other parts come.

    First fragments stay when a message is complete, for the second one that came may have been forged. Second
    ones go, so that a message that is sent again, as a whole, is heard again once.
    """

    def __init__(self) -> None:
        self._waiting: deque[Fragment] = deque(maxlen=MAX_WAITING)

    def put(self, packet: Packet) -> list[Packet]:
        """Return the whole packets that there are now: ``packet`` itself, or those that it completes.

        Seldom more than one; then all but one are forged. Raise ``MessageError`` for a bad fragment.
        """
        if not packet.is_fragment:
            return [packet]
        fragment = Fragment.parse(packet)
        found = [(other, message) for other in self._waiting if (message := fragment.joined(other))]
        done = [other for other, _ in found if not other.is_first]
        keep = fragment.is_first or not found
        kept = [other for other in self._waiting if other not in (fragment, *done)]
        self._waiting = deque((*kept, *([fragment] if keep else ())), MAX_WAITING)
        return [Packet(packet.sequence_number, packet.ssrc, message) for _, message in found]
