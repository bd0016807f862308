"""The window, driven on a screen, with real backends on both ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.end2end.conftest import MakeParley, MakeWindow
from tests.peers.parley import PARLEY, Parley
from tests.peers.process import Loopback, Program, eventually
from tests.peers.window import Role, Window

A_HZ, B_HZ, C_HZ = 440, 560, 700
RITUAL_S = 30.0


@pytest.fixture
def ann(make_parley: MakeParley) -> Parley:
    """The phone whose window is open."""
    return make_parley(A_HZ)


@pytest.fixture
def ben(make_parley: MakeParley) -> Parley:
    """The phone at the other end."""
    return make_parley(B_HZ)


@pytest.fixture
def window(make_window: MakeWindow, ann: Parley) -> Window:
    """Ann's window, past the first run."""
    window = make_window(ann)
    window.press("Not now")
    return window


def call(window: Window, ben: Parley) -> str:
    """Call Ben by the window and let him answer; return the code that his backend reports."""
    window.type("Call", ben.uri)
    window.press("Call")
    ben.wait_call(state="incoming")
    ben.do("answer")
    code = ben.wait_call(state="connected", pending=None, level="ENCRYPTED")["sas"]
    window.see("Encrypted, not verified")
    assert isinstance(code, str)
    return code


def other(code: str) -> str:
    """Return a code of the same shape that is another."""
    return code[:-1] + ("y" if code[-1] != "y" else "b")


def test_call_is_verified_by_typing(window: Window, ann: Parley, ben: Parley) -> None:
    """The window asks after a while, shows the backend's code, compares what is typed, asks for a name."""
    code = call(window, ben)
    window.until(lambda: window.shows("Is it really"), "the window asks", within=RITUAL_S)
    assert window.desktop.calls.current["sas"] == code
    shown = window.find("Compare the code", Role.Grouping)
    assert shown.enabled
    assert window.shows(f"Your code: {window.desktop.calls.current['spoken_code']}")
    window.type("The four characters you hear", code.upper())
    window.press("Compare")
    window.see("The codes match")
    assert ann.wait_call(level="VERIFIED")["verified"]
    window.type("Whose phone is it?", "Benjamin")
    progress = window.desktop.calls.current["progress"]
    window.until(lambda: window.desktop.calls.current["progress"] != progress, "the call is told anew")
    window.press("Remember")
    window.see("Verified with Benjamin since")
    window.press("Hang up")
    ben.wait_idle()
    window.press("Phones", Role.PageTab)
    window.see("Verified since")


def test_wrong_code_is_an_alarm_with_one_more_try(window: Window, ann: Parley, ben: Parley) -> None:
    """Someone may be listening: hanging up is the default; once it may have been misread."""
    code = call(window, ben)
    window.press("Compare the code")
    window.type("The four characters you hear", other(code))
    window.press("Compare")
    window.see("Someone may be listening")
    ann.wait_call(alarm="Codes do not match")
    window.press("They misread it, try again")
    window.type("The four characters you hear", other(code))
    window.press("Compare")
    window.until(lambda: window.desktop.calls.current["ritual"] == "refused", "it has differed twice")
    assert not window.shows("They misread it, try again")
    window.until(lambda: window.focused() == "Hang up", "the keyboard is on Hang up")
    window.key(Qt.Key.Key_Return)
    ben.wait_idle()


def test_changed_key_is_an_alarm(window: Window, ann: Parley, ben: Parley) -> None:
    """Who has lost what was agreed earlier looks like somebody in between; comparing codes settles it."""
    call(window, ben)
    window.press("Hang up")
    ben.wait_idle()
    ben.do("peers", "forget", ben.do("peers", "list")[0]["zid"])
    window.type("Call", ben.uri)
    window.press("Call")
    ben.wait_call(state="incoming")
    ben.do("answer")
    ann.wait_call(alarm="Key changed")
    window.see("Key changed")
    window.press("Compare the code now")
    window.type("The four characters you hear", ann.wait_call(alarm="Key changed")["sas"])
    window.press("Compare")
    window.see("The codes match")
    ann.wait_call(level="VERIFIED", alarm=None)


