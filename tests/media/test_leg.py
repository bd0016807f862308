"""Whole legs: what passes, what does not, and what is told about it."""

from __future__ import annotations

import socket

import pytest

from phone.media.encryption import Policy, Protection
from phone.media.leg import NO_ZRTP_S, QUIET_S, SECURING_S, MediaError, MediaLeg
from phone.media.streams import STREAMS_KEPT
from phone.secret import Secret
from phone.wire.demux import Kind
from phone.wire.description import Address
from phone.wire.rtcp import empty_receiver_report, parse_compound
from phone.wire.rtp import RtpPacket
from phone.wire.srtp import AuthTag, PacketBuffer, SrtpReceiver
from phone.zrtp.algorithms import Configuration
from phone.zrtp.events import Cause
from tests.media.world import (
    HOLDER,
    KEEPER,
    SPEECH,
    Cache,
    End,
    Listener,
    Phone,
    Sockets,
    World,
    ZrtpPeer,
    kinds,
)

MUSIC = bytes(reversed(range(160)))


def speak(end: End, times: int = 1) -> None:
    for _ in range(times):
        end.phone.speak()
        end.phone.report()


def play(peer: Sockets, end: End, payload: bytes = MUSIC, number: int = 1) -> None:
    """Send one plain RTP packet from ``peer`` to the leg."""
    peer.pair.rtp.sendto(bytes(RtpPacket(0, number, 0, 0x77, payload)), end.rtp)


def agree(world: World, end: End, peer: ZrtpPeer, seconds: float = 0.5) -> None:
    """Let ``end`` and ``peer`` agree on keys."""
    end.connect(peer.rtp)
    for _ in range(round(seconds / 0.01)):
        world.run(0.01)
        peer.serve(end.rtp)
    world.settle()
    assert end.protection() is Protection.SECURE


def is_speech(datagram: bytes) -> bool:
    return SPEECH in datagram or datagram in (empty_receiver_report(0x1000), empty_receiver_report(0x1001))


# before it is known whether the peer has ZRTP


def test_prefer_holds_everything_while_it_waits(world: World) -> None:
    """Before 0.8 s have passed without ZRTP neither RTP nor RTCP leaves."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    for _ in range(7):
        speak(alice)
        world.run(0.1)
    assert set(kinds(peer.heard())) == {Kind.ZRTP}
    assert peer.heard(rtcp=True) == []
    assert alice.leg.state.counters.plain_dropped_out == 14


def test_prefer_speaks_plainly_to_who_has_no_zrtp(world: World) -> None:
    """After 0.8 s of silence the call goes on in clear, and what leaves is counted."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(QUIET_S + 0.1)
    speak(alice)
    world.settle()
    assert alice.protection() is Protection.CLEAR
    assert [datagram for datagram, _ in peer.heard() if SPEECH in datagram]
    assert len(peer.heard(rtcp=True)) == 1
    assert alice.leg.state.counters.plain_sent == 2


def test_missing_zrtp_is_told_after_three_seconds(world: World) -> None:
    """``no_zrtp`` is for the display: it comes later than the sound does."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(NO_ZRTP_S - 0.2)
    assert not alice.leg.state.no_zrtp
    world.run(0.3)
    assert alice.listener.states[-1].no_zrtp


def test_early_media_is_heard_while_waiting(world: World) -> None:
    """Under PREFER ringback in plain RTP reaches the phone before anything is settled."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    play(peer, alice)
    world.settle()
    assert alice.phone.speech() == [MUSIC]
    assert alice.leg.state.counters.plain_received == 1


