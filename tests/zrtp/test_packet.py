"""Framing of ZRTP packets (RFC 6189 §5)."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.zrtp.errors import MessageError
from phone.zrtp.packet import MAX_MESSAGE_SIZE, Packet, crc32c
from tests.zrtp.recording import Recording, vectors

messages = st.integers(3, MAX_MESSAGE_SIZE // 4).flatmap(
    lambda words: st.binary(min_size=4 * words, max_size=4 * words)
)
packets = st.builds(Packet, st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), messages)
DATAGRAM = Recording("bz_x255_s256_aes1_hs80_b32", 0, "A").sent[0].datagram


@pytest.mark.parametrize("case", vectors("kat_crc32c")["cases"], ids=lambda case: case["crc_field"])
def test_crc_is_the_one_of_the_recorded_values(case: dict[str, Any]) -> None:
    """The checksum, least significant byte first, is the recorded one."""
    assert crc32c(bytes.fromhex(case["data"])).to_bytes(4, "little").hex() == case["crc_field"]


def test_recorded_datagram_parses() -> None:
    """A recorded Hello has the sequence number, SSRC and message that stand in its bytes."""
    packet = Packet.parse(DATAGRAM)
    assert (packet.sequence_number, packet.ssrc) == (0x0C58, 0xA0000111)
    assert packet.message == DATAGRAM[12:-4]


@given(packets)
def test_packet_round_trip(packet: Packet) -> None:
    """What is framed parses to the same values."""
    assert Packet.parse(bytes(packet)) == packet


@given(packets)
def test_unused_bits_are_sent_as_zero(packet: Packet) -> None:
    """The first word is 0x1000 and the sequence number."""
    assert bytes(packet)[:2] == b"\x10\0"


@pytest.mark.parametrize(("offset", "value"), [(0, 0x1F), (0, 0x12), (1, 0xFF)])
def test_unused_bits_are_ignored_on_receipt(offset: int, value: int) -> None:
    """Bits 4 to 15 may be anything."""
    assert Packet.parse(altered(DATAGRAM, offset, value)) == Packet.parse(DATAGRAM)


@pytest.mark.parametrize(("offset", "value"), [(0, 0x80), (0, 0x00), (0, 0x20), (4, 0x00), (7, 0x51)])
def test_another_protocol_is_refused(offset: int, value: int) -> None:
    """RTP, STUN, or anything without the magic cookie is no ZRTP packet."""
    with pytest.raises(MessageError):
        Packet.parse(altered(DATAGRAM, offset, value))


def test_every_truncation_is_refused() -> None:
    """No part of a datagram is a packet."""
    for size in range(len(DATAGRAM)):
        with pytest.raises(MessageError):
            Packet.parse(DATAGRAM[:size])


def test_every_damaged_bit_is_noticed() -> None:
    """A single flipped bit beyond the ignored ones is refused."""
    for offset in range(2, len(DATAGRAM)):
        for bit in range(8):
            damaged = bytearray(DATAGRAM)
            damaged[offset] ^= 1 << bit
            with pytest.raises(MessageError):
                Packet.parse(bytes(damaged))


def test_longer_than_the_longest_message_is_refused() -> None:
    """2120 bytes is the longest message, a Confirm with the longest signature."""
    assert len(Packet.parse(bytes(Packet(1, 1, bytes(MAX_MESSAGE_SIZE)))).message) == MAX_MESSAGE_SIZE
    with pytest.raises(MessageError):
        Packet.parse(bytes(Packet(1, 1, bytes(MAX_MESSAGE_SIZE + 4))))


@given(st.binary(max_size=3000))
def test_any_bytes_parse_or_raise_the_one_error(datagram: bytes) -> None:
    """Nothing but MessageError comes out of bytes from the network."""
    with contextlib.suppress(MessageError):
        Packet.parse(datagram)


def altered(datagram: bytes, offset: int, value: int) -> bytes:
    """Return ``datagram`` with one byte changed and the checksum made right again."""
    covered = bytearray(datagram[:-4])
    covered[offset] = value
    return bytes(covered) + crc32c(bytes(covered)).to_bytes(4, "little")
