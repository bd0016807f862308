"""Every state against everything that can happen (RFC 6189 §9)."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.zrtp.algorithms import Configuration
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Failed, Secured, Suspicion
from phone.zrtp.messages import GoClear, Message
from phone.zrtp.packet import Packet
from phone.zrtp.states import TABLE, Input, State
from phone.zrtp.stream import Stream
from tests.zrtp.link import Link, Party, connect, drop, message_of, reframed, same_keys, type_of
from tests.zrtp.test_messages import SAMPLES, any_message

DOCS: Final = Path(__file__).parents[2] / "docs"


def go_clear(party: Party) -> bytes:
    """Return the GoClear that the peer of ``party``, which is secure, would send."""
    (stream,) = party.session._streams.values()
    assert stream._exchange is not None
    return bytes(Packet(77, 5, bytes(GoClear(stream._exchange.remains._clear_mac))))


def cleared() -> Link[Party, Party]:
    """Return a link whose two ends have been secure and went on in clear, as both allow."""
    a = Party("alice", 1, configuration=Configuration(allow_clear=True))
    b = Party("bob", 2, configuration=Configuration(allow_clear=True, passive=True))
    link = connect(a, b)
    for party in (a, b):
        party.session.receive_datagram(go_clear(party), link.now)
        party.collect()
    return link


def in_state(state: State) -> Link[Party, Party]:
    """Return a link whose ``a`` is in ``state``, in the middle of a call with ``b``."""
    if state is State.CLEARED:
        return cleared()
    responder = Configuration(passive=True)
    ours, lost = {
        State.DISCOVERING: (None, b"        "),
        State.PEER_HEARD: (None, b"HelloACK"),
        State.READY: (responder, b"Commit  "),
        State.COMMIT_SENT: (None, b"DHPart1 "),
        State.DHPART2_SENT: (None, b"Confirm1"),
        State.CONFIRM2_SENT: (None, b"Conf2ACK"),
        State.DHPART1_SENT: (responder, b"DHPart2 "),
        State.CONFIRM1_SENT: (responder, b"Confirm2"),
        State.SECURE: (None, b"        "),
        State.REFUSED: (None, b"Confirm1"),
        State.FAILED: (None, b"Confirm1"),
    }[state]
    a = Party("alice", 1, configuration=ours)
    b = Party("bob", 2, configuration=None if ours else responder)
    link = Link(a, b, intercept=drop(lost, sender=b))
    if state is not State.DISCOVERING:
        link.start()
        if state is State.REFUSED:
            link._intercept = lambda party, datagram: (
                [] if type_of(datagram) in (b"Confirm1", b"ErrorACK") else [datagram]
            )
        link.run(60.0 if state is State.FAILED else 20.0, stop=lambda: a.states[-1] is state)
    else:
        link.start(a)
        a.collect()
        link._in_flight.clear()
    link._intercept = lambda _, datagram: [datagram]
    assert a.states == [state]
    return link


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_every_state_is_reached_by_a_call(state: State) -> None:
    """No state exists on paper only."""
    in_state(state)


def test_every_action_exists() -> None:
    """What the table names is a method of the stream, and every input is listed somewhere."""
    for action, _ in TABLE.values():
        assert not action or callable(getattr(Stream, f"_{action}"))
    assert {event for _, event in TABLE} == set(Input)
    assert {state for state, _ in TABLE} == set(State) - {State.FAILED}


def test_diagram_shows_the_table() -> None:
    """What ``docs`` holds is what its script makes of the table today; if this fails, run the script."""
    script = runpy.run_path(str(DOCS / "make-state-diagram.py"))
    assert (DOCS / "zrtp-states.md").read_text() == script["diagram"]()


def fitting(link: Link[Party, Party]) -> list[bytes]:
    """Return every datagram that the peer of ``a`` has sent, and what it would send next."""
    rest = connect(Party("alice", 1), Party("bob", 2))
    return [*link.b.sent, *rest.b.sent, *rest.a.sent]


def strangers() -> list[bytes]:
    """Return well-formed datagrams of a call between other people, and one of every type."""
    other = connect(Party("carol", 3), Party("dave", 4))
    samples = [bytes(Packet(7, 5, sample)) for sample in SAMPLES.values()]
    return [*other.a.sent, *other.b.sent, *samples]


STRANGERS: Final = strangers()


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_no_message_crashes_any_state(state: State) -> None:
    """Messages of this call in any order, of other calls, our own ones reflected: nothing raises."""
    for datagram in [*fitting(in_state(state)), *STRANGERS]:
        link = in_state(state)
        for arriving in (datagram, datagram, *link.a.sent):
            link.a.session.receive_datagram(arriving, link.now)
        link.a.collect()


HARMLESS: Final = frozenset({b"Hello   ", b"HelloACK", b"Conf2ACK", b"ErrorACK"})
"""Types that anyone can send: they may move a stream, though never end it."""


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_what_does_not_fit_changes_nothing(state: State) -> None:
    """A message of another hash chain leaves the state as it is, and tells the user nothing."""
    for datagram in STRANGERS:
        if type_of(datagram) in HARMLESS:
            continue
        link = in_state(state)
        before = list(link.a.events)
        link.a.session.receive_datagram(datagram, link.now)
        link.a.collect()
        assert link.a.states == [state]
        assert link.a.events == before


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_call_goes_on_after_forgeries(state: State) -> None:
    """Whatever arrived from strangers, the call is secured; a stream that has failed stays that way."""
    link = in_state(state)
    a, b = link.a, link.b
    for datagram in STRANGERS:
        if type_of(datagram) not in HARMLESS:
            a.session.receive_datagram(datagram, link.now)
    if state is State.DISCOVERING:
        link.start(b)
    link.run()
    if state in (State.REFUSED, State.FAILED):
        assert not a.told(Secured)
    else:
        assert same_keys(a, b)
        assert not a.told(Failed)
        assert not a.told(Suspicion)


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_altered_messages_of_the_peer_crash_nothing(state: State) -> None:
    """Each field of each message that the peer may send, altered, with a right checksum."""
    reference = in_state(state)
    for datagram in fitting(reference):
        for forged in altered(datagram):
            link = in_state(state)
            link.a.session.receive_datagram(forged, link.now)
            link.a.collect()
            link.a.session.receive_datagram(datagram, link.now)
            link.a.collect()


def altered(datagram: bytes) -> Iterator[bytes]:
    """Yield ``datagram`` with one byte changed in each of its fields."""
    packet = Packet.parse(datagram)
    message = packet.message
    for at in range(12, len(message), 8):
        changed = bytearray(message)
        changed[at] ^= 0x40
        yield reframed(datagram, bytes(changed))
    if packet.is_fragment:
        return
    value = message_of(datagram)
    for field in fields(value):
        kept = getattr(value, field.name)
        if isinstance(kept, tuple):
            yield reframed(datagram, bytes(replace(value, **{field.name: ()})))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_calls_of_the_owner_crash_no_state(state: State) -> None:
    """Start, restart, time, SRTP and the end may come at any moment."""
    moves: list[Callable[[Link[Party, Party]], None]] = [
        lambda link: link.a.session.start(link.now),
        lambda link: link.a.session.restart_discovery(link.now),
        lambda link: link.a.session.handle_timer(link.now + 1000),
        lambda link: link.a.session.srtp_authenticated(StreamId(1), link.now),
        lambda link: link.a.session.expect_hello_hash("1.10 " + "00" * 32),
        lambda link: link.a.session.close(),
    ]
    for move in moves:
        link = in_state(state)
        move(link)
        link.a.collect()


@pytest.mark.parametrize(
    "state", [state for state in State if state is not State.FAILED], ids=lambda state: state.name
)
def test_restart_in_any_state_ends_secure(state: State) -> None:
    """The peer's address changed, and it is the same peer: the call is secured, or stays so."""
    link = in_state(state)
    link.a.session.restart_discovery(link.now)
    link.flush(link.a)
    if state is State.DISCOVERING:
        link.start(link.b)
    link.run()
    assert link.a.told(Secured)
    assert link.b.told(Secured)
    assert link.a.told(Secured)[-1].sas == link.b.told(Secured)[-1].sas


@given(st.lists(any_message, max_size=4), st.sampled_from([State.DISCOVERING, State.PEER_HEARD, State.READY]))
def test_arbitrary_messages_crash_nothing(messages: list[Message], state: State) -> None:
    """Well-formed messages with arbitrary fields."""
    link = in_state(state)
    for message in messages:
        link.a.session.receive_datagram(bytes(Packet(1, 9, bytes(message))), link.now)
        link.a.collect()
