"""Several streams in one session: moved, restarted, new and forged peers (RFC 6189 §4, §9)."""

from __future__ import annotations

import pytest

from phone.zrtp.algorithms import Configuration
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Cause, ExchangeStarted, Failed, PeerFound, Role, Secured
from phone.zrtp.messages import HelloACK
from phone.zrtp.packet import Packet
from phone.zrtp.session import MAX_STREAMS
from phone.zrtp.states import State
from tests.zrtp.link import End, Link, Party, connect, drop, type_of

PASSIVE = Configuration(passive=True)


def hello_of(name: str) -> bytes:
    """Return the Hello of somebody who is nowhere."""
    party = Party(name, 0x99)
    party.session.start(0.0)
    return party.collect()[0]


def reconnect(link: Link[Party, Party], newcomer: Party) -> Link[Party, Party]:
    """Put ``newcomer`` in the place of ``b``: a transfer, or another phone at the same address."""
    moved = Link(link.a, newcomer)
    moved.now = link.now
    moved.start(newcomer)
    moved.run(link.now + 60)
    return moved


def securing_streams(party: Party) -> list[StreamId]:
    return [stream for stream, event in party.events if isinstance(event, Secured)]


def test_restart_sends_the_same_hello_while_nothing_is_agreed() -> None:
    """The announced hash stays right; the fast schedule begins anew."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b, intercept=lambda *_: [])
    value = a.session.hello_hash
    link.start(a)
    link.run(3.0)
    sent = len(a.sent)
    a.session.restart_discovery(3.0)
    link.flush(a)
    link.run(3.16)
    assert len(a.sent) == sent + 3
    assert a.session.hello_hash == value


def test_restart_after_failure_to_find_anyone() -> None:
    """The next failure is told again."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    link.run()
    a.session.restart_discovery(link.now)
    link.flush(a)
    link.run(120.0)
    assert len(a.told(Failed)) == 2


def test_restart_forgets_what_stood_in_the_way() -> None:
    """The reason of an earlier failure is not the reason of the next."""
    a, b = Party("alice", 1), Party("bob", 2)
    a.session.expect_hello_hash("1.10 " + "00" * 32)
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    a.session.receive_datagram(hello_of("mallory"), 0.0)
    a.session.restart_discovery(0.0)
    link.run()
    assert [failed.cause for failed in a.told(Failed)] == [Cause.NO_PEER]


def test_restart_when_secure_keeps_the_keys_and_looks_again() -> None:
    """A new stream with a new Hello; the old one still answers Confirm2."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = connect(a, b)
    value = b.session.hello_hash
    b.session.restart_discovery(link.now)
    b.collect()
    assert b.states == [State.SECURE, State.DISCOVERING]
    assert b.session.hello_hash != value
    confirm2 = next(datagram for datagram in a.sent if type_of(datagram) == b"Confirm2")
    b.session.receive_datagram(confirm2, link.now)
    assert [type_of(datagram) for datagram in b.collect()] == [b"Conf2ACK"]


def test_restart_without_answer_is_told_for_the_new_stream() -> None:
    """The one who is now at the address speaks no ZRTP: the owner hears it of stream 2."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    link._intercept = lambda *_: []
    a.session.restart_discovery(link.now)
    link.flush(a)
    link.run(link.now + 60)
    assert [(stream, event) for stream, event in a.events if isinstance(event, Failed)] == [
        (2, Failed(Cause.NO_PEER))
    ]
    assert a.states == [State.SECURE, State.DISCOVERING]


def test_both_restart_and_agree_anew() -> None:
    """After hold and resume both look again, and get new keys that continue the old ones."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    for party in (a, b):
        party.session.restart_discovery(link.now)
        link.flush(party)
    link.run(link.now + 60)
    assert securing_streams(a) == securing_streams(b) == [1, 2]
    first, second = a.told(Secured)
    assert first.keys != second.keys
    assert not second.cache_mismatch
    assert not second.new_peer


def test_one_restarts_and_the_other_follows() -> None:
    """A new Hello of the same peer is answered with a new Hello of ours."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    a.session.restart_discovery(link.now)
    link.flush(a)
    link.run(link.now + 60)
    assert securing_streams(a) == securing_streams(b) == [1, 2]
    assert a.told(Secured)[1].keys.local_key == b.told(Secured)[1].keys.remote_key


