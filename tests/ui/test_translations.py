"""German says everything that English says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from zxcvbn.time_estimates import display_time

from phone.calls import health, reasons, security, sound
from phone.calls.findings import Check, Verdict
from phone.calls.strength import estimate
from phone.calls.values import Why
from phone.doctor import words
from phone.secret import Secret
from phone.sip import reasons as sip_reasons
from ui import refusals

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "ui" / "translations"
TOOLS = Path(sys.executable).parent


def messages(file: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return text and completeness of every translation, by context and source."""
    return {
        (context.findtext("name", ""), message.findtext("source", "")): (
            message.findtext("translation", ""),
            (found := message.find("translation")) is not None and found.get("type") is None,
        )
        for context in ElementTree.parse(file).getroot().iter("context")
        for message in context.iter("message")
    }


@pytest.mark.parametrize("name", ["parley_de", "backend_de"])
def test_translations_are_complete(name: str) -> None:
    """None is empty or unfinished, and all have the same places to fill."""
    for (_, source), (text, finished) in messages(FOLDER / f"{name}.ts").items():
        assert finished, source
        assert text, source
        places = r"%\d|\{\w+\}"
        assert sorted(re.findall(places, text)) == sorted(re.findall(places, source)), source


def test_no_text_of_the_window_is_missing(tmp_path: Path) -> None:
    """What ``ui/translations/update`` would find is there."""
    fresh = tmp_path / "parley_de.ts"
    sources = [str(path) for kind in ("*.qml", "*.py") for path in sorted((ROOT / "ui").rglob(kind))]
    command = [TOOLS / "pyside6-lupdate", "-silent", "-extensions", "qml,py", *sources, "-ts", fresh]
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)
    assert messages(fresh).keys() == messages(FOLDER / "parley_de.ts").keys()


def test_what_the_backend_says_of_protection_is_known() -> None:
    """Every cause and remedy, and every way a call or a registration ends whose words are fixed."""
    whys = [value for value in vars(security).values() if isinstance(value, Why)]
    said = {text for why in whys for text in (why.text, why.remedy) if text}
    said |= {security.REQUIRED, security.UNTIL_ANSWERED, security.CLEAR_REFUSED, security.ENROLLMENT_OFFERED}
    said |= set(reasons._WORDS.values()) | set(sip_reasons._REGISTRATION.values())
    said |= set(sound.ECHO_REASONS.values()) | {*sound.LACKING.values(), sound.LOUDER}
    known = {source for _, source in messages(FOLDER / "backend_de.ts")}
    assert {text for text in said if "{" not in text} <= known


def test_what_the_doctor_finds_of_an_account_is_known() -> None:
    """Whatever the window shows of it; places stay places."""
    shown = (Check.DNS, Check.PORT, Check.DIGEST, Check.VERSIONS)
    broken = [
        value
        for value in vars(words).values()
        if isinstance(value, words.Words) and value.check in shown and value.verdict is Verdict.BROKEN
    ]
    said = {text for one in broken for text in (one.found, one.remedy)}
    said |= {text for pair in words.UNREACHED.items() for text in pair}
    said |= {words.NETWORK_REMEDY, words.REFUSED_REMEDY_LOG, *sip_reasons._TRANSPORT_FAILURES.values()}
    known = {source for _, source in messages(FOLDER / "backend_de.ts")}
    assert said - {sip_reasons._TRANSPORT_FAILURES[sip_reasons.UNRESOLVED]} <= known


def test_what_there_is_to_say_against_a_secret_is_known() -> None:
    """And how long it takes to guess it."""
    said = {health.GUESSABLE, health.PERHAPS_GUESSABLE, health.UNKNOWN, health.SHARED, health.EXPOSED}
    said |= {
        text.removeprefix(health.EXPOSED).strip() for text in (health.EXPOSED_FOR, health.EXPOSED_UNKNOWN)
    }
    lengths = (
        0.1,
        *(count * unit for unit in (1, 60, 3600, 86400, 31 * 86400, 372 * 86400) for count in (1, 2)),
    )
    times = {display_time(seconds) for seconds in (*lengths, 1e12)} | {estimate(Secret(b""), ()).at_proof}
    said |= {time.lstrip("12 ") for time in times}
    known = {source for _, source in messages(FOLDER / "backend_de.ts")}
    assert said <= known


REFUSING = ("audio/wav.py", "calls", "media", "sip", "store/kept.py", "store/secrets.py", "store/trust.py")
"""Where that is refused which a person can ask for in the window."""
UNSEEN = {
    # before there is a backend that a window could ask
    "No port is free for both UDP and TCP.",
    "Parley needs pjsua2 {}; this is {}.",
    "SIP cannot start: {}.",
    "This build of pjsua2 has media transports that Parley does not know.",
    "{} cannot be opened: {}.",
    "{} is in use by another program.",
    # caught where they are raised
    "There is no keyring here.",
    "This is no answer of a SIP server.",
    # the window has no attendants
    "To {} needs the whole path of a file.",
    # two sentences, both known
    "{} called {}: there is {}.",
}
"""What is not said in the window."""


def refusals_in(path: Path) -> Iterator[str]:
    """Return the sentences that a module raises, with ``{}`` for what changes."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(text)), *_])):
                yield text
            case ast.Raise(exc=ast.Call(args=[ast.JoinedStr(values=values), *_])):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)


def test_refusals_are_known() -> None:
    """With whatever stands in them."""
    known = {source for _, source in messages(FOLDER / "backend_de.ts")}
    assert set(refusals.TEMPLATES) <= known
    files = [file for room in REFUSING for file in sorted((ROOT / "phone" / room).rglob("*.py"))]
    files += [ROOT / "phone" / room for room in REFUSING if room.endswith(".py")]
    said = {text for file in files for text in refusals_in(file)}
    missing = {
        text
        for text in said - UNSEEN
        if text not in known and not refusals.recognised(text.replace("{}", "x"))
    }
    assert not missing


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("There is no call 7.", "Es gibt keinen Anruf 7."),
        (
            "Call 1 is ended: only a connected call can be held.",
            "Anruf 1 (beendet): nur ein verbundener Anruf kann gehalten werden.",
        ),
        (
            "Line 3: 'a b' cannot be called: use sip:USER@HOST, or a number.",
            "Zeile 3: 'a b' kann nicht angerufen werden: Schreiben Sie sip:NAME@RECHNER oder eine Nummer.",
        ),
        ("Whatever else it says.", "Whatever else it says."),
    ],
)
def test_refusals_in_german(application: QApplication, sentence: str, german: str) -> None:
    """Names and numbers stay, and what is refused inside is German as well."""
    translator = QTranslator()
    assert translator.load(str(FOLDER / "backend_de.qm"))
    application.installTranslator(translator)
    try:
        assert refusals.in_own_words(sentence) == german
    finally:
        application.removeTranslator(translator)
    assert refusals.in_own_words(sentence) == sentence


@pytest.mark.parametrize("name", ["parley_de", "backend_de"])
def test_what_is_loaded_is_what_was_translated(name: str, tmp_path: Path) -> None:
    """The .qm files are made from these .ts files."""
    made = tmp_path / "made.qm"
    subprocess.run([TOOLS / "pyside6-lrelease", "-silent", FOLDER / f"{name}.ts", "-qm", made], check=True)
    assert made.read_bytes() == (FOLDER / f"{name}.qm").read_bytes()
