"""Legs and whoever carries the media: DTLS-SRTP beside ZRTP, and below it."""

from __future__ import annotations

import pytest

from phone.dtls.association import GIVE_UP_S
from phone.dtls.events import Cause
from phone.dtls.identity import Identity
from phone.media.encryption import Policy, Protection, Trust
from phone.media.leg import NO_ZRTP_S, QUIET_S
from phone.wire.demux import Kind
from phone.wire.description import DtlsDescription, Fingerprint, Setup
from phone.wire.rtp import RtpPacket
from tests.media.world import IDENTITY, SPEECH, End, Pbx, World, kinds

MUSIC = bytes(reversed(range(160)))


def joined(world: World, policy: Policy = Policy.PREFER) -> tuple[End, Pbx]:
    """Return a leg and a PBX with common keys, before ZRTP has had its time."""
    end, pbx = world.end("alice", policy), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description())
    pbx.agree(world, end.rtp)
    assert pbx.keys is not None
    return end, pbx


def served(world: World) -> tuple[End, Pbx]:
    """Return a leg that is TO_SERVER, and its PBX."""
    end, pbx = joined(world)
    world.run(QUIET_S)
    assert end.protection() is Protection.TO_SERVER
    return end, pbx


def play(pbx: Pbx, end: End, number: int = 500) -> None:
    """Send one plain packet to the leg."""
    pbx.pair.rtp.sendto(bytes(RtpPacket(0, number, 0, 0x77, MUSIC)), end.rtp)


def test_leg_offers_its_certificate(world: World) -> None:
    """Its fingerprint is part of what is advertised."""
    assert world.end("alice").leg.describe("192.0.2.1").fingerprint == IDENTITY.fingerprint


@pytest.mark.parametrize(
    ("setup", "active"), [(Setup.ACTIVE, True), (Setup.PASSIVE, False), (Setup.ACTPASS, False)]
)
def test_sound_passes_under_the_keys_of_the_server(world: World, setup: Setup, active: bool) -> None:
    """Whoever begins: both directions are protected, and nothing plain is on the wire."""
    end, pbx = world.end("alice"), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description(setup))
    pbx.agree(world, end.rtp, active=active)
    world.run(QUIET_S)
    end.phone.speak()
    world.settle()
    assert pbx.understood() == [SPEECH]
    pbx.speak()
    world.settle()
    assert end.phone.speech() == [SPEECH]
    assert end.leg.state.counters.plain_sent == 0


def test_zrtp_has_its_time_first(world: World) -> None:
    """The microphone waits as long as in clear; what the server plays is heard before."""
    end, pbx = joined(world)
    assert end.protection() is Protection.WAITING
    end.phone.speak()
    pbx.speak()
    world.settle()
    assert pbx.understood() == []
    assert end.phone.speech() == [SPEECH]


def test_handshake_before_the_description_is_kept(world: World) -> None:
    """The server may begin before we know where it is."""
    end, pbx = world.end("alice"), world.pbx()
    pbx.meet(end.rtp)
    world.settle()
    end.connect(pbx.rtp, dtls=pbx.description())
    for _ in range(3):
        world.settle()
        pbx.serve()
    assert pbx.keys is not None


def test_plain_is_not_heard_under_keys(world: World) -> None:
    """Neither before the microphone opens nor after."""
    end, pbx = joined(world)
    play(pbx, end)
    world.run(QUIET_S)
    play(pbx, end, 501)
    world.settle()
    assert end.phone.speech() == []
    assert end.leg.state.counters.auth_failed == 2


def test_repeated_packets_are_heard_once(world: World) -> None:
    """As under every other key."""
    end, pbx = served(world)
    pbx.speak(times=2)
    world.settle()
    assert end.phone.speech() == [SPEECH]
    assert end.leg.state.counters.replayed == 1


@pytest.mark.parametrize("policy", [Policy.REQUIRE, Policy.REQUIRE_AUTH])
def test_require_is_not_content(world: World, policy: Policy) -> None:
    """Keys with the server let nothing pass, in either direction."""
    end, pbx = joined(world, policy)
    world.run(NO_ZRTP_S + 1)
    for _ in range(3):
        end.phone.speak()
        end.phone.report()
        pbx.speak()
    world.settle()
    assert end.protection() is Protection.WAITING
    pbx.serve()
    assert pbx.tapped == []
    assert end.phone.speech() == []


def test_zrtp_wins(world: World) -> None:
    """Two phones that have both come to ZRTP, and the association is over."""
    alice, bob = world.end("alice"), world.end("bob")
    alice.connect(bob.rtp, dtls=DtlsDescription((IDENTITY.fingerprint,), Setup.ACTPASS))
    bob.connect(alice.rtp, dtls=DtlsDescription((IDENTITY.fingerprint,), Setup.ACTIVE))
    world.run(QUIET_S * 2)
    assert alice.protection() is bob.protection() is Protection.SECURE
    assert not alice.leg._carrier.has_keys
    assert not bob.leg._carrier.is_under_way
    alice.phone.speak()
    world.settle()
    assert bob.phone.speech() == [SPEECH]


def test_another_certificate_gives_no_keys(world: World) -> None:
    """What the signalling did not announce is told, and the call is what it would be without."""
    end, pbx = world.end("alice"), world.pbx()
    end.connect(pbx.rtp, dtls=DtlsDescription((Fingerprint("sha-256", bytes(32)),), Setup.ACTIVE))
    pbx.agree(world, end.rtp)
    assert end.protection() is Protection.WAITING
    assert end.leg.state.carrier_failure is Cause.FINGERPRINT
    world.run(QUIET_S)
    assert end.protection() is Protection.CLEAR


