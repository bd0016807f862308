"""The backend's control socket in Qt's event loop: the only file of the desktop that knows the socket."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalSocket

from phone.control import jsonrpc
from phone.control.address import short_path
from phone.control.contract import SUBSCRIBE, ControlError
from phone.control.jsonrpc import Notification
from ui.properties import Property
from ui.refusals import in_own_words
from ui.starting import WORDS, last_words, start

RETRY_MS = 25
"""Between two attempts to reach the backend."""
PATIENCE_MS = 15_000
"""After this long a backend that was started counts as one that did not start."""

translate = QCoreApplication.translate

Answered = Callable[[Any], None]
Refused = Callable[[str], None]


class Backend(QObject):
    """One backend as the window sees it: asked, heard, started when there is none, waited for when gone.

    The backend is a process of its own: it outlives this one, and its calls do.
    """

    happened = Signal(dict)
    """A ``contract.Event``."""
    changed = Signal()

    def __init__(self, path: Path, command: Sequence[str], parent: QObject | None = None) -> None:
        """``path``: of the control socket. ``command``: starts the backend."""
        super().__init__(parent)
        self._path = path
        self._command = list(command)
        self._connected = False
        self._trouble = ""
        self._identifiers = itertools.count(1)
        self._waiting: dict[int, tuple[Answered, Refused]] = {}
        self._waited_ms = 0
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._greet)
        self._socket.disconnected.connect(self._lost)
        self._socket.readyRead.connect(self._read)
        self._retry = QTimer(self)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._try)

    def open(self) -> None:
        """Connect to a backend that runs or is starting, and keep trying."""
        self._try()
        self._retry.start()

    @Slot()
    def start(self) -> None:
        """Start the backend, detached from this process."""
        self._waited_ms = 0
        try:
            start(self._command, self._words)
        except OSError as error:
            cannot = translate("Client", "Parley's backend cannot be started: {reason}.")
            self._say(cannot.format(reason=error.strerror))
        else:
            self._say("")
        self._retry.start()

    def close(self) -> None:
        """Leave the backend alone from now on."""
        self._retry.stop()
        self._connected = False
        self._socket.disconnected.disconnect(self._lost)
        self._socket.abort()

    def request(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        answered: Answered = lambda _: None,
        refused: Refused = lambda _: None,
    ) -> None:
        """Call ``method``; ``answered`` gets its result, or ``refused`` a sentence for people."""
        if not self._connected:
            refused(translate("Client", "Parley's backend is not running."))
            return
        identifier = next(self._identifiers)
        self._waiting[identifier] = (answered, refused)
        self._socket.write(jsonrpc.request(method, params or {}, identifier).encode() + b"\n")

    @Property(bool, notify=changed)
    def connected(self) -> bool:
        """Whether the backend can be asked."""
        return self._connected

    @Property(str, notify=changed)
    def trouble(self) -> str:
        """Why it cannot be asked, for people; empty while all is well or still beginning."""
        return self._trouble

    @property
    def _words(self) -> Path:
        return self._path.with_name(WORDS)

    def _try(self) -> None:
        if self._socket.state() != QLocalSocket.LocalSocketState.UnconnectedState:
            return
        with short_path(self._path) as name:
            self._socket.connectToServer(name)
        self._waited_ms += RETRY_MS
        if self._waited_ms == PATIENCE_MS:
            self._say(last_words(self._words) or translate("Client", "Parley's backend does not start."))

    def _greet(self) -> None:
        self._retry.stop()
        self._connected = True
        self._trouble = ""
        self.request(SUBSCRIBE)
        self.changed.emit()

    def _lost(self) -> None:
        self._connected = False
        self._waited_ms = 0
        waiting, self._waiting = self._waiting, {}
        sentence = translate("Client", "Parley's backend has gone. Calls that it carried have ended.")
        for _, refused in waiting.values():
            refused(sentence)
        self._say(sentence)
        self._retry.start()

    def _say(self, sentence: str) -> None:
        self._trouble = sentence
        self.changed.emit()

    @Slot()
    def _read(self) -> None:
        if not self._connected or not self._socket.canReadLine():
            return
        # one message at a time: many at once would hold the window up
        QTimer.singleShot(0, self._read)
        line = bytes(self._socket.readLine().data()).decode("utf-8", "replace")
        try:
            message = jsonrpc.read(line)
        except ControlError:
            self._socket.abort()
            return
        if isinstance(message, Notification):
            self.happened.emit(message.params)
            return
        answered, refused = self._waiting.pop(int(message.identifier or 0), (_ignore, _ignore))
        if message.error is not None:
            refused(in_own_words(str(message.error)))
        else:
            answered(message.result)


def _ignore(_: Any) -> None:
    """An answer that nobody waits for any more."""
