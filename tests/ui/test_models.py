"""The models, by the signals and values that the window binds to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl

from phone.sip.interface import Registration
from phone.sip.reasons import REFUSED
from tests.control.backend import BEN_ZID, SAS, Backend
from tests.peers.window import Role, Window


def test_account_is_added_in_two_fields(window: Window, backend: Backend) -> None:
    """Address and password; its server is asked at once."""
    window.type("Address", "ann@pbx.example")
    window.press("Add account")
    window.see("ann@pbx.example: ready")
    assert [row["uri"] for row in window.desktop.accounts.rows.all] == ["sip:ann@pbx.example"]


def test_refused_account_is_told_and_not_kept(window: Window, backend: Backend) -> None:
    """The cause and the remedy in words; what was typed stays, to be corrected and checked again."""
    backend.registrar.state, backend.registrar.status = Registration.FAILED, 401
    window.type("Address", "ann@pbx.example")
    window.press("Add account")
    window.see("The server refuses the password, or it has no user ann")
    window.see("type the password anew")
    with backend.client() as client:
        window.until(lambda: client.request("account.list") == [], "the account is not kept")
    window.desktop.settings.setProperty("language", "de")
    window.see("Der Server lehnt das Passwort ab, oder er hat keinen Benutzer ann")
    window.desktop.settings.setProperty("language", "en")
    backend.registrar.state, backend.registrar.status = Registration.REGISTERED, 200
    window.press("Check again")
    window.see("ann@pbx.example: ready")


def test_account_that_fails_is_checked_again(window: Window, backend: Backend) -> None:
    """Its row says why and what helps, and nothing of that any more once it works."""
    accounts = window.desktop.accounts
    with backend.client() as client:
        client.request("account.add", {"uri": "sip:ann@pbx.example", "secret": "x"})
        window.until(lambda: accounts.rows.find("ann@pbx.example"), "it is there")
        backend.registrar.state = Registration.FAILED
        client.request("account.test")
    window.press("Settings", Role.PageTab)
    backend.network.silent = REFUSED
    window.press("Check again")
    window.see("pbx.example:5060 refuses the connection: nothing listens on that port.")
    window.see("whether it takes UDP")
    backend.network.silent, backend.registrar.state = None, Registration.REGISTERED
    window.press("Check again")
    window.until(lambda: not window.shows("refuses the connection"), "it works")
    window.see("Connect again")
    backend.network.silent = REFUSED
    window.press("Connect again")
    window.see("refuses the connection")  # though it was registered until now


@pytest.mark.parametrize("typed", ["@", "a@b c", "ann@", "sip:@host", "ann@host:99999999"])
def test_nonsense_for_an_address_is_told(window: Window, typed: str) -> None:
    """One sentence, and no account."""
    window.desktop.accounts.add({"uri": typed, "secret": "", "transport": "udp", "policy": "prefer"})
    window.until(lambda: window.desktop.accounts.problem, "a sentence says why")
    assert window.desktop.accounts.rows.all == []
    assert not window.desktop.accounts.busy


def test_call_comes_in_and_is_secured(window: Window, backend: Backend) -> None:
    """What the backend tells is what is shown."""
    rang: list[dict[str, object]] = []
    window.desktop.calls.rang.connect(rang.append)
    backend.ring()
    window.until(lambda: window.desktop.calls.incoming, "it rings")
    window.press("Answer")
    backend.connect()
    window.see("Securing...")
    backend.secure()
    window.see("Encrypted, not verified")
    assert len(rang) == 1
    assert window.desktop.calls.current["sas"] == SAS


def test_known_phone_is_renamed_and_forgotten(window: Window, backend: Backend, tmp_path: Path) -> None:
    """The trust store by hand, and as a file without keys."""
    backend.ring()
    window.press("Answer")
    backend.connect()
    backend.secure()
    window.see("Encrypted, not verified")
    backend.end()
    peers = window.desktop.peers
    window.until(lambda: peers.rows.find(BEN_ZID.hex()), "the phone is known")
    window.press("Phones", Role.PageTab)
    window.press("Rename")
    window.type("Whose phone is it?", "Benjamin")
    window.key(Qt.Key.Key_Return)
    window.see("Benjamin")
    told: list[str] = []
    peers.told.connect(told.append)
    file = tmp_path / "phones.json"
    peers.export(QUrl.fromLocalFile(str(file)))
    window.until(lambda: told, "it is written")
    assert file.stat().st_mode & 0o077 == 0
    window.press("Forget")
    window.press("Forget it")
    window.until(lambda: not peers.rows.all, "it is forgotten")
    peers.learn(QUrl.fromLocalFile(str(file)))
    window.until(lambda: peers.rows.all, "it is known by name again")
    peers.learn(QUrl.fromLocalFile(str(tmp_path / "nothing")))
    assert told[-1] == "The file cannot be read."


def test_backend_that_goes_is_told(window: Window, backend: Backend) -> None:
    """Its calls are not shown any more, and what is asked of it is refused."""
    backend.ring()
    window.until(lambda: window.desktop.calls.incoming, "it rings")
    backend.close()
    window.see("backend has gone")
    assert window.desktop.calls.incoming == {}
    refused: list[str] = []
    window.desktop.calls.refused.connect(refused.append)
    window.desktop.calls.dial("sip:ben@192.0.2.7")
    assert refused == ["Parley's backend is not running."]


def test_link_fills_the_field_and_never_dials(window: Window) -> None:
    """A web page may be behind it."""
    window.desktop.taken.emit("tel:+4930123456")
    field = window.find("Call", Role.EditableText)
    window.until(
        lambda: field.interface.textInterface().text(0, 99) == "+4930123456", "the number stands there"
    )
    assert window.desktop.calls.rows.all == []


def test_settings_outlive_the_window(window: Window, backend: Backend) -> None:
    """They lie beside the accounts, and nonsense in the file is nothing."""
    settings = window.desktop.settings
    settings.setProperty("theme", "dark")
    settings.setProperty("text_size", 9.0)
    assert (settings.theme, settings.text_size) == ("dark", 2.0)
    settings.setProperty("theme", "pink")
    settings.setProperty("language", "xx")
    assert (settings.theme, settings.language) == ("system", "system")
    assert (backend.home.folder / "window.ini").exists()


def test_nothing_is_used_up(window: Window, backend: Backend) -> None:
    """A window is open for days: what Qt and Python exchange costs neither any references."""
    shared = (None, True, False)
    before = [sys.getrefcount(value) for value in shared]
    for _ in range(300):
        window.desktop.calls.changed.emit()
        window.desktop.accounts.changed.emit()
        window.quick.objectName()
    lost = [count - sys.getrefcount(value) for count, value in zip(before, shared, strict=True)]
    assert max(lost) < 100
