"""What a peer may ask for once the call is secure: to go on in clear, and to be trusted as a PBX."""

from __future__ import annotations

import pytest

from phone.media.encryption import Policy, Protection
from phone.media.leg import MediaError
from phone.zrtp.algorithms import Configuration
from phone.zrtp.errors import EnrollmentError
from phone.zrtp.messages import GoClear
from phone.zrtp.packet import Packet
from tests.media.world import End, World

ALLOWED = Configuration(allow_clear=True)


def go_clear(end: End) -> bytes:
    """Return the GoClear that the peer of ``end``, which is secure, would send."""
    stream = next(reversed(end.leg._session._streams.values()))
    assert stream._exchange is not None
    return bytes(Packet(77, 5, bytes(GoClear(stream._exchange.remains._clear_mac))))


def call(world: World, configuration: Configuration) -> tuple[End, End]:
    """Return two ends of a secure call; the first one allows what ``configuration`` says."""
    alice, bob = world.end("alice", configuration=configuration), world.end("bob")
    world.secure(alice, bob)
    return alice, bob


def receive(world: World, end: End, datagram: bytes) -> None:
    end.leg.zrtp_received(datagram)
    world.run(0.1)


def test_go_clear_is_refused_and_told(world: World) -> None:
    """By default: the call stays secure, and its state says what the peer wanted."""
    alice, bob = call(world, Configuration())
    receive(world, alice, go_clear(alice))
    assert alice.protection() is Protection.SECURE
    assert alice.listener.states[-1].clear_refused
    alice.phone.speak()
    world.settle()
    assert len(bob.phone.speech()) == 1


def test_go_clear_that_is_allowed_shuts_the_microphone_until_the_user_agrees(world: World) -> None:
    """The keys are gone and nothing leaves; then the user's word, and plain RTP passes."""
    alice, bob = call(world, ALLOWED)
    receive(world, alice, go_clear(alice))
    assert alice.protection() is Protection.SUSPENDED
    assert alice.leg.state.cleared
    sent = alice.leg.state.counters.plain_sent
    alice.phone.speak()
    alice.phone.report()
    world.run(3.5)
    assert alice.leg.state.counters.plain_sent == sent
    assert bob.phone.speech() == []
    alice.leg.allow_clear()
    alice.phone.speak()
    world.settle()
    assert alice.protection() is Protection.CLEAR
    assert alice.leg.state.counters.plain_sent == sent + 1


def test_require_stays_silent_after_go_clear(world: World) -> None:
    """Under REQUIRE nobody can agree to it."""
    alice, bob = world.end("alice", Policy.REQUIRE, ALLOWED), world.end("bob")
    world.secure(alice, bob)
    receive(world, alice, go_clear(alice))
    with pytest.raises(MediaError):
        alice.leg.allow_clear()
    alice.phone.speak()
    world.settle()
    assert alice.leg.state.counters.plain_sent == 0


def test_peer_that_is_no_pbx_cannot_be_enrolled(world: World) -> None:
    """It has not asked for it."""
    alice, _ = call(world, Configuration())
    with pytest.raises(EnrollmentError):
        alice.leg.enroll()


def test_nobody_is_enrolled_before_there_are_keys(world: World) -> None:
    """What would be trusted is not known yet."""
    with pytest.raises(MediaError):
        world.end("alice").leg.enroll()
