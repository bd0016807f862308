"""Where the peer is believed to be."""

from __future__ import annotations

from phone.media.encryption import Protection
from phone.media.nat import PROBATION, Latch
from phone.wire.description import Address
from phone.wire.rtp import RtpPacket
from tests.media.world import SPEECH, Sockets, World

SIGNALLED = Address("192.168.1.5", 4000)
SEEN = Address("192.0.2.1", 61000)
STRANGER = Address("198.51.100.1", 5000)
NEXT = Address("192.0.2.99", 20000)


def moved_to(signalled: Address) -> Latch:
    latch = Latch()
    latch.move(signalled)
    return latch


def test_nobody_is_the_remote_before_it_is_known() -> None:
    """Without a signalled address no source counts."""
    assert not Latch().expects(SIGNALLED)
    assert not Latch().may_be(SIGNALLED)


def test_signalled_address_settles_it() -> None:
    """One datagram from where it should come, and nobody else is taken."""
    latch = moved_to(SIGNALLED)
    assert latch.expects(SIGNALLED)
    assert latch.settled
    assert not latch.expects(SEEN)
    assert not latch.may_be(SEEN)


def test_source_behind_nat_is_taken_after_probation() -> None:
    """Some datagrams in a row from one source make it the remote."""
    latch = moved_to(SIGNALLED)
    assert [latch.hear(SEEN) for _ in range(PROBATION)] == [False] * (PROBATION - 1) + [True]
    assert latch.remote == SEEN
    assert latch.hear(SEEN)


def test_signalled_address_wins_over_one_on_probation() -> None:
    """Who slipped in with a few datagrams loses the call as soon as the real peer is heard."""
    latch = moved_to(SIGNALLED)
    for _ in range(PROBATION):
        latch.hear(STRANGER)
    assert latch.expects(SIGNALLED)
    assert latch.remote == SIGNALLED
    assert not latch.may_be(STRANGER)


def test_two_sources_at_once_are_not_taken() -> None:
    """Where two compete the count begins anew each time."""
    latch = moved_to(SIGNALLED)
    assert not any(latch.hear(source) for _ in range(PROBATION) for source in (SEEN, STRANGER))
    assert latch.remote == SIGNALLED


def test_stranger_does_not_displace_who_goes_on_talking() -> None:
    """Behind its NAT the remote is heard between the stranger's datagrams, so those never are in a row."""
    latch = moved_to(SIGNALLED)
    for _ in range(PROBATION):
        latch.hear(SEEN)
    for _ in range(PROBATION):
        assert not latch.hear(STRANGER)
        assert latch.hear(SEEN)
    assert latch.remote == SEEN


def test_authentic_packet_needs_no_probation() -> None:
    """Who has the keys is believed at once, and for good."""
    latch = moved_to(SIGNALLED)
    latch.prove(SEEN)
    assert latch.expects(SEEN)
    assert not latch.expects(SIGNALLED)
    assert not latch.may_be(STRANGER)


def test_former_remote_is_never_taken() -> None:
    """Packets of the last remote, still on their way, do not bring the call back to it."""
    latch = moved_to(SIGNALLED)
    latch.prove(SEEN)
    latch.move(NEXT)
    assert not latch.may_be(SIGNALLED)
    assert not latch.may_be(SEEN)


def test_former_remote_may_come_back() -> None:
    """Signalled again, it is found where it was seen before."""
    latch = moved_to(SIGNALLED)
    latch.prove(SEEN)
    latch.move(NEXT)
    latch.move(SIGNALLED, SEEN)
    assert latch.remote == SEEN
    assert not latch.may_be(NEXT)
    assert latch.expects(SEEN)


def test_remote_is_known_by_both_its_addresses() -> None:
    """The address that it says and the one that is seen are the same remote."""
    latch = moved_to(SIGNALLED)
    latch.prove(SEEN)
    assert latch.is_current(SIGNALLED)
    assert latch.is_current(SEEN)
    assert not latch.is_current(NEXT)


def speak_from(peer: Sockets, to: Address, times: int) -> None:
    for number in range(times):
        peer.pair.rtp.sendto(bytes(RtpPacket(0, number, 0, 9, SPEECH)), to)


def test_clear_call_follows_a_peer_behind_nat(world: World) -> None:
    """Media from an address that was not signalled is played, and answered there, after its probation."""
    alice, signalled, seen = world.end("alice"), world.peer(), world.peer()
    alice.connect(signalled.rtp)
    speak_from(seen, alice.rtp, PROBATION + 2)
    world.settle()
    assert len(alice.phone.speech()) == 3
    assert alice.leg.state.counters.strangers == PROBATION - 1
    assert alice.listener.states[-1].remote == seen.rtp
    world.run(1)
    seen.heard()
    alice.phone.speak()
    world.settle()
    assert [datagram for datagram, _ in seen.heard() if SPEECH in datagram]


def test_keys_are_agreed_on_with_a_peer_behind_nat(world: World) -> None:
    """The Hellos of a peer whose signalled address leads nowhere find their answer."""
    alice, bob, nowhere = world.end("alice"), world.end("bob"), world.peer()
    alice.connect(nowhere.rtp)
    bob.connect(alice.rtp)
    world.run(1)
    assert alice.protection() is bob.protection() is Protection.SECURE
    assert alice.leg.state.remote == bob.rtp


def test_resumed_call_finds_its_peer_behind_nat(world: World) -> None:
    """After a hold by way of the PBX the peer is sought where it was seen, not where it says it is."""
    alice, bob, nowhere, pbx = world.end("alice"), world.end("bob"), world.peer(), world.peer()
    alice.connect(nowhere.rtp)
    bob.connect(alice.rtp)
    world.run(1)
    alice.connect(pbx.rtp)
    alice.connect(nowhere.rtp)
    assert alice.protection() is Protection.SECURE
    assert alice.leg.state.remote == bob.rtp
    alice.phone.speak()
    world.settle()
    assert bob.phone.speech() == [SPEECH]


def test_keys_prove_a_peer_that_was_seen_nowhere_yet(world: World) -> None:
    """While suspended one authentic packet from anywhere but the former remote is proof enough."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    nowhere, elsewhere = world.peer(), world.peer()
    alice.connect(peer.rtp)
    while peer.keys is None:
        world.run(0.01)
        peer.serve(alice.rtp)
    world.settle()
    alice.connect(nowhere.rtp)
    elsewhere.pair.rtp.sendto(peer.protected(1), alice.rtp)
    world.settle()
    assert alice.phone.speech() == [SPEECH]
    assert alice.listener.states[-1].remote == elsewhere.rtp
    assert alice.protection() is Protection.SECURE


def test_stranger_is_not_heard_once_the_remote_is(world: World) -> None:
    """When the signalled peer has spoken, the kernel drops everybody else, also what was queued before."""
    alice, peer, stranger = world.end("alice"), world.peer(), world.peer()
    alice.connect(peer.rtp)
    speak_from(peer, alice.rtp, 2)
    speak_from(stranger, alice.rtp, 4)
    speak_from(peer, alice.rtp, 1)
    world.settle()
    assert len(alice.phone.speech()) == 3
    assert alice.leg.state.counters.strangers == 4
    speak_from(stranger, alice.rtp, 4)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.leg.state.counters.strangers == 4
