"""The hash chain and the MACs it keys (RFC 6189 §9, §8.1.1)."""

from __future__ import annotations

import pytest

from phone.zrtp.hashchain import HashChain, hash_image, is_signed, opens, sign
from phone.zrtp.messages import Commit, DHPart1, Hello, parse
from tests.zrtp.recording import RecordedRandomness, Recording


@pytest.mark.parametrize("side", ["A", "B"])
@pytest.mark.parametrize("name", ["bz_x255_s384_aes3_hs80_b256", "gnu_ec25_s256_aes1_hs80_b32"])
def test_chain_of_recorded_h0(name: str, side: str) -> None:
    """H3, H2 and H1 of a recorded exchange follow from its H0, by SHA-256 even where S384 was agreed."""
    recording = Recording(name, 0, side)
    chain = HashChain.from_h0(RecordedRandomness(recording).h0())
    said = {type(message): message for message in map(parse, {packet.message for packet in recording.sent})}
    hello = said[Hello]
    assert isinstance(hello, Hello)
    assert hello.h3 == chain.h3
    commit = said.get(Commit)
    if isinstance(commit, Commit):
        assert commit.h2 == chain.h2
    part = said.get(DHPart1)
    if isinstance(part, DHPart1):
        assert part.h1 == chain.h1


@pytest.mark.parametrize("side", ["A", "B"])
def test_recorded_messages_are_signed_by_the_chain(side: str) -> None:
    """Hello is signed with H2, Commit with H1, DHPart with H0."""
    recording = Recording("bz_x255_s256_aes1_hs80_b32", 0, side)
    chain = HashChain.from_h0(RecordedRandomness(recording).h0())
    keys = {b"Hello   ": chain.h2, b"Commit  ": chain.h1, b"DHPart1 ": chain.h0, b"DHPart2 ": chain.h0}
    signed = [packet.message for packet in recording.sent if packet.type in keys]
    assert len({message[4:12] for message in signed}) == 3
    for message in signed:
        assert is_signed(message, keys[message[4:12]])
        assert sign(message[:-8] + bytes(8), keys[message[4:12]]) == message


def test_altered_message_is_not_signed() -> None:
    """Neither another byte nor another key passes."""
    message = sign(bytes(range(40)), b"key")
    assert is_signed(message, b"key")
    assert not is_signed(b"\1" + message[1:], b"key")
    assert not is_signed(message, b"another key")


def test_image_opens_its_own_target_only() -> None:
    """An image opens what it hashes to in that many steps, and nothing else."""
    image = bytes(32)
    assert opens(image, hash_image(image))
    assert opens(image, hash_image(hash_image(image)), 2)
    assert not opens(image, hash_image(image), 2)
    assert not opens(image, image)


def test_chain_shows_no_secret() -> None:
    """H0 to H2 do not stand in the repr; H3, which everyone gets, may."""
    chain = HashChain.from_h0(bytes(32))
    shown = repr(chain)
    assert not any(repr(secret) in shown for secret in (chain.h0, chain.h1, chain.h2))
