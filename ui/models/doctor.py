"""The backend's doctor: asked about an account, and understood in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject

from phone.control.contract import Checkup, Event, Finding, Weakness
from ui.client import Backend, Refused
from ui.models import security
from ui.models.rows import Row

translate = QCoreApplication.translate

Examined = Callable[[list[Finding]], None]


class Doctor(QObject):
    """Waits for the end of each checkup that the window has asked for."""

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._waiting: dict[str, Examined] = {}
        backend.happened.connect(self._happened)
        backend.changed.connect(self._connected)

    def examine(self, account: str, examined: Examined, refused: Refused) -> None:
        """Have one account checked; ``examined`` gets what was found, or ``refused`` why nothing was."""

        def began(checkup: Checkup) -> None:
            self._waiting[checkup["id"]] = examined

        self._backend.request("doctor.examine", {"account": account, "whole": False}, began, refused)

    def _happened(self, event: Event) -> None:
        checkup = event.get("checkup")
        if checkup is not None and checkup["done"] and (examined := self._waiting.pop(checkup["id"], None)):
            examined(checkup["findings"])

    def _connected(self) -> None:
        if not self._backend.connected:
            self._waiting.clear()  # with the backend its checkups have gone


def works(findings: Sequence[Finding]) -> bool:
    """Tell whether the server has taken the account."""
    return any(
        finding["check"] == "digest" and finding["verdict"] in ("fine", "warning") for finding in findings
    )


def broken(findings: Sequence[Finding]) -> list[Finding]:
    """Return what keeps an account from working."""
    return [finding for finding in findings if finding["verdict"] == "broken"]


def told(found: Finding | Weakness) -> Row:
    """Return what was found for the screen: ``words``, and ``remedy``, which may be empty."""
    facts = {place: _fact(value) for place, value in found["facts"].items()}
    words, remedy = (_filled(sentence, facts) for sentence in found["words"])
    return {"words": words, "remedy": remedy}


def _filled(sentence: str, facts: Mapping[str, str]) -> str:
    said = security.said(sentence) if sentence else ""
    return said.format(**facts) if facts else said


def _fact(value: str) -> str:
    """Return what stands in a place; how long something takes is words."""
    count, _, unit = value.partition(" ")
    return f"{count} {security.said(unit)}" if count.isdecimal() else security.said(value)
