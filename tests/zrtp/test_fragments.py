"""Messages in two fragments (docs/zrtp-pq.md)."""

from __future__ import annotations

import contextlib
import hashlib
import random
import struct
from dataclasses import replace
from itertools import count, permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.zrtp.errors import MessageError
from phone.zrtp.events import Failed, Suspicion
from phone.zrtp.fragments import MAX_DATAGRAM_SIZE, MAX_WAITING, Fragment, Reassembly, packets_of
from phone.zrtp.packet import MAX_MESSAGE_SIZE, Packet
from phone.zrtp.states import State
from tests.zrtp.link import CLASSIC, End, Link, Party, connect, same_keys, type_of

LONGEST_WHOLE: Final = MAX_DATAGRAM_SIZE - 16
"""Bytes of a message that just fits into a datagram."""
CUT: Final = LONGEST_WHOLE - 8
SSRC: Final = 0x1234ABCD

short_messages = st.integers(3, LONGEST_WHOLE // 4).map(
    lambda words: random.Random(words).randbytes(4 * words)
)
long_messages = st.integers(LONGEST_WHOLE // 4 + 1, MAX_MESSAGE_SIZE // 4).map(
    lambda words: random.Random(words).randbytes(4 * words)
)
MESSAGE: Final = random.Random(0).randbytes(1332)
FIRST, SECOND = packets_of(MESSAGE, 7, SSRC)


def fragment(content: bytes, ssrc: int = SSRC) -> Packet:
    return Packet(9, ssrc, content, is_fragment=True)