@pytest.mark.parametrize(
    ("state", "asked"), [(State.DHPART2_SENT, b"DHPart2 "), (State.CONFIRM2_SENT, b"Confirm2")]
)
def test_restart_in_the_middle_of_an_exchange_asks_again(state: State, asked: bytes) -> None:
    """The peer that we are talking to has moved: the same request goes to the new address at once."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: a.states == [state])
    a.session.restart_discovery(link.now)
    assert [type_of(datagram) for datagram in a.collect()] == [asked]
    link.run()
    assert securing_streams(a) == [1]


def test_restart_after_commit_takes_the_same_peer_back() -> None:
    """Its Hello is not sent again, but it acknowledges ours from the same SSRC."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = Link(a, b, intercept=drop(b"Commit  ", times=1))
    link.start()
    link.run(stop=lambda: a.states == [State.COMMIT_SENT])
    a.session.restart_discovery(link.now)
    link.flush(a)
    link.run()
    assert securing_streams(a) == [1]
    commits = {datagram[12:-4] for datagram in a.sent if type_of(datagram) == b"Commit  "}
    assert len(commits) == 1


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("moment", [0.005 * step for step in range(18)])
def test_restart_at_any_moment_costs_no_time(moment: float, number: int) -> None:
    """Whoever is the initiator, both stay of one mind about it."""
    a, b = Party(f"alice {number}", 1), Party(f"bob {number}", 2)
    link = Link(a, b)
    link.start()
    link.run(moment)
    a.session.restart_discovery(link.now)
    link.flush(a)
    link.run(stop=lambda: a.told(Secured) and b.told(Secured))
    assert link.now < 0.5
    assert a.told(Secured)[0].sas == b.told(Secured)[0].sas


def test_restart_before_commit_lets_a_new_peer_in() -> None:
    """Whoever acknowledges our Hello after the move is not taken for the one before it."""
    a, b = Party("alice", 1), Party("bob", 2)
    a.session.start(0.0)
    a.session.receive_datagram(hello_of("gone"), 0.0)
    a.session.restart_discovery(0.0)
    a.collect()
    a.session.receive_datagram(bytes(Packet(1, 0x1234, bytes(HelloACK()))), 0.0)
    assert a.collect() == []
    connect(a, b)
    assert [event.peer_zid for event in a.told(Secured)] == [b.cache.zid()]


def test_transfer_to_a_new_peer() -> None:
    """Another ZID behind the same address: secured beside the old stream, told apart by the stream."""
    a, b, c = Party("alice", 1), Party("bob", 2), Party("carol", 3)
    link = connect(a, b)
    reconnect(link, c)
    assert [event.peer_zid for event in a.told(Secured)] == [b.cache.zid(), c.cache.zid()]
    assert securing_streams(a) == [1, 2]
    assert a.states == [State.SECURE, State.SECURE]
    assert a.told(Secured)[1].keys.local_key == c.secured.keys.remote_key


def test_transfer_in_the_middle_of_an_exchange() -> None:
    """The first peer vanishes halfway; the second is let in after a second of standstill."""
    a, b, c = Party("alice", 1, configuration=PASSIVE), Party("bob", 2), Party("carol", 3)
    link = Link(a, b, intercept=drop(b"DHPart2 "))
    link.start()
    link.run(stop=lambda: a.states == [State.DHPART1_SENT])
    moved = Link(a, c)
    moved.now = link.now
    moved.start(c)
    moved.run(link.now + 5, stop=lambda: bool(a.told(Secured)))
    assert a.told(Secured)[0].peer_zid == c.cache.zid()
    assert moved.now < link.now + 1.5
    moved.run(link.now + 60)
    assert a.states == [State.FAILED, State.SECURE]


