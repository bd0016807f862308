"""A report that can be given away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from ui.models.report import TAIL_BYTES, Report, anonymous


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("call 1 from sip:ben.nevis@pbx.example:5060;transport=tcp (192.0.2.7)", "ben.nevis"),
        ('From: "Ben Nevis" <sip:104@pbx.example>;tag=1', "Ben Nevis"),
        ('From: "Ben Nevis" <sip:104@pbx.example>;tag=1', "104"),
        ("sips:+4930123@pbx.example", "4930123"),
        ("ann@pbx.example: the server refuses the password", "ann"),
        ("The account ann@192.0.2.1 proves nothing", "ann"),
        ("dialling tel:+49-30-123", "30-123"),
        ("/home/nevis/.config/parley cannot be written", "nevis"),
        ("zid 0123456789abcdef01234567 is known", "0123456789abcdef"),
        ("key c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ==", "c2VjcmV0"),
        ("HA1 5f4dcc3b5aa765d61d8327deb882cf99", "5f4dcc3b"),
    ],
)
def test_what_says_who_or_may_be_a_key_is_left_out(line: str, secret: str) -> None:
    """Whoever logged it."""
    assert secret not in anonymous(line)


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-02 03:04:05,678 WARNING parley.sip: SIP did not end well: EADDRINUSE",
        "microphone: Desk microphone cannot be opened: busy",
        '  File "phone/calls/switchboard.py", line 252, in call_incoming',
    ],
)
def test_what_helps_to_find_a_fault_stays(line: str) -> None:
    """Times, rooms, reasons."""
    assert anonymous(line) == line


@pytest.mark.parametrize("piece", ["x", "sip:", '"', "a@", "tel:", "/home/", "0f", '" <sip:'])
def test_no_log_keeps_the_window_waiting(piece: str) -> None:
    """Whoever calls has a part in what is logged; each place must not cost all that follows."""
    anonymous(piece * (TAIL_BYTES // len(piece)))


def test_server_stays() -> None:
    """The fault may lie there."""
    assert anonymous("sip:ann@pbx.example: no answer") == "sip:[left out]@pbx.example: no answer"


def test_report_is_the_end_of_the_log_and_versions(application: object, tmp_path: Path) -> None:
    """On the clipboard, when it is asked for; a log that is not there is none."""
    log = tmp_path / "parley.log"
    report = Report(log)
    report.refresh()
    assert report.text == ""
    log.write_text("x" * TAIL_BYTES + "\ncall 1 from sip:ben@pbx.example\n")
    report.refresh()
    copied = [report.copied]
    report.copy()
    assert [*copied, report.copied] == [False, True]
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Parley ")
    assert text.endswith("call 1 from sip:[left out]@pbx.example\n")
