"""Parley itself, driven by its command line alone, as a person or a script would."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.process import Program, eventually, free_port, in_namespace
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import Recording, write_tone

PARLEY = shutil.which("parley", path=str(Path(sys.executable).parent)) or "parley"

STEP_S = 20
"""How long a step of a call may take on a busy machine; no test measures speed."""

Fields = dict[str, Any]
"""A JSON object of the command line's contract."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What one command came to."""

    status: int
    output: str
    errors: str

    @property
    def lines(self) -> list[Fields]:
        """Its standard output, each line a JSON object."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def sentence(self) -> str:
        """What it says on standard error, which has to be one line for people."""
        lines = self.errors.strip().splitlines()
        assert len(lines) == 1, f"not one sentence: {self.errors!r}"
        assert "Error" not in lines[0].split(":")[0], f"not for people: {lines[0]!r}"
        return lines[0]


def parley(*arguments: str, typed: str = "", within: float = 60, before: Sequence[str] = ()) -> Finished:
    """Run one ``parley`` command to its end; ``before``: a command that runs it, such as setpriv."""
    done = subprocess.run(
        [*before, PARLEY, *arguments],
        check=False,
        input=typed,
        capture_output=True,
        text=True,
        timeout=within,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


class Parley:
    """One ``parley serve`` with a home of its own, speaking a tone and recording what it hears."""

    def __init__(
        self,
        folder: Path,
        ip: str,
        hz: float,
        *,
        namespace: str | None = None,
        policy: str = "prefer",
        pulse: PulseAudio | None = None,
        program: Sequence[str] = (PARLEY,),
    ) -> None:
        """``pulse``: hear and speak by its devices, and not by files; ``program``: what is ``parley``."""
        self.ip = ip
        self.hz = hz
        self.sip_port = 5060 if namespace else free_port(ip)
        self.home = folder / "home"
        self.errors = folder / "errors"
        self.happened = folder / "events"
        self.recording = folder / "heard.wav"
        self.speech = write_tone(folder / "speech.wav", hz)
        """What it says without devices, again and again."""
        self._output = folder / "output"
        self._namespace = namespace
        self._policy = policy
        self._pulse = pulse
        self._program = program
        self._serve: Program | None = None
        self._events: Program | None = None

    @property
    def uri(self) -> str:
        """Its address for calls without a server."""
        return f"sip:{self.ip}:{self.sip_port}"

    @property
    def pid(self) -> int:
        """Process id of ``parley serve``."""
        assert self._serve is not None
        return self._serve.pid

    def arguments(self) -> list[str]:
        """Return the arguments that start it."""
        address = ["--bind", self.ip, "--sip-port", str(self.sip_port)]
        sound = [] if self._pulse else ["--play", str(self.speech), "--record", str(self.recording)]
        return ["--home", str(self.home), "serve", *address, *sound, "--policy", self._policy]

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self._serve = Program(
            in_namespace(self._namespace, [*self._program, *self.arguments()]),
            output=self._output,
            errors=self.errors,
            environment=self._pulse.environment if self._pulse else None,
        )
        eventually(self._ready, within=30, what="parley status exits 0")
        self._events = Program(
            [PARLEY, "--home", str(self.home), "events", "--json"], output=self.happened, errors=self.errors
        )

    def _ready(self) -> bool:
        assert self._serve is not None
        status = self._serve.exit_status
        assert status is None, f"parley serve ended with {status}: {self.errors.read_text()}"
        return self.run("status", "--json").status == 0

    def run(self, *arguments: str, typed: str = "") -> Finished:
        """Run a command against it."""
        return parley("--home", str(self.home), *arguments, typed=typed)

    def do(self, *arguments: str, typed: str = "") -> list[Fields]:
        """Run a command that has to succeed; return its JSON lines."""
        done = self.run(*arguments, "--json", typed=typed)
        assert done.status == 0, f"parley {' '.join(arguments)}: exit {done.status}: {done.errors}"
        return done.lines

    def refuse(self, *arguments: str, typed: str = "") -> str:
        """Run a command that has to fail; return its one sentence."""
        done = self.run(*arguments, typed=typed)
        assert done.status == 1, (
            f"parley {' '.join(arguments)}: exit {done.status}: {done.output}{done.errors}"
        )
        assert done.output == ""
        return done.sentence

    def status(self) -> Fields:
        """Return ``parley status``."""
        (status,) = self.do("status")
        return status

    def add_account(self, uri: str, password: str, *options: str) -> None:
        """Add an account, its password over standard input."""
        self.do("account", "add", uri, "--secret-stdin", *options, typed=password + "\n")

    def wait_account(self, state: str, *, within: float = STEP_S) -> Fields:
        """Wait until its first account is in ``state``, and return it."""
        found: list[Fields] = eventually(
            lambda: [account for account in self.status()["accounts"] if account["state"] == state],
            within=within,
            what=f"an account of the phone on {self.ip} is {state}",
        )
        return found[0]

    def call(self) -> Fields | None:
        """Return its only call."""
        calls = self.status()["calls"]
        assert len(calls) < 2, f"more calls than expected: {calls}"
        return calls[0] if calls else None

    def wait_call(self, *, within: float = STEP_S, **fields: object) -> Fields:
        """Wait until its only call, or the one with the ``id`` among ``fields``, has all these; return it."""
        last: Fields | None = None

        def fits() -> Fields | None:
            nonlocal last
            if "id" in fields:
                last = next((call for call in self.status()["calls"] if call["id"] == fields["id"]), None)
            else:
                last = self.call()
            return last if last and fields.items() <= last.items() else None

        try:
            found = eventually(fits, within=within, what=f"the call of the phone on {self.ip} has {fields}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {last}") from None
        assert found is not None
        return found

    def wait_answered(self, *, number: str = "1", **fields: Any) -> Fields:
        """Answer its call ``number`` as soon as it rings, and wait until it is connected with ``fields``."""
        self.wait_call(id=number, state="incoming")
        self.do("answer", number)
        return self.wait_call(id=number, state="connected", **fields)

    def wait_idle(self, *, within: float = STEP_S) -> None:
        """Wait until it has no call any more."""
        eventually(
            lambda: not self.status()["calls"], within=within, what=f"the phone on {self.ip} has no call"
        )

    def events(self) -> list[Fields]:
        """Return all that ``parley events`` has printed so far."""
        text = self.happened.read_text() if self.happened.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def story(self) -> str:
        """Return its events for people: one line each, with what changes in a call."""
        lines = []
        for event in self.events():
            if call := event.get("call"):
                facts = [
                    call[key] for key in ("state", "codec", "level", "pending", "alarm", "sas", "reason")
                ]
                facts += [(call["why"] or {}).get("cause"), call["statistics"]]
                lines.append(
                    f"{event['event']} {call['id']}: " + " ".join(str(fact) for fact in facts if fact)
                )
            else:
                lines.append(json.dumps(event))
        return "\n".join(lines)

    def ended(self, number: int = 1, *, within: float = STEP_S) -> Fields:
        """Wait until its ``number``-th call has ended, and return how it stood at the end."""

        def ends() -> list[Fields]:
            found = [event for event in self.events() if event["event"] == "call.ended"]
            return found if len(found) >= number else []

        last: Fields = eventually(ends, within=within, what=f"call {number} on {self.ip} ends")[number - 1]
        return last

    def heard(self) -> Recording:
        """Return what it has heard up to now."""
        return Recording.read(self.recording)

    def wait_heard(self, hz: float, *, seconds: float = 1, within: float = STEP_S) -> None:
        """Wait until, from now on, it hears ``hz`` for ``seconds``."""
        start = self.heard().seconds
        eventually(
            lambda: self.heard().since(start).seconds_of(hz) >= seconds,
            within=within,
            what=f"the phone on {self.ip} hears {hz:g} Hz for {seconds:g} s",
        )

    def wait_heard_among(self, *tones: float, seconds: float = 1, within: float = STEP_S) -> None:
        """Wait until, from now on, it hears each of these ``tones`` for ``seconds``, be it all at once."""
        start = self.heard().seconds

        def hears() -> bool:
            heard = self.heard().since(start)
            return all(heard.seconds_with(hz) >= seconds for hz in tones)

        eventually(hears, within=within, what=f"the phone on {self.ip} hears {tones} for {seconds:g} s")

    def signal(self, number: int) -> int:
        """Send it a signal, wait for its end, and return its exit status."""
        assert self._serve is not None
        self._serve.signal(number)
        status = self._serve.wait(30)
        self._serve = None
        self._end_events()
        return status

    def _end_events(self) -> None:
        if self._events is not None:
            self._events.end()
            self._events = None

    def close(self) -> None:
        """End it; it has to end cleanly, and no traceback may stand in what it said."""
        self._end_events()
        if self._serve is not None:
            status = self.signal(signal.SIGTERM) if self._serve.exit_status is None else self._serve.wait(1)
            assert status == 0, f"parley serve on {self.ip} ended with {status}"
        said = self.errors.read_text() if self.errors.exists() else ""
        assert "Traceback" not in said, f"parley serve on {self.ip} said:\n{said}"