def test_peer_that_restarted_is_secured_again() -> None:
    """The same ZID with another Hello: its program was started anew."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    again = Party("bob", 5, cache=b.cache)
    reconnect(link, again)
    first, second = a.told(Secured)
    assert first.peer_zid == second.peer_zid
    assert not second.cache_mismatch


def test_peer_that_comes_back_needs_no_new_exchange() -> None:
    """Its Hello is known: it is acknowledged, and that is all."""
    a, b, c = Party("alice", 1), Party("bob", 2), Party("carol", 3)
    link = connect(a, b)
    moved = reconnect(link, c)
    hello = next(datagram for datagram in b.sent if type_of(datagram) == b"Hello   ")
    a.session.receive_datagram(hello, moved.now)
    assert [type_of(datagram) for datagram in a.collect()] == [b"HelloACK"]
    assert securing_streams(a) == [1, 2]


def test_sas_of_each_stream_is_compared_by_itself() -> None:
    """What the user says of one peer is not said of the other."""
    a, b, c = Party("alice", 1), Party("bob", 2), Party("carol", 3)
    reconnect(connect(a, b), c)
    a.session.confirm_sas(StreamId(2), True)
    assert not a.cache.entries[b.cache.zid()].sas_verified
    assert a.cache.entries[c.cache.zid()].sas_verified


def test_failed_stream_leaves_its_peer_to_a_new_one() -> None:
    """After a failure the owner starts again: the same Hello of the peer finds the new stream."""
    a, b = Party("alice", 1, configuration=PASSIVE), Party("bob", 2)
    link = Link(a, b, intercept=drop(b"DHPart2 "))
    link.start()
    link.run(11.0)
    assert a.states == [State.FAILED]
    a.session.restart_discovery(link.now)
    a.collect()
    hello = next(datagram for datagram in b.sent if type_of(datagram) == b"Hello   ")
    a.session.receive_datagram(hello, link.now)
    assert a.states == [State.FAILED, State.PEER_HEARD]


def test_failed_stream_still_acknowledges_hello() -> None:
    """And does no more than that."""
    a, b = Party("alice", 1, configuration=PASSIVE), Party("bob", 2)
    link = Link(a, b, intercept=drop(b"DHPart2 "))
    link.start()
    link.run(11.0)
    hello = next(datagram for datagram in b.sent if type_of(datagram) == b"Hello   ")
    a.session.receive_datagram(hello, link.now)
    assert [type_of(datagram) for datagram in a.collect()] == [b"HelloACK"]
    assert a.states == [State.FAILED]


# forged Hellos


def test_forged_hellos_before_the_exchange_share_one_stream() -> None:
    """A thousand of them: one stream, sixteen of them kept, one more Hello of ours, one PeerFound."""
    a = Party("alice", 1)
    a.session.start(0.0)
    a.collect()
    for number in range(1000):
        a.session.receive_datagram(hello_of(f"forged {number}"), 0.01)
        assert len(a.collect()) <= 2
    assert a.states == [State.PEER_HEARD]
    assert len(a.told(PeerFound)) == 1
    assert a.said.count(b"Hello   ") == 2
    (stream,) = a.session._streams.values()
    assert len(stream._heard) == 16
    assert len(a.randomness.private_sizes) == 1


def test_forged_hellos_do_not_keep_the_peer_out() -> None:
    """The hash chain of what follows, and where the acknowledgement comes from, show the real one."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b)
    link.start()
    for number in range(3):
        a.session.receive_datagram(hello_of(f"forged {number}"), 0.0)
        b.session.receive_datagram(hello_of(f"false {number}"), 0.0)
    link.run()
    assert a.secured.peer_zid == b.cache.zid()
    assert b.secured.peer_zid == a.cache.zid()
    assert a.secured.sas == b.secured.sas


def test_forged_hello_before_the_peer_is_there() -> None:
    """The peer's HelloACK comes before its Hello: we wait for the Hello that has the same SSRC."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b)
    link.start(a)
    a.session.receive_datagram(hello_of("forged"), 0.0)
    link.flush(a)
    link.run(0.3, stop=lambda: bool(a.told(Secured)))
    assert a.secured.peer_zid == b.cache.zid()
    assert link.now < 0.3


def test_forged_hello_and_acknowledgement_cost_one_exchange_that_fails() -> None:
    """Two forged packets make us commit to nobody; when that has failed, the peer is still let in."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    a.session.receive_datagram(hello_of("forged"), 0.0)
    a.session.receive_datagram(bytes(Packet(1, 0x99, bytes(HelloACK()))), 0.0)
    link.flush(a)
    assert a.states == [State.COMMIT_SENT]
    link.run()
    assert a.states == [State.PEER_HEARD]
    moved = Link(a, b)
    moved.now = link.now
    moved.start(b)
    moved.run(link.now + 1)
    assert a.secured.peer_zid == b.cache.zid()


