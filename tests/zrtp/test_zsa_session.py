"""ZSA on top of real ZRTP sessions (docs/zsa.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Authenticated, Cleared, Doubt, NotAuthenticated, Role, Secured
from phone.zrtp.messages import Hello, SecAuth1
from phone.zrtp.packet import Packet
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.claim import Claim
from tests.zrtp.link import CLASSIC, Interceptor, Link, Party, connect, drop, reframed, same_keys, type_of
from tests.zrtp.test_states import go_clear
from tests.zrtp.zsa import account

SUITES = pytest.mark.parametrize("suite", Suite, ids=lambda suite: suite.name)
KEEPER, HOLDER = Side.KEEPER, Side.HOLDER


def claim(side: Side, password: str = "secret", **more: Any) -> Claim:
    """Return what one end can prove."""
    return Claim(Capability(side, **more), account(password))


def pair(a: Claim | None, b: Claim | None, configuration: Configuration | None = None) -> tuple[Party, Party]:
    """Return two parties, the second of which never commits."""
    passive = replace(configuration or Configuration(), passive=True)
    return (
        Party("alice", 1, configuration=configuration, claim=a),
        Party("bob", 2, configuration=passive, claim=b),
    )


def proofs(party: Party) -> list[Any]:
    """Return the events that tell of a proof."""
    return [*party.told(Authenticated), *party.told(NotAuthenticated)]


@SUITES
@pytest.mark.parametrize("configuration", [None, CLASSIC], ids=["KEM", "DH"])
@pytest.mark.parametrize("initiator", Side, ids=lambda side: side.name)
def test_the_proof_follows_the_key_exchange(
    initiator: Side, suite: Suite, configuration: Configuration | None
) -> None:
    """Whoever is the initiator, in KEM mode and in DH mode."""
    a, b = pair(claim(initiator, suites=(suite,)), claim(initiator.other), configuration)
    connect(a, b)
    assert same_keys(a, b)
    assert a.secured.role is Role.INITIATOR
    for party in (a, b):
        (told,) = party.told(Authenticated)
        assert (told.user, told.realm, told.suite) == ("alice", "asterisk", suite)


@pytest.mark.parametrize("seed", range(4))
def test_the_proof_survives_loss(seed: int) -> None:
    """A tenth of all packets lost and doubled, some late."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b, seed=seed, loss=0.1, duplication=0.1, jitter=0.05)
    assert len(proofs(a)) == len(proofs(b)) == 1
    assert a.told(Authenticated)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(None, None), (HOLDER, None), (KEEPER, None), (HOLDER, HOLDER), (KEEPER, KEEPER)],
    ids=["nobody", "a holder alone", "a keeper alone", "two phones", "two keepers"],
)
def test_without_a_keeper_and_a_holder_nothing_is_sent(ours: Side | None, theirs: Side | None) -> None:
    """The call is secure as ever, and no SecAuth was seen."""
    a, b = pair(ours and claim(ours), theirs and claim(theirs))
    connect(a, b)
    assert same_keys(a, b)
    for party in (a, b):
        assert proofs(party) == [NotAuthenticated(Doubt.NOT_OFFERED, guess=False)] * (
            party.session._endpoint.claim is not None
        )
        assert not any(kind.startswith(b"SecAuth") for kind in party.said)
        assert party.session.get_timer() is None


