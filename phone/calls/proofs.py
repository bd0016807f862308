"""What our accounts can prove, and to whom too often something wrong was proved (docs/zsa.md)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from twisted.python.failure import Failure

from phone.calls.kept import KeptSecrets
from phone.calls.preparing import derive
from phone.calls.strength import OffReactor
from phone.calls.values import AccountSnapshot, Direction, Policy, WeakProof
from phone.secret import Secret
from phone.zrtp.events import Authenticated, AuthenticationEvent
from phone.zrtp.zsa.body import NO_FLAGS, Flags
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import Credentials, CredentialsError, Identity, Keyring
from phone.zrtp.zsa.guesses import Guesses

_log = logging.getLogger("parley.calls")

_MOST_REALMS: Final = 4
"""Of one account for which its secret stays prepared: the servers of a cluster may ask for different ones."""


class GuessBook(Protocol):
    """Where wrong secrets are counted; it survives a restart."""

    def load(self, user: str, realm: str, source: str) -> Guesses: ...

    def save(self, user: str, realm: str, source: str, guesses: Guesses) -> None: ...


class Met(Protocol):
    """What is known of the ends that have proved an account's secret."""

    def best_suite(self, account: str) -> int | None: ...


@dataclass(slots=True)
class _Secret:
    """The secret of an account, and what was made of it for each realm, the latest last."""

    user: str
    forms: Mapping[str, Secret]
    """As ``preparing.derive`` takes them."""
    prepared: Callable[[], None]
    """To be called when it can be proved for another realm."""
    realm: str | None = None
    by_realm: dict[str, Credentials] = field(default_factory=dict)

    @property
    def credentials(self) -> Credentials | None:
        """What its calls can prove now."""
        return None if self.realm is None else self.by_realm.get(self.realm)


class Proofs:
    """Prepares the secrets of accounts, and makes the claim that a call begins with."""

    def __init__(
        self,
        guesses: GuessBook,
        kept: KeptSecrets,
        met: Met,
        *,
        off_reactor: OffReactor,
        now: Callable[[], float],
    ) -> None:
        """``kept``: of those who call us; ``now``: seconds since the epoch."""
        self._kept = kept
        self._guesses = guesses
        self._met = met
        self._off_reactor = off_reactor
        self._now = now
        self._secrets: dict[str, _Secret] = {}

    def account_changed(
        self,
        account_id: str,
        user: str,
        realm: str | None,
        forms: Mapping[str, Secret],
        *,
        prepared: Callable[[], None],
    ) -> None:
        """Prepare the secret of an account for ``realm``, once one is known, and tell when that is done.

        Until then its calls prove nothing. ``forms``: as ``preparing.derive`` takes them.
        """
        self.account_removed(account_id)
        if forms:
            self._secrets[account_id] = _Secret(user, forms, prepared)
            if realm is not None:
                self.realm_changed(account_id, realm)

    def realm_changed(self, account_id: str, realm: str) -> None:
        """Prove an account's secret for another realm from now on."""
        secret = self._secrets.get(account_id)
        if secret is None:
            return
        secret.realm = realm
        if realm in secret.by_realm:
            return

        def keep(credentials: Credentials) -> None:
            while len(secret.by_realm) >= _MOST_REALMS:
                del secret.by_realm[next(iter(secret.by_realm))]
            secret.by_realm[realm] = credentials
            if self._secrets.get(account_id) is secret and secret.realm == realm:
                secret.prepared()

        def give_up(failure: Failure) -> None:
            failure.trap(CredentialsError)  # type: ignore[no-untyped-call]
            _log.warning("The account %s proves nothing: %s", account_id, failure.value)

        self._off_reactor(lambda: derive(secret.user, realm, secret.forms)).addCallback(keep).addErrback(
            give_up
        )

    def account_removed(self, account_id: str) -> None:
        """Forget what was prepared."""
        self._secrets.pop(account_id, None)

    def realm(self, account_id: str) -> str | None:
        """Return to whose ends calls of an account prove its secret; ``None``: to nobody, or not yet."""
        credentials = self._credentials(account_id)
        return None if credentials is None else credentials.identity.realm

    def _credentials(self, account_id: str) -> Credentials | None:
        secret = self._secrets.get(account_id)
        return None if secret is None else secret.credentials

    def claim(self, account: AccountSnapshot | None, direction: Direction, remote_uri: str) -> Claim | None:
        """Return what a call can prove; ``None``: nothing.

        An account that keeps secrets proves that it knows the caller's, any other one that it knows its own.
        """
        account_id = None if account is None else account.id
        keyring = self._kept.keyring(account_id) if direction is Direction.INCOMING else None
        if keyring is not None:
            floor = WeakProof.ALLOW if account is None else account.weak_proof
            return self._keepers_claim(keyring, remote_uri, floor)
        credentials = None if account_id is None else self._credentials(account_id)
        if account is None or credentials is None:
            return None
        flags = Flags.PROOF_REQUIRED if account.policy is Policy.REQUIRE_AUTH else NO_FLAGS
        blocked = self._is_blocked(credentials.identity, remote_uri)
        floor = account.weak_proof
        if self._met.best_suite(account.id) == Suite.PAKE:
            # somebody in between who takes the better suite away would get what to guess from
            floor = WeakProof.REFUSE
        capability = Capability(Side.HOLDER)
        if floor is WeakProof.REFUSE and not credentials.generated:
            capability = Capability(Side.HOLDER, (Suite.PAKE,))
        return Claim(capability, credentials, flags, blocked)

    def _keepers_claim(self, keyring: Keyring, remote_uri: str, floor: WeakProof) -> Claim | None:
        caller = remote_uri.partition(":")[2].partition("@")[0]
        try:
            credentials = keyring.look_up(caller)
        except CredentialsError:
            return None
        blocked = self._is_blocked(credentials.identity, remote_uri)
        # whatever the caller's secret is: Hello would tell strangers whose is random
        suites = (Suite.PAKE,) if floor is WeakProof.REFUSE else Capability(Side.KEEPER).suites
        return Claim(Capability(Side.KEEPER, suites), credentials, Flags.UNATTENDED, blocked)

    def _is_blocked(self, identity: Identity, remote_uri: str) -> bool:
        guesses = self._guesses.load(identity.user, identity.realm, _source(remote_uri))
        return guesses.is_blocked(self._now())

    def weigh(self, claim: Claim | None, remote_uri: str, verdict: AuthenticationEvent) -> None:
        """Count what came of a claim; of none nothing comes."""
        if claim is None:
            return
        identity, source = claim.credentials.identity, _source(remote_uri)
        if isinstance(verdict, Authenticated):
            self._guesses.save(identity.user, identity.realm, source, Guesses())
        elif verdict.guess:
            before = self._guesses.load(identity.user, identity.realm, source)
            self._guesses.save(identity.user, identity.realm, source, before.after_wrong(self._now()))


def _source(remote_uri: str) -> str:
    return remote_uri.partition(";")[0]
