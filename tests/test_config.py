"""The home: private from its first moment, and one sentence where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from phone.config import Home, HomeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a home is to be."""
    return tmp_path / "deep" / "home"


def test_new_home_is_private(folder: Path) -> None:
    """Mode 0700, whatever the umask allows, and without a moment in which it was not."""
    before = os.umask(0)
    try:
        Home(folder).prepare()
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_private_home_is_used_again(folder: Path) -> None:
    """With everything in it."""
    Home(folder).prepare()
    (folder / "kept").touch()
    Home(folder).prepare()
    assert (folder / "kept").exists()


def test_empty_folder_is_closed_to_others(folder: Path) -> None:
    """Nobody can have put anything in yet."""
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    Home(folder).prepare()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_open_folder_with_files_is_refused(folder: Path) -> None:
    """It may be somebody's own folder, or hold what somebody else has put there."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "holiday.jpg").touch()
    with pytest.raises(HomeError, match=f"chmod 700 {folder}"):
        Home(folder).prepare()
    assert folder.stat().st_mode & 0o777 == 0o755


def test_file_in_its_place_is_named(folder: Path) -> None:
    """One sentence."""
    folder.parent.mkdir()
    folder.touch()
    with pytest.raises(HomeError, match=f"{folder} is not a folder"):
        Home(folder).prepare()


def test_file_on_the_way_to_it_is_named(folder: Path) -> None:
    """One sentence."""
    folder.parent.touch()
    with pytest.raises(HomeError, match=str(folder)):
        Home(folder).prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_folder_of_another_user_is_refused(folder: Path) -> None:
    """Its owner could read everything."""
    folder.mkdir(parents=True, mode=0o700)
    os.chown(folder, 65534, 65534)
    with pytest.raises(HomeError, match=f"{folder} belongs to another user"):
        Home(folder).prepare()


def test_named_home_is_all_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it is named from where one stands."""
    monkeypatch.chdir(tmp_path)
    home = Home.named("here")
    assert home == Home(tmp_path / "here")
    assert {path.parent for path in (home.database, home.secrets, home.socket, home.log)} == {
        tmp_path / "here"
    }


def test_home_of_the_user_follows_the_platform(tmp_path: Path) -> None:
    """Data and log each in their folder; the socket lies beside the database."""
    script = (
        "from phone.config import Home; home = Home.named(None); print(home.database, home.socket, home.log)"
    )
    environment = {**os.environ, "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s", "HOME": str(tmp_path)}
    printed = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    ).stdout.split()
    database, socket, log = map(Path, printed)
    assert database.parent == socket.parent == Path("/d/parley")
    assert log.is_relative_to("/s/parley")


def test_homes_have_keyring_entries_of_their_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's home, and each that was named."""
    monkeypatch.delenv("PARLEY_KEYRING", raising=False)
    services = {home.keyring_service for home in (Home.named(None), Home(folder), Home(folder.parent))}
    assert len(services) == 3
    assert None not in services


def test_keyring_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For machines where it is not to be asked."""
    monkeypatch.setenv("PARLEY_KEYRING", "file")
    assert Home(folder).keyring_service is None
