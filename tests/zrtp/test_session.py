"""Whole handshakes between two sessions of ours (RFC 6189 §4)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import AES1, AES3, HS32, N256, N384, S256, S384, Configuration, Hash
from phone.zrtp.dh import DH2K, DH3K, EC25, EC38, X255, X448, KeyAgreement, MontgomeryPair
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import (
    Algorithms,
    Cause,
    ExchangeStarted,
    Failed,
    PeerFound,
    ReceiveKeysReady,
    Role,
    Secured,
    Suspicion,
)
from phone.zrtp.hybrid import PQ25, PQ44, HybridInitiator, HybridResponder
from phone.zrtp.keys import KeySchedule
from phone.zrtp.messages import Commit, Error, Hello, Ping, PingACK
from phone.zrtp.packet import Packet
from phone.zrtp.sas import B256
from phone.zrtp.states import State
from tests.zrtp.link import CLASSIC, Link, Party, connect, drop, message_of, reframed, same_keys, type_of
from tests.zrtp.reachable import reachable

A_SSRC, B_SSRC = 0xA0000001, 0xB0000002


def pair(ours: Configuration | None = None, theirs: Configuration | None = None) -> tuple[Party, Party]:
    return (
        Party("alice", A_SSRC, configuration=ours),
        Party("bob", B_SSRC, configuration=theirs or ours),
    )


@pytest.mark.parametrize(
    "hashes",
    [(S256,), (S384, S256), (N256, S256), (N384, S256)],
    ids=["S256", "S384", "N256", "N384"],
)
@pytest.mark.parametrize(
    "agreement", [DH2K, X255, EC25, X448, DH3K, PQ25, PQ44], ids=lambda row: row.code.decode()
)
def test_two_sessions_secure_each_other(agreement: KeyAgreement, hashes: tuple[Hash, ...]) -> None:
    """Every key agreement with every hash: each side opens what the other protects, and both show one SAS."""
    a, b = pair(Configuration(key_agreements=(agreement,), hashes=hashes))
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms.hash == hashes[0].code.decode()
    assert a.secured.algorithms.key_agreement == agreement.code.decode()


def test_two_sessions_with_p384() -> None:
    """It brings SHA-384 and AES-256 with it, though both list something else first."""
    a, b = pair(Configuration(key_agreements=(EC38,), hashes=(S256, S384), ciphers=(AES1, AES3)))
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms == Algorithms("S384", "AES3", "HS80", "EC38", "B32")
    assert len(a.secured.keys.local_key) == 32


def test_commit_with_a_longer_cipher_key_takes_a_longer_exponent() -> None:
    """A pair of 256 bits was prepared; the peer commits AES-256, which asks for 512 (§5.1.5)."""
    a, b = pair(
        Configuration(key_agreements=(DH3K,), ciphers=(AES1, AES3), passive=True),
        Configuration(key_agreements=(DH3K,), ciphers=(AES3, AES1)),
    )
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.algorithms.cipher == "AES3"
    assert a.randomness.private_sizes == [32, 64]
    assert b.randomness.private_sizes == [64]


def test_default_algorithms() -> None:
    """Two of us choose the first of everything, and the cipher that goes with it."""
    a, b = pair()
    connect(a, b)
    assert a.secured.algorithms == Algorithms("S256", "AES3", "HS80", "PQ25", "B32")
    assert a.secured.keys.cipher == "AES3"
    assert a.secured.keys.auth_tag == "HS80"


def test_initiators_preferences_decide() -> None:
    """Auth tag and SAS type follow the initiator's order."""
    a, b = pair(Configuration(auth_tags=(HS32,), sas_types=(B256,)), Configuration(passive=True))
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.keys.auth_tag == "HS32"
    assert a.secured.sas.scheme == "B256"


def test_keys_of_both_directions_differ() -> None:
    """Two sides never protect under the same key (§4.5.3)."""
    a, b = pair()
    connect(a, b)
    assert a.secured.keys.local_key != a.secured.keys.remote_key


def test_two_calls_have_different_keys() -> None:
    """Every call agrees anew."""
    a, b = pair()
    connect(a, b)
    a2, b2 = Party("alice", 1, cache=a.cache), Party("bob", 2, cache=b.cache)
    connect(a2, b2)
    assert a2.secured.keys.local_key != a.secured.keys.local_key


