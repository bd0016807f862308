"""What the encrypted part of a SecAuth says (docs/zsa.md)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.zrtp.errors import MessageError
from phone.zrtp.zsa.body import Body, Flags, Status
from phone.zrtp.zsa.credentials import Identity

names = st.text(st.characters(codec="utf-8"), max_size=60)
any_body = st.builds(
    Body,
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 255).map(Flags),
    st.sampled_from(Status),
    st.builds(Identity, names, names),
    st.binary(max_size=255),
    st.binary(max_size=255),
)
SAMPLE = bytes.fromhex("01020203000401000002616c00017aa1a2a3a400")


def test_sample_has_its_fields() -> None:
    """Version 1, suite 2, SHA-256 HA1, both flags, no share, a tag of four bytes, refused; al at z."""
    body = Body(2, 2, Flags(3), Status.REFUSED, Identity("al", "z"), b"", bytes.fromhex("a1a2a3a4"))
    assert bytes(body) == SAMPLE
    assert Body.parse(SAMPLE) == body


@given(any_body)
def test_round_trip(body: Body) -> None:
    """Fields to bytes to the same fields, in whole words."""
    assert len(bytes(body)) % 4 == 0
    assert Body.parse(bytes(body)) == body


@given(st.binary(max_size=60).map(lambda data: b"\1" + data))
def test_any_bytes_parse_or_raise_the_one_error(data: bytes) -> None:
    """Nothing but MessageError, and what parses comes back as the same bytes."""
    with contextlib.suppress(MessageError):
        assert bytes(Body.parse(data)) == data


def test_every_truncation_is_refused() -> None:
    """Also where it ends between two fields."""
    for size in range(len(SAMPLE)):
        with pytest.raises(MessageError):
            Body.parse(SAMPLE[:size])


@pytest.mark.parametrize(
    ("offset", "value"),
    [(0, 2), (6, 4), (7, 1), (10, 0xFF), (19, 1)],
    ids=["version", "status", "zero", "UTF-8", "padding"],
)
def test_what_makes_no_sense_is_refused(offset: int, value: int) -> None:
    """Another version, an unknown status, a byte that should be zero, a name that is no text."""
    data = bytearray(SAMPLE)
    data[offset] = value
    with pytest.raises(MessageError):
        Body.parse(bytes(data))


def test_a_name_that_is_too_long_is_refused() -> None:
    """No account has it."""
    with pytest.raises(MessageError):
        Body.parse(bytes.fromhex("0101010000000000") + b"\x01\x00" + b"a" * 256 + b"\0\0")


def test_a_word_too_many_is_refused() -> None:
    """A body is as long as it says."""
    with pytest.raises(MessageError):
        Body.parse(SAMPLE + bytes(4))
