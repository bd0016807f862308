"""Further streams of a secure session: Multistream mode (RFC 6189 §4.4.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phone.zrtp.algorithms import Configuration
from phone.zrtp.association import Association
from phone.zrtp.dh import X255
from phone.zrtp.endpoint import StreamId
from phone.zrtp.errors import ErrorCode
from phone.zrtp.events import Cause, Failed, Role, Secured
from phone.zrtp.messages import MultistreamCommit
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import Link, Party, connect, drop, message_of, resigned, same_keys

PASSIVE = Configuration(passive=True)


class Caller:
    """One end of a call with several streams of media."""

    def __init__(self, name: str, configuration: Configuration | None = None) -> None:
        self.association = Association()
        ssrc = sum(name.encode())
        self.first = Party(name, ssrc, configuration=configuration, association=self.association)
        self.second = Party(
            name,
            ssrc + 1000,
            configuration=configuration,
            cache=self.first.cache,
            association=self.association,
            seed=" second",
        )


def call(a: Configuration | None = None, b: Configuration | None = None) -> tuple[Caller, Caller]:
    """Return two ends whose first stream is secure."""
    ann, ben = Caller("ann", a), Caller("ben", b)
    connect(ann.first, ben.first)
    assert same_keys(ann.first, ben.first)
    return ann, ben


def run_together(links: list[Link[Party, Party]], until: float) -> None:
    """Let the same time pass on every link, a millisecond at a time."""
    for step in range(1, round(until * 1000)):
        for link in links:
            link.now = max(link.now, (step - 1) / 1000)
            link.run(step / 1000)


def test_second_stream_needs_no_diffie_hellman() -> None:
    """Commit is answered by Confirm1; keys are new, the SAS is the first stream's (§4.4.3, §4.5.2)."""
    ann, ben = call()
    connect(ann.second, ben.second)
    assert same_keys(ann.second, ben.second)
    said = [*ann.second.said, *ben.second.said]
    assert b"DHPart1 " not in said
    assert b"DHPart2 " not in said
    assert ann.second.secured.keys != ann.first.secured.keys
    assert ann.second.secured.sas == ann.first.secured.sas
    assert ann.second.secured.algorithms.key_agreement == "Mult"


def test_second_stream_touches_no_cache() -> None:
    """Neither rs1 nor the verified flag (§4.4.3)."""
    ann, ben = call()
    saves = ann.first.cache.saves
    connect(ann.second, ben.second)
    assert ann.second.told(Secured)
    assert ann.first.cache.saves == saves


def test_roles_may_differ_from_the_first_stream() -> None:
    """The initiator of the one may be the responder of the other (§4.4.3.2)."""
    ann, ben = call(None, PASSIVE)
    assert ann.first.secured.role is Role.INITIATOR
    ann.second.session._endpoint.configuration = PASSIVE
    ben.second.session._endpoint.configuration = Configuration()
    connect(ann.second, ben.second)
    assert same_keys(ann.second, ben.second)
    assert ann.second.secured.role is Role.RESPONDER


@pytest.mark.parametrize("seed", range(20))
def test_second_stream_on_a_bad_network(seed: int) -> None:
    """30 % loss each way, duplicates and reordering, contention among them: it is secured."""
    ann, ben = call()
    connect(ann.second, ben.second, seed=seed, loss=0.3, duplication=0.2, jitter=0.1)
    assert same_keys(ann.second, ben.second)


def test_both_streams_at_once_take_turns() -> None:
    """Only one of them does Diffie-Hellman, the other one follows in Multistream mode (§4.4.1)."""
    ann, ben = Caller("ann"), Caller("ben")
    links = [Link(ann.first, ben.first), Link(ann.second, ben.second)]
    for link in links:
        link.start()
    run_together(links, 3.0)
    assert same_keys(ann.first, ben.first)
    assert same_keys(ann.second, ben.second)
    agreed = {party.secured.algorithms.key_agreement for party in (ann.first, ann.second)}
    assert agreed == {"PQ25", "Mult"}


def test_crossing_commits_on_two_streams_are_settled_by_hvi() -> None:
    """Each end commits on another stream first; the higher hvi goes ahead on both (§4.2)."""
    ann, ben = Caller("ann", Configuration()), Caller("ben", Configuration())
    links = [Link(ann.first, ben.first), Link(ann.second, ben.second)]
    # on the first stream ben is slow to commit, on the second one ann is
    links[0]._intercept = drop(b"HelloACK", sender=ann.first, times=3)
    links[1]._intercept = drop(b"HelloACK", sender=ben.second, times=3)
    for link in links:
        link.start()
    run_together(links, 8.0)
    assert same_keys(ann.first, ben.first)
    assert same_keys(ann.second, ben.second)
    assert ann.first.secured.sas == ann.second.secured.sas