def test_late_hello_secures_a_clear_call(world: World) -> None:
    """ZRTP that comes long after the answer is taken up, and plain speech stops for it."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    alice.connect(peer.rtp)
    world.run(2)
    assert alice.protection() is Protection.CLEAR
    agree(world, alice, peer, 6)
    peer.tapped.clear()
    speak(alice)
    world.settle()
    peer.serve(alice.rtp)
    assert len(peer.tapped) == 2
    assert not any(map(is_speech, peer.tapped))


def test_require_never_speaks_plainly(world: World) -> None:
    """Under REQUIRE a peer without ZRTP hears nothing and is not heard, however long it takes."""
    alice, peer = world.end("alice", Policy.REQUIRE), world.peer()
    alice.connect(peer.rtp)
    for number in range(30):
        speak(alice)
        play(peer, alice, number=number)
        world.run(0.5, step=0.1)
    assert alice.protection() is Protection.REFUSED
    assert set(kinds(peer.heard())) == {Kind.ZRTP}
    assert peer.heard(rtcp=True) == []
    assert alice.phone.speech() == []
    counters = alice.leg.state.counters
    assert (counters.plain_sent, counters.plain_received) == (0, 0)
    assert (counters.plain_dropped_out, counters.plain_dropped_in) == (60, 30)


def test_refused_call_is_secured_by_a_late_hello(world: World) -> None:
    """Even after it gave up a leg under REQUIRE answers ZRTP."""
    alice, peer = world.end("alice", Policy.REQUIRE), world.zrtp_peer("peer")
    alice.connect(peer.rtp)
    world.run(15, step=0.1)
    assert alice.protection() is Protection.REFUSED
    agree(world, alice, peer, 6)


def test_hello_before_the_answer_is_not_lost(world: World) -> None:
    """A peer that is faster than the signalling is understood once its address is known."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    peer.serve(alice.rtp)
    world.settle()
    assert alice.protection() is Protection.WAITING
    alice.connect(peer.rtp)
    assert alice.protection() is Protection.SECURING


def test_hellos_of_others_before_the_answer_are_dropped(world: World) -> None:
    """What was kept is handed on only if it came from the remote; the rest is counted."""
    alice, peer, other = world.end("alice"), world.peer(), world.zrtp_peer("other")
    other.serve(alice.rtp)
    world.settle()
    alice.connect(peer.rtp)
    assert alice.protection() is Protection.WAITING
    assert alice.leg.state.counters.strangers == 1


def test_nothing_is_kept_of_what_no_one_asked_for(world: World) -> None:
    """RTP before the remote is known is dropped."""
    alice, peer = world.end("alice"), world.peer()
    play(peer, alice)
    world.settle()
    alice.connect(peer.rtp)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.leg.state.counters.strangers == 1


# the exchange


def test_two_legs_secure_their_call(world: World) -> None:
    """Both ends show the same code and hear each other."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    for end in (alice, bob):
        speak(end)
    world.settle()
    assert alice.phone.speech() == bob.phone.speech() == [SPEECH]
    assert len(alice.phone.heard(rtcp=True)) == len(bob.phone.heard(rtcp=True)) == 1
    first, second = alice.leg.state.secured, bob.leg.state.secured
    assert first is not None
    assert second is not None
    assert first.sas == second.sas
    assert alice.leg.state.peer_client == "Parley 0.1"


@pytest.mark.parametrize("policy", Policy)
def test_nothing_plain_leaves_while_keys_are_agreed_on(world: World, policy: Policy) -> None:
    """From the peer's first Hello on the tap on the wire sees ZRTP alone."""
    alice, peer = world.end("alice", policy), world.zrtp_peer("peer")
    alice.connect(peer.rtp)
    peer.serve(alice.rtp)
    world.settle()
    assert alice.protection() is Protection.SECURING
    for _ in range(20):
        speak(alice)
        world.run(0.1)
        peer.serve(alice.rtp, answer=False)
    assert peer.tapped == []


@pytest.mark.parametrize("policy", Policy)
def test_only_ciphertext_leaves_a_secure_call(world: World, policy: Policy) -> None:
    """The tap on the wire sees packets that the keys open, and no speech."""
    alice, peer = world.end("alice", policy, claim=HOLDER), world.zrtp_peer("peer", claim=KEEPER)
    agree(world, alice, peer)
    speak(alice, 5)
    world.settle()
    peer.serve(alice.rtp)
    assert len(peer.tapped) == 10
    assert not any(map(is_speech, peer.tapped))
    assert peer.keys is not None
    receiver = SrtpReceiver(peer.keys.remote_key, peer.keys.remote_salt, AuthTag(peer.keys.auth_tag))
    buffer = PacketBuffer()
    opened = [
        buffer.get(receiver.unprotect(buffer, buffer.put(datagram)))
        for datagram in peer.tapped
        if datagram[1] == 0
    ]
    assert [RtpPacket.parse(packet).payload for packet in opened] == [SPEECH] * 5
    assert alice.leg.state.counters.plain_sent == 0


