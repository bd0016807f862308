"""The random values of a real session."""

from __future__ import annotations

from phone.zrtp.algorithms import Configuration
from phone.zrtp.events import Role
from phone.zrtp.randomness import SystemRandomness
from phone.zrtp.session import Session
from tests.zrtp.memory import MemoryCache


def test_values_have_their_sizes() -> None:
    """H0 32 bytes, IDs 8, IV 16, a private value as asked (RFC 6189 §9, §4.3, §5.7, §5.1.5)."""
    drawn = SystemRandomness()
    assert len(drawn.h0()) == 32
    assert len(drawn.secret_id("rs1", Role.INITIATOR)) == 8
    assert len(drawn.confirm_iv()) == 16
    assert [len(drawn.private_value(size)) for size in (32, 40, 64)] == [32, 40, 64]


def test_first_sequence_number_is_low_and_not_zero() -> None:
    """Otherwise known peers would drop packets (§5)."""
    numbers = {SystemRandomness().sequence_number() for _ in range(1000)}
    assert min(numbers) >= 1
    assert max(numbers) <= 0x0FFF
    assert len(numbers) > 100


def test_sessions_are_never_alike() -> None:
    """By default every session draws its own Hello."""
    hashes = {
        Session(ssrc=1, cache=MemoryCache.named("alice"), configuration=Configuration()).hello_hash
        for _ in range(10)
    }
    assert len(hashes) == 10