def test_one_side_alone_can_wake_the_other() -> None:
    """A session that was not started yet answers, and the handshake completes."""
    a, b = pair()
    link = Link(a, b)
    link.start(a)
    link.run()
    assert same_keys(a, b)


def test_late_start_changes_nothing() -> None:
    """Starting what a peer's Hello already began is harmless."""
    a, b = pair()
    link = Link(a, b)
    link.start(a)
    link.run()
    link.start(b)
    link.run()
    assert same_keys(a, b)
    assert len(b.told(Secured)) == 1


def test_events_come_in_order() -> None:
    """Peer found, exchange started, receive keys, secure."""
    a, b = pair(None, Configuration(passive=True))
    connect(a, b)
    kinds = [PeerFound, ExchangeStarted, ReceiveKeysReady, Secured]
    assert [type(event) for _, event in a.events] == kinds
    assert [type(event) for _, event in b.events] == kinds


def test_peer_is_named() -> None:
    """ZID and client identifier of the peer's Hello."""
    a, b = pair(None, Configuration(client_identifier=b"Another 2"))
    connect(a, b)
    assert a.told(PeerFound) == [PeerFound(b.cache.zid(), "Another 2")]
    assert a.secured.peer_zid == b.cache.zid()


def test_receive_keys_come_before_the_end() -> None:
    """What the peer sends can be opened from Confirm1 on, while Conf2ACK is still on its way (§4.6)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Conf2ACK"))
    link.start()
    link.run(1.0)
    (ready,) = a.told(ReceiveKeysReady)
    assert not a.told(Secured)
    assert ready.keys.remote_key == b.secured.keys.local_key


def test_srtp_counts_as_conf2ack() -> None:
    """The first SRTP packet that authenticates ends the exchange and the retransmission (§4.6)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Conf2ACK"))
    link.start()
    link.run(1.0)
    a.session.srtp_authenticated(StreamId(1), link.now)
    link.flush(a)
    assert same_keys(a, b)
    assert a.session.get_timer() is None