def test_early_media_is_heard_while_keys_are_agreed_on(world: World) -> None:
    """Under PREFER plain RTP is played until the peer must have its keys."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    alice.connect(peer.rtp)
    peer.serve(alice.rtp)
    play(peer, alice)
    world.settle()
    assert alice.protection() is Protection.SECURING
    assert alice.phone.speech() == [MUSIC]


@pytest.mark.parametrize(
    ("policy", "expected"), [(Policy.PREFER, Protection.CLEAR), (Policy.REQUIRE, Protection.REFUSED)]
)
def test_exchange_that_ends_nowhere_is_given_up(world: World, policy: Policy, expected: Protection) -> None:
    """A peer that says Hello and nothing more: after ten seconds the policy decides, and why is kept."""
    alice, peer = world.end("alice", policy), world.zrtp_peer("peer")
    alice.connect(peer.rtp)
    peer.serve(alice.rtp)
    world.run(SECURING_S + 0.5, step=0.1)
    assert alice.protection() is expected
    assert alice.leg.state.failure is not None
    assert not alice.leg.state.no_zrtp


def test_hello_that_was_not_announced_is_not_taken(world: World) -> None:
    """Where the signalling gave a hash, another Hello is a suspicion and no key exchange."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    alice.connect(peer.rtp, zrtp_hash="1.10 " + "ab" * 32)
    for _ in range(50):
        world.run(0.01)
        peer.serve(alice.rtp)
    assert alice.protection() is not Protection.SECURE
    assert Cause.HELLO_HASH in {suspicion.cause for suspicion in alice.leg.state.suspicions}


def test_announced_hello_is_compared(world: World) -> None:
    """What ``describe`` announces is the hash of the Hello that is sent."""
    alice, bob = world.end("alice"), world.end("bob")
    announced = bob.leg.describe(bob.host).zrtp_hash
    alice.connect(bob.rtp, zrtp_hash=announced)
    bob.connect(alice.rtp)
    world.run(0.3)
    secured = alice.leg.state.secured
    assert secured is not None
    assert secured.hello_hash_matched


def test_time_to_secure_counts_from_the_first_hello(world: World) -> None:
    """What passed between connecting and the peer's readiness is in it, from our first Hello on."""
    alice, bob = world.end("alice"), world.end("bob")
    alice.connect(bob.rtp)
    world.run(0.3)
    bob.connect(alice.rtp)
    world.run(0.3)
    assert alice.leg.state.time_to_secure_ms is not None
    assert 300 <= alice.leg.state.time_to_secure_ms < 600


def test_damaged_zrtp_is_no_sign_of_zrtp(world: World) -> None:
    """Bytes with ZRTP's cookie and a wrong CRC do not hold the call back."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    peer.pair.rtp.sendto(b"\x10\0\0\1ZRTP" + bytes(40), alice.rtp)
    world.run(QUIET_S + 0.1)
    assert alice.protection() is Protection.CLEAR
    assert alice.leg.state.counters.zrtp_received == 1


def confirming(world: World, peer: ZrtpPeer, end: End) -> None:
    """Bring ``end`` as the initiator to where only Conf2ACK is missing."""
    end.connect(peer.rtp)
    while peer.keys is None:
        world.run(0.01)
        peer.serve(end.rtp, withhold=b"Conf2ACK")
    assert end.protection() is Protection.SECURING


def test_secure_packet_is_as_good_as_conf2ack(world: World) -> None:
    """The initiator has its receive keys at Confirm1: the first SRTP is played and ends the exchange."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer", Configuration(passive=True))
    confirming(world, peer, alice)
    peer.pair.rtp.sendto(peer.protected(1), alice.rtp)
    world.settle()
    assert alice.protection() is Protection.SECURE
    assert alice.phone.speech() == [SPEECH]


def test_plain_packet_after_confirm1_is_not_played(world: World) -> None:
    """Once the peer must have its keys what does not authenticate is dropped, before the call is secure."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer", Configuration(passive=True))
    confirming(world, peer, alice)
    play(peer, alice)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.leg.state.counters.auth_failed == 1


def test_keys_of_a_failed_exchange_are_forgotten(world: World) -> None:
    """Where Conf2ACK never comes the call goes on in clear, and plain packets are played again."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer", Configuration(passive=True))
    confirming(world, peer, alice)
    world.run(12, step=0.1)
    assert alice.protection() is Protection.CLEAR
    assert alice.leg.state.failure is not None
    play(peer, alice)
    world.settle()
    assert alice.phone.speech() == [MUSIC]


# while it is secure


def test_plain_packets_are_not_played_in_a_secure_call(world: World) -> None:
    """Whoever injects plain RTP or RTCP from the right address is not heard."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    play(peer, alice)
    peer.pair.rtcp.sendto(empty_receiver_report(1), alice.rtcp)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.phone.heard(rtcp=True) == []
    assert alice.leg.state.counters.auth_failed == 2


def test_forged_and_repeated_packets_are_dropped(world: World) -> None:
    """One genuine packet is heard; the same again, and one with a bit flipped, are counted apart."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    genuine, second = peer.protected(1), peer.protected(2)
    for datagram in (genuine, genuine, second[:-1] + bytes([second[-1] ^ 1])):
        peer.pair.rtp.sendto(datagram, alice.rtp)
    world.settle()
    assert alice.phone.speech() == [SPEECH]
    counters = alice.leg.state.counters
    assert (counters.srtp_received, counters.replayed, counters.auth_failed) == (1, 1, 1)


