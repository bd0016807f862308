"""Messages as values (RFC 6189 §5.2 to §5.16)."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.zrtp.cache import Zid
from phone.zrtp.errors import MessageError
from phone.zrtp.messages import (
    COMMITTED_SIZES,
    PARSERS,
    ClearACK,
    Commit,
    Conf2ACK,
    Confirm1,
    Confirm2,
    DHPart1,
    DHPart2,
    Error,
    ErrorACK,
    GoClear,
    Hello,
    HelloACK,
    Message,
    MultistreamCommit,
    Ping,
    PingACK,
    PresharedCommit,
    RelayACK,
    SASrelay,
    SecAuth1,
    SecAuth2,
    SecAuth3,
    SecAuthA,
    frame,
    parse,
)
from tests.zrtp.recording import Recording

codes = st.lists(st.binary(min_size=4, max_size=4), max_size=7).map(tuple)


def exactly(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


def words(low: int, high: int) -> st.SearchStrategy[bytes]:
    return st.integers(low, high).flatmap(lambda number: exactly(4 * number))


hellos = st.builds(
    Hello,
    version=exactly(4),
    client_identifier=exactly(16),
    h3=exactly(32),
    zid=exactly(12).map(Zid),
    hashes=codes,
    ciphers=codes,
    auth_tags=codes,
    key_agreements=codes,
    sas_types=codes,
    signature_capable=st.booleans(),
    mitm=st.booleans(),
    passive=st.booleans(),
    mac=exactly(8),
)


def commit_fields(mode: bytes) -> tuple[st.SearchStrategy[Any], ...]:
    """Return what a Commit in ``mode`` begins with."""
    zid = exactly(12).map(Zid)
    return exactly(32), zid, exactly(4), exactly(4), exactly(4), st.just(mode), exactly(4)


commits = st.builds(
    Commit,
    h2=exactly(32),
    zid=exactly(12).map(Zid),
    hash=exactly(4),
    cipher=exactly(4),
    auth_tag=exactly(4),
    key_agreement=exactly(4),
    sas_type=exactly(4),
    hvi=exactly(32),
    mac=exactly(8),
)
kem_commits = st.sampled_from(sorted(COMMITTED_SIZES)).flatmap(
    lambda code: st.builds(
        replace, commits, key_agreement=st.just(code), committed=exactly(COMMITTED_SIZES[code])
    )
)
dhpart_fields = (exactly(32), exactly(8), exactly(8), exactly(8), exactly(8), words(1, 100), exactly(8))
confirm_fields = (exactly(8), exactly(16), words(10, 521))
any_message: st.SearchStrategy[Message] = st.one_of(
    hellos,
    commits,
    kem_commits,
    st.builds(DHPart1, *dhpart_fields),
    st.builds(DHPart2, *dhpart_fields),
    st.builds(Confirm1, *confirm_fields),
    st.builds(Confirm2, *confirm_fields),
    st.builds(SASrelay, *confirm_fields),
    st.builds(GoClear, exactly(8)),
    st.builds(MultistreamCommit, *commit_fields(MultistreamCommit.MODE), exactly(16), exactly(8)),
    st.builds(PresharedCommit, *commit_fields(PresharedCommit.MODE), exactly(16), exactly(8), exactly(8)),
    st.builds(Error, st.integers(0, 0xFFFFFFFF)),
    st.builds(Ping, exactly(4), exactly(8)),
    st.builds(PingACK, exactly(4), exactly(8), exactly(8), st.integers(0, 0xFFFFFFFF)),
    *(
        st.builds(kind, st.integers(0, 0xFFFFFFFF), words(7, 60))
        for kind in (SecAuth1, SecAuth2, SecAuth3, SecAuthA)
    ),
    st.sampled_from([HelloACK(), Conf2ACK(), ErrorACK(), ClearACK(), RelayACK()]),
)

RECORDED: Final = {
    packet.type: packet.message
    for name in ("bz_dh3k_s256_aes1_hs32_b32", "gnu_ec25_s256_aes1_hs80_b32")
    for packet in Recording(name, 0, "A").packets
}
WRITTEN_OUT: Final = {
    b"Error   ": bytes.fromhex("505a00044572726f7220202000000062"),
    b"GoClear ": bytes.fromhex("505a0005476f436c65617220a1a2a3a4a5a6a7a8"),
    b"ClearACK": bytes.fromhex("505a0003436c65617241434b"),
    b"SASrelay": bytes.fromhex("505a001353415372656c6179" + "a5" * 24 + "5a" * 40),
    b"RelayACK": bytes.fromhex("505a000352656c617941434b"),
    b"ErrorACK": bytes.fromhex("505a00034572726f7241434b"),
    b"Ping    ": bytes.fromhex("505a000650696e6720202020312e31300102030405060708"),
    **{
        kind: bytes.fromhex("505a000b") + kind + bytes.fromhex("00000001" + "5a" * 28)
        for kind in (b"SecAuth1", b"SecAuth2", b"SecAuth3", b"SecAuthA")
    },
    b"PingACK ": bytes.fromhex("505a000950696e6741434b20312e3130a1a2a3a4a5a6a7a80102030405060708deadbeef"),
}
"""Messages that no recording has, by the drawings of §5.9 to §5.16 and of docs/zsa.md."""
SAMPLES: Final = RECORDED | WRITTEN_OUT


def test_every_message_type_has_a_sample() -> None:
    """The tests below leave no type out."""
    assert SAMPLES.keys() == PARSERS.keys()


@pytest.mark.parametrize("message", SAMPLES.values(), ids=lambda message: message[4:12].decode())
def test_sample_comes_back_as_the_same_bytes(message: bytes) -> None:
    """Bytes to fields to the same bytes."""
    assert bytes(parse(message)) == message


@pytest.mark.parametrize("message", SAMPLES.values(), ids=lambda message: message[4:12].decode())
def test_every_truncation_is_refused(message: bytes) -> None:
    """A message cut short is refused, also when it states its new length."""
    for size in range(len(message)):
        with pytest.raises(MessageError):
            parse(message[:size])
    fixed = {b"DHPart1 ": 88, b"DHPart2 ": 88, b"Confirm1": 76, b"Confirm2": 76}
    smallest = fixed.get(message[4:12], len(message))
    for size in range(12, smallest, 4):
        with pytest.raises(MessageError):
            parse(frame(message[4:12], message[12:size]))


@pytest.mark.parametrize(
    "message",
    [
        sample
        for kind, sample in SAMPLES.items()
        if kind[:6] not in (b"DHPart", b"Confir", b"SASrel", b"SecAut")
    ],
    ids=lambda message: message[4:12].decode(),
)
def test_one_word_too_many_is_refused(message: bytes) -> None:
    """A message of fixed length has that length and no other."""
    with pytest.raises(MessageError):
        parse(frame(message[4:12], message[12:] + bytes(4)))


@given(any_message)
def test_message_round_trip(message: Message) -> None:
    """Fields to bytes to the same fields."""
    assert parse(bytes(message)) == message


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_raise_the_one_error(message: bytes) -> None:
    """Nothing but MessageError comes out of bytes from the network."""
    with contextlib.suppress(MessageError):
        parse(message)


@given(st.sampled_from(sorted(PARSERS)), words(0, 60))
def test_any_body_parses_or_raises_the_one_error(message_type: bytes, body: bytes) -> None:
    """The same behind a good preamble, for every type."""
    message = frame(message_type, body)
    with contextlib.suppress(MessageError):
        assert len(bytes(parse(message))) == len(message)


def test_unknown_type_is_refused() -> None:
    """A type that we do not speak is dropped like a malformed message (§5.1.1)."""
    with pytest.raises(MessageError):
        parse(frame(b"SecAuthX", bytes(8)))


def test_wrong_preamble_is_refused() -> None:
    """505a begins every message (§5.2)."""
    with pytest.raises(MessageError):
        parse(b"\x50\x5b" + WRITTEN_OUT[b"Error   "][2:])


def test_stated_length_must_be_the_real_one() -> None:
    """A length field that differs from the datagram is refused (§5.2)."""
    with pytest.raises(MessageError):
        parse(WRITTEN_OUT[b"Error   "] + bytes(4))


def test_recorded_hello_has_its_fields() -> None:
    """Lists, flags and client of a Hello that bzrtp sent with its defaults."""
    raw = Recording("bz_default_hello", 0, "A").message(b"Hello   ")
    assert raw is not None
    hello = Hello.parse(raw)
    assert hello.version == b"1.10"
    assert hello.client == "BZRTPv1.1"
    assert hello.hashes == (b"S256", b"S384")
    assert hello.ciphers == (b"AES1", b"AES3")
    assert hello.auth_tags == (b"HS32", b"HS80")
    assert hello.key_agreements == (b"X255", b"X448", b"DH3k", b"DH2k", b"Mult")
    assert hello.sas_types == (b"B32 ", b"B256")
    assert not (hello.passive)
    assert not (hello.mitm)
    assert not (hello.signature_capable)


@pytest.mark.parametrize(("code", "words"), [(b"PQ25", 333), (b"PQ44", 435)])
def test_commit_in_kem_mode_has_the_size_that_its_key_agreement_says(code: bytes, words: int) -> None:
    """A public value before the MAC; one word more or less, or none of it, is refused."""
    bare = Commit(bytes(32), Zid(bytes(12)), b"S256", b"AES1", b"HS80", code, b"B32 ", bytes(32))
    size = COMMITTED_SIZES[code]
    assert len(bytes(replace(bare, committed=bytes(size)))) == 4 * words
    for wrong in (0, size - 4, size + 4):
        with pytest.raises(MessageError):
            parse(bytes(replace(bare, committed=bytes(wrong))))


def test_hello_may_list_nothing() -> None:
    """Zero counts mean the mandatory algorithms only: 88 bytes (§5.2)."""
    hello = Hello(b"1.10", bytes(16), bytes(32), Zid(bytes(12)), (), (), (), (), ())
    assert len(bytes(hello)) == 88
    assert Hello.parse(bytes(hello)) == hello


@pytest.mark.parametrize(("offset", "value"), [(77, 0x08), (78, 0x80), (78, 0x08), (79, 0x80), (79, 0x08)])
def test_more_than_seven_algorithms_of_a_kind_are_refused(offset: int, value: int) -> None:
    """Counts of 8 to 15 are illegal, whatever the length (§5.2)."""
    message = bytearray(frame(Hello.TYPE, bytes(76 + 8 * 4)))
    message[offset] = value
    with pytest.raises(MessageError):
        parse(bytes(message))


def test_unused_hello_bits_are_ignored() -> None:
    """Bit 7 and bits 3 to 0 of the flags, and the nibble before the hash count, mean nothing (§5.2)."""
    raw = bytearray(RECORDED[b"Hello   "])
    clean = parse(bytes(raw))
    raw[76] |= 0x8F
    raw[77] |= 0xF0
    assert parse(bytes(raw)) == clean


@pytest.mark.parametrize(
    ("kind", "pv_size", "size"), [("X255", 32, 116), ("EC25", 64, 148), ("DH3k", 384, 468)]
)
def test_dhpart_size_follows_from_the_public_value(kind: str, pv_size: int, size: int) -> None:
    """29, 37 and 117 words (§5.5)."""
    part = DHPart1(bytes(32), bytes(8), bytes(8), bytes(8), bytes(8), bytes(pv_size))
    assert len(bytes(part)) == size, kind


def test_sizes_of_the_other_messages() -> None:
    """Commit 29 words, Confirm 19, Error 4, Ping 6, PingACK 9, acknowledgements 3."""
    sizes = {kind: len(sample) // 4 for kind, sample in SAMPLES.items()}
    assert sizes[b"Commit  "] == 29
    assert sizes[b"Confirm1"] == sizes[b"Confirm2"] == 19
    assert sizes[b"Error   "] == 4
    assert sizes[b"Ping    "] == 6
    assert sizes[b"PingACK "] == 9
    assert {sizes[kind] for kind in (b"HelloACK", b"Conf2ACK", b"ErrorACK")} == {3}
