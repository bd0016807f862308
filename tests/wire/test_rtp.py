"""RTP packets as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.wire import PacketError
from phone.wire.rtp import HeaderExtension, RtpPacket

PLAIN = bytes.fromhex("800000010000a0a0deadbeef") + b"speech"
FULL = bytes.fromhex("b2e0123480000001cafebabe 00000001 00000002 bede0001 51020304 aabbcc 000003")
"""Padding 3, extension of one word, two contributing sources, marker, payload type 96."""

PACKETS = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 127),
    sequence_number=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=50),
    marker=st.booleans(),
    csrc=st.lists(st.integers(0, 0xFFFFFFFF), max_size=15).map(tuple),
    extension=st.none()
    | st.builds(
        HeaderExtension,
        profile=st.integers(0, 0xFFFF),
        data=st.lists(st.binary(min_size=4, max_size=4), max_size=4).map(b"".join),
    ),
    padding=st.integers(0, 255),
)


def test_plain_packet_is_read() -> None:
    """A packet without options yields its twelve bytes of header and its payload."""
    packet = RtpPacket.parse(PLAIN)
    assert packet == RtpPacket(
        payload_type=0, sequence_number=1, timestamp=0xA0A0, ssrc=0xDEADBEEF, payload=b"speech"
    )


def test_packet_with_everything_is_read() -> None:
    """Padding, extension, contributing sources and marker are found where RFC 3550 §5.1 puts them."""
    packet = RtpPacket.parse(FULL)
    assert (packet.marker, packet.payload_type, packet.padding) == (True, 96, 3)
    assert packet.csrc == (1, 2)
    assert packet.extension == HeaderExtension(0xBEDE, bytes.fromhex("51020304"))
    assert packet.payload == bytes.fromhex("aabbcc")


@pytest.mark.parametrize("data", [PLAIN, FULL])
def test_wire_form_is_restored(data: bytes) -> None:
    """What is read is written again byte for byte."""
    assert bytes(RtpPacket.parse(data)) == data


@given(PACKETS)
def test_every_packet_survives_the_wire(packet: RtpPacket) -> None:
    """Writing and reading gives the same packet."""
    assert RtpPacket.parse(bytes(packet)) == packet


@pytest.mark.parametrize("length", range(len(FULL) - 4))
def test_truncated_packet_is_refused(length: int) -> None:
    """Cut off anywhere before its payload's end, the packet does not add up."""
    with pytest.raises(PacketError):
        RtpPacket.parse(FULL[:length])


def test_other_version_is_refused() -> None:
    """Version 1 and below is something else (RFC 7983)."""
    with pytest.raises(PacketError, match="version 1"):
        RtpPacket.parse(b"\x40" + PLAIN[1:])


@pytest.mark.parametrize("count", [0, 7])
def test_impossible_padding_is_refused(count: int) -> None:
    """The padding's count cannot be zero, nor more than there is."""
    with pytest.raises(PacketError, match="padding"):
        RtpPacket.parse(b"\xa0" + PLAIN[1:-1] + bytes([count]))


def test_padding_without_a_byte_is_refused() -> None:
    """The P bit needs at least its count."""
    with pytest.raises(PacketError, match="padding"):
        RtpPacket.parse(b"\xa0" + PLAIN[1:12])


def test_payload_is_not_printed() -> None:
    """What people say never ends in a log by way of repr."""
    assert "speech" not in repr(RtpPacket.parse(PLAIN))


@given(st.binary())
def test_anything_is_a_packet_or_the_one_error(data: bytes) -> None:
    """Whatever comes, it is read or refused; what is read has all bytes accounted for."""
    try:
        packet = RtpPacket.parse(data)
    except PacketError:
        return
    assert len(bytes(packet)) == len(data)
