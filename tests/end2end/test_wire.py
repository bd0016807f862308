"""What can be overheard: phones on hosts of their own, and a capture of all that crosses the network."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.end2end.conftest import MakeAsterisk, MakeBaresip, MakeNetwork, MakeParley
from tests.peers import capture
from tests.peers.asterisk_config import ALICE, BOB
from tests.peers.capture import Datagram
from tests.peers.network import Network
from tests.peers.process import eventually

A_HZ, B_HZ = 430, 550
TONES = (A_HZ, B_HZ)


def wait_rtp(network: Network, packets: int) -> None:
    """Wait until so many more RTP packets have crossed."""
    before = len(capture.rtp(network.overheard()))
    eventually(
        lambda: len(capture.rtp(network.overheard())) > before + packets,
        within=30,
        what=f"{packets} more RTP packets cross the wire",
    )


def plain_after_the_switch(overheard: Sequence[Datagram]) -> list[Datagram]:
    """Return the plain RTP that a sender sent after its first SRTP."""
    switched, late = set(), []
    for datagram in capture.rtp(overheard):
        sender = datagram.source[0]
        if not datagram.is_plain(TONES):
            switched.add(sender)
        elif sender in switched:
            late.append(datagram)
    return late


@pytest.mark.parametrize("policy", ["prefer", "require"])
def test_call_through_asterisk_is_not_overheard(
    make_network: MakeNetwork, make_asterisk: MakeAsterisk, make_parley: MakeParley, policy: str
) -> None:
    """Three hosts: nothing plain after the switch, and nothing before it either; not under either policy."""
    network = make_network("pbx", "a", "b")
    asterisk = make_asterisk(host=network.hosts["pbx"])
    options = ("--policy", policy)
    caller = make_parley(A_HZ, host=network.hosts["a"], asterisk=asterisk, account=ALICE, options=options)
    callee = make_parley(B_HZ, host=network.hosts["b"], asterisk=asterisk, account=BOB, options=options)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    caller.wait_call(level="ENCRYPTED")
    callee.wait_call(level="ENCRYPTED")
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)
    wait_rtp(network, 100)
    caller.do("hangup")
    callee.wait_idle()
    overheard = network.overheard()
    assert plain_after_the_switch(overheard) == []
    assert capture.plain(overheard, TONES) == []
    assert capture.plain_rtcp(overheard) == []


def test_hold_is_not_overheard_under_require(
    make_network: MakeNetwork, make_asterisk: MakeAsterisk, make_parley: MakeParley
) -> None:
    """Hold moves the media to the PBX: its music is plain, but nothing of the phones goes there."""
    network = make_network("pbx", "a", "b")
    asterisk = make_asterisk(host=network.hosts["pbx"])
    options = ("--policy", "require")
    caller = make_parley(A_HZ, host=network.hosts["a"], asterisk=asterisk, account=ALICE, options=options)
    callee = make_parley(B_HZ, host=network.hosts["b"], asterisk=asterisk, account=BOB, options=options)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    caller.wait_call(level="ENCRYPTED")
    callee.wait_call(level="ENCRYPTED")
    caller.do("hold")
    callee.wait_call(level="CLEAR")
    wait_rtp(network, 50)
    caller.do("resume")
    callee.wait_call(level="ENCRYPTED")
    caller.wait_call(level="ENCRYPTED")
    callee.wait_heard(A_HZ)
    leaked = capture.plain(network.overheard(), TONES)
    assert {datagram.source[0] for datagram in leaked} <= {asterisk.ip}


def test_peer_without_zrtp_gets_nothing_under_require(
    make_network: MakeNetwork, make_baresip: MakeBaresip, make_parley: MakeParley
) -> None:
    """The other side speaks plainly; the phone sends no RTP at all and lets nothing be heard."""
    network = make_network("a", "b")
    caller = make_parley(A_HZ, host=network.hosts["a"], policy="require")
    baresip = make_baresip(B_HZ, host=network.hosts["b"])
    caller.do("call", baresip.uri)
    call = caller.wait_call(state="connected", level="CLEAR", pending=None)
    assert call["why"]["cause"] == "no_zrtp"
    wait_rtp(network, 50)
    caller.do("hangup")
    baresip.wait_ended()
    overheard = network.overheard()
    assert {datagram.source[0] for datagram in capture.plain(overheard, TONES)} == {baresip.ip}
    assert [datagram for datagram in capture.rtp(overheard) if datagram.source[0] == caller.ip] == []
    assert caller.heard().seconds_of_sound() == 0


def test_peer_without_zrtp_gets_plain_speech_under_prefer(
    make_network: MakeNetwork, make_baresip: MakeBaresip, make_parley: MakeParley
) -> None:
    """The control of the tests above: what is sent in clear, by policy, is seen to be."""
    network = make_network("a", "b")
    caller = make_parley(A_HZ, host=network.hosts["a"])
    baresip = make_baresip(B_HZ, host=network.hosts["b"])
    caller.do("call", baresip.uri)
    caller.wait_heard(B_HZ, seconds=2)
    caller.do("hangup")
    baresip.wait_ended()
    ours = [datagram for datagram in capture.rtp(network.overheard()) if datagram.source[0] == caller.ip]
    assert len(ours) > 50
    assert all(datagram.is_plain(TONES) for datagram in ours)
