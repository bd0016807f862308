"""How long it takes from the command to a window that can be used, and how much memory that takes.

    python -m bench.start [ROUNDS]

Needs what ``tests/run`` installs (Xvfb, dbus-daemon, at-spi2-core). Each round is ``parley`` in an empty
home, so it starts the backend too. The window can be used when a screen reader finds what the first page
offers; what that costs the window, asked again and again, is in the time. Prints seconds, and the memory
that window and backend have of their own, with their part of what they share (PSS), MB.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from tests.peers.parley import PARLEY
from tests.peers.process import Program, eventually
from tests.peers.screen_reader import ScreenReader
from tests.peers.window import Screen

OFFERED = {"Try it now", "Add account"}
REST_S = 5.0
"""Until what is made when nobody waits is made."""


def memory_mb(pid: int) -> float:
    """Return the memory of a process, MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def backend_of(home: Path) -> int:
    """Return the process id of the backend that the window of ``home`` has started."""
    for process in Path("/proc").glob("[0-9]*"):
        words = (process / "cmdline").read_bytes().split(b"\0")
        if b"serve" in words and bytes(home) in words:
            return int(process.name)
    raise LookupError(home)


def main() -> None:
    """Open it again and again."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    taken = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        here = Path(folder)
        running.enter_context(closing(Screen(here, shutil.which("Xvfb"))))
        reader = running.enter_context(closing(ScreenReader()))
        for number in range(rounds):
            home = here / str(number)
            began = time.monotonic()
            window = Program(
                [PARLEY, "--home", str(home)],
                output=here / f"window-{number}",
                environment=reader.environment,
            )
            eventually(
                lambda: {element.name for element in reader.elements()} >= OFFERED, within=30, what="a window"
            )
            taken.append(time.monotonic() - began)
            time.sleep(REST_S)
            backend = backend_of(home)
            sizes = f"window {memory_mb(window.pid):.0f} MB, backend {memory_mb(backend):.0f} MB"
            print(f"{taken[-1]:.2f} s, {sizes}", flush=True)
            window.end()
            os.kill(backend, signal.SIGTERM)
    print(f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")


if __name__ == "__main__":
    main()
