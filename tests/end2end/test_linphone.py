"""Parley and a real Linphone: another ZRTP than ours agrees on the same keys and shows the same code."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.end2end.conftest import MakeLinphone, MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB
from tests.peers.linphone import DH3K_ONLY, X255_ONLY, Linphone
from tests.peers.parley import Parley

A_HZ, B_HZ = 430, 550

agreements = pytest.mark.parametrize(
    ("zrtp", "agreement"), [(DH3K_ONLY, "DH3k"), (X255_ONLY, "X255")], ids=["DH3k", "X255"]
)


def talk(phone: Parley, linphone: Linphone) -> None:
    """Let both hear the other's tone, then hang up."""
    phone.wait_heard(B_HZ, seconds=2)
    phone.do("hangup")
    linphone.wait_ended()
    assert linphone.heard().seconds_of(A_HZ) > 1


@agreements
def test_parley_calls_linphone(
    make_linphone: MakeLinphone, make_parley: MakeParley, zrtp: Mapping[str, str], agreement: str
) -> None:
    """Without a server: secure, same SAS, tones both ways."""
    linphone = make_linphone(B_HZ, zrtp=zrtp)
    phone = make_parley(A_HZ)
    phone.do("call", linphone.uri)
    sas = linphone.wait_secure()
    call = phone.wait_call(state="connected", level="ENCRYPTED")
    assert call["sas"] == sas
    assert call["algorithms"]["key_agreement"] == agreement
    talk(phone, linphone)


@agreements
def test_linphone_calls_parley(
    make_linphone: MakeLinphone, make_parley: MakeParley, zrtp: Mapping[str, str], agreement: str
) -> None:
    """Without a server: secure, same SAS, tones both ways."""
    linphone = make_linphone(B_HZ, zrtp=zrtp)
    phone = make_parley(A_HZ)
    linphone.call(phone.uri)
    phone.wait_call(state="incoming")
    phone.do("answer")
    sas = linphone.wait_secure()
    call = phone.wait_call(state="connected", level="ENCRYPTED")
    assert call["sas"] == sas
    assert call["algorithms"]["key_agreement"] == agreement
    talk(phone, linphone)


@pytest.mark.parametrize("parley_calls", [True, False], ids=["parley calls", "linphone calls"])
def test_through_asterisk(
    asterisk: Asterisk, make_linphone: MakeLinphone, make_parley: MakeParley, parley_calls: bool
) -> None:
    """The same at an Asterisk with direct media."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    linphone = make_linphone(B_HZ, asterisk=asterisk, account=BOB)
    if parley_calls:
        phone.do("call", BOB.extension)
    else:
        linphone.call(asterisk.uri(ALICE.extension))
        phone.wait_call(state="incoming")
        phone.do("answer")
    assert linphone.wait_secure() == phone.wait_call(level="ENCRYPTED")["sas"]
    talk(phone, linphone)