def fields(message_id: bytes, size: int, offset: int, length: int) -> bytes:
    """Return the fields before the data; sizes in bytes."""
    return struct.pack("!2sHHH", message_id, size // 4, offset // 4, length // 4)


def messages_of(reassembly: Reassembly, *packets: Packet) -> list[bytes]:
    """Return every message that these packets complete."""
    return [whole.message for packet in packets for whole in reassembly.put(packet)]


def forged_second(*, fitting_id: bool) -> Packet:
    """Return another second fragment of MESSAGE, whose id the whole may or may not have."""
    begun = hashlib.sha256(MESSAGE[:CUT])
    for number in count():
        data = number.to_bytes(len(MESSAGE) - CUT, "big")
        whole = begun.copy()
        whole.update(data)
        if (whole.digest()[:2] == SECOND.message[:2]) is fitting_id:
            return fragment(SECOND.message[:8] + data)
    raise AssertionError


@given(short_messages, st.integers(0, 0xFFFF))
def test_what_fits_into_a_datagram_is_sent_whole(message: bytes, number: int) -> None:
    """One packet, as ever."""
    assert packets_of(message, number, SSRC) == [Packet(number, SSRC, message)]


@given(long_messages, st.integers(0, 0xFFFF))
def test_what_does_not_fit_is_sent_in_two(message: bytes, number: int) -> None:
    """Datagrams that are short enough, each with its number; in either order they give the message back."""
    packets = packets_of(message, number, SSRC)
    datagrams = [bytes(packet) for packet in packets]
    assert [packet.sequence_number for packet in packets] == [number, (number + 1) & 0xFFFF]
    assert all(len(datagram) <= MAX_DATAGRAM_SIZE for datagram in datagrams)
    for order in permutations(datagrams):
        arriving = [Packet.parse(datagram) for datagram in order]
        assert messages_of(Reassembly(), *arriving) == [message]


def test_longest_whole_message_fills_the_datagram() -> None:
    """One word more, and there are two."""
    (packet,) = packets_of(bytes(LONGEST_WHOLE), 1, SSRC)
    assert len(bytes(packet)) == MAX_DATAGRAM_SIZE
    assert len(packets_of(bytes(LONGEST_WHOLE + 4), 1, SSRC)) == 2


def test_layout() -> None:
    """0x11, the header of every packet, id, three lengths in words, data, checksum."""
    message_id = hashlib.sha256(MESSAGE).digest()[:2]
    assert bytes(FIRST)[:12] == bytes.fromhex("11000007") + b"ZRTP" + SSRC.to_bytes(4, "big")
    assert bytes(FIRST)[12:-4] == message_id + bytes.fromhex("014d 0000 0126") + MESSAGE[:1176]
    assert bytes(SECOND)[12:-4] == message_id + bytes.fromhex("014d 0126 0027") + MESSAGE[1176:]


@given(long_messages)
def test_fragment_round_trip(message: bytes) -> None:
    """Bytes to fields to the same bytes."""
    for packet in packets_of(message, 1, SSRC):
        assert bytes(Fragment.parse(packet)) == packet.message


@pytest.mark.parametrize(
    ("size", "offset", "length", "data"),
    [
        (LONGEST_WHOLE, 0, CUT, CUT),
        (LONGEST_WHOLE, CUT, 8, 8),
        (MAX_MESSAGE_SIZE + 4, 0, CUT, CUT),
        (4 * 0xFFFF, 0, CUT, CUT),
        (1332, 0, CUT - 4, CUT - 4),
        (1332, 0, CUT - 4, CUT),
        (1332, 0, CUT, CUT - 4),
        (1332, 4, CUT, CUT),
        (1332, CUT, 152, 152),
        (1332, CUT, 160, 160),
        (1332, CUT + 4, 152, 152),
        (1332, CUT, 156, 160),
        (1332, CUT, 0, 4),
        (1332, 1332, 0, 4),
        (0, 0, 0, 4),
    ],
)
def test_fragment_that_we_would_not_send_is_refused(size: int, offset: int, length: int, data: int) -> None:
    """A message that needs none, that is too long, or that is cut elsewhere."""
    with pytest.raises(MessageError):
        Fragment.parse(fragment(fields(b"id", size, offset, length) + bytes(data)))


@given(st.binary(min_size=8, max_size=1500))
def test_any_content_parses_or_raises_the_one_error(content: bytes) -> None:
    """Nothing but MessageError comes out of bytes from the network."""
    with contextlib.suppress(MessageError):
        assert bytes(Fragment.parse(fragment(content))) == content


@given(
    st.lists(
        st.tuples(st.sampled_from([1188, 1332, 2120]), st.booleans(), st.integers(0, 2), st.integers(1, 2)),
        max_size=60,
    )
)
def test_reassembly_is_bounded_and_makes_up_nothing(arriving: list[tuple[int, bool, int, int]]) -> None:
    """Parts of real messages and of contradicting ones, in any order, any number of times."""
    reassembly = Reassembly()
    real = {size: random.Random(size).randbytes(size) for size in (1188, 1332, 2120)}
    for size, is_first, change, ssrc in arriving:
        packet = packets_of(real[size], 1, ssrc)[0 if is_first else 1]
        content = packet.message[:-1] + bytes([packet.message[-1] ^ change])
        for message in messages_of(reassembly, replace(packet, message=content)):
            assert message == real[size]
        assert len(reassembly._waiting) <= MAX_WAITING


def test_whole_packet_passes() -> None:
    """With its number and SSRC."""
    packet = Packet(1, SSRC, bytes(12))
    assert Reassembly().put(packet) == [packet]


def test_message_has_the_ssrc_of_its_fragments() -> None:
    """HelloACK and Hello are told apart by it."""
    reassembly = Reassembly()
    reassembly.put(FIRST)
    assert reassembly.put(SECOND) == [Packet(SECOND.sequence_number, SSRC, MESSAGE)]


def test_fragments_of_different_senders_are_not_joined() -> None:
    """Nor two halves of the same half."""
    assert messages_of(Reassembly(), FIRST, replace(SECOND, ssrc=SSRC + 1)) == []
    assert messages_of(Reassembly(), FIRST, FIRST) == []
    assert messages_of(Reassembly(), SECOND, SECOND, forged_second(fitting_id=True)) == []


def test_message_that_is_sent_again_is_heard_again_once() -> None:
    """As a whole: the retransmission of a request is answered once, not twice."""
    assert messages_of(Reassembly(), FIRST, SECOND, FIRST, SECOND, FIRST, SECOND) == [MESSAGE] * 3


def test_parts_of_different_transmissions_fit() -> None:
    """The first part was lost once, and the second one the next time."""
    assert messages_of(Reassembly(), SECOND, FIRST) == [MESSAGE]


@pytest.mark.parametrize("fitting_id", [False, True])
def test_forged_fragment_does_not_keep_the_true_one_out(fitting_id: bool) -> None:
    """Before, between or after the parts of the message, with a wrong id or one that fits."""
    forged = forged_second(fitting_id=fitting_id)
    for order in permutations((FIRST, SECOND, forged)):
        assert messages_of(Reassembly(), *order).count(MESSAGE) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_flood_of_fragments_does_not_keep_a_message_out(order: tuple[int, int]) -> None:
    """A hundred thousand bytes are thrown away; what comes in one burst comes together."""
    reassembly = Reassembly()
    for number in range(200):
        junk = fields(number.to_bytes(2, "big"), 1332, CUT * (number % 2), (CUT, 156)[number % 2])
        reassembly.put(fragment(junk + bytes((CUT, 156)[number % 2])))
    assert len(reassembly._waiting) == MAX_WAITING
    assert sum(len(bytes(one)) for one in reassembly._waiting) < 38_000
    assert messages_of(reassembly, *((FIRST, SECOND)[place] for place in order)) == [MESSAGE]


# in a call


def test_no_datagram_of_a_call_is_too_long() -> None:
    """Commit and DHPart1 are sent in two fragments each, nothing else is."""
    a, b = Party("alice", 1), Party("bob", 2)
    connect(a, b)
    for party in (a, b):
        assert all(len(datagram) <= MAX_DATAGRAM_SIZE for datagram in party.sent)
        cut = {type_of(datagram) for datagram in party.sent if datagram[0] == 0x11} - {b""}
        assert cut <= {b"Commit  ", b"DHPart1 "}
        assert cut


def test_peer_that_knows_no_fragments_gets_none() -> None:
    """Nothing that is sent to it is long enough."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=CLASSIC)
    connect(a, b)
    assert same_keys(a, b)
    assert all(datagram[0] == 0x10 for datagram in a.sent + b.sent)


@pytest.mark.parametrize("lost", [0, 1], ids=["first", "second"])
def test_retransmission_is_of_the_whole_message(lost: int) -> None:
    """Whichever fragment of the first Commit was lost, both come again, with the same id."""
    a, b = Party("alice", 1), Party("bob", 2)
    b.session._endpoint.configuration = replace(b.session._endpoint.configuration, passive=True)
    seen: list[bytes] = []

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is a and datagram[0] == 0x11:
            seen.append(datagram)
            return [] if len(seen) == lost + 1 else [datagram]
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert same_keys(a, b)
    assert [datagram[12:-4] for datagram in seen[:2]] == [datagram[12:-4] for datagram in seen[2:]]


@pytest.mark.parametrize("seed", range(20))
def test_call_goes_on_among_forged_fragments(seed: int) -> None:
    """Every fragment comes among altered copies of itself and of the others; nobody is told of anything."""
    chance = random.Random(seed)
    a, b = Party(f"alice {seed}", 1), Party(f"bob {seed}", 2)
    known: list[Packet] = []

    def intercept(_: End, datagram: bytes) -> list[bytes]:
        packet = Packet.parse(datagram)
        if not packet.is_fragment:
            return [datagram]
        known.append(packet)
        forged = []
        for _number in range(4):
            victim = chance.choice(known)
            content = bytearray(victim.message)
            content[chance.randrange(8, len(content))] ^= chance.randrange(1, 256)
            forged.append(bytes(replace(victim, message=bytes(content))))
        return [*forged[:2], datagram, *forged[2:]]

    link = Link(a, b, seed=seed, loss=0.1, intercept=intercept)
    link.start()
    link.run()
    assert same_keys(a, b)
    assert not any(party.told(kind) for party in (a, b) for kind in (Failed, Suspicion))


def test_flood_of_fragments_disturbs_no_exchange() -> None:
    """Thirty arrive before every datagram of the peer, also between two fragments."""
    a, b = Party("alice", 1), Party("bob", 2)
    junk = [
        bytes(fragment(fields(bytes([number, 0]), 1332, 0, CUT) + bytes(CUT), ssrc=2)) for number in range(30)
    ]
    link = Link(a, b, intercept=lambda _, datagram: [*junk, datagram])
    link.start()
    link.run(5.0, stop=lambda: a.states == b.states == [State.SECURE])
    assert same_keys(a, b)
    assert not a.told(Failed)


def test_bad_fragment_is_counted() -> None:
    """And nothing else comes of it; one that waits for its other part is no damage."""
    a = Party("alice", 1)
    a.session.receive_datagram(bytes(fragment(fields(b"id", 1332, 4, CUT) + bytes(CUT))), 0.0)
    assert a.session.dropped == 1
    a.session.receive_datagram(bytes(FIRST), 0.0)
    assert a.session.dropped == 1
    a.session.receive_datagram(bytes(SECOND), 0.0)
    assert a.session.dropped == 2
    assert a.collect() == []