def test_confirm2_is_repeated_until_srtp_proves_that_it_arrived() -> None:
    """A Conf2ACK makes us secure, but anyone could have sent it."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b)
    link.start()
    link.run(0.5)
    assert a.told(Secured)
    repeated = a.said.count(b"Confirm2")
    assert repeated > 1
    a.session.srtp_authenticated(StreamId(1), link.now)
    link.run()
    assert a.said.count(b"Confirm2") == repeated
    assert a.session.get_timer() is None


def test_srtp_of_an_unknown_stream_is_nothing() -> None:
    """The owner may speak of a stream that has been given up."""
    a, _ = pair()
    a.session.srtp_authenticated(StreamId(99), 0.0)
    assert a.collect() == []


def test_first_message_to_secure_takes_the_fewest_messages() -> None:
    """A peer that hears our Hello late answers at once: no timer is waited for."""
    a, b = pair()
    link = Link(a, b)
    link.start(a)
    link.run(stop=lambda: bool(a.told(Secured)))
    assert link.now == pytest.approx(8 * Link.DELAY)
    assert a.said == [b"Hello   ", b"Commit  ", b"HelloACK", b"DHPart2 ", b"Confirm2"]
    assert b.said == [b"HelloACK", b"Hello   ", b"DHPart1 ", b"Confirm1", b"Conf2ACK"]


# discovery


def test_hello_schedule_without_a_peer() -> None:
    """21 Hellos in 3.75 s, then the failure is told once, and nothing more is sent (§6)."""
    a, b = pair()
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    link.run()
    assert a.said == [b"Hello   "] * 21
    assert a.told(Failed) == [Failed(Cause.NO_PEER)]
    assert a.session.get_timer() is None


def test_hello_goes_on_for_twelve_seconds_after_a_sign_of_zrtp() -> None:
    """An announced hash means that somebody will speak ZRTP (§6)."""
    a, b = pair()
    link = Link(a, b, intercept=lambda *_: [])
    a.session.expect_hello_hash(b.session.hello_hash)
    link.start(a)
    link.run(12.0)
    assert not a.told(Failed)
    link.run()
    assert len(a.said) == 63
    assert len(a.told(Failed)) == 1


def test_ping_is_a_sign_of_zrtp_too() -> None:
    """It extends the schedule that is running (§6)."""
    a, b = pair()
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    link.run(1.0)
    a.session.receive_datagram(ping(), link.now)
    link.run(12.0)
    assert not a.told(Failed)


def test_late_hello_is_answered() -> None:
    """A peer that begins after we have given up is secured all the same."""
    a, b = pair()
    link = Link(a, b)
    link.start(a)
    link._in_flight.clear()
    link._intercept = lambda *_: []
    link.run(20.0)
    assert a.told(Failed)
    link._intercept = lambda _, datagram: [datagram]
    link.now = 20.0
    link.start(b)
    link.run()
    assert same_keys(a, b)


def test_hello_is_the_same_in_every_transmission() -> None:
    """Only sequence number and checksum differ (§6)."""
    a, b = pair()
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    link.run()
    packets = [Packet.parse(datagram) for datagram in a.sent]
    assert len({packet.message for packet in packets}) == 1
    assert len({packet.sequence_number for packet in packets}) == 21


def test_sequence_numbers_start_low_and_go_up_by_one() -> None:
    """For every packet, acknowledgements and retransmissions included (§5)."""
    a, b = pair()
    connect(a, b, seed=3, loss=0.2)
    numbers = [Packet.parse(datagram).sequence_number for datagram in a.sent]
    assert 1 <= numbers[0] <= 0x0FFF
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_sequence_number_wraps() -> None:
    """16 bits."""
    a, _ = pair()
    a.session._sequence_number = 0xFFFF
    a.session.start(0.0)
    a.session.handle_timer(0.05)
    assert [Packet.parse(datagram).sequence_number for datagram in a.collect()] == [0xFFFF, 0]


def test_packets_bear_the_ssrc_of_the_moment() -> None:
    """It may become known after construction."""
    a = Party("alice", 0)
    a.session.start(0.0)
    a.session.ssrc = 0x12345678
    assert {Packet.parse(datagram).ssrc for datagram in a.collect()} == {0x12345678}


def test_every_hello_is_acknowledged() -> None:
    """In every state, and for the whole session (§5.3)."""
    a, b = pair()
    link = connect(a, b)
    hello = next(datagram for datagram in b.sent if type_of(datagram) == b"Hello   ")
    for _ in range(3):
        a.session.receive_datagram(hello, link.now)
        assert [type_of(datagram) for datagram in a.collect()] == [b"HelloACK"]
    assert a.states == [State.SECURE]


def test_own_hello_reflected_is_ignored() -> None:
    """An echo is not a peer."""
    a, _ = pair()
    a.session.start(0.0)
    (hello,) = a.collect()
    a.session.receive_datagram(hello, 0.01)
    assert a.collect() == []
    assert a.events == []


@pytest.mark.parametrize("version", [b"1.11", b"1.19"])
def test_last_digit_of_the_version_does_not_matter(version: bytes) -> None:
    """Three characters are compared (§4.1.1)."""
    a, b = pair()
    a.session.receive_datagram(changed_hello(b, version=version), 0.0)
    a.collect()
    assert a.told(PeerFound)


def test_higher_version_is_left_to_come_down() -> None:
    """It is acknowledged, and we go on with our own (§4.1.1)."""
    a, b = pair()
    a.session.start(0.0)
    a.session.receive_datagram(changed_hello(b, version=b"1.20"), 0.0)
    a.collect()
    assert a.said == [b"Hello   ", b"HelloACK"]
    assert a.states == [State.DISCOVERING]


@pytest.mark.parametrize(
    ("change", "ssrc", "code"),
    [
        ({"version": b"1.00"}, B_SSRC, 0x30),
        ({"zid": "alice"}, B_SSRC, 0x90),
        ({}, A_SSRC, 0x91),
    ],
    ids=["version", "ZID", "SSRC"],
)
def test_impossible_peer_is_told_why(change: dict[str, object], ssrc: int, code: int) -> None:
    """Lower version, our own ZID, our own SSRC: acknowledged, refused, and the cause in the end (§5.9)."""
    a, b = pair()
    if "zid" in change:
        change = {"zid": a.cache.zid()}
    datagram = replace(Packet.parse(changed_hello(b, **change)), ssrc=ssrc)
    link = Link(a, b, intercept=lambda *_: [])
    link.start(a)
    a.session.receive_datagram(bytes(datagram), 0.0)
    link.flush(a)
    assert a.said == [b"Hello   ", b"HelloACK", b"Error   "]
    assert message_of(a.sent[-1]) == Error(code)
    link.run()
    assert a.told(Failed) == [Failed(Cause.PROTOCOL, code)]


def test_impossible_peer_does_not_keep_a_real_one_out() -> None:
    """Anyone could have sent that Hello."""
    a, b = pair()
    a.session.receive_datagram(changed_hello(b, zid=a.cache.zid()), 0.0)
    a.collect()
    connect(a, b)
    assert same_keys(a, b)


def test_unknown_own_ssrc_collides_with_nobody() -> None:
    """0 means that we do not know it yet; so may the peer."""
    a, b = Party("alice", 0), Party("bob", 0)
    connect(a, b)
    assert same_keys(a, b)


# roles


def test_contention_is_settled_by_hvi() -> None:
    """Both send Commit; the higher hvi's sender is the initiator (§4.2)."""
    for number in range(8):
        a, b = (
            Party(f"{name} {number}", ssrc, configuration=CLASSIC)
            for ssrc, name in enumerate(("alice", "bob"), 1)
        )
        connect(a, b)
        assert same_keys(a, b)
        hvis = {
            party.name: Commit.parse(Packet.parse(datagram).message).hvi
            for party in (a, b)
            for datagram in party.sent
            if type_of(datagram) == b"Commit  "
        }
        assert len(hvis) == 2
        winner = a if hvis[a.name] > hvis[b.name] else b
        assert winner.secured.role is Role.INITIATOR


