"""An end without a person proves itself by the account's secret, through a real Asterisk (docs/zsa.md)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phone.control.client import Client
from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, MAX, REALM, SHIRLEY, Account, Digest
from tests.peers.parley import Parley
from tests.peers.process import eventually

A_HZ, B_HZ = 430, 550
FORMS = {Digest.PASSWORD: "password", Digest.MD5_HA1: "md5", Digest.SHA256_HA1: "sha-256"}


def make_caller(
    make_parley: MakeParley, asterisk: Asterisk, account: Account, policy: str = "prefer"
) -> Parley:
    """Return a phone, once it has learned its realm from Asterisk and prepared its secret for it."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=account, options=("--policy", policy))
    eventually(
        lambda: phone.status()["accounts"][0]["proves_to"] == REALM, within=20, what="the secret is prepared"
    )
    return phone


def make_service(make_parley: MakeParley, asterisk: Asterisk, account: Account) -> Parley:
    """Return an end that keeps the secret of ``account``, in the form that the PBX has it."""
    service = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    credential = FORMS[account.digest]
    given = {
        "user": account.user,
        "realm": REALM,
        "secret": account.password if credential == "password" else account.ha1(credential.replace("-", "")),
        "credential": credential,
        "account": service.status()["accounts"][0]["id"],
        "caller": account.extension,
    }
    with Client(service.home / "control.sock") as client:
        client.request("secret.keep", given)
    return service


@pytest.mark.parametrize("account", [ALICE, MAX, SHIRLEY], ids=lambda account: account.digest.name)
def test_service_behind_asterisk_is_authenticated(
    asterisk: Asterisk, make_parley: MakeParley, account: Account
) -> None:
    """Nobody touches anything; whatever the PBX keeps of the password, and under the strictest policy."""
    caller = make_caller(make_parley, asterisk, account, "require_auth")
    service = make_service(make_parley, asterisk, account)
    caller.do("call", BOB.extension)
    service.wait_call(state="incoming")
    service.do("answer")
    ours = caller.wait_call(state="connected", level="AUTHENTICATED")
    assert ours["authenticated"] == f"Authenticated to {REALM}"
    service.wait_call(level="AUTHENTICATED")
    caller.wait_heard(B_HZ)
    service.wait_heard(A_HZ)


def test_service_with_another_secret_alarms(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Under ``prefer`` the call goes on, in red."""
    caller = make_caller(make_parley, asterisk, ALICE)
    service = make_service(make_parley, asterisk, replace(ALICE, password="another one"))
    caller.do("call", BOB.extension)
    service.wait_call(state="incoming")
    service.do("answer")
    ours = caller.wait_call(state="connected", alarm="Secrets differ")
    assert (ours["level"], ours["why"]["cause"]) == ("ENCRYPTED", "wrong_secret")
    caller.wait_heard(B_HZ)


def test_service_that_proves_itself_no_more_is_asked_about(
    asterisk: Asterisk, make_parley: MakeParley
) -> None:
    """The same end, without the secret it had yesterday: nothing is sent until somebody goes on."""
    caller = make_caller(make_parley, asterisk, ALICE)
    service = make_service(make_parley, asterisk, ALICE)
    caller.do("call", BOB.extension)
    service.wait_answered(level="AUTHENTICATED")
    caller.wait_call(level="AUTHENTICATED")
    caller.do("hangup")
    service.wait_idle()
    (kept,) = service.do("secret", "list")
    service.do("secret", "forget", kept["caller"], "--account", kept["account"])
    first = service.heard().seconds
    caller.do("call", BOB.extension)
    service.wait_answered(number="2", pending="Protection lost")
    service.do("proceed")
    lost = caller.wait_call(state="connected", pending="Protection lost")
    assert lost["missing"].startswith("Protection missing since 20")
    assert lost["level"] == "ENCRYPTED"
    before = service.heard()
    caller.do("proceed")
    caller.wait_call(level="ENCRYPTED", pending=None)
    service.wait_heard(A_HZ)
    assert before.since(first).seconds_of(A_HZ) == 0


def test_phone_without_proof_is_met_as_before(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """A call between people: encrypted, to be verified by the code."""
    caller = make_caller(make_parley, asterisk, ALICE)
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    ours = caller.wait_call(state="connected", level="ENCRYPTED")
    assert ours["alarm"] is None
    assert ours["why"]["cause"] == "not_verified"
    assert ours["sas"] == callee.wait_call(level="ENCRYPTED")["sas"]
