"""Take the pictures of the window that the README shows: a real window, on a backend without a network.

Run it from the top of the repository after every change that they would show: ``python
docs/make-window-pictures.py``. It needs what ``tests/run`` installs, Xvfb among it.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from tests.control.backend import Backend  # noqa: E402
from tests.peers.window import Role, Screen, Window, application  # noqa: E402


def first_run(_: Window, __: Backend) -> None:
    """Nothing is set up yet."""


def code(window: Window, backend: Backend) -> None:
    """In a call, the code is to be compared."""
    with backend.client() as client:
        client.request("account.add", {"uri": "sip:ann@pbx.example"})
    backend.ring()
    window.press("Answer")
    window.until(lambda: "answer" in backend.sip_call.asked, "the call is answered")
    backend.connect()
    backend.secure()
    window.press("Compare the code")
    window.find("Compare the code", Role.Grouping)


def alarm(window: Window, backend: Backend) -> None:
    """And is another one."""
    code(window, backend)
    window.type("The four characters you hear", "yyyy")
    window.press("Compare")
    window.see("Someone may be listening")


SCENES: dict[str, Callable[[Window, Backend], None]] = {"first-run": first_run, "code": code, "alarm": alarm}


@contextlib.contextmanager
def opened(home: Path) -> Iterator[tuple[Window, Backend]]:
    """Open a window on a backend of its own."""
    with contextlib.closing(Backend(home)) as backend, contextlib.closing(Window(home)) as window:
        yield window, backend


def main() -> None:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(Screen(Path(folder), shutil.which("Xvfb"))),
    ):
        _application = application()
        for name, scene in SCENES.items():
            with opened(Path(folder) / name) as (window, backend):
                scene(window, backend)
                window.picture().save(str(DOCS / f"window-{name}.png"))


if __name__ == "__main__":
    main()