def test_contention_loser_keeps_its_key_pair() -> None:
    """It draws one private value, for the Commit that lost and for its DHPart1 (§4.2)."""
    a, b = pair(CLASSIC)
    connect(a, b)
    loser = a if a.secured.role is Role.RESPONDER else b
    assert b"Commit  " in loser.said
    assert len(loser.randomness.private_sizes) == 1


@pytest.mark.parametrize("passive", ["alice", "bob"])
def test_passive_endpoint_never_commits(passive: str) -> None:
    """It waits for the peer to do so (§4.8)."""
    parties = {
        name: Party(name, number, configuration=Configuration(passive=name == passive))
        for number, name in enumerate(("alice", "bob"), 1)
    }
    a, b = parties["alice"], parties["bob"]
    connect(a, b)
    assert same_keys(a, b)
    assert b"Commit  " not in parties[passive].said
    assert parties[passive].secured.role is Role.RESPONDER


def test_two_passive_endpoints_say_so() -> None:
    """Nobody begins: told after 12 s, by both."""
    a, b = pair(Configuration(passive=True))
    connect(a, b)
    assert a.told(Failed) == b.told(Failed) == [Failed(Cause.PASSIVE)]
    assert {b"Commit  "}.isdisjoint(a.said + b.said)


def test_passive_endpoint_takes_a_late_commit() -> None:
    """Also after it has told that nothing came."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Commit  "))
    link.start()
    link.run(12.5)
    assert b.told(Failed)
    commit = next(datagram for datagram in a.sent if type_of(datagram) == b"Commit  ")
    b.session.receive_datagram(commit, link.now)
    assert b.states == [State.DHPART1_SENT]


def test_commit_that_nobody_answers() -> None:
    """Eleven Commits, each but the first with our Hello; then the failure is told, and we stay ready (§6)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Commit  "))
    link.start()
    link.run()
    assert a.said.count(b"Commit  ") == 11
    assert a.told(Failed) == [Failed(Cause.TIMEOUT)]
    assert a.states == [State.PEER_HEARD]


def test_discovery_wakes_up_when_the_peer_does() -> None:
    """A Hello that comes again after we had given up has our own follow, and the exchange begins."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Commit  ", times=11))
    link.start()
    link.run(25.0)
    assert a.states == [State.PEER_HEARD]
    hello = next(datagram for datagram in b.sent if type_of(datagram) == b"Hello   ")
    link.send(b, hello)
    link.run()
    assert same_keys(a, b)


# failures of the exchange


@pytest.mark.parametrize(
    ("lost", "failing", "state"),
    [
        (b"DHPart2 ", "responder", State.FAILED),
        (b"Confirm1", "initiator", State.FAILED),
        (b"Confirm2", "responder", State.FAILED),
        (b"Conf2ACK", "initiator", State.FAILED),
    ],
)
def test_silence_ends_the_exchange(lost: bytes, failing: str, state: State) -> None:
    """10 s of silence, or a schedule that runs out: error 0xB0, told to the peer and the user (§6, §5.9)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(lost))
    link.start()
    link.run()
    party = a if failing == "initiator" else b
    assert party.told(Failed)[0] == Failed(Cause.TIMEOUT, 0xB0)
    assert b"Error   " in party.said
    assert party.states == [state]


