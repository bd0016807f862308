"""Secrets of accounts, prepared (docs/zsa.md)."""

from __future__ import annotations

import hashlib

import pytest

from phone.secret import Secret
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.credentials import (
    CredentialKind,
    Credentials,
    CredentialsError,
    Identity,
    Keyring,
    ha1,
    prepare,
)
from tests.zrtp.zsa import ALICE, account, prepared


def test_ha1_is_that_of_the_digest_scheme() -> None:
    """The example of RFC 7616 §3.9.1, and Mufasa's MD5 of RFC 2617 §3.5."""
    mufasa = Identity("Mufasa", "testrealm@host.com")
    digest = ha1(CredentialKind.MD5_HA1, mufasa, Secret(b"Circle Of Life"))
    assert digest.reveal() == b"939e7578ed9e3c518a452acee763bce9"
    mufasa = Identity("Mufasa", "http-auth@example.org")
    digest = ha1(CredentialKind.SHA256_HA1, mufasa, Secret(b"Circle of Life"))
    expected = hashlib.sha256(b"Mufasa:http-auth@example.org:Circle of Life").hexdigest()
    assert digest.reveal() == expected.encode()


def test_a_password_is_prepared_in_both_forms() -> None:
    """The other end may have stored either; a key that was prepared of the stored form is the same."""
    credentials = Credentials.of_password(ALICE, Secret(b"secret"))
    assert set(credentials.keys) == {CredentialKind.MD5_HA1, CredentialKind.SHA256_HA1}
    stored = Secret(hashlib.md5(b"alice:asterisk:secret").hexdigest().encode())
    assert prepare(CredentialKind.MD5_HA1, ALICE, stored) == credentials.keys[CredentialKind.MD5_HA1]
    assert len({key.reveal() for key in credentials.keys.values()}) == 2
    assert not credentials.generated


@pytest.mark.parametrize("kind", CredentialKind, ids=lambda kind: kind.name)
def test_a_secret_of_another_length_is_refused(kind: CredentialKind) -> None:
    """A password where an HA1 belongs is a mistake, not a secret."""
    with pytest.raises(CredentialsError):
        prepare(kind, ALICE, Secret(b"secret"))


@pytest.mark.parametrize(("user", "realm"), [("ü" * 128, ""), ("", "x" * 256)])
def test_a_name_that_fits_in_no_message_is_refused(user: str, realm: str) -> None:
    """255 bytes of UTF-8, not characters."""
    with pytest.raises(CredentialsError):
        Identity(user, realm)


def test_nothing_secret_is_printed() -> None:
    """Keys show in no repr."""
    credentials = account()
    for key in credentials.keys.values():
        assert key.reveal().hex() not in repr(credentials)
        assert repr(key.reveal()) not in repr(credentials)


def test_keyring_has_an_answer_for_every_name() -> None:
    """Of an account it does not have, keys that nobody has, always the same ones."""
    dummy = prepared("nobody knows")
    keyring = Keyring("asterisk", dummy)
    keyring.add("101", account())
    assert keyring.look_up("101") == account()
    nobody = keyring.look_up("karla")
    assert nobody.identity == Identity("karla", "asterisk")
    assert nobody.keys == dummy


def test_keyring_is_of_one_realm() -> None:
    """An account of another one would never be found."""
    with pytest.raises(CredentialsError):
        Keyring("elsewhere", prepared("nobody knows")).add("101", account())


HOLDER = Capability(Side.HOLDER)
KEEPER = Capability(Side.KEEPER)


def test_both_ends_choose_the_better_suite() -> None:
    """The PAKE where both have it and want it, HMAC otherwise."""
    assert HOLDER.codes == (b"ZSH2", b"ZSH1")
    assert KEEPER.codes == (b"ZSK2", b"ZSK1")
    plain = Capability(Side.KEEPER, (Suite.HMAC,))
    assert HOLDER.choose((b"B32 ", *KEEPER.codes)) is KEEPER.choose(HOLDER.codes) is Suite.PAKE
    assert HOLDER.choose(plain.codes) is plain.choose(HOLDER.codes) is Suite.HMAC


def test_a_floor_refuses_the_weaker_suite() -> None:
    """Who wants the PAKE for a password does not fall back to HMAC."""
    floor = Capability(Side.HOLDER, (Suite.PAKE,))
    assert floor.choose(Capability(Side.KEEPER, (Suite.HMAC,)).codes) is None
