"""The page of settings: what calls offer, sound, and starting at login."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from phone.sip.interface import Registration
from tests.control.backend import Backend
from tests.peers.window import Role, Window


@pytest.fixture
def opened(window: Window) -> Window:
    """A window on its settings."""
    window.press("Not now")
    window.press("Settings", Role.PageTab)
    return window


def names(backend: Backend, kind: str) -> list[str]:
    """Return what the next call offers."""
    return backend.do(backend.algorithms.configuration).names()[kind]


def test_codecs_are_ordered_and_switched_off(opened: Window, backend: Backend) -> None:
    """The last one cannot be; and all come back."""
    opened.press("Show them", Role.CheckBox)
    opened.press("PCMA, 8 kHz: offer it earlier")
    opened.until(lambda: backend.offered == ["PCMA/8000", "G722/16000", "PCMU/8000"], "PCMA is first")
    opened.press("G722, 16 kHz", Role.CheckBox)
    opened.press("PCMU, 8 kHz", Role.CheckBox)
    opened.until(lambda: backend.offered == ["PCMA/8000"], "PCMA is all there is")
    opened.until(lambda: not opened.find("PCMA, 8 kHz", Role.CheckBox).enabled, "it has to stay")
    opened.press("As Parley comes")
    opened.until(lambda: backend.offered == [], "all are back")
    opened.until(lambda: not opened.shows("As Parley comes"), "nothing is chosen")


def test_algorithms_are_ordered_and_switched_on(opened: Window, backend: Backend) -> None:
    """What is mandatory stays; the choice is the backend's."""
    opened.press("Show them", Role.CheckBox)
    opened.press("P-384 (EC38)", Role.CheckBox)
    opened.see("A Hello has room for 7 key agreements")
    assert not opened.find("Diffie-Hellman, 3072 bits (DH3k)", Role.CheckBox).enabled
    opened.press("SHA3-256 (N256)", Role.CheckBox)
    opened.until(lambda: "N256" in names(backend, "hashes"), "it is offered")
    opened.until(lambda: not opened.shows("A Hello has room"), "what was refused is past")
    opened.press("AES-256 (AES3): offer it earlier")
    opened.until(lambda: names(backend, "ciphers") == ["AES3", "AES1"], "AES-256 is first")
    opened.desktop.offers.reset("ciphers")
    opened.until(lambda: names(backend, "ciphers") == ["AES1", "AES3"], "as it was")


def test_weak_password_is_told_and_replaced(opened: Window, backend: Backend) -> None:
    """The server gets the new one first; the account has it as soon as the user says so."""
    account = {"uri": "sip:ann@pbx.example", "secret": "secret", "realm": "pbx"}
    with backend.client() as client:
        client.request("account.add", account)
    opened.see("The secret can be guessed.")
    opened.see("Logins cross the network unencrypted (udp)")
    opened.see("A graphics card would need less than a second for this one.")
    opened.desktop.settings.setProperty("language", "de")
    opened.see("Eine Grafikkarte bräuchte für dieses weniger als eine Sekunde.")
    opened.desktop.settings.setProperty("language", "en")
    opened.press("New secret...")
    opened.see("in place of the account's auth section")
    opened.press("For an older Asterisk: the secret itself, in place of its digests", Role.CheckBox)
    renewal = opened.desktop.new_secret
    opened.until(lambda: "password=" in renewal.section, "the lines have the secret itself")
    opened.press("Copy")
    opened.see("Copied")
    (line,) = [line for line in renewal.section.splitlines() if line.startswith("password=")]
    assert QGuiApplication.clipboard().text() == renewal.section
    backend.registrar.state, backend.registrar.reason = Registration.FAILED, "The password is wrong."
    opened.press("They are there: use the secret")
    opened.see("The server does not take it: The password is wrong.")
    secret = backend.sip_accounts[-1].settings.secret
    assert secret is not None
    assert f"password={secret.reveal().decode()}" == line
    backend.registrar.state = Registration.REGISTERED
    opened.press("They are there: use the secret")
    opened.see("The server has taken the new secret.")
    opened.until(lambda: not opened.shows("The secret can be guessed."), "it cannot be guessed any more")
    assert renewal.section == ""


def test_secret_that_cannot_be_made_says_why(opened: Window, backend: Backend) -> None:
    """A realm has to be known; there is a way back."""
    with backend.client() as client:
        client.request("account.add", {"uri": "sip:ann@pbx.example", "secret": "secret"})
    opened.press("New secret...")
    opened.see("The realm of ann@pbx.example is not known")
    opened.press("Cancel")
    opened.until(lambda: not opened.shows("The realm of"), "the card has gone")


def test_kept_secrets_are_listed_and_forgotten(opened: Window, backend: Backend) -> None:
    """As they come and go by the command line; nobody hears of any where there is none."""
    assert not opened.shows("Secrets of those who call")
    kept = {"user": "ben", "realm": "pbx", "secret": "correct horse", "remember": False}
    with backend.client() as client:
        client.request("secret.keep", kept)
        opened.see("ben at pbx")
        opened.see("calls without a server, until the backend ends")
        opened.press("Forget")
        opened.until(lambda: not opened.shows("Secrets of those who call"), "it is forgotten")
        assert client.request("secret.list") == []
    refused: list[str] = []
    opened.desktop.kept.told.connect(refused.append)
    opened.desktop.kept.forget("ben", "")
    opened.until(lambda: refused, "it cannot be forgotten twice")


def test_device_is_tried(opened: Window) -> None:
    """It is refused during a call, in words."""
    refused: list[str] = []
    opened.desktop.devices.refused.connect(refused.append)
    opened.press("Try the loudspeaker")
    opened.press("Try the ringer")
    assert not refused


def test_microphone_is_cleaned_by_two_switches(opened: Window) -> None:
    """Echo goes as Parley comes, and the sentence under it is about now; loudness is left as it is."""
    opened.see("Echo and noise are seen to during calls.")
    switch = "Take echo and noise out of what I say"
    opened.until(lambda: opened.desktop.devices.cancels_echo, "it is on")
    opened.press(switch, Role.CheckBox)
    opened.until(lambda: not opened.desktop.devices.cancels_echo, "it is off")
    opened.press(switch, Role.CheckBox)
    opened.until(lambda: opened.desktop.devices.cancels_echo, "it is on again")
    opened.press("Make me as loud as others, however far the microphone is", Role.CheckBox)
    opened.until(lambda: opened.desktop.devices.evens_out, "it is on")


def test_switch_that_is_refused_goes_back(opened: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """And why is said, also where the switch does nothing for want of a library."""
    monkeypatch.setattr("phone.calls.sound.is_installed", lambda: False)
    switch = "Make me as loud as others, however far the microphone is"
    opened.press(switch, Role.CheckBox)
    opened.see("The echo canceller is not installed")
    opened.until(lambda: not opened.find(switch, Role.CheckBox).interface.state().checked, "it is off")


def test_parley_starts_at_login(opened: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a file that the desktop reads, and no longer without it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "autostart" / "parley.desktop"
    opened.press("Start at login", Role.CheckBox)
    assert "Exec=" in file.read_text()
    opened.press("Start at login", Role.CheckBox)
    assert not file.exists()
