"""The buffer between two clocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from phone.audio.ring import Ring


def test_first_in_first_out() -> None:
    """Bytes come out as they went in, whatever the portions."""
    ring = Ring(100)
    ring.write(b"abc")
    ring.write(b"defg")
    assert ring.read(5) + ring.read(2) == b"abcdefg"
    assert (ring.underruns, ring.overruns) == (0, 0)


def test_too_little_is_followed_by_silence() -> None:
    """The reader never waits; it is counted."""
    ring = Ring(100)
    ring.write(b"ab")
    assert ring.read(4) == b"ab\0\0"
    assert ring.underruns == 1


def test_too_much_drops_the_oldest() -> None:
    """The writer never waits; it is counted."""
    ring = Ring(4)
    ring.write(b"abc")
    ring.write(b"def")
    assert ring.read(4) == b"cdef"
    assert ring.overruns == 1


def test_cleared() -> None:
    """Nothing of the last call is heard in the next."""
    ring = Ring(100)
    ring.write(b"old")
    ring.clear()
    assert ring.read(3) == bytes(3)


@given(st.lists(st.one_of(st.binary(max_size=30), st.integers(0, 30))), st.integers(1, 50))
def test_never_holds_more_than_its_limit_and_never_reads_short(steps: list[bytes | int], limit: int) -> None:
    """Whatever comes in whatever order."""
    ring = Ring(limit)
    for step in steps:
        if isinstance(step, bytes):
            ring.write(step)
        else:
            assert len(ring.read(step)) == step
        assert len(ring) <= limit
