"""Every page: named for a screen reader, reached by keyboard, whole at twice the text size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from phone.sip.interface import Registration
from tests.control.backend import BEN_ZID, Backend
from tests.peers.window import ACTIVE, Role, Window

PAGES = ["Call", "Contacts", "History", "Phones", "Settings"]
TITLES = {
    "Contacts": "Add a contact",
    "History": "incoming, Encrypted",
    "Phones": "Phones you know",
    "Settings": "Text size",
}


@pytest.fixture
def lived_in(window: Window, backend: Backend) -> Window:
    """A window with an account, a known phone and a past call."""
    with backend.client() as client:
        client.request("account.add", {"uri": "sip:ann@pbx.example", "secret": "x"})
    backend.ring()
    with backend.client() as client:
        client.request("call.answer")
    backend.connect()
    backend.secure()
    window.see("Encrypted, not verified")
    backend.end()
    window.until(lambda: window.desktop.history.rows.count, "the call is history")
    window.until(lambda: window.desktop.peers.rows.find(BEN_ZID.hex()), "the phone is known")
    return window


def open_page(window: Window, page: str) -> None:
    """Go to a page."""
    window.press(page, Role.PageTab)
    if page in TITLES:
        window.until(lambda: window.shows(TITLES[page]), f"{page} is open")


def test_phone_shows_what_it_has_proved(lived_in: Window, backend: Backend) -> None:
    """And a name that it is given elsewhere."""
    open_page(lived_in, "Phones")
    backend.do(backend.trust.proved, "ann@pbx.example", BEN_ZID, 2)
    with backend.client() as client:
        client.request("peers.rename", {"peer": BEN_ZID.hex(), "name": "Benjamin"})
    lived_in.see("Benjamin")
    lived_in.see("Has proved the secret of ann@pbx.example, last on")


@pytest.mark.parametrize("page", PAGES)
def test_everything_has_a_name(lived_in: Window, page: str) -> None:
    """Whatever can be operated says what it is."""
    open_page(lived_in, page)
    active = [e for e in lived_in.elements() if e.role in ACTIVE]
    assert len(active) > len(PAGES)
    assert not [e.role for e in active if not e.name]


def test_everything_of_the_first_run_has_a_name(window: Window) -> None:
    """Qt hides the name of a field for passwords; its description says it."""
    active = [e for e in window.elements() if e.role in ACTIVE]
    assert [e.description for e in active if not e.name] == ["Password"]
    assert "Not now" in {e.name for e in active}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_first_run_is_in_sight_as_a_whole(window: Window, language: str, theme: str) -> None:
    """Nobody has to scroll for the way on."""
    window.desktop.settings.setProperty("language", language)
    window.desktop.settings.setProperty("theme", theme)
    window.picture()
    frame = window.quick.geometry()
    areas = {e.name: e.interface.rect() for e in window.elements() if e.role in ACTIVE}
    assert {"en": "Not now", "de": "Nicht jetzt"}[language] in areas
    assert not [name for name, area in areas.items() if not frame.contains(area)]


def test_what_lets_one_try_again_stays_in_sight(window: Window, backend: Backend) -> None:
    """The reasons push it down; Enter in a field leaves the keyboard there."""
    backend.registrar.state, backend.registrar.status = Registration.FAILED, 401
    window.type("Address", "ann@pbx.example")
    window.key(Qt.Key.Key_Return)
    window.key(Qt.Key.Key_Return)
    window.see("type the password anew")

    def sees_the_way_on() -> bool:
        window.picture()
        areas = [e.interface.rect() for e in window.elements() if e.name == "Check again"]
        return bool(areas) and all(map(window.quick.geometry().contains, areas))

    window.until(sees_the_way_on, "it is in sight")


@pytest.mark.parametrize("ms", [4, 6, 8, 40])
def test_closed_while_it_makes_its_pages(application: object, backend: Backend, ms: int) -> None:
    """Qt would complain of what is half made when all ends."""
    window = Window(backend.home.folder)
    window.until(lambda: not window.shows("Starting..."), "it is open")
    window.quick.setProperty("leisure", True)
    window.desktop.engine.incubationController().incubateFor(ms)
    window.close()


@pytest.mark.parametrize("page", PAGES)
def test_everything_is_reached_by_keyboard(lived_in: Window, page: str) -> None:
    """Tab goes through all that can be operated and comes round."""
    open_page(lived_in, page)
    wanted = {
        e.name for e in lived_in.elements() if e.role in ACTIVE and e.enabled and e.role != Role.PageTab
    }
    assert wanted <= lived_in.reachable(len(wanted) + len(PAGES) + 2)


@pytest.mark.parametrize("page", PAGES)
def test_keyboard_goes_in_the_order_of_reading(lived_in: Window, page: str) -> None:
    """What stands above or before comes first."""
    open_page(lived_in, page)
    read = [e.name for e in lived_in.elements() if e.role in ACTIVE and e.enabled and e.role != Role.PageTab]
    lived_in.press(page, Role.PageTab)
    reached: list[str] = []
    for _ in range(len(read) + len(PAGES) + 2):
        lived_in.key(Qt.Key.Key_Tab)
        if len(reached) < len(read) and lived_in.focused() in read:
            reached.append(lived_in.focused())
    first = reached.index(read[0])
    assert reached[first:] + reached[:first] == read


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off_at_twice_the_size(lived_in: Window, page: str) -> None:
    """No element is wider than the window, in either language."""
    lived_in.desktop.settings.setProperty("text_size", 2.0)
    open_page(lived_in, page)
    assert not lived_in.cut_off()
    lived_in.desktop.settings.setProperty("language", "de")
    assert not lived_in.cut_off()


@pytest.mark.parametrize("page", ["Phones", "Settings"])
def test_what_has_the_keyboard_is_in_sight(lived_in: Window, page: str) -> None:
    """Also where the page is longer than the window."""
    lived_in.desktop.settings.setProperty("text_size", 2.0)
    open_page(lived_in, page)
    frame = lived_in.quick.geometry()
    for _ in range(12):
        lived_in.key(Qt.Key.Key_Tab)
        lived_in.until(lambda: frame.contains(lived_in.focused_area()), "the page has followed")


def test_page_is_in_german(lived_in: Window) -> None:
    """The language changes at once, also of what the models say."""
    open_page(lived_in, "History")
    lived_in.desktop.settings.setProperty("language", "de")
    lived_in.see("Verlauf")
    lived_in.see("Verschlüsselt, nicht geprüft")
    lived_in.see("ann@pbx.example: bereit")


def test_past_calls_stay_when_another_one_ends(lived_in: Window, backend: Backend) -> None:
    """Two of them alike in the same second, too: only the new one has to be drawn."""
    rows = lived_in.desktop.history.rows
    drawn: list[object] = []
    rows.dataChanged.connect(lambda *_: drawn.append("anew"))
    rows.rowsRemoved.connect(lambda *_: drawn.append("gone"))
    for count in (2, 3):
        backend.ring()
        backend.end()
        lived_in.until(lambda count=count: rows.count == count, "the call is history")  # type: ignore[misc]
    assert drawn == []
    assert [row["missed"] for row in rows.all] == [True, True, False]
    assert lived_in.desktop.history.recent.count == 1
