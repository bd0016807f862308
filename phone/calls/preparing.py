"""Making of a secret, in whichever form it is known, what ZSA proves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from phone.calls.strength import estimate
from phone.secret import Secret
from phone.zrtp.zsa.credentials import (
    KEY_SIZE,
    CredentialKind,
    Credentials,
    CredentialsError,
    Identity,
    prepare,
)

PASSWORD: Final = "password"  # noqa: S105  # the name of a form, not a password
KEY: Final = "key"

FORMS: Final[Mapping[str, CredentialKind]] = {
    "md5": CredentialKind.MD5_HA1,
    "sha-256": CredentialKind.SHA256_HA1,
    KEY: CredentialKind.PROVISIONED,
}
"""What a secret is called that is no password."""

NAMES: Final[Mapping[CredentialKind, str]] = {kind: name for name, kind in FORMS.items()}


def derive(user: str, realm: str, forms: Mapping[str, Secret]) -> Credentials:
    """Return what proves a secret in all these forms, each under its name. Not in the reactor.

    A key is 64 hex digits. Raise CredentialsError for a name that is too long, or a secret of another form.
    """
    identity = Identity(user, realm)
    keys: dict[CredentialKind, Secret] = {}
    generated = False
    for form, secret in forms.items():
        if form == PASSWORD:
            generated = estimate(secret, (user, realm)).is_random
            keys |= Credentials.of_password(identity, secret).keys
        else:
            kind = FORMS[form]
            keys[kind] = prepare(kind, identity, key_bytes(secret) if form == KEY else secret)
    return Credentials(identity, keys, generated)


def make_key() -> Secret:
    """Return a random key of 32 bytes, as 64 hex digits."""
    return Secret(secrets.token_hex(KEY_SIZE).encode())


def key_bytes(key: Secret) -> Secret:
    """Return the 32 bytes of a key in hex; raise CredentialsError for anything else."""
    try:
        value = bytes.fromhex(key.reveal().decode())
    except ValueError:
        value = b""
    if len(value) != KEY_SIZE or len(key) != 2 * KEY_SIZE:
        raise CredentialsError("A key has 64 hex digits.")
    return Secret(value)
