"""The one door through which pjsua2 calls us."""

from __future__ import annotations

import functools
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

_log = logging.getLogger("parley.sip")

S = TypeVar("S")

_state = threading.local()


def adopt_thread() -> None:
    """Make the current thread the one in which pjsua2 may call us."""
    _state.adopted = True


def callback(method: Callable[[S, Any], None]) -> Callable[[S, Any], None]:
    """Wrap a pjsua2 callback: an exception is logged and goes no further.

    An exception that reached pjsua2 would keep its objects alive in ``sys.last_traceback`` until the
    interpreter ends, and pjsua2 aborts the process over that.
    """

    @functools.wraps(method)
    def guarded(self: S, prm: Any) -> None:
        try:
            assert getattr(_state, "adopted", False), f"{method.__qualname__} outside the reactor's thread"
            method(self, prm)
        except Exception:
            _log.exception("in %s", method.__qualname__)

    return guarded


class Mailbox:
    """Carries out, in order and in the reactor's next turn, what must not happen inside a pjsua2 callback.

    No listener is called and no object is dropped while pjsua2 is on the stack.
    """

    def __init__(self, call_later: Callable[[float, Callable[[], None]], object]) -> None:
        """``call_later``: as the reactor's; delay in seconds, then what to call."""
        self._call_later = call_later
        self._jobs: deque[Callable[[], None]] = deque()

    def post(self, job: Callable[[], None]) -> None:
        """Run ``job`` in the next turn."""
        if not self._jobs:
            self._call_later(0, self._empty)
        self._jobs.append(job)

    def _empty(self) -> None:
        for _ in range(len(self._jobs)):
            job = self._jobs[0]
            try:
                job()
            except Exception:
                _log.exception("while telling what SIP did")
            self._jobs.popleft()
        if self._jobs:
            self._call_later(0, self._empty)