def test_peer_that_changes_its_ssrc_is_secured() -> None:
    """Its Hello and its acknowledgements come from different SSRCs: it only takes longer."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)

    def change_ssrc(sender: End, datagram: bytes) -> list[bytes]:
        if sender is b and type_of(datagram) != b"Hello   ":
            b.session.ssrc = 0x5555
        return [datagram]

    link = Link(a, b, intercept=change_ssrc)
    link.start(b)
    link.run(0.5)
    b.session.ssrc = 0x5555
    link.start(a)
    link.run(stop=lambda: bool(a.told(Secured)))
    assert link.now < 1.5


@pytest.mark.parametrize("moment", [0.005, 0.015, 0.025, 0.035, 0.045, 0.055, 0.065, 0.5])
def test_forged_hello_during_a_call_changes_no_keys(moment: float) -> None:
    """At whatever moment it comes, the first stream is secured, and both agree on every stream."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = Link(a, b)
    link.start()
    link.run(moment)
    a.session.receive_datagram(hello_of("forged"), link.now)
    link.flush(a)
    link.run()
    assert securing_streams(a)[0] == 1
    keys = [event.keys.local_key.reveal() for event in a.told(Secured)]
    assert keys == [event.keys.remote_key.reveal() for event in b.told(Secured)]
    assert not a.told(Failed)
    assert not b.told(Failed)


def test_flood_of_forged_hellos_during_a_call_is_bounded() -> None:
    """A hundred per second for a minute: a few streams, a few key pairs, no event that alarms."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    before = len(a.randomness.private_sizes)
    for number in range(6000):
        now = link.now + number / 100
        a.session.receive_datagram(hello_of(f"forged {number % 50}"), now)
        a.session.handle_timer(now)
    a.collect()
    assert len(a.states) <= MAX_STREAMS
    assert len(a.randomness.private_sizes) - before <= 1
    assert not a.told(Failed)
    assert a.states[0] is State.SECURE


def test_flood_of_whole_exchanges_is_bounded() -> None:
    """Strangers who carry the exchange on get a stream each, at most three at once and one per 5 s."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    answered = 0
    for number in range(20):
        stranger = Party(f"stranger {number}", 100 + number)
        moved = Link(a, stranger)
        moved.now = link.now
        moved.start(stranger)
        moved.run(link.now + 0.2)
        answered += bool(stranger.told(Secured))
    assert answered == 3
    late = Party("late", 200)
    moved = Link(a, late)
    moved.now = link.now + 6
    moved.start(late)
    moved.run(moved.now + 1)
    assert late.told(Secured)


def test_oldest_stream_gives_way_and_the_current_one_stays() -> None:
    """Eight are kept; the one that the owner opened last is among them."""
    a = Party("alice", 1)
    link = connect(a, Party("bob", 2))
    for number in range(10):
        link.now += 10
        link = reconnect(link, Party(f"peer {number}", 10 + number))
    assert len(a.states) == MAX_STREAMS
    assert StreamId(1) in a.session._streams
    assert len(securing_streams(a)) == 11


def test_stranger_who_says_nothing_more_is_not_told_as_a_failure() -> None:
    """A forged Hello in the middle of a call alone is no news."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    a.session.receive_datagram(hello_of("forged"), link.now)
    a.collect()
    for _ in range(100):
        due = a.session.get_timer()
        if due is None:
            break
        a.session.handle_timer(due)
        a.collect()
    assert a.session.get_timer() is None
    assert not a.told(Failed)


def test_every_exchange_that_was_told_to_begin_is_told_to_end() -> None:
    """A stranger gets us to commit and falls silent: the owner hears both."""
    a, b = Party("alice", 1), Party("bob", 2)
    link = connect(a, b)
    stranger = Party("stranger", 3, configuration=PASSIVE)
    moved = Link(a, stranger, intercept=drop(b"Commit  "))
    moved.now = link.now
    moved.start(stranger)
    moved.run(link.now + 60)
    told = [(stream, type(event)) for stream, event in a.events if stream == 2]
    assert told == [(2, PeerFound), (2, ExchangeStarted), (2, Failed)]
    assert a.states[0] is State.SECURE


def test_roles_of_streams_are_independent() -> None:
    """Initiator on one stream, responder on the next."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = connect(a, b)
    assert a.secured.role is Role.INITIATOR
    a.session._endpoint.configuration = PASSIVE
    reconnect(link, Party("carol", 3))
    assert [event.role for event in a.told(Secured)] == [Role.INITIATOR, Role.RESPONDER]
