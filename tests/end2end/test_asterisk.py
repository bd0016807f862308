"""Two phones at a real Asterisk: register, call, the call secures itself, both read the same code."""

from __future__ import annotations

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers import asterisk_config
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, MAX, SHIRLEY, Account

A_HZ, B_HZ = 430, 550


@pytest.mark.parametrize("account", [ALICE, MAX, SHIRLEY], ids=lambda account: account.digest.name)
def test_call_through_asterisk_secures_itself(
    asterisk: Asterisk, make_parley: MakeParley, account: Account
) -> None:
    """ENCRYPTED on both sides, one SAS, tones both ways; whatever Asterisk keeps of the password."""
    caller = make_parley(A_HZ, asterisk=asterisk, account=account)
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    ours = caller.wait_call(state="connected", level="ENCRYPTED")
    theirs = callee.wait_call(state="connected", level="ENCRYPTED")
    assert ours["sas"] == theirs["sas"]
    assert ours["sas"]
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)
    assert caller.heard().level_of(B_HZ) > -20


@pytest.mark.parametrize(
    ("account", "credential", "algorithm"),
    [(ALICE, "md5", "md5"), (MAX, "md5", "md5"), (SHIRLEY, "sha-256", "sha256")],
    ids=lambda value: value.user if isinstance(value, Account) else value,
)
def test_phone_that_keeps_only_a_hash_registers(
    asterisk: Asterisk, make_parley: MakeParley, account: Account, credential: str, algorithm: str
) -> None:
    """An administrator may hand out HA1 instead of the password; it belongs to one realm."""
    phone = make_parley(A_HZ)
    options = ("--credential", credential, "--realm", asterisk_config.REALM)
    phone.add_account(asterisk.uri(account.user), account.ha1(algorithm), *options)
    phone.wait_account("registered")


def test_call_over_tcp_secures_itself(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """SIP over TCP changes nothing of the rest."""
    caller = make_parley(A_HZ, asterisk=asterisk, account=ALICE, options=("--transport", "tcp"))
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB, options=("--transport", "tcp"))
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    assert caller.wait_call(level="ENCRYPTED")["sas"] == callee.wait_call(level="ENCRYPTED")["sas"]
    caller.wait_heard(B_HZ)


def test_verified_call_and_the_next_one(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """The other side's code makes it VERIFIED; the next call starts so, on the side that compared."""
    caller = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    caller.wait_call(level="ENCRYPTED")
    code = callee.wait_call(level="ENCRYPTED")["sas"]
    caller.do("verify", code.upper())
    assert "Verified with" in caller.wait_call(level="VERIFIED")["verified"]
    callee.do("verify", caller.wait_call(level="VERIFIED")["sas"])
    callee.wait_call(level="VERIFIED")
    caller.do("hangup")
    caller.wait_idle()
    callee.wait_idle()

    callee.do("call", ALICE.extension)
    caller.wait_call(state="incoming")
    caller.do("answer")
    assert caller.wait_call(level="VERIFIED")["sas"] == callee.wait_call(level="VERIFIED")["sas"]


def test_verification_outlives_a_restart(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Retained secrets and the verified flag are kept on disk, also through kill -9."""
    caller = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    code = callee.wait_call(level="ENCRYPTED")["sas"]
    caller.wait_call(level="ENCRYPTED")
    caller.do("verify", code)
    caller.wait_call(level="VERIFIED")
    caller.signal(9)
    callee.do("hangup")
    callee.wait_idle()

    caller.start()
    caller.wait_account("registered")
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    caller.wait_call(level="VERIFIED")


def test_several_accounts_at_once(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """One phone takes the calls of two accounts, and calls as the one it is told."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    phone.add_account(asterisk.uri(MAX.user), MAX.password)
    other = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    first, second = (account["id"] for account in phone.status()["accounts"])
    for caller, expected in ((first, ALICE), (second, MAX)):
        phone.do("call", BOB.extension, "--account", caller)
        assert expected.extension in other.wait_call(state="incoming")["remote_uri"]
        phone.do("hangup")
        phone.wait_idle()
        other.wait_idle()
    for called in (ALICE, MAX):
        other.do("call", called.extension)
        phone.wait_call(state="incoming")
        other.do("hangup")
        phone.wait_idle()
        other.wait_idle()


def test_account_is_listed_shown_edited_tested_and_removed(
    asterisk: Asterisk, make_parley: MakeParley
) -> None:
    """The account commands, and no secret in what they print."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    (account,) = phone.do("account", "list")
    (shown,) = phone.do("account", "show", account["id"])
    assert shown["uri"] == asterisk.uri(ALICE.user)
    phone.do("account", "test", account["id"])
    phone.do("account", "edit", account["id"], "--name", "Alice in Wonderland")
    (edited,) = phone.do("account", "list")
    assert edited["name"] == "Alice in Wonderland"
    phone.wait_account("registered")
    for command in (["list"], ["show", account["id"]]):
        assert ALICE.password not in phone.run("account", *command, "--json").output
    phone.do("account", "remove", account["id"])
    assert phone.status()["accounts"] == []