def test_session_refresh_changes_nothing(world: World) -> None:
    """A stream created anew towards the same remote keeps its keys."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    before = alice.leg.state.secured
    alice.leg.connect(
        remote_rtp=bob.rtp,
        remote_rtcp=bob.rtcp,
        local_rtp=alice.phone.rtp,
        local_rtcp=alice.phone.rtcp,
        ssrc=alice.phone.ssrc,
        remote_zrtp_hash=None,
    )
    speak(alice)
    world.settle()
    assert bob.phone.speech() == [SPEECH]
    assert alice.leg.state.secured is before


def test_hold_by_address_changes_nothing(world: World) -> None:
    """A peer at 0.0.0.0 wants silence; its keys wait for it."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    alice.connect(Address("0.0.0.0", bob.rtp.port))
    assert alice.protection() is Protection.SECURE
    assert alice.leg.state.remote == bob.rtp


def test_restarted_peer_takes_over(world: World) -> None:
    """A peer that comes back without its keys agrees on new ones, and nothing plain leaves meanwhile."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    before, lost = alice.leg.state.secured, peer.keys
    peer.restart("peer again")
    while peer.keys is lost:
        speak(alice)
        world.run(0.01)
        peer.serve(alice.rtp)
    world.run(0.01)
    assert not any(map(is_speech, peer.tapped))
    after = alice.leg.state.secured
    assert after is not None
    assert before is not None
    assert after.peer_zid != before.peer_zid


def test_half_an_exchange_leaves_the_call_secure(world: World) -> None:
    """Who only says Hello in a secure call, whoever it is, changes nothing."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    before = alice.leg.state
    genuine = peer.protected(1)
    peer.restart("peer again")
    peer.serve(alice.rtp)
    world.run(25, step=0.1)
    peer.pair.rtp.sendto(genuine, alice.rtp)
    world.settle()
    assert alice.phone.speech() == [SPEECH]
    assert alice.leg.state.secured == before.secured
    assert alice.leg.state.failure is None


def test_many_transfers_keep_only_the_last_keys(world: World) -> None:
    """A call that is passed on and on does not gather keys without end."""
    alice = world.end("alice")
    peers = [world.zrtp_peer(f"peer {number}") for number in range(STREAMS_KEPT + 2)]
    for peer in peers:
        agree(world, alice, peer)
    alice.connect(peers[0].rtp)
    assert alice.protection() is Protection.SUSPENDED
    alice.connect(peers[-2].rtp)
    assert alice.protection() is Protection.SECURE


def test_long_gap_in_the_numbers_is_closed(world: World) -> None:
    """After minutes in which the phone counted on unheard the peer still opens what comes."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    for jump in (0, 40000, 1, 20000, -5, 65530):
        alice.phone.sequence_number = (alice.phone.sequence_number + jump) & 0xFFFF
        speak(alice)
        world.settle()
        assert bob.phone.speech() == [SPEECH]


def test_comparison_of_the_codes_is_kept(world: World) -> None:
    """What the user found is remembered with the peer's retained secret."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    alice.leg.confirm_sas(True)
    assert alice.cache.entries[bob.cache.zid()].sas_verified
    alice.leg.confirm_sas(False)
    assert not alice.cache.entries[bob.cache.zid()].sas_verified


def test_there_is_no_code_to_confirm_before(world: World) -> None:
    """Without keys there is nothing to compare."""
    with pytest.raises(MediaError):
        world.end("alice").leg.confirm_sas(True)


# when the remote changes


def test_changed_remote_before_keys_starts_anew(world: World) -> None:
    """A call in clear that moves is held back again, so that the new peer may secure it."""
    alice, first, second = world.end("alice"), world.peer(), world.peer()
    alice.connect(first.rtp)
    world.run(4)
    assert alice.protection() is Protection.CLEAR
    first.heard()
    alice.connect(second.rtp)
    assert alice.protection() is Protection.WAITING
    assert alice.leg.state.remote == second.rtp
    speak(alice)
    world.run(0.1)
    assert set(kinds(second.heard())) == {Kind.ZRTP}
    assert first.heard() == []


