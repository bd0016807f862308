"""Reads what was overheard on a wire, and tells speech anyone can hear from SRTP.

How a datagram is judged. It is RTP when its version is 2 and its payload type is no RTCP type (RFC 5761 §4);
ZRTP and STUN have other first bytes. Its payload is then *plain* when any of these holds:

- Its length is a whole number of 10 ms frames of a 64 kbit/s codec (80 bytes; PCMU, PCMA, G722), or that of
  a telephone-event (4 bytes). Each SRTP tag, 4 or 10 bytes, breaks that length.
- It is long enough to tell (20 ms of G.711) and has fewer different byte values than ciphertext has. Of 160
  random bytes 119 ± 5 differ; a tone or silence in G.711 stays far below. The bound is seven standard
  deviations below.
- It is long enough to tell, and decoded as G.711 it holds one of the tones that the phones are playing:
  Goertzel finds more than a quarter of its power there, where noise has about 1 %.

A single sign suffices, so that a leak is seen even if it wears a tag or is encoded another way; the positive
controls in the tests show that plain calls are seen.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers.tones import share

ETHERNET = 1
IPV4 = 0x0800
UDP = 17
RTCP_TYPES = range(64, 96)
FRAME_BYTES = 80
EVENT_BYTES = 4
FEWEST_BYTES = 160
"""From this length on the values in a payload say what it is; speech comes in no shorter ones here."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP datagram; ``time`` in seconds since the epoch."""

    time: float
    source: tuple[str, int]
    target: tuple[str, int]
    data: bytes

    @property
    def is_zrtp(self) -> bool:
        """Whether it carries ZRTP's magic cookie (RFC 6189 §5)."""
        return self.data[4:8] == b"ZRTP" and self.data[0] >> 4 == 1

    @property
    def is_rtp(self) -> bool:
        """Whether it is RTP or SRTP (and not RTCP)."""
        return len(self.data) >= 12 and self.data[0] >> 6 == 2 and self.data[1] & 0x7F not in RTCP_TYPES

    @property
    def is_rtcp(self) -> bool:
        """Whether it is RTCP or SRTCP."""
        return len(self.data) >= 8 and self.data[0] >> 6 == 2 and self.data[1] & 0x7F in RTCP_TYPES

    @property
    def payload(self) -> bytes:
        """What follows the RTP header, its contributing sources and its extension (RFC 3550 §5.1)."""
        start = 12 + 4 * (self.data[0] & 0x0F)
        if self.data[0] & 0x10:
            start += 4 + 4 * struct.unpack_from(">H", self.data, start + 2)[0]
        return self.data[start:]

    def is_plain(self, tones: Iterable[float]) -> bool:
        """Tell whether its payload can be heard by anyone; ``tones`` in Hz are those being played."""
        payload = self.payload
        if not payload:
            return False
        if len(payload) % FRAME_BYTES == 0 or len(payload) == EVENT_BYTES:
            return True
        if len(payload) < FEWEST_BYTES:
            return False
        return len(set(payload)) < fewest_values_of_noise(len(payload)) or any(
            share([table[byte] for byte in payload], hz, 8000) > 0.25
            for table in (PCMU, PCMA)
            for hz in tones
        )


def fewest_values_of_noise(length: int) -> float:
    """Return how many different values ``length`` random bytes have at the very least: mean less 7 sigma."""
    missed = (255 / 256) ** length
    both_missed = (254 / 256) ** length
    variance = 256 * missed + 256 * 255 * both_missed - (256 * missed) ** 2
    return 256 * (1 - missed) - 7 * math.sqrt(variance)


def rtp(datagrams: Sequence[Datagram]) -> list[Datagram]:
    """Return the RTP and SRTP among ``datagrams``."""
    return [datagram for datagram in datagrams if datagram.is_rtp]


def plain(datagrams: Sequence[Datagram], tones: Sequence[float]) -> list[Datagram]:
    """Return the RTP that anyone on the wire could listen to."""
    return [datagram for datagram in rtp(datagrams) if datagram.is_plain(tones)]


def plain_rtcp(datagrams: Sequence[Datagram]) -> list[Datagram]:
    """Return the RTCP that is not SRTCP: its packets' lengths add up to the datagram (RFC 3550 §6.1).

    SRTCP has an index and a tag behind them, and all its lengths but the first are encrypted.
    """
    return [datagram for datagram in datagrams if datagram.is_rtcp and _is_compound(datagram.data)]


def _is_compound(data: bytes) -> bool:
    at = 0
    while at + 4 <= len(data) and data[at] >> 6 == 2:
        at += 4 + 4 * struct.unpack_from(">H", data, at + 2)[0]
    return at == len(data)


def _pcmu(byte: int) -> int:
    """Decode one byte of G.711 µ-law."""
    byte ^= 0xFF
    magnitude = ((byte & 0x0F) << 3) + 0x84 << (byte >> 4 & 7)
    return 0x84 - magnitude if byte & 0x80 else magnitude - 0x84


def _pcma(byte: int) -> int:
    """Decode one byte of G.711 A-law."""
    byte ^= 0x55
    exponent, mantissa = byte >> 4 & 7, (byte & 0x0F) << 4
    magnitude = mantissa + 8 if exponent == 0 else mantissa + 0x108 << exponent - 1
    return magnitude if byte & 0x80 else -magnitude


PCMU = [_pcmu(byte) for byte in range(256)]
PCMA = [_pcma(byte) for byte in range(256)]


def read_capture(path: Path) -> list[Datagram]:
    """Read a pcap file that may still be growing; IPv4 fragments and other protocols are left out."""
    data = path.read_bytes()
    if len(data) < 24:
        return []
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    assert struct.unpack_from(order + "I", data, 20)[0] == ETHERNET
    found, at = [], 24
    while at + 16 <= len(data):
        seconds, microseconds, captured, _ = struct.unpack_from(order + "4I", data, at)
        frame = data[at + 16 : at + 16 + captured]
        at += 16 + captured
        if len(frame) == captured and struct.unpack_from(">H", frame, 12)[0] == IPV4 and frame[23] == UDP:
            found.append(_datagram(seconds + microseconds / 1e6, frame[14:]))
    return found


def _datagram(time: float, packet: bytes) -> Datagram:
    udp = packet[4 * (packet[0] & 0x0F) :]
    source_port, target_port, length = struct.unpack_from(">3H", udp)
    source, target = (".".join(map(str, packet[start : start + 4])) for start in (12, 16))
    return Datagram(time, (source, source_port), (target, target_port), udp[8:length])
