"""How hard secrets are to guess, and secrets that cannot be guessed."""

from __future__ import annotations

import os
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phone.calls.strength import estimate, is_generated, make_secret
from phone.secret import Secret


def test_generated_secret_is_known_again() -> None:
    """By its checksum, wherever it is typed; never with a mistake in it."""
    secret = make_secret(os.urandom)
    assert is_generated(secret)
    assert estimate(secret, ()).is_random
    text = secret.reveal().decode()
    assert len(text) == 32
    assert text.isascii()
    assert text.isalnum()
    for place in range(32):
        mistyped = text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]
        assert not is_generated(Secret(mistyped.encode()))


def test_all_its_bits_are_random() -> None:
    """128 of them are asked for, and every one makes another secret."""
    asked: list[int] = []

    def zeros(count: int) -> bytes:
        asked.append(count)
        return bytes(count)

    none = make_secret(zeros)
    assert asked == [16]
    values = [(1 << bit).to_bytes(16, "big") for bit in range(128)]
    others = {make_secret(partial(dict.__getitem__, {16: value})).reveal() for value in values}
    assert len(others | {none.reveal()}) == 129


@pytest.mark.parametrize("text", ["secret", "alice1969", "builds-houses", "Tr0ub4dour&3", "x", "aaaa" * 99])
def test_what_people_think_of_can_be_guessed(text: str) -> None:
    """A graphics card needs no second for these."""
    strength = estimate(Secret(text.encode()), ())
    assert not strength.is_random
    assert strength.at_digest == "less than a second"


def test_names_are_tried_first() -> None:
    """A password made of the user's name is weaker for it."""
    secret = Secret(b"zorbaline-101")
    assert estimate(secret, ("zorbaline",)).bits < estimate(secret, ()).bits


def test_long_random_secret_counts_as_random() -> None:
    """Whoever has made it: 64 hexadecimal digits have 256 bits."""
    assert estimate(Secret(os.urandom(32).hex().encode()), ()).is_random


@settings(deadline=None)  # the first example loads the word lists
@given(st.binary(max_size=100))
def test_any_secret_can_be_estimated(secret: bytes) -> None:
    """Whatever bytes it has."""
    assert estimate(Secret(secret), ("alice", "")).bits >= 0
