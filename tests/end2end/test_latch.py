"""Two phones, a hostile relay between them, and what earlier calls had: nothing of it is lost in silence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.between import Between
from tests.peers.capture import Datagram, plain
from tests.peers.parley import Parley
from tests.peers.process import Loopback, eventually
from tests.peers.relay import ATTACKS, HARMLESS, PROOFS, Sent, dropping, replaying, zrtp_type

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


SECRET = "only the two of us"
REALM = "lab.example"


@pytest.fixture
def proving(phones: tuple[Parley, Parley], between: Between) -> tuple[Parley, Parley]:
    """Ann has an account whose secret Ben keeps, as a PBX does."""
    ann, ben = phones
    ann.add_account(f"sip:ann@{between.uri.removeprefix('sip:')}", SECRET, "--realm", REALM)
    ben.do("secret", "keep", "ann", "--realm", REALM, "--secret-stdin", typed=SECRET + "\n")
    eventually(
        lambda: ann.status()["accounts"][0]["proves_to"] == REALM, within=20, what="the secret is prepared"
    )
    return ann, ben


FORGERIES = (
    "a Hello without the keeper's codes",
    "no SecAuth2",
    "an edited SecAuth3",
    "reflected proofs",
    "no ZRTP at all",
)


def suffer(ann: Parley, ben: Parley, between: Between) -> None:
    """Let Ann call under an attack, until it is found out; nothing is sent in the meantime."""
    before = len(ann.events())
    call(ann, ben, between)

    def told(key: str) -> list[Any]:
        return [event["call"][key] for event in ann.events()[before:] if "call" in event]

    # Ben's end has nobody whom it could ask, and hangs up when it trusts Ann no longer: maybe before she does
    eventually(
        lambda: "Protection lost" in told("pending") or "ended" in told("state"), within=30, what="it is lost"
    )
    ann.run("hangup")
    ann.wait_idle()
    ben.wait_idle()
    assert "AUTHENTICATED" not in told("level")
    assert all(counted["plain_sent"] == 0 for counted in told("statistics") if counted)
    assert overheard(between) == []


def test_proof_between_two_phones_is_not_to_be_forged(
    proving: tuple[Parley, Parley], between: Between
) -> None:
    """Whoever was authenticated once is held back under each attack; and is authenticated again without."""
    ann, ben = proving
    earlier: list[Sent] = []
    for attack in HARMLESS.values():
        between.attack(attack())
        call(ann, ben, between)
        ours = ann.wait_call(state="connected", level="AUTHENTICATED", pending=None, alarm=None)
        assert ours["authenticated"] == f"Authenticated to {REALM}"
        ann.wait_heard(B_HZ)
        ben.wait_heard(A_HZ)
        earlier = [
            (side, datagram) for side, datagram in between.relay.tapped if zrtp_type(datagram) in PROOFS
        ]
        assert overheard(between) == []
        hang_up(ann, ben)
    for forgery in (*(ATTACKS[name]() for name in FORGERIES), replaying(earlier)):
        between.attack(forgery)
        suffer(ann, ben, between)
    between.attack()
    call(ann, ben, between)
    ann.wait_call(state="connected", level="AUTHENTICATED", pending=None, alarm=None)
    ben.wait_heard(A_HZ)