def test_clear_waits_for_a_handshake_that_is_under_way(world: World) -> None:
    """First words do not go out in clear to a server that is about to have keys, nor is noise played."""
    end, pbx = world.end("alice"), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description())
    world.run(QUIET_S * 2)
    play(pbx, end)
    world.settle()
    assert end.protection() is Protection.WAITING
    assert end.phone.speech() == []
    pbx.agree(world, end.rtp)
    assert end.protection() is Protection.TO_SERVER


def test_clear_does_not_wait_for_ever(world: World) -> None:
    """A server that announces and never begins: clear by policy, and better as soon as it does begin."""
    end, pbx = world.end("alice"), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description())
    world.run(NO_ZRTP_S + 0.1)
    assert end.protection() is Protection.CLEAR
    pbx.agree(world, end.rtp)
    assert end.protection() is Protection.TO_SERVER


def test_server_that_never_begins_is_told(world: World) -> None:
    """After a while there will be no keys."""
    end, pbx = world.end("alice"), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description())
    world.run(GIVE_UP_S + 0.1, step=0.1)
    assert end.leg.state.carrier_failure is Cause.TIMEOUT


def test_other_address_needs_other_keys(world: World) -> None:
    """Nothing passes until the handshake there is done, and then at once."""
    end, pbx = served(world)
    other = world.pbx()
    end.connect(other.rtp, dtls=other.description())
    world.run(NO_ZRTP_S)
    assert end.protection() is Protection.LAPSED
    end.phone.speak()
    play(other, end)
    world.settle()
    assert Kind.RTP not in kinds(other.heard())
    assert end.phone.speech() == []
    other.agree(world, end.rtp)
    assert end.protection() is Protection.TO_SERVER
    end.phone.speak()
    world.settle()
    assert other.understood() == [SPEECH]
    assert pbx.understood() == []


def test_server_that_stops_encrypting_needs_the_users_word(world: World) -> None:
    """A description without a fingerprint, from the same address: no silent fall into the clear."""
    end, pbx = served(world)
    end.connect(pbx.rtp)
    world.run(NO_ZRTP_S * 2)
    assert end.protection() is Protection.LAPSED
    end.leg.allow_clear()
    assert end.protection() is Protection.CLEAR


def test_same_description_again_changes_nothing(world: World) -> None:
    """A re-INVITE that only asks for another direction keeps the association."""
    end, pbx = served(world)
    end.connect(pbx.rtp, dtls=pbx.description(Setup.ACTPASS))
    world.settle()
    assert end.protection() is Protection.TO_SERVER
    end.phone.speak()
    world.settle()
    assert pbx.understood() == [SPEECH]


@pytest.mark.parametrize("active", [True, False])
def test_server_that_begins_anew_gets_new_keys(world: World, active: bool) -> None:
    """As Asterisk does after a hold; the keys of before are good until then, and not after."""
    end, pbx = served(world)
    before = pbx.keys
    pbx.meet(end.rtp, active=active)
    end.connect(pbx.rtp, dtls=pbx.description(Setup.ACTIVE if active else Setup.PASSIVE, is_new=True))
    for _ in range(4):
        world.settle()
        pbx.serve()
    assert pbx.keys is not None
    assert before is not None
    assert pbx.keys.local_key != before.local_key
    assert end.protection() is Protection.TO_SERVER
    pbx.speak()
    end.phone.speak()
    world.settle()
    assert end.phone.speech() == [SPEECH]
    assert pbx.understood() == [SPEECH]


def test_handshake_of_a_stranger_does_not_cost_the_keys(world: World) -> None:
    """A second handshake with another certificate fails, and the first keys stay."""
    end, pbx = served(world)
    rightful, pbx.identity = pbx._association, Identity()
    receiver = pbx._receiver
    pbx.agree(world, end.rtp)
    assert end.protection() is Protection.TO_SERVER
    assert end.leg.state.carrier_failure is None
    pbx._association, pbx._receiver = rightful, receiver
    end.phone.speak()
    world.settle()
    assert pbx.understood() == [SPEECH]


def test_secure_call_that_comes_to_a_server_is_not_content(world: World) -> None:
    """Keys with the PBX are no protection lost and found: only the user leads there."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.pbx()
    world.secure(alice, bob)
    alice.connect(pbx.rtp, dtls=pbx.description())
    pbx.agree(world, alice.rtp)
    world.run(NO_ZRTP_S)
    assert alice.protection() is Protection.SUSPENDED
    pbx.speak()
    alice.phone.speak()
    world.settle()
    assert alice.phone.speech() == []
    assert pbx.understood() == []
    alice.leg.allow_clear()
    assert alice.protection() is Protection.TO_SERVER


def test_call_in_place_of_one_to_the_server_begins_shut(world: World) -> None:
    """It opens with keys of the same worth, and not in clear."""
    end, pbx = world.end("alice", latched=Trust.SERVER), world.pbx()
    end.connect(pbx.rtp, dtls=pbx.description())
    world.run(NO_ZRTP_S)
    assert end.protection() is Protection.LAPSED
    pbx.agree(world, end.rtp)
    assert end.protection() is Protection.TO_SERVER


def test_leg_without_certificate_does_without(world: World) -> None:
    """What a server announces is of no use then."""
    end, pbx = world.end("alice"), world.pbx()
    end.leg._carrier.identity = None
    assert end.leg.describe("192.0.2.1").fingerprint is None
    end.connect(pbx.rtp, dtls=pbx.description())
    pbx.meet(end.rtp)
    world.run(QUIET_S)
    assert end.protection() is Protection.CLEAR
