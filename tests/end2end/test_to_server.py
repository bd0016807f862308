"""The PBX carries the sound and encrypts it as far as itself: DTLS-SRTP with a real Asterisk."""

from __future__ import annotations

from tests.end2end.conftest import MakeAsterisk, MakeNetwork, MakeParley
from tests.peers import asterisk_config, capture
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import SELMA, SVEN
from tests.peers.capture import Datagram

A_HZ, B_HZ = 430, 550
TONES = (A_HZ, B_HZ)


def begins_handshake(datagram: Datagram) -> bool:
    """Whether it is a ClientHello (RFC 6347 §4.3) to a port of RTP, which are even."""
    return datagram.data[:1] == b"\x16" and datagram.data[13:14] == b"\1" and datagram.target[1] % 2 == 0


def test_call_through_the_pbx_is_encrypted_to_the_server(
    make_network: MakeNetwork, make_asterisk: MakeAsterisk, make_parley: MakeParley
) -> None:
    """Both phones are TO_SERVER and say who hears them; tones pass, and nothing plain is on the wire.

    After a hold the keys are still the same, so that the sound is there at once.
    """
    network = make_network("pbx", "a", "b")
    asterisk = make_asterisk(host=network.hosts["pbx"])
    caller = make_parley(A_HZ, host=network.hosts["a"], asterisk=asterisk, account=SELMA)
    callee = make_parley(B_HZ, host=network.hosts["b"], asterisk=asterisk, account=SVEN)
    caller.do("call", SVEN.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    for phone in (caller, callee):
        call = phone.wait_call(state="connected", level="TO_SERVER", pending=None)
        assert call["why"]["cause"] == "pbx_media"
        assert "direct_media" in call["why"]["remedy"]
        assert call["sas"] is None
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)
    handshakes = sum(map(begins_handshake, network.overheard()))
    caller.do("hold")
    caller.wait_call(held=True)
    caller.do("resume")
    caller.wait_call(held=False, level="TO_SERVER", pending=None)
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)
    caller.do("hangup")
    callee.wait_idle()
    overheard = network.overheard()
    assert sum(map(begins_handshake, overheard)) == handshakes
    assert len(capture.rtp(overheard)) > 50
    assert capture.plain(overheard, TONES) == []
    assert capture.plain_rtcp(overheard) == []


def test_require_is_not_content_with_the_server(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """The echo returns nothing, for nothing was sent, though there are keys with the PBX."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=SELMA, options=("--policy", "require"))
    phone.do("call", asterisk_config.ECHO)
    call = phone.wait_call(state="connected", level="CLEAR", pending=None)
    assert call["why"]["cause"] == "pbx_media"
    assert call["statistics"]["plain_sent"] == 0
    assert call["statistics"]["packets_received"] == 0
    assert phone.heard().seconds_of_sound() == 0
