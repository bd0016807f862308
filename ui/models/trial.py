"""A call to an echo on this computer: a newcomer hears himself, and sees a code, without any account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTemporaryDir, Signal, Slot

from phone.control.contract import Event, Status
from ui.client import Backend
from ui.models.calls import Calls
from ui.properties import Property


class Trial(QObject):
    """The echo: a second backend, in a home that is thrown away, which answers whoever calls it."""

    changed = Signal()

    def __init__(
        self, backend: Backend, calls: Calls, command: Sequence[str], parent: QObject | None = None
    ) -> None:
        """``command``: what runs a backend, up to its options."""
        super().__init__(parent)
        self._backend = backend
        self._calls = calls
        self._command = list(command)
        self._home: QTemporaryDir | None = None
        self._process: QProcess | None = None
        self._echo: Backend | None = None
        self._code = ""
        self._uri = ""
        self._zid = ""
        backend.happened.connect(self._happened)

    @Property(bool, notify=changed)
    def running(self) -> bool:
        """Whether there is an echo."""
        return self._process is not None

    @Property(str, notify=changed)
    def uri(self) -> str:
        """The echo's address; empty while it is not there yet."""
        return self._uri

    @Property(str, notify=changed)
    def code(self) -> str:
        """The code as the echo sees it: what a person at the other end would read aloud."""
        return self._code

    @Slot()
    def begin(self) -> None:
        """Start the echo, and call it once it is there."""
        if self._process is not None:
            return
        self._home = QTemporaryDir()
        folder = Path(self._home.path())
        program, *arguments = self._command
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        options = ["--home", str(folder), "serve", "--bind", "127.0.0.1", "--echo"]
        self._process.finished.connect(self._gone)
        self._process.start(program, [*arguments, *options])
        self._echo = Backend(folder / "control.sock", (), self)
        self._echo.changed.connect(self._connected)
        self._echo.happened.connect(self._heard)
        self._echo.open()
        self.changed.emit()

    def close(self) -> None:
        """Let the echo go, and wait for it."""
        self.end()
        if self._process is not None:
            self._process.waitForFinished()

    def end(self) -> None:
        """Let the echo go, and forget it."""
        if self._process is None or self._echo is None:
            return
        if self._zid:
            self._backend.request("peers.forget", {"peer": self._zid})
        self._echo.close()
        self._echo = None
        self._code = self._uri = self._zid = ""
        self._process.terminate()
        self.changed.emit()

    def _gone(self) -> None:
        self._home = self._process = None
        self.changed.emit()

    def _connected(self) -> None:
        if self._echo is not None and self._echo.connected:
            self._echo.request("status", {}, self._dial)

    def _dial(self, status: Status) -> None:
        self._uri = f"sip:echo@{status['sip']}"
        self.changed.emit()
        self._calls.dial(self._uri)

    def _heard(self, event: Event) -> None:
        if self._echo is None or "call" not in event:
            return
        if event["event"] == "call.incoming":
            self._echo.request("call.answer", {"call": event["call"]["id"]})
        elif event["call"]["sas"] and event["call"]["sas"] != self._code:
            self._code = event["call"]["sas"]
            self.changed.emit()

    def _happened(self, event: Event) -> None:
        if "call" not in event or not self._uri or event["call"]["remote_uri"] != self._uri:
            return
        self._zid = event["call"]["peer_zid"] or self._zid
        if event["event"] == "call.ended":
            self.end()