def test_without_a_session_a_multistream_commit_ends_the_exchange() -> None:
    """ZRTPSess is missing: Error 0x56, and no keys (§4.4.3.1)."""
    ann, ben = call()
    ben.association.bond = None
    ben.second.session._endpoint.configuration = PASSIVE
    connect(ann.second, ben.second)
    assert [failed.error_code for failed in ben.second.told(Failed)] == [ErrorCode.DH_REQUIRED]
    assert not ann.second.told(Secured)


def test_repeated_nonce_is_refused() -> None:
    """Error 0x80 (§4.4.3.1)."""
    ann, ben = call()
    ben.second.session._endpoint.configuration = PASSIVE
    bond = ben.association.bond
    assert bond is not None

    def intercept(sender: object, datagram: bytes) -> list[bytes]:
        if datagram[16:24] == MultistreamCommit.TYPE:
            commit = message_of(datagram)
            assert isinstance(commit, MultistreamCommit)
            bond._nonces.add(commit.nonce)
        return [datagram]

    link = Link(ann.second, ben.second, intercept=intercept)
    link.start()
    link.run()
    assert [failed.error_code for failed in ben.second.told(Failed)] == [ErrorCode.NONCE_REUSE]
    assert not ann.second.told(Secured)


def test_peer_that_does_not_list_it_gets_diffie_hellman() -> None:
    """Some stacks refuse a further stream to those who do not list Mult (§4.4.3)."""
    ann, ben = call(Configuration(key_agreements=(X255,)))
    connect(ann.second, ben.second)
    assert ann.second.secured.algorithms.key_agreement == "X255"
    assert ann.association.bond is None


def test_stream_anew_in_the_same_session_begins_with_diffie_hellman() -> None:
    """The peer may have been restarted, and know of no session."""
    ann, ben = call()
    link = Link(ann.first, ben.first)
    for party in (ann.first, ben.first):
        party.session.restart_discovery(0.0)
        link.flush(party)
    link.run()
    assert [event.algorithms.key_agreement for event in ann.first.told(Secured)] == ["PQ25", "PQ25"]


def test_another_kind_of_commit_in_contention_is_an_error() -> None:
    """DH mode against Multistream: one side knows no session (§4.2)."""
    ann, ben = call()
    ben.association.bond = None
    connect(ann.second, ben.second)
    failures = [*ann.second.told(Failed), *ben.second.told(Failed)]
    assert Failed(Cause.PROTOCOL, ErrorCode.SOFTWARE_ERROR) in failures
    assert not ann.second.told(Secured)


def test_altered_multistream_commit_is_found_out() -> None:
    """The MAC of the Commit is checked once H1 is known (§8.1.1)."""
    ann, ben = call()
    ben.second.session._endpoint.configuration = PASSIVE

    def intercept(sender: object, datagram: bytes) -> list[bytes]:
        if datagram[16:24] != MultistreamCommit.TYPE:
            return [datagram]
        commit = message_of(datagram)
        assert isinstance(commit, MultistreamCommit)
        return [resigned(datagram, replace(commit, nonce=bytes(16)), bytes(32))]

    link = Link(ann.second, ben.second, intercept=intercept)
    link.start()
    link.run()
    assert not ann.second.told(Secured)
    assert not ben.second.told(Secured)


def test_confirm1_from_a_stranger_changes_nothing() -> None:
    """Before the right one comes, Commit goes on being sent."""
    ann, ben = call()
    stranger = connect(Party("carol", 8), Party("dave", 9, configuration=PASSIVE)).b
    forged = next(datagram for datagram in stranger.sent if datagram[16:24] == b"Confirm1")
    link = Link(ann.second, ben.second, intercept=drop(b"Confirm1", times=1))
    link.start()
    link.run(stop=lambda: ann.second.states == [State.COMMIT_SENT])
    ann.second.session.receive_datagram(bytes(Packet(9, 9, Packet.parse(forged).message)), link.now)
    assert ann.second.states == [State.COMMIT_SENT]
    link.run()
    assert same_keys(ann.second, ben.second)


def test_sibling_outlives_a_closed_stream() -> None:
    """ZRTPSess stays while another stream of the call needs it (§4.7.1)."""
    ann, ben = call()
    ann.first.session.close()
    connect(ann.second, ben.second)
    assert same_keys(ann.second, ben.second)


def test_exported_keys_of_both_ends_are_the_same() -> None:
    """ExportedKey, for other uses (§4.5.2); every label and every stream has its own."""
    ann, ben = call()
    one = ann.first.session.exporter(StreamId(1))
    assert one.derive(b"label", 256) == ben.first.session.exporter(StreamId(1)).derive(b"label", 256)
    assert one.derive(b"label", 256) != one.derive(b"other", 256)
    assert repr(one.derive(b"label", 256).reveal())[2:-1] not in repr(one)
