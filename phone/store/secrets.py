"""Where account secrets are kept: the desktop's keyring, or else a file that only our user can read."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from phone.secret import Secret
from phone.store.database import StoreError

T = TypeVar("T")

_log = logging.getLogger("parley.store")

PATIENCE_S = 3.0
"""A locked keyring asks to be unlocked, and on a headless machine nobody is there to answer."""


class Secrets:
    """One secret an account, found again also when the keyring comes or goes between two runs."""

    def __init__(self, path: Path, *, keyring_service: str | None) -> None:
        """``path``: the file to use where there is no keyring. ``keyring_service``: the name to use in it;
        ``None``: never use it. Raise StoreError when the file cannot be read: now, not at the first need.
        """
        self._file = _File(path)
        self._file.read()
        self._keyring = _Keyring(keyring_service) if keyring_service is not None else None

    def get(self, account_id: str) -> Secret | None:
        """Return the secret of an account; ``None``: it has none, or the keyring does not give it.

        Raise StoreError when the file cannot be read.
        """
        value = self._file.read().get(account_id)
        if value is None and self._keyring is not None:
            try:
                value = self._keyring.get(account_id)
            except _NoKeyringError:
                pass  # so it cannot have it
            except _KeyringError as cause:
                _log.warning("%s If it has the secret of %s, Parley does not know it.", cause, account_id)
        return None if value is None else Secret(value.encode())

    def set(self, account_id: str, secret: Secret) -> None:
        """Keep the secret of an account. Raise StoreError."""
        values = self._file.read()
        if self._keyring is not None:
            try:
                self._keyring.set(account_id, secret.reveal().decode())
            except _KeyringError as cause:
                _log.warning("%s Passwords are kept in %s, which only you can read.", cause, self._file.path)
            else:
                if values.pop(account_id, None) is not None:
                    self._file.write(values)
                return
        self._file.write(values | {account_id: secret.reveal().decode()})

    def remove(self, account_id: str) -> None:
        """Forget the secret of an account. Raise StoreError."""
        values = self._file.read()
        if values.pop(account_id, None) is not None:
            self._file.write(values)
        if self._keyring is not None:
            with contextlib.suppress(_KeyringError):
                self._keyring.remove(account_id)


class _File:
    """A JSON file of mode 0600, replaced as a whole so that a crash loses nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"The passwords in {self.path} cannot be read: {error.strerror}.") from error
        except ValueError:
            values = None  # the decoder's own message may quote the file
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            raise StoreError(
                f"The file of passwords {self.path} is damaged. It was not changed: put a copy of it back, or"
                " move it away and give the passwords again."
            )
        return values

    def write(self, values: dict[str, str]) -> None:
        new = self.path.with_suffix(".new")
        try:
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                json.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError as error:
            raise StoreError(f"The passwords in {self.path} cannot be written: {error.strerror}.") from error


class _KeyringError(Exception):
    """The keyring is locked, broken or silent; the sentence says which."""


class _NoKeyringError(_KeyringError):
    """There is no keyring."""


class _Keyring:
    """The desktop's keyring. After one failure it is left alone, so that nothing waits for it twice."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._failure: _KeyringError | None = None

    def get(self, account_id: str) -> str | None:
        import keyring  # noqa: PLC0415  # searches for backends: only where one is wanted

        return self._ask(lambda: keyring.get_password(self._service, account_id))

    def set(self, account_id: str, value: str) -> None:
        import keyring  # noqa: PLC0415

        self._ask(lambda: keyring.set_password(self._service, account_id, value))

    def remove(self, account_id: str) -> None:
        import keyring  # noqa: PLC0415

        def delete() -> None:
            # an account without a secret has no entry
            with contextlib.suppress(keyring.errors.PasswordDeleteError):
                keyring.delete_password(self._service, account_id)

        self._ask(delete)

    def _ask(self, question: Callable[[], T]) -> T:
        """Return the answer. Raise _KeyringError, after at most ``PATIENCE_S``."""
        if self._failure is not None:
            raise self._failure
        answers: list[T] = []
        failures: list[Exception] = []

        def ask() -> None:
            import keyring  # noqa: PLC0415

            try:
                # below 1: a stub that keeps nothing, or keeps it in clear
                if keyring.get_keyring().priority < 1:
                    raise _NoKeyringError("There is no keyring here.")
                answers.append(question())
            except Exception as error:  # backends raise what their desktop's library raises
                failures.append(error)

        # the only way to stop waiting for a bus; nothing else is shared with the thread
        thread = threading.Thread(target=ask, name="keyring", daemon=True)
        thread.start()
        thread.join(PATIENCE_S)
        if answers:
            return answers[0]
        if not failures:
            self._failure = _KeyringError("The keyring does not answer.")
        elif isinstance(failures[0], _KeyringError):
            self._failure = failures[0]
        else:
            # its text may be anything; a locked one is a KeyringLocked
            self._failure = _KeyringError(f"The keyring cannot be used ({type(failures[0]).__name__}).")
        raise self._failure
