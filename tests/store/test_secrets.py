"""Account secrets: in the keyring, or in a file that nobody else can read; never in a message."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from phone.secret import Secret
from phone.store import secrets
from phone.store.database import StoreError
from phone.store.secrets import Secrets

ALICE = "alice@pbx.example"
BOB = "bob@pbx.example"
PASSWORD = Secret("Wörd-of-Alice".encode())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where secrets go without a keyring."""
    return tmp_path / "secrets.json"


class Backend(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 9

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class LockedBackend(Backend):
    """A keyring that somebody has refused to unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked


class SilentBackend(Backend):
    """A keyring that waits for somebody to unlock it, on a machine where nobody is."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.asked = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked += 1
        self.answered.wait()

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.answered.wait()
        return None


@pytest.fixture(autouse=True)
def _restore_keyring() -> Iterator[None]:
    """Put the process's own keyring back after the test."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def backend() -> Backend:
    """A keyring that works."""
    made = Backend()
    keyring.set_keyring(made)
    return made


def test_secret_in_the_file_is_found_again(path: Path) -> None:
    """By another backend, later."""
    Secrets(path, keyring_service=None).set(ALICE, PASSWORD)
    found = Secrets(path, keyring_service=None)
    assert found.get(ALICE) == PASSWORD
    assert found.get(BOB) is None


def test_file_is_private_from_its_first_byte(path: Path) -> None:
    """Mode 0600, also when it replaces one that was not."""
    path.write_text("{}")
    path.chmod(0o644)
    Secrets(path, keyring_service=None).set(ALICE, PASSWORD)
    assert path.stat().st_mode & 0o777 == 0o600


def test_removed_secret_is_gone(path: Path) -> None:
    """The others stay."""
    kept = Secrets(path, keyring_service=None)
    kept.set(ALICE, PASSWORD)
    kept.set(BOB, Secret(b"of-bob"))
    kept.remove(ALICE)
    assert kept.get(ALICE) is None
    assert kept.get(BOB) == Secret(b"of-bob")
    assert PASSWORD.reveal() not in path.read_bytes()


def test_half_written_file_does_not_count(path: Path) -> None:
    """What a crash has left beside it is in nobody's way."""
    kept = Secrets(path, keyring_service=None)
    kept.set(ALICE, PASSWORD)
    path.with_suffix(".new").write_text('{"alice@pbx')
    kept.set(BOB, Secret(b"of-bob"))
    assert kept.get(ALICE) == PASSWORD


@pytest.mark.parametrize(
    "content", ['{"alice@pbx.example": "Word-of-Al', '["Word-of-Alice"]', '{"a": 1}', "\xff"]
)
def test_damaged_file_is_named_and_kept(path: Path, content: str) -> None:
    """The sentence does not quote it."""
    path.write_text(content, encoding="latin-1")
    with pytest.raises(StoreError, match=str(path)) as raised:
        Secrets(path, keyring_service=None)
    assert "Word" not in str(raised.value)
    assert path.read_text(encoding="latin-1") == content


def test_file_that_is_damaged_meanwhile_is_kept(path: Path) -> None:
    """A new secret does not replace what may still be mended."""
    kept = Secrets(path, keyring_service=None)
    path.write_text("{")
    with pytest.raises(StoreError, match=str(path)):
        kept.set(ALICE, PASSWORD)
    assert path.read_text() == "{"


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """One sentence, without the secret."""
    path = tmp_path / "nowhere" / "secrets.json"
    with pytest.raises(StoreError, match=str(path)) as raised:
        Secrets(path, keyring_service=None).set(ALICE, PASSWORD)
    assert PASSWORD.reveal().decode() not in str(raised.value)


def test_keyring_is_preferred(path: Path, backend: Backend) -> None:
    """Nothing is written to the file then."""
    kept = Secrets(path, keyring_service="parley")
    kept.set(ALICE, PASSWORD)
    assert backend.entries == {("parley", ALICE): PASSWORD.reveal().decode()}
    assert kept.get(ALICE) == PASSWORD
    assert not path.exists()


def test_homes_do_not_share_keyring_entries(path: Path, backend: Backend) -> None:
    """Two homes may have the same account with different secrets."""
    Secrets(path, keyring_service="parley").set(ALICE, PASSWORD)
    assert Secrets(path, keyring_service="parley in /elsewhere").get(ALICE) is None


def test_secret_moves_to_the_keyring_when_there_is_one(path: Path, backend: Backend) -> None:
    """Found in the file until it is given anew; then the file no longer has it."""
    Secrets(path, keyring_service=None).set(ALICE, PASSWORD)
    kept = Secrets(path, keyring_service="parley")
    assert kept.get(ALICE) == PASSWORD
    kept.set(ALICE, Secret(b"new"))
    assert kept.get(ALICE) == Secret(b"new")
    assert json.loads(path.read_text()) == {}


def test_removed_secret_is_gone_from_both(path: Path, backend: Backend) -> None:
    """Else an account of the same name would find it later."""
    Secrets(path, keyring_service="parley").set(ALICE, PASSWORD)
    Secrets(path, keyring_service=None).set(ALICE, PASSWORD)
    kept = Secrets(path, keyring_service="parley")
    kept.remove(ALICE)
    assert kept.get(ALICE) is None
    assert backend.entries == {}


def test_account_without_a_secret_can_be_removed(path: Path, backend: Backend) -> None:
    """Nothing to forget is no failure."""
    Secrets(path, keyring_service="parley").remove(ALICE)
    assert not path.exists()


def test_locked_keyring_is_replaced_by_the_file(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With one plain warning that names the file and not the secret."""
    keyring.set_keyring(LockedBackend())
    kept = Secrets(path, keyring_service="parley")
    kept.set(ALICE, PASSWORD)
    assert kept.get(ALICE) == PASSWORD
    (warning,) = (record for record in caplog.records if record.levelno >= logging.WARNING)
    assert str(path) in warning.getMessage()
    assert PASSWORD.reveal().decode() not in caplog.text


def test_secret_in_a_locked_keyring_is_missed_aloud(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Else its account would only seem to have a wrong password; nobody's secret is lost."""
    keyring.set_keyring(LockedBackend())
    assert Secrets(path, keyring_service="parley").get(ALICE) is None
    assert ALICE in caplog.text


def test_machine_without_keyring_uses_the_file(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """keyring's own placeholder counts as none."""
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    kept = Secrets(path, keyring_service="parley")
    assert kept.get(ALICE) is None
    kept.set(ALICE, PASSWORD)
    assert kept.get(ALICE) == PASSWORD
    assert "There is no keyring here." in caplog.text


def test_silent_keyring_is_waited_for_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A headless machine starts, and every further secret goes to the file at once."""
    monkeypatch.setattr(secrets, "PATIENCE_S", 0.05)
    silent = SilentBackend()
    keyring.set_keyring(silent)
    kept = Secrets(path, keyring_service="parley")
    try:
        kept.set(ALICE, PASSWORD)
        kept.set(BOB, Secret(b"of-bob"))
        assert kept.get(ALICE) == PASSWORD
        assert kept.get("carol@pbx.example") is None
    finally:
        silent.answered.set()
    assert silent.asked == 1
