"""Secrets: those of the PBX, and those of accounts."""

from __future__ import annotations

from phone.store.pjsip_conf import read_secrets
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ACCOUNTS, CURIOUS_USERS, REALM


def test_asterisk_and_parley_read_the_same(asterisk: Asterisk) -> None:
    """What Asterisk says of every account that it has loaded is what its file says to Parley."""
    found = read_secrets(asterisk.configuration / "pjsip.conf", realm="another")
    users = [*CURIOUS_USERS, *(account.user for account in ACCOUNTS)]
    assert {secret.user for secret in found} == set(users)
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
