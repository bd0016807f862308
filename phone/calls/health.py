"""What there is to say against the secrets of accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from phone.calls.strength import OffReactor, Strength, estimate
from phone.calls.values import Weakness
from phone.secret import Secret
from phone.sip.interface import CredentialKind, Transport
from phone.store.accounts import Account
from phone.zrtp.zsa.credentials import CredentialKind as Form
from phone.zrtp.zsa.credentials import CredentialsError, Identity, ha1

GENERATE = "Let Parley make one that nobody can guess: parley account new-secret {account}"

GUESSABLE = (
    "The secret can be guessed. Somebody in between who gets a proof of the older kind in a call would find"
    " it in {time}; until the other end knows the newer proof, such calls are shown with a weak secret."
)
PERHAPS_GUESSABLE = (
    "The secret is hard to guess, but not as hard as one made of 128 random bits: calls that are proved in"
    " the older way are shown with a weak secret."
)
UNKNOWN = "Only a digest of the secret is kept here: nobody can tell how hard it is to guess."
EXPOSED = (
    "Logins cross the network unencrypted ({transport}): whoever listens there gets a digest to try passwords"
    " on."
)
EXPOSED_FOR = f"{EXPOSED} A graphics card would need {{time}} for this one."
EXPOSED_UNKNOWN = f"{EXPOSED} A graphics card tries ten thousand million in a second."
SHARED = "The account {twin} has the same secret: whoever learns one of them has both."
SHARED_REMEDY = "Give each account a secret of its own: parley account new-secret {account}"

_FOR_EVER = "centuries"
"""The longest time that an estimate names."""
_FORMS = {CredentialKind.MD5_HA1: Form.MD5_HA1, CredentialKind.SHA256_HA1: Form.SHA256_HA1}


@dataclass(slots=True)
class _Known:
    """A secret, and what was found out about it."""

    record: Account
    secret: Secret
    strength: Strength | None = None


class SecretHealth:
    """Looks at the secrets of all accounts; compares them where they are, and keeps nothing of that."""

    def __init__(self, off_reactor: OffReactor) -> None:
        self._off_reactor = off_reactor
        self._known: dict[str, _Known] = {}

    def account_changed(self, record: Account, secret: Secret | None, estimated: Callable[[], None]) -> None:
        """Look at the secret of an account, and tell when there is more to say of it."""
        self.account_removed(record.id)
        if secret is None:
            return
        known = self._known[record.id] = _Known(record, secret)
        if record.credential != CredentialKind.PASSWORD.value:
            return

        def keep(strength: Strength) -> None:
            known.strength = strength
            if self._known.get(record.id) is known:
                estimated()

        self._off_reactor(lambda: estimate(secret, hints(record))).addCallback(keep)

    def account_removed(self, account_id: str) -> None:
        """Forget about an account."""
        self._known.pop(account_id, None)

    def findings(self, account_id: str) -> tuple[Weakness, ...]:
        """Return what is to be said of an account's secret, the worst first."""
        known = self._known.get(account_id)
        if known is None:
            return ()
        hashed = known.record.credential != CredentialKind.PASSWORD.value
        if known.strength is None and not hashed:
            return ()  # being estimated
        found = []
        twins = [other.record.id for other in self._known.values() if _same(known, other)]
        if twins:
            facts = {"account": account_id, "twin": ", ".join(twins)}
            found.append(_weakness("shared_secret", SHARED, SHARED_REMEDY, facts))
        strength, transport = known.strength, known.record.transport
        if strength is None or not strength.is_random:
            found.append(_guessing(account_id, strength))
            if transport != Transport.TLS.value and (strength is None or strength.at_digest != _FOR_EVER):
                found.append(_exposure(account_id, strength, transport))
        return tuple(found)


def hints(record: Account) -> tuple[str, ...]:
    """Return what a guess at an account's password begins with."""
    _, _, address = record.uri.partition(":")
    user, _, host = address.partition("@")
    return (user, host.partition(":")[0], record.name, record.auth_user)


def _guessing(account: str, strength: Strength | None) -> Weakness:
    facts = {"account": account}
    if strength is None:
        return _weakness("unknown_strength", UNKNOWN, GENERATE, facts)
    if strength.at_digest == _FOR_EVER:
        return _weakness("weak_secret", PERHAPS_GUESSABLE, GENERATE, facts)
    return _weakness("weak_secret", GUESSABLE, GENERATE, {**facts, "time": strength.at_proof})


def _exposure(account: str, strength: Strength | None, transport: str) -> Weakness:
    facts = {"account": account, "transport": transport}
    if strength is None:
        return _weakness("digest_exposed", EXPOSED_UNKNOWN, GENERATE, facts)
    return _weakness("digest_exposed", EXPOSED_FOR, GENERATE, {**facts, "time": strength.at_digest})


def _weakness(cause: str, text: str, remedy: str, facts: Mapping[str, str]) -> Weakness:
    return Weakness(cause, text.format(**facts), remedy.format(**facts), (text, remedy), facts)


def _same(one: _Known, other: _Known) -> bool:
    """Tell whether two accounts have one secret, as far as their forms of it can be compared."""
    if one is other:
        return False
    first, second = (CredentialKind(known.record.credential) for known in (one, other))
    if first is second:
        # two digests are equal only where user and realm are
        return one.secret == other.secret
    if CredentialKind.PASSWORD not in (first, second):
        return False
    plain, hashed = (one, other) if first is CredentialKind.PASSWORD else (other, one)
    record = hashed.record
    try:
        identity = Identity(record.auth_user, record.realm)
    except CredentialsError:
        return False  # nobody's names are that long
    return ha1(_FORMS[CredentialKind(record.credential)], identity, plain.secret) == hashed.secret
