"""What shares one port is told apart by its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.wire.demux import Kind, classify
from phone.wire.rtcp import RtcpPacket
from phone.wire.rtp import RtpPacket

HELLO = bytes.fromhex("1000000a5a525450deadbeef") + b"PZ" + bytes(30)
STUN = bytes.fromhex("000100002112a442") + bytes(12)
DTLS = bytes.fromhex("16fefd0000000000000000") + bytes(12)
TURN = bytes.fromhex("40000004") + bytes(8)


def kind(datagram: bytes) -> Kind:
    return classify(memoryview(datagram), len(datagram))


@pytest.mark.parametrize(
    ("datagram", "expected"),
    [
        (HELLO, Kind.ZRTP),
        (b"\x11" + HELLO[1:], Kind.ZRTP),
        (b"\x1f" + HELLO[1:], Kind.ZRTP),
        (HELLO[:4] + b"ZRTQ" + HELLO[8:], Kind.OTHER),
        (STUN, Kind.OTHER),
        (DTLS, Kind.DTLS),
        (b"\x14" + DTLS[1:], Kind.DTLS),
        (b"\x3f" + DTLS[1:], Kind.DTLS),
        (b"\x13" + DTLS[1:], Kind.OTHER),
        (b"\x40" + DTLS[1:], Kind.OTHER),
        (DTLS[:13], Kind.OTHER),
        (TURN, Kind.OTHER),
        (b"", Kind.OTHER),
        (b"\x80\xc9\x00\x01\x00\x00\x00", Kind.OTHER),
        (b"\x80\x00" + bytes(9), Kind.OTHER),
    ],
)
def test_kind_follows_the_first_bytes(datagram: bytes, expected: Kind) -> None:
    """RFC 7983's ranges, ZRTP by its cookie too, and nothing shorter than its header."""
    assert kind(datagram) is expected


@pytest.mark.parametrize("marker", [False, True])
@pytest.mark.parametrize("payload_type", [*range(64), *range(96, 128)])
def test_every_usable_payload_type_is_rtp(payload_type: int, marker: bool) -> None:
    """With rtcp-mux the payload types outside 64-95 stay RTP's, marked or not (RFC 5761 §4)."""
    assert kind(bytes(RtpPacket(payload_type, 1, 2, 3, b"speech", marker))) is Kind.RTP


@pytest.mark.parametrize("packet_type", range(192, 224))
def test_every_rtcp_type_is_rtcp(packet_type: int) -> None:
    """All types that RFC 5761 §4 leaves to RTCP are RTCP, also on the RTP port."""
    assert kind(bytes(RtcpPacket(packet_type, 0, bytes(4)))) is Kind.RTCP


@given(st.binary(), st.binary())
def test_bytes_beyond_the_length_do_not_count(datagram: bytes, leftover: bytes) -> None:
    """What an earlier datagram left in the buffer changes nothing."""
    assert classify(memoryview(datagram + leftover), len(datagram)) is kind(datagram)
