"""Handshakes over a network that loses, repeats and reorders (RFC 6189 §6)."""

from __future__ import annotations

import random
from typing import Final

import pytest

from phone.zrtp.algorithms import Configuration
from phone.zrtp.events import Failed, Secured
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import Link, Party, connect, drop, same_keys, type_of
from tests.zrtp.test_messages import SAMPLES

FORGERIES: Final = [
    datagram
    for datagram in (
        *connect(Party("carol", 3), Party("dave", 4)).a.sent,
        *connect(Party("erin", 5), Party("frank", 6)).b.sent,
        *(bytes(Packet(7, 7, sample)) for sample in SAMPLES.values()),
    )
    if type_of(datagram) != b"HelloACK"
]
"""Well-formed datagrams of other people's calls, and one of every type.

Not the HelloACK that goes with a forged Hello: the two together make us commit to nobody, see
``test_forged_hello_and_acknowledgement_cost_one_exchange_that_fails``.
"""


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize(
    "conditions",
    [
        {"loss": 0.1},
        {"loss": 0.3},
        {"duplication": 0.5},
        {"jitter": 0.3},
        {"loss": 0.2, "duplication": 0.3, "jitter": 0.2},
    ],
    ids=["10% loss", "30% loss", "duplicates", "reordering", "all of it"],
)
def test_handshake_survives_the_network(conditions: dict[str, float], seed: int) -> None:
    """Both sides secure the call with the same keys, and neither tells of a failure."""
    a, b = Party(f"alice {seed}", 1), Party(f"bob {seed}", 2)
    connect(a, b, seed=seed, **conditions)
    assert same_keys(a, b)
    assert not a.told(Failed)
    assert not b.told(Failed)


@pytest.mark.parametrize("seed", range(200))
def test_handshake_survives_whatever_comes_together(seed: int) -> None:
    """Loss, reordering, duplicates, changed addresses and forged packets in one call, as the seed has it.

    Both end up secure, with keys in common, and no stream of either is told as failed.
    """
    chance = random.Random(seed)
    a, b = Party(f"alice {seed}", 1), Party(f"bob {seed}", 2)
    link = Link(
        a,
        b,
        seed=seed,
        loss=chance.choice([0, 0.1, 0.2]),
        jitter=chance.choice([0, 0.03]),
        duplication=chance.choice([0, 0.3]),
    )
    link.start(*chance.choice([(a, b), (a,), (b,)]))
    for moment in sorted(chance.uniform(0, 0.3) for _ in range(chance.randrange(1, 5))):
        link.run(moment)
        link.now = max(link.now, moment)
        party = chance.choice([a, b])
        if chance.random() < 0.4:
            party.session.restart_discovery(link.now)
        if chance.random() < 0.7:
            party.session.receive_datagram(chance.choice(FORGERIES), link.now)
        link.flush(party)
    link.start()
    link.run(90.0)
    ours = {event.keys.local_key.reveal() for event in a.told(Secured)}
    theirs = {event.keys.remote_key.reveal() for event in b.told(Secured)}
    assert ours & theirs
    assert not a.told(Failed)
    assert not b.told(Failed)


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize(
    "lost",
    [b"Hello   ", b"HelloACK", b"Commit  ", b"DHPart1 ", b"DHPart2 ", b"Confirm1", b"Confirm2", b"Conf2ACK"],
    ids=bytes.decode,
)
def test_each_message_may_be_lost(lost: bytes, times: int) -> None:
    """The first ones of a type vanish, from both sides together."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b, intercept=drop(lost, times=times))
    link.start()
    link.run()
    assert same_keys(a, b)


def test_only_the_initiator_retransmits() -> None:
    """A responder repeats its answer when asked again, and never by itself (§6)."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=Configuration(passive=True))
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: b"DHPart1 " in b.said)
    assert b.states == [State.DHPART1_SENT]
    before = len(b.sent)
    b.session.handle_timer(link.now + 9)
    assert len(b.sent) == before


def test_repeated_answer_is_the_same() -> None:
    """DHPart1, Confirm1 and Conf2ACK come again byte for byte but for number and checksum (§6)."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=Configuration(passive=True))
    link = Link(a, b, intercept=lambda _, datagram: [datagram] * 3)
    link.start()
    link.run()
    for kind in (b"DHPart1 ", b"Confirm1", b"Conf2ACK"):
        answers = [datagram for datagram in b.sent if type_of(datagram) == kind]
        assert len(answers) > 1
        assert len({datagram[12:-4] for datagram in answers}) == 1


def test_confirm2_is_answered_as_long_as_the_session_lasts() -> None:
    """The initiator may need it long after we are secure (§4.6)."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    initiator, responder = (a, b) if b"Confirm2" in a.said else (b, a)
    confirm2 = next(datagram for datagram in initiator.sent if type_of(datagram) == b"Confirm2")
    before = len(responder.sent)
    responder.session.receive_datagram(confirm2, link.now + 3600)
    assert [type_of(datagram) for datagram in responder.collect()] == [b"Conf2ACK"]
    assert len(responder.sent) == before + 1
    assert len(responder.told(Secured)) == 1


def test_replay_of_a_whole_handshake_changes_nothing() -> None:
    """Every packet of both sides once more, to both sides, in the end."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    events = [list(a.events), list(b.events)]
    for sender, receiver in ((a, b), (b, a)):
        for datagram in list(sender.sent):
            receiver.session.receive_datagram(datagram, link.now)
            receiver.session.datagrams_to_send()
    assert a.collect() == b.collect() == []
    assert [a.events, b.events] == events
    assert a.states == b.states == [State.SECURE]
