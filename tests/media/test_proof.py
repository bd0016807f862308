"""What a proof of the account's secret opens, and what its absence keeps shut (docs/zsa.md)."""

from __future__ import annotations

import pytest

from phone.media.encryption import LegState, Policy, Protection
from phone.secret import Secret
from phone.zrtp.events import Authenticated, Doubt, NotAuthenticated
from phone.zrtp.messages import SecAuth1
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.exchange import HARD_STOP
from tests.media.world import HOLDER, KEEPER, SPEECH, STRANGER, End, World, ZrtpPeer, kinds


def converse(world: World, *ends: End) -> None:
    """Let every end say something."""
    for _ in range(5):
        for end in ends:
            end.phone.speak()
        world.run(0.02)


def join(world: World, first: End, second: End) -> None:
    """Let two ends agree on keys, and on who they are."""
    first.connect(second.rtp)
    second.connect(first.rtp)
    world.run(1.0)


def test_both_ends_hear_each_other_once_it_is_proved(world: World) -> None:
    """Under the strictest policy at both ends."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=HOLDER)
    pbx = world.end("pbx", Policy.REQUIRE_AUTH, claim=KEEPER)
    join(world, alice, pbx)
    converse(world, alice, pbx)
    for end in (alice, pbx):
        assert end.protection() is Protection.SECURE
        assert isinstance(end.leg.state.proof, Authenticated)
        assert end.phone.speech() == [SPEECH] * 5
        assert Protection.PROVING in [state.protection for state in end.listener.states]


def hold_until(world: World, end: End, peer: ZrtpPeer, seconds: float, withhold: bytes) -> None:
    """Let time pass in which ``end`` talks and ``peer`` withholds something."""
    for _ in range(round(seconds / 0.05)):
        end.phone.speak()
        world.run(0.05)
        peer.serve(end.rtp, withhold=withhold)
    world.settle()


def test_nothing_passes_before_it_is_proved(world: World) -> None:
    """Keys are there and the keeper says nothing: neither plain nor encrypted sound, in neither direction."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=HOLDER)
    pbx = world.zrtp_peer("pbx", claim=KEEPER)
    alice.connect(pbx.rtp)
    hold_until(world, alice, pbx, 3.0, SecAuth1.TYPE)
    assert alice.protection() is Protection.PROVING
    assert alice.leg.state.secured is not None
    for number in range(5):
        pbx.pair.rtp.sendto(pbx.protected(number), alice.rtp)
    world.settle()
    assert pbx.tapped == []
    assert alice.phone.speech() == []
    hold_until(world, alice, pbx, HARD_STOP, SecAuth1.TYPE)
    assert alice.protection() is Protection.REFUSED
    assert alice.leg.state.proof == NotAuthenticated(Doubt.NO_ANSWER, guess=False)
    assert pbx.tapped == []


REFUSALS = pytest.mark.parametrize(
    ("ours", "theirs", "doubt"),
    [
        (HOLDER, STRANGER, Doubt.WRONG_TAG),
        (HOLDER, None, Doubt.NOT_OFFERED),
        (HOLDER, HOLDER, Doubt.NOT_OFFERED),
        (None, KEEPER, None),
        (None, None, None),
    ],
    ids=["wrong secret", "peer without proof", "another phone", "nothing to prove", "neither"],
)


@REFUSALS
def test_nothing_ever_passes_without_proof(
    world: World, ours: Claim | None, theirs: Claim | None, doubt: Doubt | None
) -> None:
    """Keys alone are not enough: not one packet, and the reason is known."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=ours)
    other = world.end("other", claim=theirs)
    join(world, alice, other)
    converse(world, alice, other)
    state = alice.leg.state
    assert state.protection is Protection.REFUSED
    assert (state.proof.doubt if isinstance(state.proof, NotAuthenticated) else None) is doubt
    assert alice.phone.speech() == []
    assert other.phone.speech() == []
    assert state.counters.srtp_sent == state.counters.plain_sent == state.counters.srtp_received == 0


@REFUSALS
@pytest.mark.parametrize("policy", [Policy.PREFER, Policy.REQUIRE])
def test_other_policies_go_on_without_proof(
    world: World, policy: Policy, ours: Claim | None, theirs: Claim | None, doubt: Doubt | None
) -> None:
    """A call that is encrypted stays so, and what is wrong can be shown."""
    alice = world.end("alice", policy, claim=ours)
    other = world.end("other", claim=theirs)
    join(world, alice, other)
    converse(world, alice, other)
    state = alice.leg.state
    assert state.protection is Protection.SECURE
    assert (state.proof.doubt if isinstance(state.proof, NotAuthenticated) else None) is doubt
    assert other.phone.speech() == [SPEECH] * 5


def verified_pair(world: World, ours: Claim | None, theirs: Claim | None) -> tuple[End, End]:
    """Return two ends that have compared their codes in an earlier call, the first one with strict policy."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    alice.leg.confirm_sas(True)
    strict = world.end("alice", Policy.REQUIRE_AUTH, claim=ours)
    strict.cache.entries.update(alice.cache.entries)
    again = world.end("bob", claim=theirs)
    again.cache.entries.update(bob.cache.entries)
    join(world, strict, again)
    return strict, again


