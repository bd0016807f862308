"""A hostile relay between two phones, as the one who sits before the window gets to see it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.end2end.conftest import MakeParley, MakeWindow
from tests.peers.between import Between
from tests.peers.impostor import Impostor
from tests.peers.parley import Fields, Parley
from tests.peers.process import Loopback
from tests.peers.relay import dropping, only_plain
from tests.peers.window import Role, Window

A_HZ, B_HZ = 440, 560


@pytest.fixture
def ann(make_parley: MakeParley) -> Parley:
    """The phone whose window is open."""
    return make_parley(A_HZ)


@pytest.fixture
def ben(make_parley: MakeParley) -> Parley:
    """The phone at the other end."""
    return make_parley(B_HZ)


@pytest.fixture
def between(ben: Parley, loopback: Loopback) -> Iterator[Between]:
    """What is on the way from Ann to Ben."""
    with contextlib.closing(Between(loopback.address(), (ben.ip, ben.sip_port))) as between:
        yield between


@pytest.fixture
def window(make_window: MakeWindow, ann: Parley) -> Window:
    """Ann's window, past the first run."""
    window = make_window(ann)
    window.press("Not now")
    return window


def call(window: Window, between: Between, ben: Parley) -> None:
    """Call Ben by the window, over the relay, and let him answer; then look at something else."""
    window.press("Call", Role.PageTab)
    window.type("Call", between.uri)
    window.press("Call")
    ben.wait_call(state="incoming")
    window.press("Settings", Role.PageTab)
    ben.do("answer")


def alarmed(window: Window, ann: Parley, **fields: Any) -> Fields:
    """Wait for the alarm; it has taken the window, its words are the backend's, Enter would hang up."""
    told = ann.wait_call(state="connected", **fields)
    window.until(lambda: window.focused() == "Hang up", "the keyboard is on Hang up")
    words = told["missing"] if told["alarm"] is None else told["alarm"]
    alarm = " ".join(e.name for e in window.elements() if e.role == Role.AlertMessage)
    heading = (
        "Someone may be listening" if told["alarm"] == "Codes do not match" else words or told["pending"]
    )
    for said in (heading, told["why"]["text"], told["why"]["remedy"]):
        assert said in alarm
    assert window.quick.title().endswith(f"{words or told['pending']} - Parley")
    assert window.find("Call", Role.PageTab).interface.state().selected
    return told


def hang_up_by_keyboard(window: Window, ann: Parley, ben: Parley) -> None:
    """Take the way out that the keyboard is on."""
    window.key(Qt.Key.Key_Return)
    ann.wait_idle()
    ben.wait_idle()


def test_protection_that_is_taken_away(window: Window, ann: Parley, ben: Parley, between: Between) -> None:
    """In mid-call, by leading the sound elsewhere; then from the next one, which goes on only by a press."""
    call(window, between, ben)
    window.see("Encrypted, not verified")
    ben.wait_heard(A_HZ)
    between.move(only_plain)
    ben.do("hold")
    ann.wait_call(remote_held=True)
    assert not window.shows("Protection lost")
    ben.do("resume")
    lost = alarmed(window, ann, pending="Protection lost", remote_held=False)
    assert (lost["why"]["cause"], lost["statistics"]["plain_sent"]) == ("moved", 0)
    hang_up_by_keyboard(window, ann, ben)

    between.attack(dropping(b"any"))
    call(window, between, ben)
    lost = alarmed(window, ann, pending="Protection lost")
    assert lost["missing"].startswith("Protection missing since 20")
    assert lost["statistics"]["plain_sent"] == 0
    window.press("Do not ask again for this address", Role.CheckBox)
    window.press("Go on without encryption")
    ben.wait_call(pending="Protection lost")
    ben.do("clear")
    settled = ann.wait_call(pending=None, missing=None)
    window.see({"CLEAR": "Not encrypted", "TO_SERVER": "Encrypted to the server"}[settled["level"]])
    assert not window.shows("Protection missing")
    window.press("Hang up")
    ann.wait_idle()
    ben.wait_idle()

    call(window, between, ben)
    settled = ann.wait_call(state="connected", level=settled["level"], pending=None)
    assert settled["missing"] is None


def test_somebody_in_between(window: Window, ann: Parley, ben: Parley, between: Between) -> None:
    """Ben's key seems to have changed, and his code is another one; without him it asks, and goes on."""
    call(window, between, ben)
    window.press("Call", Role.PageTab)
    window.press("Compare the code")
    window.type("The four characters you hear", ben.wait_call(level="ENCRYPTED")["sas"])
    window.press("Compare")
    window.press("Remember")
    window.see("Verified with")
    window.press("Hang up")
    ann.wait_idle()

    impostor = Impostor()
    between.attack(impostor, hashes=False)
    call(window, between, ben)
    alarmed(window, ann, alarm="Key changed")
    theirs = ben.wait_call(state="connected", alarm="Key changed")["sas"]
    window.until(lambda: impostor.heard, "what Ben says is overheard")
    window.press("Compare the code now")
    window.type("The four characters you hear", theirs)
    window.press("Compare")
    alarmed(window, ann, alarm="Codes do not match")
    assert "Go on all the same" not in window.texts()
    hang_up_by_keyboard(window, ann, ben)

    between.attack()
    call(window, between, ben)
    told = alarmed(window, ann, pending="Protection lost")
    assert (told["level"], told["alarm"]) == ("ENCRYPTED", None)
    window.press("Go on all the same")
    window.see("Encrypted, not verified")
    ben.wait_heard(A_HZ)