def test_direct_media_after_the_answer_is_secured(world: World) -> None:
    """Asterisk first names itself and a moment later the other phone; the call secures with that one."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.peer()
    alice.connect(pbx.rtp)
    bob.connect(pbx.rtp)
    world.run(0.01)
    world.secure(alice, bob)
    assert alice.leg.state.counters.plain_sent == bob.leg.state.counters.plain_sent == 0


@pytest.mark.parametrize("policy", Policy)
def test_nothing_but_zrtp_and_srtcp_reaches_a_new_remote(world: World, policy: Policy) -> None:
    """Once secure, a change of address stops the microphone: no plain word and no noise leaves."""
    alice, bob = world.end("alice", policy, claim=HOLDER), world.end("bob", claim=KEEPER)
    pbx = world.peer()
    world.secure(alice, bob)
    alice.connect(pbx.rtp)
    assert alice.protection() is Protection.SUSPENDED
    for _ in range(150):
        speak(alice)
        world.run(0.1, step=0.1)
    assert alice.protection() is Protection.SUSPENDED
    assert set(kinds(pbx.heard())) == {Kind.ZRTP}
    reports = [datagram for datagram, _ in pbx.heard(rtcp=True)]
    assert reports
    assert not any(map(is_speech, reports))
    assert alice.leg.state.secured is None


def test_short_hold_keeps_the_code(world: World) -> None:
    """Both looked elsewhere for a moment, and are back: under the old keys, and with no new exchange."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.peer()
    world.secure(alice, bob)
    before = [end.leg.state.secured for end in (alice, bob)]
    alice.connect(pbx.rtp)
    bob.connect(pbx.rtp)
    world.run(0.5)
    alice.connect(bob.rtp)
    bob.connect(alice.rtp)
    world.run(5)
    assert [end.leg.state.secured for end in (alice, bob)] == before


@pytest.mark.parametrize("policy", Policy)
def test_hold_music_is_not_played(world: World, policy: Policy) -> None:
    """Plain RTP of the PBX while suspended is dropped, and can be shown."""
    alice, bob = world.end("alice", policy, claim=HOLDER), world.end("bob", claim=KEEPER)
    pbx = world.peer()
    world.secure(alice, bob)
    alice.connect(pbx.rtp)
    for number in range(5):
        play(pbx, alice, number=number)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.leg.state.counters.plain_received_while_suspended == 5


def test_user_may_go_on_in_clear(world: World) -> None:
    """Once the notice is answered the new remote hears and is heard."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.peer()
    world.secure(alice, bob)
    alice.connect(pbx.rtp)
    alice.leg.allow_clear()
    play(pbx, alice)
    speak(alice)
    world.settle()
    assert alice.protection() is Protection.CLEAR
    assert alice.phone.speech() == [MUSIC]
    assert [datagram for datagram, _ in pbx.heard() if SPEECH in datagram]


def test_secure_peer_that_comes_back_after_that_is_secure_again(world: World) -> None:
    """Going on in clear was for the one who was there, and gives no key away."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.peer()
    world.secure(alice, bob)
    alice.connect(pbx.rtp)
    alice.leg.allow_clear()
    alice.connect(bob.rtp)
    assert alice.protection() is Protection.SECURE


def test_no_one_may_go_on_in_clear_under_require(world: World) -> None:
    """The policy is stronger than the notice."""
    with pytest.raises(MediaError):
        world.end("alice", Policy.REQUIRE).leg.allow_clear()


