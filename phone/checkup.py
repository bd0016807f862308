"""``parley doctor``: asks the backend, and starts one for as long as it takes if none runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from phone.config import Home
from phone.control import words
from phone.control.client import Client, NotRunningError
from phone.control.contract import Checkup, ControlError, Finding
from ui.starting import WORDS, last_words, start

START_S = 30.0
"""How long a backend may take to start."""
END_S = 10.0
LOOK_S = 0.05
SILENT_S = 120.0
"""No check takes as long as this."""


def run(home: Home, program: Sequence[str], account: str | None, call: str | None, *, as_json: bool) -> int:
    """Print findings as they come; return the exit status: 0 only if nothing is broken.

    ``program``: runs Parley, up to its subcommand. Raise ControlError where the backend cannot be asked.
    """
    broken = warnings = 0
    about: str | None = ""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    with _backend(home, program) as client:
        for finding in _findings(client, account, call):
            broken += finding["verdict"] == "broken"
            warnings += finding["verdict"] == "warning"
            if as_json:
                print(json.dumps(finding), flush=True)
                continue
            if finding["account"] != about:
                about = finding["account"]
                print(f"\n{words.clean(about or 'This computer')}:")
            print(words.finding(finding, columns), flush=True)
    if not as_json:
        print(f"\n{words.checkup(broken, warnings)}")
    return 1 if broken else 0


def _findings(client: Client, account: str | None, call: str | None) -> Iterator[Finding]:
    happened = client.events(within=SILENT_S)
    began: Checkup = client.request("doctor.examine", {"account": account, "call": call})
    told = 0
    for event in happened:
        checkup = event.get("checkup")
        if checkup is None or checkup["id"] != began["id"]:
            continue
        yield from checkup["findings"][told:]
        told = len(checkup["findings"])
        if checkup["done"]:
            return
    raise ControlError("The backend does not come to an end with its checks.")


@contextmanager
def _backend(home: Home, program: Sequence[str]) -> Iterator[Client]:
    """Connect to the backend; one that was started for this ends with it. Raise ControlError."""
    try:
        client = Client(home.socket)
    except NotRunningError:
        pass
    else:
        with client:
            yield client
        return
    home.prepare()
    said = home.socket.with_name(WORDS)
    process = start([*program, "serve"], said)
    try:
        with _started(home, process, said) as client:
            yield client
    finally:
        process.terminate()
        process.wait(END_S)


def _started(home: Home, process: subprocess.Popen[bytes], said: Path) -> Client:
    """Wait for a backend that was started. Raise ControlError with its last words if it ends."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return Client(home.socket)
        except NotRunningError:
            time.sleep(LOOK_S)
    raise ControlError(last_words(said) or "The backend does not start.")
