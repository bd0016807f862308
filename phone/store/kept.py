"""Secrets of others that are kept for those who call our accounts (docs/zsa.md).

What is kept is what was prepared of them, where passwords are kept: it is of use for nothing but ZSA in their
realm.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from phone.secret import Secret
from phone.store.database import Database, StoreError
from phone.store.secrets import Secrets
from phone.zrtp.zsa.credentials import KEY_SIZE, CredentialKind, Credentials, Identity

_log = logging.getLogger("parley.store")


@dataclass(frozen=True, slots=True)
class KeptCaller:
    """Whose secret is kept, for calls to which account."""

    account: str | None
    """``None``: calls without a server."""
    caller: str
    """As the PBX names him."""
    credentials: Credentials


class KeptStore:
    """The table of callers; their keys are among the secrets."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets

    def all(self) -> list[KeptCaller]:
        """Return all of whom the keys can be had, in the order in which they were kept. Raise StoreError."""
        rows = self._database.rows("SELECT account, caller, user, realm, generated FROM kept ORDER BY number")
        found = []
        for account, caller, user, realm, generated in rows:
            name = _name(str(account), str(caller))
            secret = self._secrets.get(name)
            if secret is None:
                _log.warning("The secret kept for %s is not there: nothing is proved to him.", caller)
                continue
            credentials = Credentials(Identity(str(user), str(realm)), _keys(name, secret), bool(generated))
            found.append(KeptCaller(str(account) or None, str(caller), credentials))
        return found

    def save(self, kept: KeptCaller) -> None:
        """Keep a caller's secret, in the place of the one before. Raise StoreError."""
        account, credentials = kept.account or "", kept.credentials
        keys = {str(kind.value): key.reveal().hex() for kind, key in credentials.keys.items()}
        # first: a row without keys would be told of at every start
        self._secrets.set(_name(account, kept.caller), Secret(json.dumps(keys).encode()))
        self._database.write(
            "INSERT INTO kept (account, caller, user, realm, generated) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (account, caller) DO UPDATE SET user = excluded.user, realm = excluded.realm,"
            " generated = excluded.generated",
            account,
            kept.caller,
            credentials.identity.user,
            credentials.identity.realm,
            int(credentials.generated),
        )

    def remove(self, account: str | None, caller: str) -> None:
        """Forget a caller's secret. Raise StoreError."""
        self._database.write("DELETE FROM kept WHERE account = ? AND caller = ?", account or "", caller)
        self._secrets.remove(_name(account or "", caller))


def _name(account: str, caller: str) -> str:
    """Return what the keys are filed under; no account's name has a space."""
    return f"kept {account} {caller}"


def _keys(name: str, secret: Secret) -> dict[CredentialKind, Secret]:
    try:
        keys = {
            CredentialKind(int(kind)): Secret(bytes.fromhex(key))
            for kind, key in json.loads(secret.reveal()).items()
        }
    except (ValueError, AttributeError, TypeError):
        keys = {}
    if not keys or any(len(key) != KEY_SIZE for key in keys.values()):
        raise StoreError(f"What is filed as {name!r} among the passwords is damaged; remove it there.")
    return keys
