"""Where one installation keeps its files: its home."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from phone.errors import PhoneError


class HomeError(PhoneError):
    """The home cannot be used; the sentence names the folder and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and files of one installation. One home has one backend.

    The control socket lies beside the database, not in the platform's runtime folder: whoever finds one finds
    the other, in a desktop session as in a system service.
    """

    folder: Path
    """Absolute. Accounts, trust, history, secrets and the control socket; for its owner alone."""
    log_folder: Path | None = None
    """``None``: in ``folder`` as well."""

    @classmethod
    def named(cls, folder: str | None) -> Home:
        """Return the home in ``folder``; ``None``: in the platform's folders for the user's data and logs."""
        if folder is not None:
            return cls(Path(os.path.abspath(os.path.expanduser(folder))))
        import platformdirs  # noqa: PLC0415  # only here: commands start faster without it

        return cls(
            platformdirs.user_data_path("parley", appauthor=False),
            platformdirs.user_log_path("parley", appauthor=False),
        )

    @property
    def database(self) -> Path:
        """Accounts, trust and history."""
        return self.folder / "parley.sqlite3"

    @property
    def secrets(self) -> Path:
        """Account secrets, where there is no keyring."""
        return self.folder / "secrets.json"

    @property
    def messages(self) -> Path:
        """What callers have left with the service."""
        return self.folder / "messages"

    @property
    def workers(self) -> Path:
        """Homes of the service's workers."""
        return self.folder / "workers"

    @property
    def socket(self) -> Path:
        """The control socket."""
        return self.folder / "control.sock"

    @property
    def log(self) -> Path:
        """What the backend has done."""
        return (self.log_folder or self.folder) / "parley.log"

    @property
    def keyring_service(self) -> str | None:
        """What account secrets are filed under in the desktop's keyring; ``None``: they are not to go there.

        Every home has its own: two of them may have the same account. ``PARLEY_KEYRING=file`` keeps them out.
        """
        if os.environ.get("PARLEY_KEYRING") == "file":
            return None
        return "parley" if self.log_folder is not None else f"parley in {self.folder}"

    def prepare(self) -> None:
        """Make the folders, for their owner alone from their first moment. Raise HomeError."""
        _make_private(self.folder)
        if self.log_folder is not None:
            _make_private(self.log_folder)


def _make_private(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise HomeError(f"The folder {folder} belongs to another user; name one of your own with --home.")
        if found.st_mode & 0o077:
            if any(folder.iterdir()):
                raise HomeError(
                    f"The folder {folder} is open to other users (mode {stat.S_IMODE(found.st_mode):o}):"
                    f" close it with chmod 700 {folder}, or name another with --home."
                )
            folder.chmod(0o700)  # empty, so nobody can have put anything in
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise HomeError(f"The folder {folder} cannot be read and written; name another with --home.")
    except FileExistsError as error:
        raise HomeError(f"{folder} is not a folder; name another with --home.") from error
    except OSError as error:
        raise HomeError(f"The folder {folder} cannot be used: {error.strerror}.") from error
