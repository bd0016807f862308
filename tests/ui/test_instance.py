"""One window a home."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtTest import QTest

from tests.peers.process import Program
from ui import instance
from ui.instance import Instance


def tell(path: Path, *addresses: str) -> Program:
    """Open Parley again with each of these: another process, as it is for the user."""
    code = (
        "from pathlib import Path; from ui.instance import Instance;"
        f" print([Instance.tell(Path({str(path)!r}), address) for address in {addresses}])"
    )
    return Program([sys.executable, "-c", code], output=path.with_name("answer"))


def test_second_window_tells_the_first(application: object, tmp_path: Path) -> None:
    """With the address that it was opened for, if it has the length of one."""
    addresses = ["", "sip:ben@192.0.2.7", "tel:+49 30 123456", "x" * 9000]
    told: list[str] = []
    first = Instance(tmp_path / "window.sock")
    first.told.connect(told.append)
    second = tell(tmp_path / "window.sock", *addresses)
    while second.exit_status is None:
        QTest.qWait(10)
    second.end()
    assert (tmp_path / "answer").read_text().strip() == str([True] * 4)
    assert told == [address[:4095] for address in addresses]
    first.deleteLater()


def test_first_window_finds_nobody(application: object, tmp_path: Path) -> None:
    """Neither where nothing is, nor where a killed one has left its socket."""
    assert not Instance.tell(tmp_path / "window.sock", "")
    (tmp_path / "window.sock").touch()
    assert not Instance.tell(tmp_path / "window.sock", "")


def test_window_that_hangs_leaves_its_place(
    application: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the address and does not hang up: nobody has read it."""
    monkeypatch.setattr(instance, "PATIENCE_MS", 50)
    hung = QLocalServer()
    hung.listen(str(tmp_path / "window.sock"))
    assert not Instance.tell(tmp_path / "window.sock", "sip:ben@192.0.2.7")
    told: list[str] = []
    fresh = Instance(tmp_path / "window.sock")
    fresh.told.connect(told.append)
    third = tell(tmp_path / "window.sock", "104")
    while third.exit_status is None:
        QTest.qWait(10)
    third.end()
    assert told == ["104"]
    hung.close()
    fresh.deleteLater()
