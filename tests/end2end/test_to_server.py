"""The PBX carries the sound and encrypts it as far as itself: DTLS-SRTP with a real Asterisk."""

from __future__ import annotations

from tests.end2end.conftest import MakeAsterisk, MakeNetwork, MakeParley
from tests.peers import asterisk_config, capture
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import SELMA, SVEN

A_HZ, B_HZ = 430, 550
TONES = (A_HZ, B_HZ)


def test_call_through_the_pbx_is_encrypted_to_the_server(
    make_network: MakeNetwork, make_asterisk: MakeAsterisk, make_parley: MakeParley
) -> None:
    """Both phones are TO_SERVER and say who hears them; tones pass, and nothing plain is on the wire."""
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
    caller.do("hangup")
    callee.wait_idle()
    overheard = network.overheard()
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
