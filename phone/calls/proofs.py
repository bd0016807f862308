"""What our accounts can prove, and to whom too often something wrong was proved (docs/zsa.md)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from phone.calls.values import AccountSnapshot, Policy
from phone.secret import Secret
from phone.sip.interface import CredentialKind
from phone.zrtp.events import Authenticated, AuthenticationEvent
from phone.zrtp.zsa.body import NO_FLAGS, Flags
from phone.zrtp.zsa.capability import Capability, Side
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import CredentialKind as Form
from phone.zrtp.zsa.credentials import Credentials, CredentialsError, Identity, prepare
from phone.zrtp.zsa.guesses import Guesses

_log = logging.getLogger("parley.calls")

_FORMS: Final = {CredentialKind.MD5_HA1: Form.MD5_HA1, CredentialKind.SHA256_HA1: Form.SHA256_HA1}
_ANY_REALM: Final = "*"

OffReactor = Callable[[Callable[[], Credentials]], Deferred[Credentials]]
"""Runs what takes long where nobody waits for it."""


class GuessBook(Protocol):
    """Where wrong secrets are counted; it survives a restart."""

    def load(self, user: str, realm: str, source: str) -> Guesses: ...

    def save(self, user: str, realm: str, source: str, guesses: Guesses) -> None: ...


class Proofs:
    """Prepares the secrets of accounts, and makes the claim that a call begins with."""

    def __init__(self, guesses: GuessBook, *, off_reactor: OffReactor, now: Callable[[], float]) -> None:
        """``now``: seconds since the epoch."""
        self._guesses = guesses
        self._off_reactor = off_reactor
        self._now = now
        self._prepared: dict[str, Credentials] = {}
        self._awaited: dict[str, object] = {}

    def account_changed(
        self, account_id: str, user: str, realm: str, kind: CredentialKind, secret: Secret | None
    ) -> None:
        """Prepare the secret of an account; until that is done, its calls prove nothing.

        An account that names no realm proves nothing: a secret is prepared for one.
        """
        self.account_removed(account_id)
        if secret is None or realm == _ANY_REALM:
            return
        given = secret
        ticket = self._awaited[account_id] = object()

        def derive() -> Credentials:
            identity = Identity(user, realm)
            if kind is CredentialKind.PASSWORD:
                return Credentials.of_password(identity, given)
            return Credentials(identity, {_FORMS[kind]: prepare(_FORMS[kind], identity, given)})

        def keep(credentials: Credentials) -> None:
            if self._awaited.get(account_id) is ticket:
                self._prepared[account_id] = credentials

        def give_up(failure: Failure) -> None:
            failure.trap(CredentialsError)  # type: ignore[no-untyped-call]
            _log.warning("The account %s proves nothing: %s", account_id, failure.value)

        self._off_reactor(derive).addCallback(keep).addErrback(give_up)

    def account_removed(self, account_id: str) -> None:
        """Forget what was prepared."""
        self._awaited.pop(account_id, None)
        self._prepared.pop(account_id, None)

    def claim(self, account: AccountSnapshot | None, source: str) -> Claim | None:
        """Return what a call with ``source`` can prove; ``None``: nothing."""
        credentials = self._prepared.get(account.id) if account is not None else None
        if account is None or credentials is None:
            return None
        identity = credentials.identity
        return Claim(
            Capability(Side.HOLDER),
            credentials,
            Flags.PROOF_REQUIRED if account.policy is Policy.REQUIRE_AUTH else NO_FLAGS,
            self._guesses.load(identity.user, identity.realm, source).is_blocked(self._now()),
        )

    def weigh(self, claim: Claim | None, source: str, verdict: AuthenticationEvent) -> None:
        """Count what came of a claim; of none nothing comes."""
        if claim is None:
            return
        identity = claim.credentials.identity
        if isinstance(verdict, Authenticated):
            self._guesses.save(identity.user, identity.realm, source, Guesses())
        elif verdict.guess:
            before = self._guesses.load(identity.user, identity.realm, source)
            self._guesses.save(identity.user, identity.realm, source, before.after_wrong(self._now()))
