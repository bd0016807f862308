"""``parley demo``: two whole phones on this computer call each other and prove what they promise."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phone.audio.tones import Heard, find_tone, write_tone
from phone.config import Home
from phone.control.client import Client
from phone.control.contract import ControlError
from phone.errors import PhoneError

_START_S = 60.0
"""A cold start on a slow or busy computer."""
_DEADLINE_S = 10.0
_LEVEL_DB = -20.0
_TOLERANCE_DB = 2.0
_HEARD_SHARE = 0.6
"""How much of the call the tone has to be heard, pure: a busy computer drops some of it."""


class DemoError(PhoneError):
    """The demo could not be carried through; the sentence says at which step."""


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    host: str
    frequency: float


@dataclass(frozen=True, slots=True)
class Secrets:
    """What each phone takes for the caller's secret, where the callee is an end without a person."""

    kept: str = field(repr=False)
    """By the callee."""
    held: str = field(repr=False)
    """By the caller."""


_CALLER = _Role("Ann", "127.0.0.1", 440.0)
_CALLEE = _Role("Ben", "127.0.0.1", 660.0)

_REALM = "parley-demo"
_UNPROVED = ("wrong_secret", "not_authenticated")
"""Causes that an account's secret was not proved."""

Say = Callable[[str, dict[str, Any]], None]


class _Phone:
    """One ``parley serve`` in a home of its own, driven like every other backend: by its control socket."""

    def __init__(self, role: _Role, folder: Path, policy: str) -> None:
        self.role = role
        self.home = Home.named(str(folder / role.name.lower()))
        self.recording = folder / f"{role.name.lower()}-heard.wav"
        tone = folder / f"{role.name.lower()}-says.wav"
        # a whole number of periods, so that the loop has no seam
        write_tone(tone, role.frequency, seconds=1.0, level_db=_LEVEL_DB)
        command = [sys.executable, "-m", "phone.cli", "--home", str(self.home.folder), "serve"]
        command += [
            "--bind",
            role.host,
            "--policy",
            policy,
            "--play",
            str(tone),
            "--record",
            str(self.recording),
        ]
        self.log = folder / f"{role.name.lower()}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, our own arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PARLEY_KEYRING": "file"},
            )
        self._client: Client | None = None
        self._watch: Client | None = None
        self._happened: Iterator[Any] = iter(())
        self._has_called = False
        self._last: dict[str, Any] | None = None
        self._shown = ""

    def request(self, method: str, **params: object) -> Any:
        assert self._client is not None
        return self._client.request(method, params)

    def wait_ready(self, deadline: float) -> str:
        """Wait for the backend; return its SIP address."""
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise DemoError(f"{self.role.name}'s phone did not start: {self._last_words()}")
            try:
                self._client = Client(self.home.socket)
                self._watch = Client(self.home.socket)
                self._happened = self._watch.events(within=_DEADLINE_S)
                address: str = self.request("status")["sip"]
            except ControlError:
                time.sleep(0.05)
                continue
            return f"sip:{self.role.name.lower()}@{address}"
        raise DemoError(f"{self.role.name}'s phone did not start in time.")

    def call(self, say: Say) -> dict[str, Any] | None:
        """Return the one call there is or was, telling ``say`` when it has changed."""
        calls: list[dict[str, Any]] = self.request("status")["calls"]
        call = calls[0] if calls else self._ended_call()
        if call is None:
            return None
        self._has_called = True
        text = f"{self.role.name}: {call['state']}"
        if call["state"] == "ended":
            text += f" ({call['reason']})"
        elif call["state"] == "connected":
            text += f", {call['pending'] or call['level']}"
            text += f", code {call['sas']}" if call["sas"] else ""
            text += f", {call['authenticated']}" if call["authenticated"] else ""
            text += f": {call['alarm']}. {call['why']['text']}" if call["alarm"] else ""
        if text != self._shown:
            self._shown = text
            facts = {
                key: call[key] for key in ("state", "level", "pending", "alarm", "sas", "time_to_secure_ms")
            }
            say(text, {"event": "call", "phone": self.role.name, **facts})
        return call

    def _ended_call(self) -> dict[str, Any] | None:
        """Return how the call stood when it ended, if there was one."""
        if self._has_called and self._last is None:
            self._last = next((one["call"] for one in self._happened if one["event"] == "call.ended"), None)
        return self._last

    def stop(self) -> int:
        """Ask the backend to end, as a service manager would; return its exit status."""
        for client in (self._client, self._watch):
            if client is not None:
                client.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."


def run(*, seconds: float, policy: str, secrets: Secrets | None, as_json: bool) -> int:
    """Run the demo; print what happens as it happens. Return the exit status: 0 only if all held.

    ``secrets``: the callee proves by them that it is the caller's PBX.
    """

    def say(text: str, facts: dict[str, Any]) -> None:
        print(json.dumps(facts) if as_json else text, flush=True)

    try:
        with tempfile.TemporaryDirectory(prefix="parley-demo-") as folder:
            summary = _perform(Path(folder), seconds, policy, secrets, say)
    except (DemoError, ControlError) as error:
        print(f"parley: {error}", file=sys.stderr)
        return 1
    held = (
        summary["secure"]
        and len(set(summary["sas"])) == 1
        and all(summary["tone_ok"])
        and summary["plaintext_leaked"] == 0
        and (secrets is None or set(summary["level"]) == {"AUTHENTICATED"})
    )
    say(_in_words(summary, held), summary)
    return 0 if held else 1


