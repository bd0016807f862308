"""Secrets: those of the PBX, and those of accounts."""

from __future__ import annotations

from phone.control.client import Client
from phone.store.pjsip_conf import read_secrets
from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ACCOUNTS, BOB, CURIOUS_USERS, REALM, Account
from tests.peers.parley import Parley
from tests.peers.process import eventually

A_HZ, B_HZ = 430, 550
GRETA = Account("greta", "131", "thought-of-by-greta")


def test_asterisk_and_parley_read_the_same(asterisk: Asterisk) -> None:
    """What Asterisk says of every account that it has loaded is what its file says to Parley."""
    found = read_secrets(asterisk.configuration / "pjsip.conf", realm="another")
    users = {secret.user for secret in found}
    assert users >= {*CURIOUS_USERS, *(account.user for account in ACCOUNTS)}
    for user in users:
        loaded = asterisk.auth(user)
        forms = {entry.credential: entry.secret.reveal().decode() for entry in found if entry.user == user}
        digests = [
            f"{name}:{forms[form]}"
            for form, name in (("md5", "MD5"), ("sha-256", "SHA-256"))
            if form in forms
        ]
        assert (loaded["password"], loaded["password_digest"]) == (
            forms.get("password", ""),
            ",".join(digests),
        )
        assert {(entry.user, entry.realm) for entry in found if entry.user == user} == {
            (loaded["username"], REALM)
        }


def test_secret_that_parley_has_made(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Asterisk takes its section as it is printed; the phone registers with it, and its PBX proves it."""
    caller, service = make_parley(A_HZ), make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.add_account(asterisk.uri(GRETA.user), GRETA.password)
    eventually(
        lambda: health(caller) == ["weak_secret", "digest_exposed"], within=20, what="its password is weighed"
    )
    for options in (("--plain",), ()):
        (made,) = caller.do("account", "new-secret", "--use", "--realm", REALM, *options)
        assert made["secret"] is None
        asterisk.add(GRETA, made["pjsip_conf"])
        caller.do("account", "test")
    secrets = read_secrets(asterisk.configuration / "pjsip.conf", realm="another")
    (kept,) = [entry for entry in secrets if (entry.user, entry.credential) == (GRETA.user, "md5")]
    given = {name: getattr(kept, name) for name in ("caller", "user", "realm", "credential")}
    account = service.status()["accounts"][0]["id"]
    with Client(service.home / "control.sock") as client:
        client.request("secret.keep", {**given, "secret": kept.secret.reveal().decode(), "account": account})
    caller.do("call", BOB.extension)
    service.wait_answered()
    assert health(caller) == []
    caller.wait_call(level="AUTHENTICATED", authenticated=f"Authenticated to {REALM}")


def health(phone: Parley) -> list[str]:
    """Return what is said against the secret of its account."""
    return [why["cause"] for why in phone.do("account", "show")[0]["health"]]
