"""One window a home."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from ui.instance import Instance


@pytest.mark.parametrize("address", ["", "sip:ben@192.0.2.7", "tel:+49 30 123456", "x" * 9000])
def test_second_window_tells_the_first(application: object, tmp_path: Path, address: str) -> None:
    """With the address that it was opened for, if it has the length of one."""
    path = tmp_path / "window.sock"
    told: list[str] = []
    first = Instance(path)
    first.told.connect(told.append)
    assert Instance.tell(path, address)
    while not told:
        QTest.qWait(10)
    assert told == [address[:4095]]
    first.deleteLater()


def test_first_window_finds_nobody(application: object, tmp_path: Path) -> None:
    """Neither where nothing is, nor where a killed one has left its socket."""
    assert not Instance.tell(tmp_path / "window.sock", "")
    (tmp_path / "window.sock").touch()
    assert not Instance.tell(tmp_path / "window.sock", "")
