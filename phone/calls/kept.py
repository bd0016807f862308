"""Secrets that are kept for those who call us, so that it can be proved to them who we are (docs/zsa.md)."""

from __future__ import annotations

import secrets
from typing import Final

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from phone.calls.preparing import NAMES, derive
from phone.calls.strength import OffReactor
from phone.calls.values import CallError, KeptSnapshot
from phone.secret import Secret
from phone.store.kept import KeptCaller, KeptStore
from phone.zrtp.zsa.credentials import (
    KEY_SIZE,
    CredentialKind,
    Credentials,
    CredentialsError,
    Keyring,
)

_WITHOUT_SERVER: Final = "calls without a server"


class KeptSecrets:
    """The callers of each account whose secrets are kept, across restarts unless that is not wanted."""

    def __init__(self, store: KeptStore, *, off_reactor: OffReactor) -> None:
        """Raise StoreError."""
        self._store = store
        self._off_reactor = off_reactor
        self._dummy = {kind: Secret(secrets.token_bytes(KEY_SIZE)) for kind in CredentialKind}
        self._keyrings: dict[str | None, Keyring] = {}
        self._remembered: dict[tuple[str | None, str], bool] = {}
        for kept in store.all():
            self._add(kept, remembered=True)

    def keep(
        self,
        account_id: str | None,
        caller: str,
        *,
        user: str,
        realm: str,
        credential: str,
        secret: Secret,
        beside: bool = False,
        remember: bool = True,
    ) -> Deferred[KeptSnapshot]:
        """Prove to ``caller``, who calls us at an account, that we know his secret; fires once prepared.

        ``account_id`` is ``None`` for calls without a server, whose caller nobody has authenticated. The PBX
        names the caller, often by extension; ``user`` is his digest user name. ``credential``: ``password``,
        or a form of ``preparing.FORMS``. ``beside``: what is kept of him in other forms stays. Fails with
        CallError.
        """

        def keep(credentials: Credentials) -> KeptSnapshot:
            keyring = self._keyrings.get(account_id)
            before = None if keyring is None else keyring.accounts.get(caller)
            if beside and before is not None and before.identity == credentials.identity:
                generated = before.generated and credentials.generated
                credentials = Credentials(
                    credentials.identity, {**before.keys, **credentials.keys}, generated
                )
            kept = KeptCaller(account_id, caller, credentials)
            forgotten = self._remembered.get((account_id, caller), False) and not remember
            self._add(kept, remembered=remember)
            if remember:
                self._store.save(kept)
            elif forgotten:
                self._store.remove(account_id, caller)
            return self._snapshot(account_id, caller, credentials)

        def refuse(failure: Failure) -> KeptSnapshot:
            failure.trap(CredentialsError)  # type: ignore[no-untyped-call]
            raise CallError(str(failure.value)) from failure.value

        derived = self._off_reactor(lambda: derive(user, realm, {credential: secret}))
        return derived.addCallback(keep).addErrback(refuse)

    def keyring(self, account_id: str | None) -> Keyring | None:
        """Return what is kept for calls to an account; ``None``: nothing, and it keeps no secrets."""
        return self._keyrings.get(account_id)

    def list(self) -> list[KeptSnapshot]:
        """Return everyone whose secret is kept."""
        return [
            self._snapshot(account_id, caller, credentials)
            for account_id, keyring in self._keyrings.items()
            for caller, credentials in keyring.accounts.items()
        ]

    def forget(self, account_id: str | None, caller: str) -> None:
        """Forget a caller's secret. Raise CallError if there is none."""
        keyring = self._keyrings.get(account_id)
        if keyring is None or caller not in keyring.accounts:
            raise CallError(f"No secret is kept for {caller!r} at {account_id or _WITHOUT_SERVER}.")
        del keyring.accounts[caller]
        if not keyring.accounts:
            del self._keyrings[account_id]
        if self._remembered.pop((account_id, caller)):
            self._store.remove(account_id, caller)

    def account_removed(self, account_id: str) -> None:
        """Forget the secrets of all who call an account."""
        keyring = self._keyrings.get(account_id)
        for caller in list(keyring.accounts) if keyring is not None else []:
            self.forget(account_id, caller)

    def _add(self, kept: KeptCaller, *, remembered: bool) -> None:
        account_id, credentials = kept.account, kept.credentials
        keyring = self._keyrings.get(account_id) or Keyring(credentials.identity.realm, self._dummy)
        keyring.add(kept.caller, credentials)
        self._keyrings[account_id] = keyring
        self._remembered[account_id, kept.caller] = remembered

    def _snapshot(self, account_id: str | None, caller: str, credentials: Credentials) -> KeptSnapshot:
        return KeptSnapshot(
            account=account_id,
            caller=caller,
            user=credentials.identity.user,
            realm=credentials.identity.realm,
            forms=tuple(NAMES[kind] for kind in sorted(credentials.keys)),
            random=all(credentials.is_random(kind) for kind in credentials.keys),
            remembered=self._remembered[account_id, caller],
        )