def _perform(folder: Path, seconds: float, policy: str, secrets: Secrets | None, say: Say) -> dict[str, Any]:
    with ExitStack() as stack:
        phones = [stack.enter_context(_running(role, folder, policy)) for role in (_CALLER, _CALLEE)]
        caller, callee = phones
        say("Starting two phones on this computer ...", {"event": "starting"})
        deadline = time.monotonic() + _START_S
        caller.wait_ready(deadline)
        address = callee.wait_ready(deadline)
        if secrets is not None:
            _introduce(caller, callee, address, policy, secrets)
        say(f"{caller.role.name} calls {address} ...", {"event": "dialling", "uri": address})
        caller.request("call.dial", target=address, account=None)
        _until(phones, "rings", say, lambda calls: calls[1] is not None and calls[1]["state"] == "incoming")
        callee.request("call.answer", call=None)
        settled = _both_secure if secrets is None and policy != "require_auth" else _both_judged
        calls = _until(phones, "is secure", say, settled)
        if _both_secure(calls):
            say("Both send a tone and listen ...", {"event": "talking", "seconds": seconds})
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            calls = [phone.call(say) for phone in phones]
        if not settled(calls):
            raise DemoError("The call did not stay secure.")
        leaked = sum(call["statistics"]["plain_sent"] for call in calls if call)
        if all(call and call["state"] != "ended" for call in calls):
            caller.request("call.hang_up", call=None)
        _until(phones, "ends", say, lambda calls: all(c is None or c["state"] == "ended" for c in calls))
        for phone in phones:
            if status := phone.stop():
                raise DemoError(f"{phone.role.name}'s phone ended badly, with status {status}.")
        heard = [
            find_tone(caller.recording, callee.role.frequency),
            find_tone(callee.recording, caller.role.frequency),
        ]
        for phone, tone in zip(phones, heard, strict=True):
            name = phone.role.name
            level = tone.level_db if tone.seconds else None
            words = (
                "nothing of the other's tone"
                if level is None
                else (f"the other's tone for {tone.seconds:.1f} s at {level:.1f} dB")
            )
            facts = {"event": "heard", "phone": name, "seconds": tone.seconds, "level_db": level}
            say(f"{name} heard {words}.", facts)
        secured = [call for call in calls if call]
        algorithms = secured[0]["algorithms"] or {}
        return {
            "event": "summary",
            "secure": _both_secure(calls),
            "sas": [call["sas"] for call in secured],
            "level": [call["level"] for call in secured],
            **{name: algorithms.get(name) for name in ("key_agreement", "cipher", "auth_tag", "hash")},
            "time_to_secure_ms": [call["time_to_secure_ms"] for call in secured],
            "tone_ok": [_as_sent(tone, seconds) for tone in heard],
            "plaintext_leaked": leaked,
        }


def _introduce(caller: _Phone, callee: _Phone, address: str, policy: str, secrets: Secrets) -> None:
    """Give the caller an account at the callee, and the callee its secret; wait until both can prove it."""
    user = caller.role.name.lower()
    uri = f"sip:{user}@{address.partition('@')[2]}"
    caller.request("account.add", uri=uri, secret=secrets.held, realm=_REALM, policy=policy)
    callee.request("secret.keep", user=user, realm=_REALM, secret=secrets.kept)
    deadline = time.monotonic() + _START_S
    while caller.request("account.show")["proves_to"] is None:
        if time.monotonic() > deadline:
            raise DemoError(f"{caller.role.name}'s phone did not prepare the secret in time.")
        time.sleep(0.02)


@contextmanager
def _running(role: _Role, folder: Path, policy: str) -> Iterator[_Phone]:
    phone = _Phone(role, folder, policy)
    try:
        yield phone
    finally:
        phone.stop()


def _until(
    phones: list[_Phone], what: str, say: Say, reached: Callable[[list[dict[str, Any] | None]], bool]
) -> list[dict[str, Any] | None]:
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline:
        calls = [phone.call(say) for phone in phones]
        if reached(calls):
            return calls
        time.sleep(0.02)
    raise DemoError(f"The call never {what}.")


def _both_secure(calls: list[dict[str, Any] | None]) -> bool:
    return all(
        call is not None and call["level"] not in ("CLEAR", "TO_SERVER") and call["state"] == "connected"
        for call in calls
    )


def _both_judged(calls: list[dict[str, Any] | None]) -> bool:
    return all(
        call is not None
        and (call["state"] == "ended" or call["authenticated"] is not None or _is_doubted(call))
        for call in calls
    )


def _is_doubted(call: dict[str, Any]) -> bool:
    return call["why"] is not None and call["why"]["cause"] in _UNPROVED


def _as_sent(tone: Heard, seconds: float) -> bool:
    return tone.seconds >= seconds * _HEARD_SHARE and abs(tone.level_db - _LEVEL_DB) <= _TOLERANCE_DB


def _in_words(summary: dict[str, Any], held: bool) -> str:
    lines = _keys_in_words(summary) if summary["secure"] else ["The call is not secure: nothing passed."]
    lines += [
        "Levels: {} and {}.".format(*summary["level"]),
        "Tones: " + ("arrived as sent, both ways." if all(summary["tone_ok"]) else "DID NOT ARRIVE AS SENT."),
        f"Unencrypted packets sent: {summary['plaintext_leaked']}.",
        "All of it held." if held else "This is not what Parley promises.",
    ]
    return "\n".join(lines)


def _keys_in_words(summary: dict[str, Any]) -> list[str]:
    ann, ben = summary["sas"]
    return [
        f"Codes: {ann} and {ben}, " + ("the same." if ann == ben else "NOT THE SAME."),
        f"Keys: {summary['key_agreement']}, {summary['hash']}, {summary['cipher']}, {summary['auth_tag']},"
        f" agreed in {summary['time_to_secure_ms'][0]} and {summary['time_to_secure_ms'][1]} ms.",
    ]