def test_the_codes_are_at_the_end_of_the_sas_types_and_never_chosen() -> None:
    """Who does not know them skips them."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b)
    hello = Hello.parse(Packet.parse(a.sent[0]).message)
    assert hello.sas_types == (b"B32 ", b"B256", b"ZSH2", b"ZSH1")
    assert a.secured.algorithms.sas == "B32"


def test_a_wrong_secret_leaves_the_call_as_it_is() -> None:
    """Keys and SAS stay; only the proof fails."""
    a, b = pair(claim(HOLDER), claim(KEEPER, "other"))
    connect(a, b)
    assert same_keys(a, b)
    assert proofs(a) == [NotAuthenticated(Doubt.WRONG_TAG, guess=True)]
    assert proofs(b) == [NotAuthenticated(Doubt.REFUSED, guess=True)]


@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_suite_below_the_floor_of_one_end(side: Side) -> None:
    """Nothing is sent; both say why there is no proof."""
    a, b = pair(claim(side, suites=(Suite.PAKE,)), claim(side.other, suites=(Suite.HMAC,)))
    connect(a, b)
    assert proofs(a) == proofs(b) == [NotAuthenticated(Doubt.TOO_WEAK, guess=False)]


def edit_hello(sender: str, code: bytes, other: bytes) -> Interceptor:
    """Put another code into every Hello of one party."""

    def intercept(party: Any, datagram: bytes) -> list[bytes]:
        if party.name == sender and type_of(datagram) == b"Hello   ":
            return [reframed(datagram, Packet.parse(datagram).message.replace(code, other))]
        return [datagram]

    return intercept


@pytest.mark.parametrize("sender", ["alice", "bob"])
def test_removed_capability(sender: str) -> None:
    """The code is taken out of a Hello on the way: no key exchange comes about, for its MAC is wrong then."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    code = {"alice": b"ZSH", "bob": b"ZSK"}[sender]
    link = Link(a, b, intercept=edit_hello(sender, code, b"XXX"))
    link.start()
    link.run()
    assert proofs(a) == proofs(b) == []
    assert a.told(Secured) == b.told(Secured) == []


def test_no_proof_is_taken_that_the_hellos_do_not_ask_for() -> None:
    """A SecAuth1 to a phone whose peer has no such code is dropped."""
    a, b = pair(claim(HOLDER), None)
    link = connect(a, b)
    sender = Party("carol", 3, claim=claim(KEEPER))
    other = connect(Party("dave", 4, claim=claim(HOLDER)), sender)
    dropped = a.session.dropped
    for datagram in other.b.sent:
        if type_of(datagram) == SecAuth1.TYPE:
            a.session.receive_datagram(datagram, link.now)
    assert a.session.dropped > dropped
    assert a.collect() == []
    assert proofs(a) == [NotAuthenticated(Doubt.NOT_OFFERED, guess=False)]


def test_further_streams_prove_nothing() -> None:
    """Multistream mode has no Diffie-Hellman of its own; what was proved for the first stream is enough."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b)
    video = tuple(
        Party(
            one.name,
            10 + number,
            association=one.session._endpoint.association,
            claim=one.session._endpoint.claim,
            cache=one.cache,
        )
        for number, one in enumerate((a, b))
    )
    connect(*video)
    assert video[0].secured.algorithms.key_agreement == "Mult"
    assert proofs(video[0]) == proofs(video[1]) == []


def test_no_answer_at_all() -> None:
    """Every SecAuth1 is lost: 5 s, and both ends say so once."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    link = Link(a, b, intercept=drop(SecAuth1.TYPE))
    link.start()
    link.run()
    for party in (a, b):
        assert proofs(party) == [NotAuthenticated(Doubt.NO_ANSWER, guess=False)]
        assert party.session.get_timer() is None


def test_a_call_that_goes_on_in_clear_proves_nothing_more() -> None:
    """GoClear in the middle of the exchange: its keys are dropped."""
    a = Party("alice", 1, configuration=Configuration(allow_clear=True), claim=claim(HOLDER))
    b = Party("bob", 2, configuration=Configuration(allow_clear=True, passive=True), claim=claim(KEEPER))
    link = Link(a, b, intercept=drop(SecAuth1.TYPE))
    link.start()
    link.run(1.0)
    for party in (a, b):
        party.session.receive_datagram(go_clear(party), link.now)
        party.collect()
        assert party.told(Cleared)
    link.run()
    assert proofs(a) == proofs(b) == []


