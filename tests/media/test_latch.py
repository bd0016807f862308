"""Less than was known before of the other end opens nothing without the user's word."""

from __future__ import annotations

import pytest

from phone.media.encryption import Policy, Protection, Trust
from phone.zrtp.zsa.claim import Claim
from tests.media.test_proof import converse, join
from tests.media.world import HOLDER, KEEPER, SPEECH, STRANGER, End, World

STRICTER = [Policy.PREFER, Policy.REQUIRE]


def carried(end: End) -> tuple[int, int, int]:
    """Return how many packets a leg has sent and played."""
    counters = end.leg.state.counters
    return counters.plain_sent, counters.srtp_sent, counters.srtp_received


def silent(world: World, *ends: End) -> bool:
    """Tell whether not one packet of sound passes between these, in either direction."""
    before = [carried(end) for end in ends]
    converse(world, *ends)
    return before == [carried(end) for end in ends] and not any(end.phone.speech() for end in ends)


def test_peer_that_has_stopped_doing_zrtp(world: World) -> None:
    """Its Hello is suppressed, or it has none any more: silence, until the user goes on in clear."""
    alice, mute = world.end("alice", latched=Trust.KEYS), world.peer()
    alice.connect(mute.rtp)
    world.run(4.0)
    assert alice.protection() is Protection.SUSPENDED
    assert alice.leg.state.no_zrtp
    assert silent(world, alice)
    alice.leg.allow_clear()
    converse(world, alice)
    assert alice.leg.state.counters.plain_sent == 5


@pytest.mark.parametrize("policy", STRICTER)
@pytest.mark.parametrize(
    "theirs", [None, HOLDER, STRANGER], ids=["no proof", "another phone", "wrong secret"]
)
def test_peer_that_proves_no_more(world: World, policy: Policy, theirs: Claim | None) -> None:
    """Held in both directions, though there are keys; asked once, then it goes on for this call."""
    alice = world.end("alice", policy, claim=HOLDER, latched=Trust.SECRET)
    other = world.end("other", claim=theirs)
    join(world, alice, other)
    assert alice.protection() is Protection.HELD
    assert silent(world, alice)
    alice.leg.proceed()
    assert alice.protection() is Protection.SECURE
    other.phone.speech()
    converse(world, alice, other)
    assert other.phone.speech() == alice.phone.speech() == [SPEECH] * 5


@pytest.mark.parametrize("policy", Policy)
def test_nothing_passes_before_the_proof_that_earlier_calls_had(world: World, policy: Policy) -> None:
    """From the keys to the proof it waits; then it goes on by itself."""
    alice = world.end("alice", policy, claim=HOLDER, latched=Trust.SECRET)
    pbx = world.end("pbx", claim=KEEPER)
    join(world, alice, pbx)
    told = [state.protection for state in alice.listener.states]
    assert Protection.PROVING in told
    assert Protection.HELD not in told
    assert told[-1] is Protection.SECURE


def test_known_device_that_proves_no_more(world: World) -> None:
    """At an address that nothing was known of: it is the device that counts."""
    alice = world.end("alice", claim=HOLDER, remembered=lambda zid: Trust.SECRET)
    join(world, alice, world.end("other"))
    assert alice.protection() is Protection.HELD


@pytest.mark.parametrize(("floor", "protection"), [(Trust.SECRET, "secure"), (Trust.CODE, "held")])
def test_proof_is_less_than_a_compared_code(world: World, floor: Trust, protection: str) -> None:
    """That the PBX is there does not say that Ben is."""
    alice = world.end("alice", claim=HOLDER, latched=floor)
    join(world, alice, world.end("pbx", claim=KEEPER))
    assert alice.protection().value == protection


def test_comparison_settles_it(world: World) -> None:
    """Whoever can compare the code otherwise needs no leave."""
    alice, bob = world.end("alice", latched=Trust.CODE), world.end("bob")
    join(world, alice, bob)
    assert alice.protection() is Protection.HELD
    alice.leg.confirm_sas(True)
    assert alice.protection() is Protection.SECURE


def test_transfer_from_a_verified_phone_to_another(world: World) -> None:
    """Within the call: the code was compared with Bob, and Carol is somebody else."""
    alice, bob, carol = world.end("alice"), world.end("bob"), world.end("carol")
    join(world, alice, bob)
    alice.leg.confirm_sas(True)
    join(world, alice, carol)
    world.run(1.0)
    assert alice.protection() is Protection.HELD
    assert silent(world, alice)
    alice.connect(bob.rtp)
    assert alice.protection() is Protection.SECURE


def test_leave_is_for_what_was_shown(world: World) -> None:
    """Who goes on with less has not agreed to go on in clear, nor the other way round."""
    alice, bob, pbx = world.end("alice", latched=Trust.CODE), world.end("bob"), world.peer()
    join(world, alice, bob)
    alice.leg.allow_clear()
    assert alice.protection() is Protection.HELD
    alice.leg.proceed()
    alice.connect(pbx.rtp)
    alice.leg.proceed()
    assert alice.protection() is Protection.SUSPENDED


def test_packets_under_the_keys_do_not_open_it(world: World) -> None:
    """A peer that talks on is no answer."""
    alice, bob = world.end("alice", latched=Trust.CODE), world.end("bob")
    join(world, alice, bob)
    converse(world, bob)
    assert alice.protection() is Protection.HELD
    assert alice.phone.speech() == []


def test_keys_with_the_server_are_not_what_earlier_calls_had(world: World) -> None:
    """Where the phones were alone the PBX listens now: silence, until the user goes on with that."""
    alice, pbx = world.end("alice", latched=Trust.KEYS), world.pbx()
    alice.connect(pbx.rtp, dtls=pbx.description())
    pbx.agree(world, alice.rtp)
    world.run(4.0)
    assert alice.protection() is Protection.SUSPENDED
    assert alice.leg.state.no_zrtp
    assert silent(world, alice)
    alice.leg.allow_clear()
    assert alice.protection() is Protection.TO_SERVER
