"""A SIP stack in a process of its own, as a test sees it: orders in, events out."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.peers.process import Program, eventually

STEP_S = 20
"""How long a step of a call may take on a busy machine; no test measures speed."""

Event = dict[str, Any]


class Phone:
    """One ``tests.sip.agent``."""

    def __init__(self, folder: Path, ip: str, *options: str) -> None:
        self.ip = ip
        self.output = folder / "events"
        self.errors = folder / "errors"
        self.recording = folder / "heard.wav"
        self._seen = 0
        arguments = ["--bind", ip, "--record", str(self.recording), *options]
        self.program = Program(
            [sys.executable, "-X", "faulthandler", "-m", "tests.sip.agent", *arguments],
            output=self.output,
            errors=self.errors,
        )

    def events(self) -> list[Event]:
        """Return all that has happened so far."""
        whole, newline, _ = self.output.read_text().rpartition("\n")
        return [json.loads(line) for line in (whole + newline).splitlines()]

    def wait(self, event: str, **fields: Any) -> Event:
        """Return the next event of this kind with these fields; what happened before it is past."""

        def found() -> Event | None:
            for index, happened in enumerate(self.events()[self._seen :], self._seen):
                if {"event": event, **fields}.items() <= happened.items():
                    self._seen = index + 1
                    return happened
            assert self.program.exit_status is None, f"it ended with {self.program.exit_status}"
            return None

        happened = eventually(found, within=STEP_S, what=f"{self.ip}: {event} {fields}")
        assert happened is not None
        return happened

    def do(self, order: str, **fields: Any) -> None:
        """Give an order."""
        self.program.say(json.dumps({"do": order, **fields}))

    def call(self, what: str, call: str = "1", **arguments: Any) -> None:
        """Do something with a call."""
        self.do("call", what=what, call=call, **arguments)

    @cached_property
    def port(self) -> int:
        """Its SIP port, as soon as it is ready; orders may be given before."""

        def ready() -> Event | None:
            assert self.program.exit_status is None, f"it ended with {self.program.exit_status}"
            return next((event for event in self.events() if event["event"] == "ready"), None)

        happened = eventually(ready, within=STEP_S, what=f"{self.ip} is ready")
        assert happened is not None
        return int(happened["port"])

    @property
    def uri(self) -> str:
        """Where it can be called directly."""
        return f"sip:phone@{self.ip}:{self.port}"

    def quit(self) -> int:
        """Let it end; return its exit status."""
        if self.program.exit_status is None:
            self.do("quit")
        return self.program.wait(STEP_S)
