"""Kept secrets on disk: what was prepared of them, among the passwords."""

from __future__ import annotations

from pathlib import Path

import pytest

from phone.secret import Secret
from phone.store.database import Database, StoreError
from phone.store.kept import KeptCaller, KeptStore
from phone.store.secrets import Secrets
from phone.zrtp.zsa.credentials import CredentialKind, Credentials, Identity

KEY = Secret(bytes(range(32)))
BOB = KeptCaller(
    "a@pbx", "102", Credentials(Identity("bob", "pbx"), {CredentialKind.MD5_HA1: KEY}, generated=True)
)
EVE = KeptCaller(
    None,
    "102",
    Credentials(Identity("eve", "other"), dict.fromkeys(CredentialKind, KEY)),
)


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    """Where passwords are."""
    return Secrets(tmp_path / "secrets.json", keyring_service=None)


def test_callers_are_found_again(database: Database, secrets: Secrets) -> None:
    """With their account, names and keys; the latest for a name holds."""
    store = KeptStore(database, secrets)
    for kept in (EVE, KeptCaller("a@pbx", "102", EVE.credentials), BOB):
        store.save(kept)
    assert KeptStore(database, secrets).all() == [EVE, BOB]
    store.remove(None, "102")
    assert store.all() == [BOB]


def test_keys_are_not_in_the_database(
    database: Database, secrets: Secrets, path: Path, tmp_path: Path
) -> None:
    """They are where passwords are: in the keyring, or a file of mode 0600."""
    KeptStore(database, secrets).save(BOB)
    database.close()
    for file in tmp_path.glob(f"{path.name}*"):
        assert KEY.reveal() not in file.read_bytes()
    assert KEY.reveal().hex() in (tmp_path / "secrets.json").read_text()
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_keys_that_are_gone(database: Database, secrets: Secrets, caplog: pytest.LogCaptureFixture) -> None:
    """A keyring may be locked: nothing is proved then, and the log says so."""
    store = KeptStore(database, secrets)
    store.save(BOB)
    secrets.remove("kept a@pbx 102")
    assert store.all() == []
    assert "kept for 102 is not there" in caplog.text


@pytest.mark.parametrize(
    "damaged", [b"x", b"{}", b"[]", b"1", b'{"1": 2}', b'{"9": ""}', b'{"1": "00"}', b'{"1": "zz"}']
)
def test_keys_that_are_damaged(database: Database, secrets: Secrets, damaged: bytes) -> None:
    """One error that names them, and does not quote them."""
    KeptStore(database, secrets).save(BOB)
    secrets.set("kept a@pbx 102", Secret(damaged))
    with pytest.raises(StoreError, match="'kept a@pbx 102' among the passwords is damaged"):
        KeptStore(database, secrets).all()
