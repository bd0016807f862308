"""Alarms, and what is wrong around the window."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from phone.audio.devices import Devices
from phone.control.contract import ControlError
from phone.media.encryption import LegState, Protection
from tests.control.backend import SAS, SECURED, Backend
from tests.fakes import IDLE
from tests.peers.window import Role, Window

SECURE = replace(IDLE, protection=Protection.SECURE, secured=SECURED)
MOVED = replace(IDLE, protection=Protection.SUSPENDED, no_zrtp=True)
CLEARED = replace(IDLE, protection=Protection.SUSPENDED, cleared=True)
CHANGED = replace(SECURE, secured=replace(SECURED, cache_mismatch=True))

NASTY = [
    "",
    " ",
    "\x00\x07",
    "\u202egnp.exe",
    "'; DROP TABLE contact; --",
    '"><script>',
    "%s{0}%n",
    "😀" * 50,
    "x" * 5000,
    "sip:" + "a" * 300 + "@" + "b" * 300,
    "sip:a@b\r\nInvite: x",
]


@pytest.fixture
def secure(window: Window, backend: Backend) -> Window:
    """A window on its settings, with a secure call."""
    backend.ring()
    window.press("Answer")
    backend.connect()
    backend.secure()
    window.see("Encrypted, not verified")
    window.press("Settings", Role.PageTab)
    return window


@pytest.mark.parametrize(
    ("state", "words", "ways"),
    [
        (MOVED, "Protection lost", {"Hang up", "Go on without encryption"}),
        (CLEARED, "Protection lost", {"Hang up", "Go on without encryption"}),
        (CHANGED, "Key changed", {"Hang up", "Compare the code now"}),
    ],
)
def test_alarm_comes_forward_with_its_ways_out(
    secure: Window, backend: Backend, state: LegState, words: str, ways: set[str]
) -> None:
    """Whatever page is open; hanging up is the default, and one press."""
    backend.become(state)
    secure.until(
        lambda: any(e.role == Role.AlertMessage and words in e.name for e in secure.elements()), words
    )
    offered = {"Hang up", "Go on without encryption", "Compare the code now", "They misread it, try again"}
    secure.until(
        lambda: {e.name for e in secure.elements() if e.role == Role.Button} & offered == ways,
        "it has its ways out, and no others",
    )
    secure.until(lambda: secure.focused() == "Hang up", "the keyboard is on it")
    secure.key(Qt.Key.Key_Return)
    secure.until(lambda: "hang up" in backend.sip_call.asked, "it is hung up")


@pytest.mark.parametrize("state", [MOVED, CHANGED])
def test_alarm_takes_the_place_of_the_card(secure: Window, backend: Backend, state: LegState) -> None:
    """What comes up while codes are being compared; and there is a way out in every state of it."""
    secure.press("Call", Role.PageTab)
    secure.press("Compare the code")
    secure.see("Is it really")
    backend.become(state)
    secure.until(lambda: secure.focused() == "Hang up", "the keyboard is on it")
    assert not secure.shows("Is it really")
    if state is CHANGED:
        secure.press("Compare the code now")
        secure.see("Is it really")
        secure.press("Hang up")
        secure.until(lambda: "hang up" in backend.sip_call.asked, "it is hung up")


def test_codes_found_to_differ_elsewhere_are_an_alarm(secure: Window, backend: Backend) -> None:
    """By the command line, say: it may have been misread there, too."""
    secure.press("Call", Role.PageTab)
    secure.press("Compare the code")
    with backend.client() as client, pytest.raises(ControlError):
        client.request("call.verify", {"code": "yyyy"})
    secure.see("Someone may be listening")
    secure.press("They misread it, try again")
    secure.see("Is it really")


def test_quick_answer_to_an_alarm_is_not_taken_for_another_try(secure: Window) -> None:
    """Who says that it was misread before the backend has answered has one more try all the same."""
    calls = secure.desktop.calls
    call = calls.current["id"]
    calls.compare(call)
    calls.alarmed.connect(lambda _: calls.misread(call))
    calls.verify(call, "yyyy")
    answered: list[object] = []
    secure.desktop.backend.request("status", {}, answered.append)
    secure.until(lambda: answered, "what was asked for before is answered too")
    assert calls.current["ritual"] == "asking again"
    calls.verify(call, "yyyy")
    secure.until(lambda: calls.current["ritual"] == "refused", "the second time is the last")


def test_protection_of_earlier_calls_that_is_missing_is_asked_about(secure: Window, backend: Backend) -> None:
    """Whoever was verified and now speaks no ZRTP at all; going on takes a press, for good one more."""
    calls = secure.desktop.calls
    calls.verify(calls.current["id"], SAS)
    secure.until(lambda: calls.current["level"] == "VERIFIED", "Ben is verified")
    backend.end()
    secure.until(lambda: not calls.rows.all, "the call is over")
    backend.ring()
    secure.press("Answer")
    backend.connect()
    leg = backend.leg
    assert leg is not None
    backend.become(MOVED)
    secure.see("Protection missing since")
    secure.until(lambda: secure.focused() == "Hang up", "the keyboard is on Hang up")
    secure.press("Go on without encryption")
    secure.until(lambda: leg.clear_allowed, "the backend is told")
    assert calls.current["missing"]
    secure.press("Do not ask again for this address", Role.CheckBox)
    secure.press("Go on without encryption")
    backend.end()
    secure.until(lambda: not calls.rows.all, "the call is over")
    backend.ring()
    secure.press("Answer")
    backend.connect()
    backend.become(MOVED)
    secure.see("Protection lost")
    assert not secure.shows("Protection missing")
    assert not secure.shows("Do not ask again for this address")


def test_going_on_in_clear_takes_a_press(secure: Window, backend: Backend) -> None:
    """Nothing else does it."""
    leg = backend.leg
    assert leg is not None
    backend.become(CLEARED)
    secure.see("Go on without encryption")
    before = leg.clear_allowed
    secure.press("Go on without encryption")
    secure.until(lambda: leg.clear_allowed and not before, "the backend is told")


def test_no_sound_device_is_said_in_the_call(window: Window, backend: Backend) -> None:
    """The call goes on, and so does the window."""

    async def none() -> Devices:
        return Devices("", (), ())

    backend.sound._enumerate = none
    window.desktop.devices.refresh()
    backend.ring()
    window.press("Answer")
    backend.connect()
    window.see("There is no microphone, or no loudspeaker")


def test_nonsense_in_any_field_is_told_or_taken(secure: Window, backend: Backend) -> None:
    """The backend goes on, the call too, and Qt has nothing to complain of."""
    desktop = secure.desktop
    call = desktop.calls.current["id"]
    fields: list[Callable[[str], object]] = [
        desktop.calls.dial,
        desktop.contacts.dialable,
        desktop.contacts.look_for,
        lambda text: desktop.contacts.suggest("Call", text),
        lambda text: desktop.contacts.save("", text, "104", ""),
        lambda text: desktop.contacts.save("", "Ben", text, ""),
        lambda text: desktop.calls.transfer(call, text),
        lambda text: desktop.calls.press(call, text),
        lambda text: desktop.calls.verify(call, text),
        lambda text: desktop.peers.rename(SECURED.peer_zid.hex(), text),
        *(
            lambda text, field=field: desktop.accounts.add(
                {"uri": "ann@pbx.example", "secret": "x", "transport": "udp", "policy": "prefer", field: text}
            )
            for field in ("uri", "secret", "name", "auth_user", "proxy")
        ),
    ]
    for nasty, field in itertools.product(NASTY, fields):
        field(nasty)
        secure.until(lambda: not desktop.accounts.busy, "the account is taken or refused")
    for page in ("Call", "Contacts", "History", "Phones", "Settings"):
        secure.press(page, Role.PageTab)
    with backend.client() as client:
        assert client.request("status")["calls"]
    assert desktop.backend.connected
