"""How long it takes from the command to a window that can be used, and how much memory that takes.

    python -m bench.start [ROUNDS]

Needs what ``tests/run`` installs (Xvfb). Each round is ``parley`` in an empty home, so it starts the backend
too; the window shows its first page once it has heard from that one. Prints after how many seconds the screen
was for the first time as it then stayed, and the memory that window and backend have of their own, with their
part of what they share (PSS), MB.
"""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import numpy
from PySide6.QtGui import QGuiApplication, QImage

import phone
import ui
from bench.rig import memory_mb
from tests.peers.parley import PARLEY
from tests.peers.process import Program
from tests.peers.window import Screen

LOOK_S = 0.05
REST_S = 6.0
"""Until all is as it stays."""
BLINKS = 1e-4
"""So much of the screen may differ: a cursor."""
SHOWN = 0.01
"""So much of the screen differs at least from an empty one, once there is a window."""

Picture = numpy.ndarray[tuple[int, int], numpy.dtype[numpy.uint8]]


def look() -> Picture:
    """Return every other point of the screen, in grey."""
    image = QGuiApplication.primaryScreen().grabWindow(0).toImage()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    points = numpy.frombuffer(grey.constBits(), numpy.uint8).reshape(grey.height(), grey.bytesPerLine())
    return points[::2, ::2].copy()


def difference(one: Picture, other: Picture) -> float:
    """Return how much of the screen differs, 0 to 1."""
    return float(numpy.mean(one != other))


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
    for package in (phone, ui):
        # as an installation does
        compileall.compile_dir(package.__path__[0], quiet=1)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        here = Path(folder)
        running.enter_context(closing(Screen(here, shutil.which("Xvfb"))))
        application = QGuiApplication([])
        empty = look()
        for number in range(rounds):
            home = here / str(number)
            seen: list[tuple[float, Picture]] = [(0.0, empty)]
            began = time.monotonic()
            window = Program([PARLEY, "--home", str(home)], output=here / f"window-{number}")
            while (passed := time.monotonic() - began) < REST_S:
                application.processEvents()
                if not numpy.array_equal(picture := look(), seen[-1][1]):
                    seen.append((passed, picture))
                time.sleep(LOOK_S)
            backend = backend_of(home)
            window_mb, backend_mb = memory_mb(window.pid, "Pss"), memory_mb(backend, "Pss")
            window.end()
            os.kill(backend, signal.SIGTERM)
            _, final = seen[-1]
            assert difference(final, empty) > SHOWN, "no window was seen"
            taken.append(next(at for at, picture in seen if difference(picture, final) < BLINKS))
            print(f"{taken[-1]:.2f} s, window {window_mb:.0f} MB, backend {backend_mb:.0f} MB", flush=True)
            time.sleep(1)
    print(f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")


if __name__ == "__main__":
    main()