def test_leave_to_go_on_in_clear_leaves_a_secure_call_alone(world: World) -> None:
    """There is nothing to allow while the call is secure."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    alice.leg.allow_clear()
    assert alice.protection() is Protection.SECURE


def test_resumed_call_is_secure_at_once(world: World) -> None:
    """Back at the address where keys were agreed on, the same keys and the same code count."""
    alice, bob, pbx = world.end("alice"), world.end("bob"), world.peer()
    world.secure(alice, bob)
    before = alice.leg.state.secured
    for end in (alice, bob):
        end.connect(pbx.rtp)
    world.run(20, step=0.1)
    for end, other in ((alice, bob), (bob, alice)):
        end.connect(other.rtp)
    assert alice.protection() is bob.protection() is Protection.SECURE
    assert alice.leg.state.secured == before
    speak(alice)
    speak(bob)
    world.settle()
    assert alice.phone.speech() == bob.phone.speech() == [SPEECH]


def test_resumed_call_is_secure_under_its_other_name(world: World) -> None:
    """A peer that was behind a NAT is known again by the address where it was seen."""
    alice, bob, nowhere, pbx = world.end("alice"), world.end("bob"), world.peer(), world.peer()
    alice.connect(nowhere.rtp)
    bob.connect(alice.rtp)
    world.run(1)
    alice.connect(pbx.rtp)
    alice.connect(bob.rtp)
    assert alice.protection() is Protection.SECURE


def test_peer_that_shows_its_keys_at_a_new_address_is_secure(world: World) -> None:
    """A suspended call goes on when something authenticates under its keys at the new address."""
    alice, peer, elsewhere = world.end("alice"), world.zrtp_peer("peer"), world.peer()
    agree(world, alice, peer)
    alice.connect(elsewhere.rtp)
    assert alice.protection() is Protection.SUSPENDED
    elsewhere.pair.rtp.sendto(peer.protected(1), alice.rtp)
    world.settle()
    assert alice.protection() is Protection.SECURE
    assert alice.phone.speech() == [SPEECH]


def test_last_packets_from_the_old_address_prove_nothing(world: World) -> None:
    """What is still under way from the former remote does not end the suspension."""
    alice, peer, pbx = world.end("alice"), world.zrtp_peer("peer"), world.peer()
    agree(world, alice, peer)
    alice.connect(pbx.rtp)
    for number in range(5):
        peer.pair.rtp.sendto(peer.protected(number), alice.rtp)
    world.settle()
    assert alice.protection() is Protection.SUSPENDED
    assert alice.phone.speech() == []


def test_two_suspended_ends_find_each_other(world: World) -> None:
    """Moved behind a proxy that knows no ZRTP, both ends show their keys by SRTCP and keep them."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    before = alice.leg.state.secured
    towards_alice, towards_bob = world.peer(), world.peer()
    alice.connect(towards_alice.rtp)
    bob.connect(towards_bob.rtp)
    assert alice.protection() is bob.protection() is Protection.SUSPENDED
    for _ in range(10):
        world.run(0.01)
        for source, target, end in ((towards_alice, towards_bob, bob), (towards_bob, towards_alice, alice)):
            for datagram, _ in source.heard(rtcp=True):
                target.pair.rtcp.sendto(datagram, end.rtcp)
    assert alice.protection() is bob.protection() is Protection.SECURE
    assert alice.leg.state.secured == before


def test_transferred_call_is_secured_with_the_new_peer(world: World) -> None:
    """Another peer in the same dialog gets keys of its own, and the old ones are not shown any more."""
    alice, bob, carol = world.end("alice"), world.end("bob"), world.end("carol")
    world.secure(alice, bob)
    alice.connect(carol.rtp)
    carol.connect(alice.rtp)
    assert alice.protection() is Protection.SUSPENDED
    world.run(0.5)
    secured = alice.leg.state.secured
    assert secured is not None
    assert secured.peer_zid == carol.cache.zid()
    speak(carol)
    speak(alice)
    world.settle()
    assert alice.phone.speech() == carol.phone.speech() == [SPEECH]
    alice.connect(bob.rtp)
    back = alice.leg.state.secured
    assert back is not None
    assert back.peer_zid == bob.cache.zid()


def test_packets_under_superseded_keys_are_not_played(world: World) -> None:
    """While the display names Carol, Bob's genuine packets at her address are dropped."""
    alice, bob, carol = world.end("alice"), world.zrtp_peer("bob"), world.zrtp_peer("carol")
    agree(world, alice, bob)
    agree(world, alice, carol)
    carol.pair.rtp.sendto(bob.protected(1), alice.rtp)
    world.settle()
    assert alice.phone.speech() == []
    assert alice.leg.state.counters.superseded == 1


# the phone's side


def test_only_the_phone_is_carried_out(world: World) -> None:
    """Another program on this host cannot speak into the call."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(1)
    peer.heard()
    intruder = world.peer("127.0.0.1")
    intruder.pair.rtp.sendto(bytes(RtpPacket(0, 1, 0, 1, SPEECH)), alice.phone.relay)
    world.settle()
    assert not [datagram for datagram, _ in peer.heard() if SPEECH in datagram]


def test_what_waited_before_the_phone_was_known_is_dropped(world: World) -> None:
    """Packets queued on the inner sockets before they were connected may be anybody's."""
    alice, peer, intruder = world.end("alice"), world.peer(), world.peer("127.0.0.1")
    inner = alice.leg._relay._inner
    for _ in range(3):
        intruder.pair.rtp.sendto(bytes(RtpPacket(0, 1, 0, 1, SPEECH)), ("127.0.0.1", inner.port))
    alice.connect(peer.rtp)
    world.settle()
    counters = alice.leg.state.counters
    assert (counters.strangers, counters.plain_dropped_out) == (3, 0)