def test_error_is_sent_until_it_is_acknowledged() -> None:
    """11 times in 9.45 s (§4.7.1, §6)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(
        a,
        b,
        intercept=lambda party, datagram: (
            [] if type_of(datagram) in (b"DHPart2 ", b"Error   ") else [datagram]
        ),
    )
    link.start()
    link.run()
    assert b.said.count(b"Error   ") == 11
    assert b.states == [State.FAILED]


def test_error_ack_ends_the_retransmission() -> None:
    """One Error, one ErrorACK."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"DHPart2 "))
    link.start()
    link.run()
    assert b.said.count(b"Error   ") == 1
    assert a.said.count(b"ErrorACK") == 1


def test_peers_error_is_the_reason_when_time_is_up() -> None:
    """An Error is acknowledged at once and believed in the end: it is not authenticated (§5.9, §9)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"DHPart1 "))
    link.start()
    link.run(0.5)
    a.session.receive_datagram(error(0x61), link.now)
    link.run()
    assert b"ErrorACK" in a.said
    assert a.told(Failed) == [Failed(Cause.PEER_ERROR, 0x61)]


@pytest.mark.parametrize("moment", [0.005, 0.015, 0.025, 0.035, 0.045, 0.055, 0.2])
def test_forged_error_ends_nothing(moment: float) -> None:
    """At whatever moment it comes, the call is secured."""
    a, b = pair()
    link = Link(a, b)
    link.start()
    link.run(moment)
    for party in (a, b):
        party.session.receive_datagram(error(0x20), link.now)
    link.run()
    assert same_keys(a, b)
    assert not a.told(Failed)


# signalling


def test_hello_hash_is_that_of_the_hello() -> None:
    """Version and 64 hex digits of SHA-256 over the message, without packet header and checksum (§8.1)."""
    a, _ = pair()
    value = a.session.hello_hash
    a.session.start(0.0)
    (datagram,) = a.collect()
    assert value == "1.10 " + hashlib.sha256(datagram[12:-4]).hexdigest()


@pytest.mark.parametrize("write", [str, str.upper, lambda value: f"  {value}  "])
def test_hello_that_matches_the_signalling(write: type[str]) -> None:
    """Both sides know it; letter case and blanks do not matter (§8.1)."""
    a, b = pair()
    a.session.expect_hello_hash(write(b.session.hello_hash))
    connect(a, b)
    assert a.secured.hello_hash_matched is True
    assert b.secured.hello_hash_matched is None


def test_hello_that_does_not_match_is_ignored() -> None:
    """It gets no answer, the user hears of it once, and it is the cause in the end (§8.1)."""
    a, b = pair()
    a.session.expect_hello_hash("1.10 " + "0" * 64)
    link = connect(a, b)
    assert a.said.count(b"HelloACK") == 0
    assert [suspicion.cause for suspicion in a.told(Suspicion)] == [Cause.HELLO_HASH]
    assert a.told(Failed) == [Failed(Cause.HELLO_HASH)]
    assert link.now > 12


def test_right_hello_after_a_wrong_one() -> None:
    """Who forges a Hello gains nothing where the signalling protects it."""
    a, b = pair()
    mallory = Party("mallory", 3)
    a.session.expect_hello_hash(b.session.hello_hash)
    mallory.session.start(0.0)
    a.session.receive_datagram(mallory.collect()[0], 0.0)
    assert a.collect() == []
    connect(a, b)
    assert same_keys(a, b)


@pytest.mark.parametrize("value", [None, "", "nonsense", "1.10 12ab", "2.00 " + "0" * 64])
def test_no_usable_hello_hash(value: str | None) -> None:
    """Absent, malformed or of another version: any Hello is taken (§8.1)."""
    a, b = pair()
    a.session.expect_hello_hash(value)
    connect(a, b)
    assert a.secured.hello_hash_matched is None


def test_hello_hash_that_comes_late_drops_the_wrong_hello() -> None:
    """A Hello that was heard before the signalling spoke is judged afterwards."""
    a, b = pair()
    mallory = Party("mallory", 3)
    mallory.session.start(0.0)
    a.session.receive_datagram(mallory.collect()[0], 0.0)
    a.session.expect_hello_hash(b.session.hello_hash)
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.hello_hash_matched is True


def test_hello_hash_that_comes_after_the_exchange_tells() -> None:
    """Keys with somebody else than announced are told as such."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: a.states == [State.DHPART2_SENT])
    a.session.expect_hello_hash("1.10 " + "0" * 64)
    link.run()
    assert a.secured.hello_hash_matched is False