def test_what_is_no_code_is_no_alarm(window: Window, ann: Parley, ben: Parley) -> None:
    """A typing mistake is told, and the card stays."""
    call(window, ben)
    window.press("Compare the code")
    window.type("The four characters you hear", "abc")
    window.key(Qt.Key.Key_Return)
    window.until(lambda: window.desktop.calls.unreadable, "the mistake is told")
    assert window.shows(window.desktop.calls.unreadable)
    assert ann.wait_call(alarm=None)
    window.press("Later")
    window.until(lambda: not window.shows("Is it really"), "the card has gone")


def test_incoming_call_is_answered_by_keyboard_and_held(window: Window, ann: Parley, ben: Parley) -> None:
    """Enter answers; hold, mute and hanging up reach the other side; the report of it tells no code."""
    ben.do("call", ann.uri)
    window.see("Incoming call")
    window.until(lambda: window.focused() == "Answer", "the keyboard is on Answer")
    window.key(Qt.Key.Key_Return)
    secured = ann.wait_call(state="connected", pending=None)
    window.press("Hold", None)
    ben.wait_call(remote_held=True)
    window.see("on hold")
    window.press("Resume", None)
    ben.wait_call(remote_held=False)
    window.press("Mute", None)
    ann.wait_call(muted=True)
    window.press("Unmute", None)
    ann.wait_call(muted=False)
    window.press("Keypad", Role.CheckBox)
    window.press("5")
    ben.wait_call(dtmf="5")
    window.press("Hang up")
    ben.wait_idle()
    window.press("History", Role.PageTab)
    window.see("incoming, Encrypted, not verified")
    report = window.desktop.report
    report.refresh()
    report.copy()
    assert "call 1 from sip:" in report.text
    copied = QGuiApplication.clipboard().text()
    assert "call 1 from sip:" in copied
    assert not re.search(rf"\b({secured['sas']}|{secured['peer_zid']})\b", copied)


def test_caller_is_sent_away(window: Window, ann: Parley, ben: Parley) -> None:
    """Declining ends the call, and history has it as missed."""
    ben.do("call", ann.uri)
    window.press("Decline")
    ben.wait_idle()
    window.see("missed")


@pytest.mark.parametrize("typed", ["nobody", "sip:", "a b c", "sip:x@@y", "'\"<>", "x" * 300])
def test_what_cannot_be_called_is_told(window: Window, typed: str) -> None:
    """Nonsense in the dial field gets a sentence; nothing else happens."""
    window.type("Call", typed)
    window.press("Call")
    window.until(lambda: any(e.role == Role.AlertMessage for e in window.elements()), "a sentence says why")
    assert window.desktop.calls.current == {}


def test_call_is_sent_on(window: Window, ben: Parley, make_parley: MakeParley) -> None:
    """Ben is sent to Cleo, and talks to her."""
    cleo = make_parley(C_HZ)
    call(window, ben)
    window.press("More", None)
    window.type("Send to", cleo.uri)
    window.press("Send on")
    cleo.wait_call(state="incoming")
    cleo.do("answer")
    ben.wait_heard(C_HZ)
    window.until(lambda: not window.desktop.calls.rows.all, "Ann has left")


def test_calls_are_swapped_joined_and_recorded(
    window: Window, ann: Parley, ben: Parley, make_parley: MakeParley, tmp_path: Path
) -> None:
    """One is held while the other is talked to; then all hear each other; recording asks first."""
    cleo = make_parley(C_HZ)
    window.desktop.calls.recordings = tmp_path / "recordings"
    window.press("Settings", Role.PageTab)
    window.press("Tell other phones that calls may be recorded", Role.CheckBox)
    window.press("Call", Role.PageTab)
    call(window, ben)
    cleo.do("call", ann.uri)
    window.press("Answer")
    cleo.wait_call(state="connected", pending=None)
    ben.wait_call(remote_held=True)
    others = window.until(lambda: window.desktop.calls.others, "Ben waits")
    window.press(f"{others[0]['title']}, on hold: switch to it")
    ben.wait_call(remote_held=False)
    cleo.wait_call(remote_held=True)
    window.press("More", None)
    others = window.until(lambda: window.desktop.calls.others, "Cleo waits")
    window.press(f"Talk with {others[0]['title']} together")
    window.see("in a conference")
    assert all(one["conference"] for one in ann.status()["calls"])
    window.press("Record...")
    window.see("Ask first")
    window.press("They agree: record")
    window.see("being recorded")
    window.press("Stop recording")
    assert list((tmp_path / "recordings").glob("*.wav"))


