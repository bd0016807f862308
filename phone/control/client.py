"""The control socket from outside, for programs that may wait. Standard library only."""

from __future__ import annotations

import itertools
import socket
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from phone.control import jsonrpc
from phone.control.address import short_path
from phone.control.contract import SUBSCRIBE, ControlError, Event
from phone.control.jsonrpc import Notification, Response

PATIENCE_S = 90.0
"""The longest answer is that of a registrar that does not exist: two SIP transactions of 32 s."""


class NotRunningError(ControlError):
    """No backend serves this home."""


class SilentError(ControlError):
    """The backend said nothing for too long."""


class Client:
    """One connection to the backend."""

    def __init__(self, path: Path) -> None:
        """Connect to the control socket ``path``. Raise NotRunningError or ControlError."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE_S)
        try:
            with short_path(path) as name:
                self._socket.connect(name)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
            self._socket.close()
            raise NotRunningError(
                "Parley is not running with this home; start it with: parley serve"
            ) from error
        except OSError as error:
            self._socket.close()
            raise ControlError(f"{path} cannot be used: {error.strerror}.") from error
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        self._identifiers = itertools.count(1)
        self._happened: deque[Event] = deque()

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """Call ``method`` and return its result. Raise ControlError with the backend's sentence."""
        identifier = next(self._identifiers)
        try:
            self._socket.sendall(jsonrpc.request(method, params or {}, identifier).encode() + b"\n")
        except OSError as error:
            raise ControlError("The backend has gone.") from error
        while True:
            message = self._next()
            if isinstance(message, Notification):
                self._happened.append(message.params)
            elif message.identifier == identifier:
                if message.error is not None:
                    raise message.error
                return message.result

    def events(self, *, within: float | None = None) -> Iterator[Event]:
        """Return an iterator over what happens from now on; its use is the last one of a connection.

        ``within``: seconds after which it ends; ``None``: it raises ControlError when the backend ends.
        """
        self.request(SUBSCRIBE)
        return self._told(within)

    def _told(self, within: float | None) -> Iterator[Event]:
        deadline = None if within is None else time.monotonic() + within
        while True:
            while self._happened:
                yield self._happened.popleft()
            if deadline is not None and time.monotonic() >= deadline:
                return
            self._socket.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            try:
                message = self._next()
            except SilentError:
                return
            if isinstance(message, Notification):
                yield message.params

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> Response | Notification:
        try:
            line = self._lines.readline()
        except TimeoutError as error:
            raise SilentError("The backend does not answer.") from error
        except OSError as error:
            raise ControlError("The backend has gone.") from error
        if not line.endswith("\n"):
            raise ControlError("The backend has gone.")
        return jsonrpc.read(line)