# the rest


def test_ping_is_answered() -> None:
    """With our endpoint hash, the Ping's, and its SSRC (§5.16)."""
    a, _ = pair()
    a.session.receive_datagram(ping(), 0.0)
    (answer,) = a.collect()
    assert message_of(answer) == PingACK(b"1.10", a.cache.zid()[:8], b"pinghash", 0x77)


def test_damaged_datagram_is_counted() -> None:
    """And nothing else happens (§5)."""
    a, _ = pair()
    for datagram in (b"", b"\x10\0", ping()[:-1], ping() + bytes(4), b"\x80" + ping()[1:]):
        before = a.session.dropped
        a.session.receive_datagram(datagram, 0.0)
        assert a.session.dropped == before + 1
    assert a.collect() == []


def test_closed_session_is_deaf_and_dumb() -> None:
    """No answer, no timer, no event (§4.7.3)."""
    a, b = pair()
    link = connect(a, b)
    a.session.close()
    a.session.receive_datagram(ping(), link.now)
    a.session.handle_timer(link.now + 100)
    assert a.session.datagrams_to_send() == []
    assert a.session.next_event() is None
    assert a.session.get_timer() is None


def secrets_within(root: object) -> list[object]:
    """Return every secret, and every private value, that can be reached from ``root``."""
    return [
        thing
        for thing in reachable(root)
        if isinstance(thing, MontgomeryPair | HybridInitiator | HybridResponder | KeySchedule)
        or (isinstance(thing, Secret) and len(thing))
    ]


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_secure_session_holds_what_others_need_alone(name: str) -> None:
    """s0, DHResult, private values and SRTP keys are gone once they have been handed over (§4.6.1).

    ZRTPSess stays for further streams (§4.4.3), and ExportedKey for other uses (§4.5.2).
    """
    a, b = pair()
    connect(a, b)
    party = a if name == "alice" else b
    party.session._endpoint.cache = None  # type: ignore[assignment]
    bond = party.session._endpoint.association.bond
    assert bond is not None
    expected = [bond.zrtp_session, party.session.exporter(StreamId(1)).key]
    assert {id(secret) for secret in secrets_within(party.session)} == {id(secret) for secret in expected}


def test_failed_session_holds_no_secret() -> None:
    """Not even a private value (§4.7.3)."""
    a, b = pair(None, Configuration(passive=True))
    link = Link(a, b, intercept=drop(b"Confirm1"))
    link.start()
    link.run()
    for party in (a, b):
        assert party.states == [State.FAILED]
        assert secrets_within(party.session) == []


def test_closed_session_holds_no_secret() -> None:
    """Whatever it was doing (§4.7.3)."""
    for moment in (0.005, 0.015, 0.025, 0.035, 0.045, 0.5):
        a, b = pair()
        link = Link(a, b)
        link.start()
        link.run(moment)
        a.session.close()
        a.session._endpoint.cache = None  # type: ignore[assignment]
        assert secrets_within(a.session) == []


def test_secrets_are_in_no_repr() -> None:
    """Neither events nor what they hold show a key."""
    a, b = pair()
    connect(a, b)
    shown = repr(a.events) + repr(a.cache.entries)
    keys = a.secured.keys
    entry = a.cache.entries[b.cache.zid()]
    assert entry.rs1 is not None
    for secret in (keys.local_key, keys.local_salt, keys.remote_key, entry.rs1.value):
        assert repr(secret.reveal())[2:-1] not in shown
        assert secret.reveal().hex() not in shown


def ping() -> bytes:
    return bytes(Packet(1, 0x77, bytes(Ping(b"1.10", b"pinghash"))))


def error(code: int) -> bytes:
    return bytes(Packet(1, 0x77, bytes(Error(code))))


def changed_hello(party: Party, **changes: object) -> bytes:
    """Return the Hello that ``party`` would send, with some fields changed."""
    party.session.start(0.0)
    (datagram,) = party.collect()
    hello = Hello.parse(datagram[12:-4])
    return reframed(datagram, bytes(replace(hello, **changes)))  # type: ignore[arg-type]