def test_the_exporter_is_that_of_the_proof() -> None:
    """Both ends bind the proof to ExportedKey of the stream (RFC 6189 §4.5.2)."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b)
    keys = [party.session.exporter(StreamId(1)).key for party in (a, b)]
    assert keys[0] == keys[1]
    (stream,) = a.session._streams.values()
    assert stream._exchange is not None
    bound = stream._exchange.remains.binding
    assert bound is not None
    assert bound.exported_key == keys[0]


def kept(party: Party, peer: Party) -> Secret | None:
    """Return what ``party`` has kept of ``peer`` for the next call."""
    entry = party.cache.entries.get(peer.cache.zid())
    return None if entry is None or entry.rs1 is None else entry.rs1.value


def again(a: Party, b: Party, ours: Claim | None, theirs: Claim | None) -> tuple[Party, Party]:
    """Return the same two phones in their next call."""
    passive = Configuration(passive=True)
    return (
        Party("alice", 1, cache=a.cache, claim=ours),
        Party("bob", 2, cache=b.cache, claim=theirs, configuration=passive),
    )


@SUITES
def test_wrong_secret_leaves_no_retained_secret(suite: Suite) -> None:
    """Neither to the one nor to the other; with the right one both have it, and what they had stays."""
    a, b = pair(claim(HOLDER), claim(KEEPER, "another", suites=(suite,)))
    connect(a, b)
    assert kept(a, b) is kept(b, a) is None
    a, b = again(a, b, claim(HOLDER), claim(KEEPER, suites=(suite,)))
    connect(a, b)
    first = kept(a, b)
    assert first == kept(b, a)
    assert first is not None
    a, b = again(a, b, claim(HOLDER), claim(KEEPER, "another", suites=(suite,)))
    connect(a, b)
    assert kept(a, b) == kept(b, a) == first
    a, b = again(a, b, claim(HOLDER), claim(KEEPER, suites=(suite,)))
    connect(a, b)
    assert not a.secured.cache_mismatch
    assert not b.secured.cache_mismatch
    assert kept(a, b) == kept(b, a) != first


def test_refusal_without_a_guess_leaves_none_either() -> None:
    """Who is backing off, and whoever he refuses, keep nothing."""
    a, b = pair(replace(claim(HOLDER), blocked=True), claim(KEEPER))
    connect(a, b)
    assert kept(a, b) is kept(b, a) is None


@pytest.mark.parametrize("ends", ["times out", "is closed"])
def test_no_answer_is_no_refusal(ends: str) -> None:
    """As without ZSA: both keep the secret, also when the call ends before anything came of the proof."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    link = Link(a, b, intercept=drop(b"SecAuth1"))
    link.start()
    link.run(until=60.0 if ends == "times out" else 1.0)
    if ends == "is closed":
        assert kept(a, b) is None
        a.session.close()
        b.session.close()
    assert kept(a, b) == kept(b, a)
    assert kept(a, b) is not None


def test_keeper_that_was_set_up_anew_and_proves_itself() -> None:
    """The mismatch is told, the new secret takes the old one's place, and nobody is verified."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b)
    before = kept(a, b)
    b.cache.entries.clear()
    a, b = again(a, b, claim(HOLDER), claim(KEEPER))
    connect(a, b)
    assert a.secured.cache_mismatch
    assert kept(a, b) == kept(b, a) != before
    assert not a.cache.entries[b.cache.zid()].sas_verified
    a, b = again(a, b, claim(HOLDER), claim(KEEPER))
    connect(a, b)
    assert not a.secured.cache_mismatch


def test_stranger_under_a_known_zid_takes_nothing_away() -> None:
    """He has neither the old secret nor the account's: the next call with the true one goes on as before."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    connect(a, b)
    before, true = kept(a, b), dict(b.cache.entries)
    b.cache.entries.clear()
    a, b = again(a, b, claim(HOLDER), claim(KEEPER, "another"))
    connect(a, b)
    assert a.secured.cache_mismatch
    assert kept(a, b) == before
    b.cache.entries.clear()
    b.cache.entries.update(true)
    a, b = again(a, b, claim(HOLDER), claim(KEEPER))
    connect(a, b)
    assert not a.secured.cache_mismatch


def test_code_that_people_have_compared_waits_for_no_proof() -> None:
    """Their word is kept at once."""
    a, b = pair(claim(HOLDER), claim(KEEPER))
    link = Link(a, b, intercept=drop(b"SecAuth1"))
    link.start()
    link.run(until=1.0)
    (stream,) = [identity for identity, event in a.events if isinstance(event, Secured)]
    a.session.confirm_sas(stream, True)
    assert a.cache.entries[b.cache.zid()].sas_verified
