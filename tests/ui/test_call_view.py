"""A call on the screen: loudness, quality, keys, sending on, trust."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.control.backend import SECURED, Backend
from tests.peers.window import ACTIVE, Role, Window


@pytest.fixture
def talking(window: Window, backend: Backend) -> Window:
    """A window with a secure call."""
    backend.ring()
    window.press("Answer")
    backend.connect()
    backend.secure()
    window.see("Encrypted, not verified")
    return window


def test_loudness_is_set_and_seen(talking: Window, backend: Backend) -> None:
    """Microphone and loudspeaker, while one listens."""
    talking.press("Sound", Role.CheckBox)
    talking.see("Microphone, level")
    talking.until(lambda: talking.desktop.devices.levels["microphone"] > 0, "the level is followed")
    slider = talking.find("Loudspeaker: 100 %", Role.Slider)
    slider.interface.actionInterface().doAction("Increase")
    talking.see("Loudspeaker: 110 %")
    talking.until(lambda: backend.volume == (1.0, 1.1), "it is louder")
    talking.press("Sound", Role.CheckBox)
    talking.until(lambda: not talking.shows("Microphone, level"), "it is put away")


def test_pbx_that_asks_is_trusted_by_one_press(talking: Window, backend: Backend) -> None:
    """Only if it asks; and it is said that this has been done."""
    assert not talking.shows("trust it")
    assert backend.leg is not None
    backend.leg.state = replace(backend.leg.state, secured=replace(SECURED, enrollment_offered=True))
    talking.see("The PBX asks to be trusted")
    talking.press("It is my own PBX: trust it")
    talking.see("Trusted from the next call on")
    assert backend.leg.enrolled


def test_everything_is_reached_by_keyboard(talking: Window) -> None:
    """With all panels open; and the keyboard is seen."""
    for panel in ("Sound", "Keypad", "More"):
        talking.press(panel, Role.CheckBox)
    wanted = {e.name for e in talking.elements() if e.role in ACTIVE - {Role.PageTab} and e.enabled}
    assert {"Hang up", "Mute", "Star", "Send to", "Record...", "The line is good"} <= wanted
    assert wanted <= talking.reachable(len(wanted) + 12)


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_is_cut_off_at_twice_the_size(window: Window, backend: Backend, language: str) -> None:
    """From ringing to the question who that was."""
    window.desktop.settings.setProperty("text_size", 2.0)
    window.desktop.settings.setProperty("language", language)
    window.desktop.contacts.propose("Ben", "104")
    backend.ring()
    calls = window.desktop.calls
    call = window.until(lambda: calls.incoming, "it rings")["id"]
    assert not window.cut_off()
    calls.answer(call)
    backend.connect()
    backend.secure()
    window.until(lambda: calls.current.get("level") == "ENCRYPTED", "it is encrypted")
    for panel in [e.name for e in window.elements() if e.role == Role.CheckBox]:
        window.press(panel, Role.CheckBox)
    assert not window.cut_off()
    calls.compare(call)
    assert not window.cut_off()
    calls.verify(call, "yyyy")
    window.until(lambda: calls.current["ritual"] == "differed", "the codes differ")
    assert not window.cut_off()


def test_keys_are_pressed(talking: Window, backend: Backend) -> None:
    """With the mouse, or typed."""
    talking.press("Keypad", Role.CheckBox)
    for key in ("1", "Star", "Hash"):
        talking.press(key)
    for letter in (Qt.Key.Key_4, Qt.Key.Key_X, Qt.Key.Key_Asterisk):
        talking.key(letter)
    sent = [f"dtmf {key}" for key in "1*#4*"]
    talking.until(lambda: sent == backend.sip_call.asked[-5:], "they have been sent")


def test_other_side_is_sent_on_by_name(talking: Window, backend: Backend) -> None:
    """The field completes, as the dial field does."""
    talking.desktop.contacts.save("", "Cleo", "sip:cleo@192.0.2.9", "")
    talking.press("More", Role.CheckBox)
    talking.type("Send to", "cle")
    talking.press("Cleo   sip:cleo@192.0.2.9")
    talking.press("Send on")
    talking.until(lambda: "transfer sip:cleo@192.0.2.9" in backend.sip_call.asked, "it is asked for")


def test_caller_is_sent_away(window: Window, backend: Backend) -> None:
    """To somebody who has time; nonsense is told, and it rings on."""
    window.press("Not now")
    backend.ring()
    window.press("Send to somebody else...")
    window.type("Send the caller to", "a b c")
    window.press("Send there")
    window.see("is not an address Parley can call")
    window.type("Send the caller to", "sip:cleo@192.0.2.9")
    window.key(Qt.Key.Key_Return)
    window.until(
        lambda: any("sip:cleo@192.0.2.9" in one for one in backend.sip_call.asked), "the caller is sent there"
    )


def test_ringing_does_not_take_the_keyboard_from_who_types(window: Window, backend: Backend) -> None:
    """Enter would answer the call; Ctrl and Enter does."""
    window.press("Not now")
    window.type("Call", "sip:cleo")
    backend.ring()
    window.see("Incoming call")
    assert window.focused() == "Call"
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.until(lambda: "answer" in backend.sip_call.asked, "it is answered")


def test_quality_shows_its_numbers_on_request(talking: Window, backend: Backend) -> None:
    """Plain words until then."""
    talking.press("The line is good")
    talking.see("G722. Lost")