def test_packets_before_the_first_stream_are_dropped(world: World) -> None:
    """As long as no phone is joined to the leg nothing is carried."""
    alice, intruder = world.end("alice"), world.peer("127.0.0.1")
    inner = alice.leg._relay._inner
    intruder.pair.rtp.sendto(bytes(RtpPacket(0, 1, 0, 1, SPEECH)), ("127.0.0.1", inner.port))
    world.settle()
    assert alice.leg.state.counters.strangers == 1


def test_phone_with_a_new_port_is_followed(world: World) -> None:
    """A stream on another port of the phone takes the place of the first."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    old = alice.phone
    alice.phone = Phone(old.ssrc, old.relay)
    alice.connect(bob.rtp)
    speak(alice)
    speak(bob)
    world.settle()
    assert bob.phone.speech() == alice.phone.speech() == [SPEECH]
    old.close()


def test_unknown_ssrc_is_learned(world: World) -> None:
    """Where the phone has not announced its SSRC, ZRTP takes it from the first packet."""
    alice, peer = world.end("alice"), world.peer()
    alice.leg.connect(
        remote_rtp=peer.rtp,
        remote_rtcp=peer.rtcp,
        local_rtp=alice.phone.rtp,
        local_rtcp=alice.phone.rtcp,
        ssrc=None,
        remote_zrtp_hash=None,
    )
    alice.phone.report()
    alice.phone.speak()
    world.settle()
    peer.heard()
    world.run(0.3)
    hellos = [datagram for datagram, _ in peer.heard()]
    assert {int.from_bytes(hello[8:12], "big") for hello in hellos} == {alice.phone.ssrc}


def test_gone_phone_is_no_error(world: World) -> None:
    """What comes for a phone that has closed its ports is counted, and the leg lives on."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    alice.phone.close()
    for _ in range(3):
        speak(bob, 5)
        world.settle()
    assert alice.leg.state.counters.refused > 0
    assert alice.protection() is Protection.SECURE


def test_closed_port_of_the_peer_is_no_error(world: World) -> None:
    """A peer that is gone is counted, packet by packet, until the call ends."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    peer.close()
    for _ in range(5):
        speak(alice)
        world.settle()
    assert alice.leg.state.counters.refused > 0
    assert alice.protection() is Protection.SECURE


def test_unreachable_peer_is_no_error(world: World) -> None:
    """Where the system refuses to send that is counted."""
    alice = world.end("alice")
    alice.connect(Address("255.255.255.255", 4000))
    world.run(0.1)
    assert alice.leg.state.counters.send_failed > 0


def test_peer_that_cannot_be_connected_to_is_no_error(world: World) -> None:
    """Where a socket cannot be tied to the remote it goes on as it is."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    alice.leg._relay._rtp.latch.prove(Address("255.255.255.255", 4000))
    play(peer, alice)
    world.settle()
    counters = alice.leg.state.counters
    assert (counters.strangers, counters.send_failed) == (1, 1)


def test_broken_packet_of_the_phone_does_not_leave(world: World) -> None:
    """What libsrtp does not take, here a header extension that is not there, is not sent as it is either."""
    alice, peer = world.end("alice"), world.zrtp_peer("peer")
    agree(world, alice, peer)
    packet = bytearray(alice.phone.packet(b""))
    packet[0] |= 0x10
    alice.phone.pair.rtp.sendto(packet, alice.phone.relay)
    world.settle()
    peer.serve(alice.rtp)
    assert peer.tapped == []
    assert alice.leg.state.counters.plain_dropped_out == 1


def test_datagram_that_is_cut_off_is_not_carried(world: World) -> None:
    """What is longer than the buffer is dropped whole, in either direction."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(1)
    alice.phone.speak(bytes(5000))
    play(peer, alice, bytes(5000))
    world.settle()
    assert alice.leg.state.counters.foreign == 2
    assert alice.phone.speech() == []


def test_noise_of_the_phone_is_not_carried(world: World) -> None:
    """What is neither RTP nor RTCP does not leave, whatever the protection."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(1)
    peer.heard()
    alice.phone.pair.rtp.sendto(b"\x10\0\0\0ZRTP" + bytes(20), alice.phone.relay)
    alice.phone.pair.rtcp.sendto(alice.phone.packet(), (alice.phone.relay.host, alice.phone.relay.port + 1))
    world.settle()
    assert alice.leg.state.counters.foreign == 2
    assert set(kinds(peer.heard())) <= {Kind.ZRTP}