def test_killed_backend_is_told_and_started_again(window: Window, ann: Parley, ben: Parley) -> None:
    """In mid-call: the window says so, and brings it back."""
    call(window, ben)
    assert ann.signal(signal.SIGKILL) == -signal.SIGKILL
    window.see("backend has gone")
    assert not window.shows("Hang up")
    ann.start()
    window.until(lambda: not window.shows("backend has gone"), "the window has found the new one")
    assert window.desktop.backend.connected


def test_window_that_goes_leaves_the_call(make_window: MakeWindow, ann: Parley, ben: Parley) -> None:
    """The call is the backend's; a new window finds it."""
    first = make_window(ann)
    first.press("Not now")
    call(first, ben)
    first.close()
    ben.wait_heard(A_HZ)
    second = make_window(ann)
    second.see("Encrypted, not verified")


def test_window_that_hangs_or_is_killed_leaves_the_call(
    application: object, ann: Parley, ben: Parley, tmp_path: Path
) -> None:
    """The call goes on, can be used by other means, and a new window opens beside the one that hangs."""
    windows = [Program([PARLEY, "--home", str(ann.home)], output=tmp_path / "window-1")]
    mark = ann.home / "window.sock"
    try:
        eventually(mark.exists, within=30, what="the window is open")
        ann.do("call", ben.uri)
        ben.wait_call(state="incoming")
        ben.do("answer")
        ann.wait_call(level="ENCRYPTED", pending=None)
        windows[0].signal(signal.SIGSTOP)
        ben.wait_heard(A_HZ)
        ann.do("mute")
        ann.do("unmute")
        opened = mark.stat().st_ino
        windows.append(Program([PARLEY, "--home", str(ann.home)], output=tmp_path / "window-2"))
        eventually(lambda: mark.stat().st_ino != opened, within=30, what="a new window is open")
        for window in windows:
            window.signal(signal.SIGKILL)
        ben.wait_heard(A_HZ)
        assert ann.wait_call(level="ENCRYPTED")
    finally:
        for window in windows:
            window.signal(signal.SIGCONT)
            window.end()


def test_newcomer_hears_himself(make_window: MakeWindow, ann: Parley) -> None:
    """Try it now: an echo on this computer, a secure call, a code to practise with, no trace of it after."""
    window = make_window(ann)
    window.press("Try it now")
    window.see("Encrypted, not verified")
    ann.wait_heard(A_HZ, seconds=1)
    window.press("Compare the code")
    window.see("what a person would read to you")
    assert window.desktop.trial.code == ann.wait_call(level="ENCRYPTED")["sas"]
    window.press("Hang up")
    window.until(lambda: not window.desktop.trial.running, "the echo has gone")
    window.until(lambda: ann.do("peers", "list") == [], "the echo is forgotten")


def run_window(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``parley`` to its end."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DISPLAY", "QT_", "WAYLAND"))
    }
    return subprocess.run(
        [PARLEY, "--home", str(home)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**kept, **environment},
    )


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": "127.0.0.1:6543", "QT_QPA_PLATFORM": "xcb"}])
def test_no_display_is_one_sentence(tmp_path: Path, environment: dict[str, str], loopback: Loopback) -> None:
    """Neither a missing nor an unreachable display ends in a core dump or a traceback."""
    done = run_window(tmp_path / "home", **environment)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "display" in done.stderr
