"""What somebody on the way can make of the packets that he sees (RFC 6189 §9).

He repeats, cuts, alters and redirects them, with right lengths and checksums, but does not outrun them: a
copy arrives behind its original. Nobody's state, events or keys are any different for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pytest

from phone.zrtp.algorithms import Configuration
from phone.zrtp.dh import DH3K, X255, KeyAgreement
from phone.zrtp.events import Event, Failed, PeerFound, Suspicion
from phone.zrtp.fragments import Fragment
from phone.zrtp.hybrid import PQ25
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import End, Interceptor, Link, Party, reframed, same_keys
from tests.zrtp.test_states import in_state

_WORD: Final = 4
_PREAMBLE_SIZE: Final = 12
_MAX_PLACES: Final = 40
"""Words of one packet that are altered."""

Forgery = Callable[[bytes], Iterator[bytes]]


def repeated(datagram: bytes) -> Iterator[bytes]:
    """The same once more, also under other sequence numbers and from other SSRCs."""
    packet = Packet.parse(datagram)
    yield datagram
    for number in (0, packet.sequence_number - 1, 0xFFFF):
        yield bytes(replace(packet, sequence_number=number & 0xFFFF))
    if packet.message[4:12] != b"HelloACK":
        yield bytes(replace(packet, ssrc=0xBAD))


def truncated(datagram: bytes) -> Iterator[bytes]:
    """Every shorter datagram, and every message of fewer words that states its length rightly."""
    for end in range(len(datagram)):
        yield datagram[:end]
    message = Packet.parse(datagram).message
    for size in range(_PREAMBLE_SIZE, len(message), _WORD):
        yield reframed(datagram, restated(message[:size]))


def extended(datagram: bytes) -> Iterator[bytes]:
    """The same with a word too many, stated and not."""
    message = Packet.parse(datagram).message
    yield datagram + bytes(_WORD)
    yield reframed(datagram, message + bytes(_WORD))
    yield reframed(datagram, restated(message + bytes(_WORD)))


def altered(datagram: bytes) -> Iterator[bytes]:
    """Words lowest, highest and changed by a bit, with and without a right checksum; each of a short one."""
    message = Packet.parse(datagram).message
    for at in range(0, len(message), max(len(message) // _MAX_PLACES // _WORD, 1) * _WORD):
        for value in (bytes(_WORD), b"\xff" * _WORD, flipped(message[at : at + _WORD])):
            yield reframed(datagram, message[:at] + value + message[at + _WORD :])
            yield datagram[: 12 + at] + value + datagram[12 + at + _WORD :]


def renamed(datagram: bytes) -> Iterator[bytes]:
    """The same content under every other type of message."""
    message = Packet.parse(datagram).message
    for name in (b"Hello   ", b"Commit  ", b"DHPart1 ", b"DHPart2 ", b"Confirm1", b"Confirm2", b"Error   "):
        if name != message[4:12]:
            yield reframed(datagram, message[:4] + name + message[12:])


FORGERIES: Final[Sequence[Forgery]] = (repeated, truncated, extended, altered, renamed)


def behind(forge: Forgery) -> Interceptor:
    """Put forgeries of every datagram behind it; those of fragments and of their message behind both."""
    firsts: dict[End, bytes] = {}

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        packet = Packet.parse(datagram)
        if not packet.is_fragment:
            return [datagram, *forge(datagram)]
        fragment = Fragment.parse(packet)
        if fragment.is_first:
            firsts[sender] = datagram
            return [datagram]
        message = fragment.joined(Fragment.parse(Packet.parse(firsts[sender])))
        assert message is not None
        whole = bytes(Packet(packet.sequence_number, packet.ssrc, message))
        return [datagram, *(forged for part in (firsts[sender], datagram, whole) for forged in forge(part))]

    return intercept


def restated(message: bytes) -> bytes:
    """Return ``message`` with its length field set right."""
    return message[:2] + (len(message) // _WORD).to_bytes(2, "big") + message[4:]


def flipped(word: bytes) -> bytes:
    return bytes([word[0] ^ 0x10]) + word[1:]


def undisturbed(a: Party, b: Party) -> bool:
    """Tell whether both have the keys of one another, and heard of nothing else."""
    return (
        same_keys(a, b)
        and a.states == b.states == [State.SECURE]
        and not any(party.told(kind) for party in (a, b) for kind in (Failed, Suspicion))
        and len(a.told(PeerFound)) == len(b.told(PeerFound)) == 1
    )


def told_of_peers_known(party: Party) -> list[Event]:
    """Return the events, but not that a Hello which nobody knows may be that of a new peer."""
    return [event for _, event in party.events if not isinstance(event, PeerFound)]


@pytest.mark.parametrize("roles", ["free", "initiator", "responder"])
@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_copies_behind_every_packet_change_nothing(forge: Forgery, roles: str) -> None:
    """Through a whole call, to both sides, so that each message comes in every way in every state."""
    a = Party("alice", 1, configuration=Configuration(passive=roles == "responder"))
    b = Party("bob", 2, configuration=Configuration(passive=roles == "initiator"))
    link = Link(a, b, intercept=behind(forge))
    link.start()
    link.run()
    assert undisturbed(a, b)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_late_copies_of_what_came_change_nothing(state: State, forge: Forgery) -> None:
    """Every packet that ``a`` has taken or sent so far, once more, to ``a``: in every state."""
    link = in_state(state)
    a, b = link.a, link.b
    news, known = told_of_peers_known(a), len(a.session._streams)
    for datagram in [*link.delivered_to(a), *a.sent]:
        for forged in forge(datagram):
            a.session.receive_datagram(forged, link.now)
            a.collect()
            assert a.states[:known] == [state]
            assert told_of_peers_known(a) == news
    link.run()
    if state not in (State.DISCOVERING, State.REFUSED, State.FAILED):
        assert same_keys(a, b)


@pytest.mark.parametrize("agreement", [PQ25, X255, DH3K], ids=lambda row: row.code.decode())
@pytest.mark.parametrize("seed", range(20))
def test_call_among_copies_on_a_bad_network(seed: int, agreement: KeyAgreement) -> None:
    """Loss and reordering on top: what comes twice, late, or under another number or SSRC changes nothing."""
    configuration = Configuration(key_agreements=(agreement,))
    a = Party(f"alice {seed}", 1, configuration=configuration)
    b = Party(f"bob {seed}", 2, configuration=configuration)

    link = Link(a, b, seed=seed, loss=0.2, jitter=0.05, intercept=behind(repeated))
    link.start()
    link.run()
    assert undisturbed(a, b)
