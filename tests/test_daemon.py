"""What the backend's process does for the sake of its calls."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.peers.parley import Parley
from tests.peers.process import Loopback

COUNTING = """
import atexit, gc, pathlib
counts = pathlib.Path({counts!r})
atexit.register(lambda: counts.write_text(f"{{gc.get_freeze_count()}} {{len(gc.get_objects())}}"))
from phone.cli import main
exit(main())
"""


def test_what_is_there_before_calls_is_not_searched_for_garbage_in_them(tmp_path: Path) -> None:
    """The search stops every thread: of all that is there it takes 80 ms, and is heard in each call."""
    counts = tmp_path / "counts"
    program = (sys.executable, "-c", COUNTING.format(counts=str(counts)))
    phone = Parley(tmp_path, Loopback().address(), 440, program=program)
    phone.start()
    phone.close()
    left_out, searched = map(int, counts.read_text().split())
    assert searched < left_out / 5
