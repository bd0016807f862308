"""Parley and a real Linphone: another ZRTP than ours agrees on the same keys and shows the same code."""

from __future__ import annotations

import pytest

from tests.end2end.conftest import MakeLinphone, MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, REALM
from tests.peers.linphone import Encryption, Linphone, offer
from tests.peers.parley import Fields, Parley
from tests.peers.process import eventually

A_HZ, B_HZ = 430, 550

KINDS = {"hash": "hashes", "cipher": "ciphers", "auth_tag": "auth_tags", "sas": "sas_types"}
"""The kinds of a call's algorithms but the key agreement, and what ``parley algorithms`` calls them."""
SHORT = {"hash": "S256", "cipher": "AES1", "auth_tag": "HS32", "sas": "B32"}
LONG = {"hash": "S384", "cipher": "AES3", "auth_tag": "HS80", "sas": "B256"}
AGREEMENTS = ("X255", "X448", "DH3k", "DH2k")

both_ways = pytest.mark.parametrize("parley_calls", [True, False], ids=["parley calls", "linphone calls"])


def connect(
    phone: Parley, linphone: Linphone, *, parley_calls: bool, pending: str | None = None
) -> tuple[Fields, Encryption]:
    """Let them call without a server until it is secure; return how each sees it."""
    if parley_calls:
        phone.do("call", linphone.uri)
    else:
        linphone.call(phone.uri)
        phone.wait_call(state="incoming")
        phone.do("answer")
    theirs = linphone.wait_encryption()
    ours = phone.wait_call(state="connected", pending=pending)
    assert ours["level"] in ("ENCRYPTED", "VERIFIED")
    assert ours["sas"] == theirs.sas
    return ours, theirs


def hang_up(phone: Parley, linphone: Linphone) -> None:
    """End the call on both sides."""
    phone.do("hangup")
    linphone.wait_ended()
    phone.wait_idle()


def talk(phone: Parley, linphone: Linphone) -> None:
    """Let both hear the other's tone, then hang up."""
    before = linphone.heard().seconds
    phone.wait_heard(B_HZ, seconds=2)
    hang_up(phone, linphone)
    assert linphone.heard().since(before).seconds_of(A_HZ) > 1


@both_ways
@pytest.mark.parametrize(
    ("agreements", "others"),
    [(("DH3k", "X255"), SHORT), (("X448", "DH2k"), LONG)],
    ids=["S256-AES1-HS32-B32", "S384-AES3-HS80-B256"],
)
def test_algorithms(
    make_linphone: MakeLinphone,
    make_parley: MakeParley,
    agreements: tuple[str, ...],
    others: dict[str, str],
    parley_calls: bool,
) -> None:
    """Both name the ones that were chosen, show the same code, and hear each other's tone."""
    linphone = make_linphone(
        B_HZ, zrtp=offer(key_agreement=AGREEMENTS, **{kind: (code,) for kind, code in others.items()})
    )
    phone = make_parley(A_HZ)
    for kind, code in others.items():
        phone.do("algorithms", "set", KINDS[kind], code)
    for agreement in agreements:
        phone.do("algorithms", "set", "key_agreements", agreement)
        ours, theirs = connect(phone, linphone, parley_calls=parley_calls)
        assert ours["algorithms"] == theirs.algorithms == {**others, "key_agreement": agreement}
        talk(phone, linphone)


@both_ways
def test_defaults(make_linphone: MakeLinphone, make_parley: MakeParley, parley_calls: bool) -> None:
    """With nothing chosen: Linphone's command line offers what the RFC makes mandatory."""
    linphone, phone = make_linphone(B_HZ), make_parley(A_HZ)
    ours, theirs = connect(phone, linphone, parley_calls=parley_calls)
    assert ours["algorithms"] == theirs.algorithms
    assert theirs.algorithms["key_agreement"] == "DH3k"
    talk(phone, linphone)


@both_ways
def test_verified_until_one_side_loses_its_secrets(
    make_linphone: MakeLinphone, make_parley: MakeParley, parley_calls: bool
) -> None:
    """Both know each other again; whoever still has the retained secret notices that the other has not."""
    linphone = make_linphone(B_HZ, zrtp=offer(key_agreement=AGREEMENTS))
    phone = make_parley(A_HZ)

    def call(pending: str | None = None) -> tuple[Fields, Encryption]:
        return connect(phone, linphone, parley_calls=parley_calls, pending=pending)

    def compare_codes(sas: str) -> None:
        phone.do("verify", sas)
        phone.wait_call(level="VERIFIED", alarm=None)
        linphone.verify()
        linphone.hang_up()
        linphone.wait_ended()
        phone.wait_idle()

    def assert_known() -> None:
        ours, theirs = call()
        assert (ours["level"], ours["alarm"], theirs.verified) == ("VERIFIED", None, True)
        hang_up(phone, linphone)

    ours, theirs = call()
    assert (ours["level"], theirs.verified) == ("ENCRYPTED", False)
    compare_codes(theirs.sas)
    assert_known()

    linphone.forget_secrets()
    ours, theirs = call("Protection lost")
    assert (ours["level"], ours["alarm"], theirs.verified) == ("ENCRYPTED", "Key changed", False)
    compare_codes(theirs.sas)
    assert_known()

    phone.do("peers", "forget", phone.do("peers", "list")[0]["zid"])
    ours, theirs = call()
    assert (ours["level"], ours["alarm"], theirs.verified) == ("ENCRYPTED", None, False)
    hang_up(phone, linphone)


@both_ways
def test_hold_and_resume(make_linphone: MakeLinphone, make_parley: MakeParley, parley_calls: bool) -> None:
    """By either side; after it both hear each other under the same code, and nothing plain has left."""
    linphone = make_linphone(B_HZ, zrtp=offer(key_agreement=AGREEMENTS))
    phone = make_parley(A_HZ)
    ours, _ = connect(phone, linphone, parley_calls=parley_calls)
    phone.wait_heard(B_HZ)
    phone.do("hold")
    phone.wait_call(held=True)
    linphone.wait_state("PausedByRemote")
    phone.do("resume")
    phone.wait_call(held=False)
    phone.wait_heard(B_HZ)
    linphone.hold()
    phone.wait_call(remote_held=True)
    linphone.resume()
    phone.wait_call(remote_held=False)
    phone.wait_heard(B_HZ, seconds=3)
    after = phone.wait_call(level="ENCRYPTED", pending=None)
    assert (after["sas"], after["alarm"]) == (ours["sas"], None)
    assert after["statistics"]["plain_sent"] == 0
    hang_up(phone, linphone)
    heard = linphone.heard()
    assert heard.since(heard.seconds - 2).seconds_of(A_HZ) > 1


@both_ways
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


@both_ways
def test_account_with_a_proof_to_offer(
    asterisk: Asterisk, make_linphone: MakeLinphone, make_parley: MakeParley, parley_calls: bool
) -> None:
    """Linphone skips the codes of a proof in our Hello, and secures the call as ever."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE, options=("--realm", REALM))
    eventually(
        lambda: phone.status()["accounts"][0]["proves_to"] == REALM, within=20, what="the secret is prepared"
    )
    linphone = make_linphone(B_HZ, asterisk=asterisk, account=BOB)
    if parley_calls:
        phone.do("call", BOB.extension)
    else:
        linphone.call(asterisk.uri(ALICE.extension))
        phone.wait_call(state="incoming")
        phone.do("answer")
    ours = phone.wait_call(level="ENCRYPTED")
    assert linphone.wait_secure() == ours["sas"]
    assert ours["alarm"] is None
    talk(phone, linphone)
