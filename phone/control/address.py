"""Reaching a Unix socket whose path is longer than the system's socket addresses. Standard library only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 103
"""Bytes of a path in ``sun_path`` that every system takes: 103 on macOS, 107 on Linux."""


@contextmanager
def short_path(path: Path) -> Iterator[str]:
    """Yield a path of at most ``LONGEST`` bytes that leads to ``path`` while the context lasts.

    It is enough to have it during ``bind`` or ``connect``. Raise OSError.
    """
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    # in a folder of mode 0700, so that nobody can turn the link elsewhere
    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        link = Path(folder) / "home"
        link.symlink_to(path.parent)
        yield str(link / path.name)
