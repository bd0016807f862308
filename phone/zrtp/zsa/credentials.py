"""The secret of an account, prepared once when it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from phone.secret import Secret
from phone.zrtp.errors import ZrtpError

KEY_SIZE: Final = 32
"""Bytes of a prepared key, and of a provisioned one."""
MAX_NAME_SIZE: Final = 255
"""Bytes of a user name or a realm that fit in a message with certainty."""
_SCRYPT_N: Final = 65536
_SCRYPT_R: Final = 8
_SCRYPT_P: Final = 1


class CredentialsError(ZrtpError):
    """An account cannot be used for a proof: name or realm too long, or a secret of another form."""


class CredentialKind(IntEnum):
    """In which form the secret is known, the better one last."""

    MD5_HA1 = 1
    """Asterisk's stored MD5 digest."""
    SHA256_HA1 = 2
    PROVISIONED = 3
    """A random key of 32 bytes."""


def length_prefixed(data: bytes) -> bytes:
    """Return ``data`` after its length in two bytes; raise ``OverflowError`` for more than 65535."""
    return len(data).to_bytes(2, "big") + data


@dataclass(frozen=True, slots=True)
class Identity:
    """An account as the digest challenge names it. Raise ``CredentialsError`` for what is too long."""

    user: str
    realm: str

    def __post_init__(self) -> None:
        if max(len(self.user.encode()), len(self.realm.encode())) > MAX_NAME_SIZE:
            raise CredentialsError(
                f"A user name or a realm of more than {MAX_NAME_SIZE} bytes cannot be proved."
            )

    def __bytes__(self) -> bytes:
        return length_prefixed(self.user.encode()) + length_prefixed(self.realm.encode())


def ha1(kind: CredentialKind, identity: Identity, password: Secret) -> Secret:
    """Return what the digest scheme makes of a password, lowercase hexadecimal (RFC 7616 §3.4.2)."""
    text = f"{identity.user}:{identity.realm}:".encode() + password.reveal()
    if kind is CredentialKind.MD5_HA1:
        return Secret(hashlib.md5(text, usedforsecurity=False).hexdigest().encode())
    return Secret(hashlib.sha256(text).hexdigest().encode())


_FORMS: Final = {CredentialKind.MD5_HA1: 32, CredentialKind.SHA256_HA1: 64, CredentialKind.PROVISIONED: 32}
"""Bytes of a secret."""


def salt(kind: CredentialKind, identity: Identity) -> bytes:
    """Return the salt of ``prepare``, 32 bytes."""
    names = length_prefixed(identity.realm.encode()) + length_prefixed(identity.user.encode())
    return hashlib.sha256(b"ZSA salt" + bytes([kind]) + names).digest()


def prepare(kind: CredentialKind, identity: Identity, secret: Secret) -> Secret:
    """Return the key S, 32 bytes, to be stored like a password.

    ``secret`` is an HA1 as ``ha1`` returns it, or a provisioned key. For an HA1 this takes 64 MiB and some
    0.4 s: not in the reactor. Raise ``CredentialsError`` for a secret of another length.
    """
    if len(secret) != _FORMS[kind]:
        raise CredentialsError(f"A secret of this kind has {_FORMS[kind]} bytes, not {len(secret)}.")
    if kind is CredentialKind.PROVISIONED:
        derivation: HKDF | Scrypt = HKDF(SHA256(), KEY_SIZE, salt(kind, identity), b"ZSA key")
    else:
        derivation = Scrypt(salt(kind, identity), KEY_SIZE, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)
    return Secret(derivation.derive(secret.reveal()))


@dataclass(frozen=True, slots=True)
class Credentials:
    """One account with what it can be proved by."""

    identity: Identity
    keys: Mapping[CredentialKind, Secret] = field(repr=False)
    """Prepared keys; at least one."""
    generated: bool = False
    """The secret is random and has 128 bits at least: no password that a person has thought of."""

    @classmethod
    def of_password(cls, identity: Identity, password: Secret, *, generated: bool = False) -> Credentials:
        """Prepare a password in both forms that the other end may know it in: not in the reactor."""
        kinds = (CredentialKind.MD5_HA1, CredentialKind.SHA256_HA1)
        keys = {kind: prepare(kind, identity, ha1(kind, identity, password)) for kind in kinds}
        return cls(identity, keys, generated)

    def is_random(self, kind: int) -> bool:
        """Tell whether a proof by this form of the secret is nothing to try passwords on."""
        return self.generated or kind == CredentialKind.PROVISIONED

    def best(self, kinds: Collection[int]) -> CredentialKind | None:
        """Return the best of ``kinds`` for which we have a key."""
        return max((kind for kind in self.keys if kind in kinds), default=None)


class Keyring:
    """The accounts of one realm that a keeper has; it has an answer for every caller."""

    def __init__(self, realm: str, dummy: Mapping[CredentialKind, Secret]) -> None:
        """``dummy``: random keys of every kind, always the same."""
        self.realm = realm
        self.accounts: dict[str, Credentials] = {}
        """By caller, as the PBX names who calls: often by extension, not by user."""
        self._dummy = dummy

    def add(self, caller: str, credentials: Credentials) -> None:
        """Keep the account of ``caller``.

        Raise ``CredentialsError`` for an account of another realm.
        """
        identity = credentials.identity
        if identity.realm != self.realm:
            raise CredentialsError(f"These accounts are of {self.realm}, and not of {identity.realm}.")
        self.accounts[caller] = credentials

    def look_up(self, caller: str) -> Credentials:
        """Return the caller's account, or for a stranger one of which nobody has the secret.

        An exchange with that one looks as with a wrong secret and takes as long. Raise
        ``CredentialsError`` for a name that no account can have.
        """
        if caller in self.accounts:
            return self.accounts[caller]
        kinds = {kind for credentials in self.accounts.values() for kind in credentials.keys}
        return Credentials(Identity(caller, self.realm), {kind: self._dummy[kind] for kind in kinds})
