"""RTCP compound packets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.wire import PacketError
from phone.wire.rtcp import PacketType, RtcpPacket, empty_receiver_report, parse_compound

RECEIVER_REPORT = bytes.fromhex("80c9000112345678")
DESCRIPTION = bytes.fromhex("81ca0003 12345678 01036162 63000000".replace(" ", ""))
BYE = bytes.fromhex("a1cb000212345678 00000004".replace(" ", ""))

PARTS = st.builds(
    RtcpPacket,
    packet_type=st.integers(0, 255),
    count=st.integers(0, 31),
    body=st.lists(st.binary(min_size=4, max_size=4), max_size=5).map(b"".join),
    padded=st.booleans(),
)


def test_compound_is_split() -> None:
    """The usual report, description and goodbye come apart."""
    parts = parse_compound(RECEIVER_REPORT + DESCRIPTION + BYE)
    assert [part.packet_type for part in parts] == [PacketType.RR, PacketType.SDES, PacketType.BYE]
    assert [part.count for part in parts] == [0, 1, 1]
    assert [part.padded for part in parts] == [False, False, True]


def test_empty_report_names_its_sender() -> None:
    """The smallest report is a header and an SSRC."""
    assert empty_receiver_report(0x12345678) == RECEIVER_REPORT


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_every_compound_survives_the_wire(parts: list[RtcpPacket]) -> None:
    """Writing and reading gives the same parts."""
    assert parse_compound(b"".join(map(bytes, parts))) == tuple(parts)


@pytest.mark.parametrize("length", [0, *range(1, 8), *range(9, 24)])
def test_truncated_compound_is_refused(length: int) -> None:
    """Cut off anywhere but between two parts, it does not add up."""
    with pytest.raises(PacketError):
        parse_compound((RECEIVER_REPORT + DESCRIPTION)[:length])


def test_other_version_is_refused() -> None:
    """Every part must be of version 2."""
    with pytest.raises(PacketError, match="version 0"):
        parse_compound(RECEIVER_REPORT + b"\x00" + DESCRIPTION[1:])


@given(st.binary())
def test_anything_is_a_compound_or_the_one_error(data: bytes) -> None:
    """Whatever comes, it is split into all its bytes or refused."""
    try:
        parts = parse_compound(data)
    except PacketError:
        return
    assert b"".join(map(bytes, parts)) == data
