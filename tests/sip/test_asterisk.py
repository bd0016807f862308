"""Calls through a real Asterisk."""

from __future__ import annotations

import pytest

from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import (
    ALICE,
    BOB,
    BUSY,
    DTMF,
    EARLY_HZ,
    EARLY_MEDIA,
    ECHO,
    LATE_HZ,
    MAX,
    NO_ANSWER,
    REJECTED,
    UNASSIGNED,
)
from tests.peers.process import eventually
from tests.peers.tones import Recording
from tests.sip.conftest import MakePhone
from tests.sip.phone import STEP_S, Phone
from tests.sip.test_registration import add


@pytest.fixture(params=["udp", "tcp"])
def alice(make_phone: MakePhone, asterisk: Asterisk, request: pytest.FixtureRequest) -> Phone:
    """A phone registered as Alice that speaks 440 Hz."""
    phone = make_phone(hz=440)
    add(phone, asterisk, ALICE, transport=request.param)
    phone.wait("registration", state="registered")
    return phone


def hear(phone: Phone, hz: float) -> None:
    """Wait until the phone has heard half a second of the tone."""
    eventually(
        lambda: Recording.read(phone.recording).seconds_of(hz) >= 0.5, within=STEP_S, what=f"{hz} Hz is heard"
    )


def dial(phone: Phone, asterisk: Asterisk, extension: str) -> None:
    """Dial an extension."""
    phone.do("dial", uri=asterisk.uri(extension), account=ALICE.user)


def test_echo(alice: Phone, asterisk: Asterisk) -> None:
    """What is said comes back, and hanging up ends it on both sides."""
    dial(alice, asterisk, ECHO)
    hear(alice, 440)
    alice.call("hang_up")
    alice.wait("dialog", state="ended")
    eventually(
        lambda: "0 active channels" in asterisk.cli("core show channels"), within=STEP_S, what="no call"
    )


def test_early_media(alice: Phone, asterisk: Asterisk) -> None:
    """There is sound before the answer, and other sound after it."""
    dial(alice, asterisk, EARLY_MEDIA)
    alice.wait("dialog", state="early")
    hear(alice, EARLY_HZ)
    alice.wait("dialog", state="connected")
    hear(alice, LATE_HZ)


def test_keys(alice: Phone, asterisk: Asterisk) -> None:
    """Asterisk collects the digits (RFC 4733)."""
    asterisk.forget_digits()
    dial(alice, asterisk, DTMF)
    alice.wait("dialog", state="connected")
    alice.call("send_dtmf", digits="4711")
    eventually(lambda: asterisk.last_digits() == "4711", within=STEP_S, what="Asterisk has the digits")


def test_keys_by_info(make_phone: MakePhone, asterisk: Asterisk) -> None:
    """Where Asterisk takes no telephone events, the digits go by INFO, and it collects them."""
    asterisk.forget_digits()
    phone = make_phone(hz=440)
    add(phone, asterisk, MAX)
    phone.wait("registration", state="registered")
    phone.do("dial", uri=asterisk.uri(DTMF), account=MAX.user)
    phone.wait("dialog", state="connected")
    phone.call("send_dtmf", digits="4711")
    eventually(lambda: asterisk.last_digits() == "4711", within=STEP_S, what="Asterisk has the digits")


@pytest.mark.parametrize(("extension", "status"), [(BUSY, 486), (NO_ANSWER, 480), (UNASSIGNED, 404)])
def test_why_nobody_answers(alice: Phone, asterisk: Asterisk, extension: str, status: int) -> None:
    """The status that Asterisk gives is the one that is told."""
    dial(alice, asterisk, extension)
    assert alice.wait("dialog", state="ended")["status"] == status


def test_rejected(alice: Phone, asterisk: Asterisk) -> None:
    """A call that Asterisk refuses ends."""
    dial(alice, asterisk, REJECTED)
    assert alice.wait("dialog", state="ended")["status"] in (403, 603)


def test_hold_and_resume(alice: Phone, asterisk: Asterisk) -> None:
    """After holding the echo is heard again."""
    dial(alice, asterisk, ECHO)
    hear(alice, 440)
    alice.call("hold")
    alice.wait("stream_created")
    alice.call("resume")
    alice.wait("stream_created")
    before = Recording.read(alice.recording).seconds_of(440)
    eventually(
        lambda: Recording.read(alice.recording).seconds_of(440) >= before + 0.5, within=STEP_S, what="echo"
    )


def test_account_calls_account(alice: Phone, make_phone: MakePhone, asterisk: Asterisk) -> None:
    """The called one sees name and number; with direct media both are told each other's address."""
    bob = make_phone("--answer", hz=1000)
    add(bob, asterisk, BOB)
    bob.wait("registration", state="registered")
    dial(alice, asterisk, BOB.extension)
    incoming = bob.wait("incoming", account=BOB.user)
    assert (incoming["uri"], incoming["name"]) == (asterisk.uri(ALICE.extension), "Alice")
    for phone, peer in ((alice, bob), (bob, alice)):
        while phone.wait("stream_created")["remote_rtp"][0] != peer.ip:
            pass  # Asterisk's own address comes first
    hear(alice, 1000)
    hear(bob, 440)
    bob.call("hang_up")
    alice.wait("dialog", state="ended")
