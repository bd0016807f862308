"""The window as it is for those who do not see it: a real one, by the accessibility bus."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.parley import PARLEY
from tests.peers.process import Program, eventually
from tests.peers.screen_reader import LAUNCHER, ScreenReader

A_HZ, B_HZ = 450, 570
ACTIVE = {"push button", "check box", "text", "combo box", "slider", "page tab", "page tab list"}


@pytest.fixture
def reader(application: object) -> Iterator[ScreenReader]:
    """Somebody who listens."""
    if shutil.which("Xvfb") is None or not LAUNCHER.exists() or shutil.which("dbus-daemon") is None:
        pytest.skip("needs Xvfb, dbus-daemon and at-spi2-core: tests/run, as root, installs them")
    with contextlib.closing(ScreenReader()) as reader:
        yield reader


def focused(reader: ScreenReader) -> str:
    """Return the name of what has the keyboard: the innermost of all that says so."""
    return [element.name for element in reader.elements() if element.focused][-1:][0]


def test_call_is_followed_by_ear(reader: ScreenReader, make_parley: MakeParley, tmp_path: Path) -> None:
    """All that can be operated has a name; level, alarm and caller are announced; the keyboard is there."""
    ann, ben = make_parley(A_HZ), make_parley(B_HZ)
    window = Program(
        [PARLEY, "--home", str(ann.home)], output=tmp_path / "window", environment=reader.environment
    )
    try:
        eventually(
            lambda: any(e.name == "Try it now" for e in reader.elements()),
            within=30,
            what="the window is open",
        )
        shown = reader.elements()
        assert next(e.name for e in shown if e.role == "heading") == "Calls that are private by themselves"
        # Qt keeps the name of a field for passwords to itself
        assert [e.description for e in shown if e.role in ACTIVE and not e.name] == ["Password"]
        ann.do("call", ben.uri)
        ben.wait_answered(level="ENCRYPTED")
        reader.wait_announced("Encrypted, not verified")
        shown = reader.elements()
        assert {"Mute", "Hold", "Hang up"} <= {e.name for e in shown if e.role == "push button"}
        assert all(e.name for e in shown if e.role in ACTIVE)
        ann.refuse("verify", "yyyy" if ann.wait_call()["sas"] != "yyyy" else "bbbb")
        reader.wait_announced("Someone may be listening. The codes do not match")
        assert any(e.role == "alert message" for e in reader.elements())
        eventually(lambda: focused(reader) == "Hang up", within=20, what="the keyboard is on Hang up")
        ann.do("hangup")
        ann.wait_idle()
        ben.do("call", ann.uri)
        reader.wait_announced("is calling")
        eventually(lambda: focused(reader) == "Answer", within=20, what="the keyboard is on Answer")
    finally:
        window.end()
    assert (tmp_path / "window").read_text() == ""
