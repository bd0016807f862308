"""What comes before the window. No Qt: the backend is on its way while Qt is still being loaded."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from phone.control.address import short_path
from phone.control.contract import ControlError

WORDS = "starting.log"
"""The file, in the home, where a backend that does not start says why."""
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""What tells, on Linux, where windows go."""
PREFIX = "parley: "


def open_window(path: Path, log: Path, command: Sequence[str], address: str) -> int:
    """Start the backend if none runs, and open the window; return the exit status.

    ``path``: of the control socket. ``command``: runs Parley, up to its subcommand. ``address``: for the dial
    field. Raise ControlError where no window can be opened, before anything is started.
    """
    if find_spec("PySide6") is None:
        raise ControlError(
            "The window needs PySide6: install it with pip install 'parley[desktop]'. The command line does"
            " without; see parley --help."
        )
    if sys.platform == "linux" and not any(map(os.environ.get, SCREENS)):
        raise ControlError(
            "There is no display to open a window on. The command line does without; see parley --help."
        )
    started = None if _runs(path) else start([*command, "serve"], path.with_name(WORDS))
    from ui.app import run  # noqa: PLC0415  # Qt

    return run(path, log, command, address, started)


def start(command: Sequence[str], words: Path) -> subprocess.Popen[bytes]:
    """Start the backend, detached from this process; ``words``: where it says why not. Raise OSError."""
    with words.open("wb") as file:
        return subprocess.Popen(  # noqa: S603  # our own program, our own arguments
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
        )


def _runs(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, short_path(path) as name:
        return probe.connect_ex(name) == 0


def last_words(words: Path) -> str:
    """Return the last sentence of a backend that did not start; empty if it said nothing."""
    try:
        lines = words.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].removeprefix(PREFIX) if lines else ""
