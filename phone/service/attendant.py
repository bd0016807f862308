"""What becomes of a call: said, heard, written down, with nobody there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from twisted.internet.defer import ensureDeferred

from phone.control.contract import ControlError, Event
from phone.service.description import End, Kind
from phone.service.mailbox import Mailbox
from phone.service.worker import Worker

_log = logging.getLogger("parley.service")

SILENT_S = 15.0
"""How long a call may go on in which nothing may be said: securing it takes a tenth of that at the most."""

Step = Mapping[str, object]
"""Parameters of ``call.attend``."""


class Attendant:
    """Follows one call from its first ring to its end."""

    def __init__(
        self, reactor: Any, end: End, mailbox: Mailbox, worker: Worker, call: dict[str, Any]
    ) -> None:
        self._reactor = reactor
        self._end = end
        self._mailbox = mailbox
        self._worker = worker
        self._call = call
        self._steps = self._programme()
        self._begun = False
        self._message: Path | None = None
        self._limit: Any = None

    def begin(self) -> None:
        """Answer; a call in which nothing may be said is not kept, as one that asks a person would be."""
        self._limit = self._reactor.callLater(SILENT_S, self._hang_up)
        self._attend({"does": "wait"})

    def told(self, event: Event) -> None:
        """Something has happened to the call."""
        call: Any = event["call"]
        self._call = call
        if event["event"] == "call.ended":
            self._finish()
        elif event["event"] == "attended":
            self._go_on()
        elif not self._begun and _may_be_heard(call):
            self._begun = True
            _log.info("call from %s: %s", call["remote_uri"], call["authenticated"] or call["level"])
            longest = self._end.longest_s + (60 if self._end.kind is Kind.VOICEMAIL else 0)
            self._limit.reset(longest)
            self._go_on()

    def lost(self) -> None:
        """The worker has ended, and the call with it; what was recorded is kept."""
        self._finish()

    # inside

    def _programme(self) -> list[Step]:
        sound = str(self._end.sound) if self._end.sound is not None else None
        match self._end.kind:
            case Kind.ECHO:
                return [{"does": "echo"}]
            case Kind.ANNOUNCEMENT:
                return [{"does": "play", "file": sound, "loop": self._end.repeat}]
            case Kind.PARK:
                return [{"does": "play", "file": sound or _sound("hold"), "loop": True}]
            case Kind.VOICEMAIL:
                greeting: list[Step] = [{"does": "play", "file": sound}] if sound is not None else []
                return [
                    *greeting,
                    {"does": "play", "file": _sound("beep")},
                    {
                        "does": "take_message",
                        "longest_s": self._end.longest_s,
                        "silence_s": self._end.silence_s,
                    },
                ]

    def _go_on(self) -> None:
        if not self._steps:
            self._hang_up()
            return
        step = self._steps.pop(0)
        if step["does"] == "take_message":
            self._message = self._mailbox.new_file()
            step = {**step, "file": str(self._message)}
        self._attend(step)

    def _attend(self, step: Step) -> None:
        ensureDeferred(self._ask("call.attend", **step))

    def _hang_up(self) -> None:
        ensureDeferred(self._ask("call.hang_up"))

    async def _ask(self, method: str, **params: object) -> None:
        try:
            await self._worker.request(method, call=self._call["id"], **params)
        except ControlError as error:
            _log.info("call from %s: %s", self._call["remote_uri"], error)

    def _finish(self) -> None:
        if self._limit is not None and self._limit.active():
            self._limit.cancel()
        if self._message is not None:
            self._mailbox.add(self._message, self._call)


def _sound(name: str) -> str:
    return str(files("sounds") / f"{name}.wav")


def _may_be_heard(call: dict[str, Any]) -> bool:
    """Tell whether what is said from now on reaches the caller."""
    if call["state"] != "connected" or call["pending"] is not None:
        return False
    return call["level"] != "CLEAR" or (call["why"] or {}).get("cause") not in ("waiting", None)