@pytest.mark.parametrize("theirs", [None, HOLDER, KEEPER], ids=["no proof", "a phone", "a keeper"])
def test_a_code_compared_in_an_earlier_call_is_proof_enough(world: World, theirs: Claim | None) -> None:
    """VERIFIED stands above AUTHENTICATED."""
    strict, again = verified_pair(world, HOLDER, theirs)
    converse(world, strict)
    assert strict.protection() is Protection.SECURE
    assert again.phone.speech() == [SPEECH] * 5


def test_a_wrong_secret_outweighs_a_code_compared_in_an_earlier_call(world: World) -> None:
    """Somebody has the phone's keys, and not the secret."""
    strict, again = verified_pair(world, HOLDER, STRANGER)
    converse(world, strict)
    assert strict.protection() is Protection.REFUSED
    assert again.phone.speech() == []


def test_a_return_under_proved_keys_needs_no_new_proof(world: World) -> None:
    """A short hold, and the call goes on where it was."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=HOLDER)
    bob, pbx = world.end("bob", claim=KEEPER), world.peer()
    join(world, alice, bob)
    before = alice.leg.state.proof
    alice.connect(pbx.rtp)
    world.run(0.5)
    assert alice.protection() is Protection.SUSPENDED
    assert alice.leg.state.proof is None
    alice.connect(bob.rtp)
    world.run(0.5)
    assert alice.protection() is Protection.SECURE
    assert alice.leg.state.proof is before
    assert isinstance(before, Authenticated)


def test_somebody_else_has_to_prove_anew(world: World) -> None:
    """A transfer to a phone that does not know the secret ends in silence, not in trust."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=HOLDER)
    pbx, carol = world.end("pbx", claim=KEEPER), world.end("carol")
    join(world, alice, pbx)
    assert alice.protection() is Protection.SECURE
    join(world, alice, carol)
    world.run(1.0)
    converse(world, alice)
    assert alice.protection() is Protection.REFUSED
    assert carol.phone.speech() == []


def states(end: End) -> list[LegState]:
    """Return every state that was told."""
    return end.listener.states


def test_another_keeper_may_take_over(world: World) -> None:
    """A transfer to a second answering service of the same PBX: silence, then proof, then sound."""
    alice = world.end("alice", Policy.REQUIRE_AUTH, claim=HOLDER)
    first, second = world.end("first", claim=KEEPER), world.end("second", claim=KEEPER)
    join(world, alice, first)
    told = len(states(alice))
    join(world, alice, second)
    world.run(1.0)
    converse(world, alice)
    assert alice.protection() is Protection.SECURE
    assert second.phone.speech() == [SPEECH] * 5
    between = [state.protection for state in states(alice)[told:]]
    assert between[0] is Protection.SUSPENDED
    assert Protection.PROVING in between


def test_secauth_never_reaches_the_phone(world: World) -> None:
    """It is ZRTP as all else that the leg keeps to itself."""
    alice, pbx = world.end("alice", claim=HOLDER), world.end("pbx", claim=KEEPER)
    join(world, alice, pbx)
    assert isinstance(alice.leg.state.proof, Authenticated)
    assert kinds(alice.phone.heard()) == kinds(pbx.phone.heard()) == []


@pytest.mark.parametrize(("theirs", "mismatch"), [(b"a" * 32, False), (b"b" * 32, True), (None, True)])
def test_auxiliary_secret_of_a_leg(world: World, theirs: bytes | None, *, mismatch: bool) -> None:
    """It goes into the keys where both ends have it; where they differ that is told, and the call goes on."""
    alice = world.end("alice", aux_secret=Secret(b"a" * 32))
    bob = world.end("bob", aux_secret=None if theirs is None else Secret(theirs))
    join(world, alice, bob)
    assert alice.leg.state.secured is not None
    assert alice.leg.state.secured.aux_mismatch is mismatch
    converse(world, alice, bob)
    assert bob.phone.speech() == [SPEECH] * 5