# RTCP on the RTP port


def test_rtcp_mux_takes_the_rtp_path_both_ways(world: World) -> None:
    """When the answer agreed on rtcp-mux, RTCP uses the RTP ports, inside too."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp, peer.rtp)
    world.run(1)
    peer.heard()
    alice.phone.report()
    alice.phone.pair.rtp.sendto(empty_receiver_report(5), alice.phone.relay)
    peer.pair.rtp.sendto(empty_receiver_report(6), alice.rtp)
    world.settle()
    at_peer = [datagram for datagram, _ in peer.heard() if datagram[1] == 201]
    assert sorted(parse_compound(datagram)[0].body[-1] for datagram in at_peer) == [0x00, 0x05]
    assert [datagram for datagram, _ in alice.phone.heard()] == [empty_receiver_report(6)]


def test_secure_rtcp_mux(world: World) -> None:
    """On one port SRTCP is told from SRTP and opened as such."""
    alice, bob = world.end("alice"), world.end("bob")
    alice.connect(bob.rtp, bob.rtp)
    bob.connect(alice.rtp, alice.rtp)
    world.run(0.5)
    alice.phone.pair.rtp.sendto(empty_receiver_report(5), alice.phone.relay)
    speak(alice)
    world.settle()
    datagrams = [datagram for datagram, _ in bob.phone.heard()]
    assert empty_receiver_report(5) in datagrams
    assert len(datagrams) == 3


def test_rtcp_on_the_rtp_port_without_mux_reaches_the_rtcp_port(world: World) -> None:
    """A peer that multiplexes without agreement is understood all the same (RFC 5761 §4)."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    peer.pair.rtp.sendto(empty_receiver_report(6), alice.rtp)
    world.settle()
    assert [datagram for datagram, _ in alice.phone.heard(rtcp=True)] == [empty_receiver_report(6)]


def test_rtp_on_the_rtcp_port_is_foreign(world: World) -> None:
    """Nobody sends RTP or ZRTP there, so it is not passed on."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    peer.pair.rtcp.sendto(bytes(RtpPacket(0, 1, 0, 1, SPEECH)), alice.rtcp)
    world.settle()
    assert alice.phone.heard(rtcp=True) == []
    assert alice.leg.state.counters.foreign == 1


# where the system offers less


def test_moved_call_works_where_sockets_cannot_be_disconnected(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the sockets are connected to the new remote at once."""
    monkeypatch.setattr("sys.platform", "darwin")
    alice, bob, carol = world.end("alice"), world.end("bob"), world.end("carol")
    world.secure(alice, bob)
    world.secure(alice, carol)
    speak(carol)
    world.settle()
    assert alice.phone.speech() == [SPEECH]


def test_foreign_bind_address_is_reported(world: World) -> None:
    """A leg cannot be opened on an address that is not this host's, and leaves nothing open then."""
    with pytest.raises(OSError, match="assign"):
        MediaLeg(
            world.pump,
            bind_host="192.0.2.1",
            cache=Cache("alice"),
            configuration=Configuration(),
            policy=Policy.PREFER,
            listener=Listener(),
            clock=world.clock,
        )


# the listener, and the end


def test_listener_is_told_once_for_all_that_happened(world: World) -> None:
    """Changes come together, after the fact; packets alone are none."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    told = len(alice.listener.states)
    assert alice.listener.states[-1].protection is Protection.SECURE
    assert all(a != b for a, b in zip(alice.listener.states, alice.listener.states[1:], strict=False))
    for _ in range(20):
        speak(alice)
        speak(bob)
        world.run(0.02)
    assert len(alice.listener.states) == told


def test_closed_leg_leaves_nothing_behind(world: World) -> None:
    """After the end there is no timer, and the ports are free."""
    alice, peer = world.end("alice"), world.peer()
    alice.connect(peer.rtp)
    world.run(0.1)
    world.hang_up(alice)
    assert world.clock.getDelayedCalls() == []
    again = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    again.bind(alice.rtp)
    again.close()


def test_keys_are_not_printed(world: World) -> None:
    """The state can be logged as it is."""
    alice, bob = world.end("alice"), world.end("bob")
    world.secure(alice, bob)
    secured = alice.leg.state.secured
    assert secured is not None
    for secret in (secured.keys.local_key, secured.keys.remote_key):
        assert isinstance(secret, Secret)
        assert secret.reveal().hex() not in repr(alice.leg.state)
        assert repr(secret.reveal()) not in repr(alice.leg.state)
