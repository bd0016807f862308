"""Two phones, a hostile relay between them, and what earlier calls had: nothing of it is lost in silence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.between import Between
from tests.peers.capture import Datagram, plain
from tests.peers.parley import Parley
from tests.peers.process import Loopback
from tests.peers.relay import dropping

A_HZ, B_HZ = 430, 550
NOWHERE = ("", 0)


@pytest.fixture
def phones(make_parley: MakeParley) -> tuple[Parley, Parley]:
    """Ann, who calls, and Ben."""
    return make_parley(A_HZ), make_parley(B_HZ)


@pytest.fixture
def between(phones: tuple[Parley, Parley], loopback: Loopback) -> Iterator[Between]:
    """What is on the way from Ann to Ben."""
    _, ben = phones
    with contextlib.closing(Between(loopback.address(), (ben.ip, ben.sip_port))) as between:
        yield between


def call(ann: Parley, ben: Parley, between: Between) -> None:
    """Let Ann call, and Ben answer."""
    ann.do("call", between.uri)
    ben.wait_call(state="incoming")
    ben.do("answer")


def hang_up(ann: Parley, ben: Parley) -> None:
    """End the call."""
    ann.do("hangup")
    ann.wait_idle()
    ben.wait_idle()


def overheard(between: Between) -> list[Datagram]:
    """Return what anybody at the relay could have listened to."""
    sent = [Datagram(0.0, NOWHERE, NOWHERE, datagram) for _, datagram in list(between.relay.tapped)]
    return plain(sent, (A_HZ, B_HZ))


def test_hello_that_is_suppressed_in_the_next_call(phones: tuple[Parley, Parley], between: Between) -> None:
    """Secure; then somebody takes ZRTP away: silence and a date, until Ann goes on; and secure again."""
    ann, ben = phones
    call(ann, ben, between)
    ann.wait_call(state="connected", level="ENCRYPTED", pending=None)
    ann.wait_heard(B_HZ)
    ben.wait_heard(A_HZ)
    assert overheard(between) == []
    hang_up(ann, ben)

    between.attack(dropping(b"any"))
    call(ann, ben, between)
    lost = ann.wait_call(state="connected", pending="Protection lost")
    ben.wait_call(pending="Protection lost")
    assert lost["missing"].startswith("Protection missing since 20")
    assert (lost["level"], lost["why"]["cause"]) == ("CLEAR", "protection_missing")
    assert overheard(between) == []
    assert "no call" in ann.refuse("proceed", "9").lower()
    ann.do("proceed")
    assert ann.wait_call(pending="Protection lost")["statistics"]["plain_sent"] == 0
    for phone in phones:
        phone.do("clear")
        # what took ZRTP away lets the weaker handshake pass, as a PBX in between would
        phone.wait_call(level="TO_SERVER", pending=None, missing=None)
    ann.wait_heard(B_HZ)
    assert overheard(between) == []
    hang_up(ann, ben)

    between.attack()
    call(ann, ben, between)
    ann.wait_call(state="connected", level="ENCRYPTED", pending=None)
    ben.wait_heard(A_HZ)
