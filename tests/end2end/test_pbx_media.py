"""Where the PBX carries the sound: the call works, and says honestly what does not protect it."""

from __future__ import annotations

from typing import Any

from tests.end2end.conftest import MakeBaresip, MakeParley
from tests.peers import asterisk_config
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, DORA, DUNCAN
from tests.peers.parley import Parley
from tests.peers.process import eventually
from tests.peers.tones import Recording

A_HZ, B_HZ = 430, 550


def wait_pbx_named(phone: Parley) -> dict[str, Any]:
    """Wait until the call is CLEAR and the PBX is named as the cause; return the call."""
    call = phone.wait_call(state="connected", level="CLEAR", pending=None)
    assert call["why"]["cause"] == "pbx_media"
    assert "PBX" in call["why"]["text"]
    for setting in ("direct_media", "media_encryption", "Dial()"):
        assert setting in call["why"]["remedy"]
    return call


def test_echo_is_clear_and_names_the_pbx(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """One hears oneself, and why nobody else could not."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    phone.do("call", asterisk_config.ECHO)
    wait_pbx_named(phone)
    phone.wait_heard(A_HZ)


def test_extension_without_direct_media_is_clear_and_names_the_pbx(
    asterisk: Asterisk, make_parley: MakeParley
) -> None:
    """Both ends say so; sound passes."""
    caller = make_parley(A_HZ, asterisk=asterisk, account=DORA)
    callee = make_parley(B_HZ, asterisk=asterisk, account=DUNCAN)
    caller.do("call", DUNCAN.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    wait_pbx_named(caller)
    wait_pbx_named(callee)
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)


def test_voicemail_takes_a_message(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """An answering machine that knows no ZRTP is spoken to as well, and understands."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    before = asterisk.voicemails()
    phone.do("call", asterisk_config.VOICEMAIL)
    wait_pbx_named(phone)
    eventually(asterisk.takes_voicemail, within=30, what="Asterisk has played greeting and beep")
    sent = phone.wait_call(state="connected")["statistics"]["packets_sent"] + 200
    eventually(
        lambda: phone.wait_call(state="connected")["statistics"]["packets_sent"] > sent,
        within=30,
        what="four seconds of message are spoken",
    )
    phone.do("hangup")
    (message,) = eventually(
        lambda: [one for one in asterisk.voicemails() if one not in before],
        within=20,
        what="Asterisk keeps the message",
    )
    eventually(
        lambda: Recording.read(message).seconds_of(A_HZ) > 1, within=20, what="the message has the tone"
    )


def test_peer_without_zrtp_is_named(
    asterisk: Asterisk, make_baresip: MakeBaresip, make_parley: MakeParley
) -> None:
    """Direct media to a phone that has no ZRTP: CLEAR, and the peer is the cause, not the PBX."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    make_baresip(B_HZ, asterisk=asterisk, account=BOB)
    phone.do("call", BOB.extension)
    call = phone.wait_call(state="connected", level="CLEAR", pending=None)
    assert call["why"]["cause"] == "no_zrtp"
    phone.wait_heard(B_HZ)


def test_required_encryption_keeps_the_microphone_shut_at_the_pbx(
    asterisk: Asterisk, make_parley: MakeParley
) -> None:
    """Under ``require`` the echo returns nothing, for nothing was sent."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE, options=("--policy", "require"))
    phone.do("call", asterisk_config.ECHO)
    call = wait_pbx_named(phone)
    assert call["statistics"]["plain_sent"] == 0
    assert phone.heard().seconds_of(A_HZ) == 0
