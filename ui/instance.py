"""One window a home: a second one tells the first, and ends."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from phone.control.address import short_path

PATIENCE_MS = 2000
MOST_BYTES = 4096
"""An address is no longer."""


class Instance(QObject):
    """Listens, in the home that nobody else can enter, for windows that are opened after this one."""

    told = Signal(str)
    """Somebody has opened Parley again, with this address or none."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        path.unlink(missing_ok=True)
        with short_path(path) as name:
            self._server.listen(name)

    @staticmethod
    def tell(path: Path, address: str) -> bool:
        """Tell the window that is open; return whether there is one that answers.

        One that hangs keeps its calls in the backend, and leaves its place to a new one.
        """
        socket = QLocalSocket()
        with short_path(path) as name:
            socket.connectToServer(name)
        if not socket.waitForConnected(PATIENCE_MS):
            return False
        socket.write(address.encode()[: MOST_BYTES - 1] + b"\n")
        # whoever has read it hangs up
        socket.waitForDisconnected(PATIENCE_MS)
        return socket.state() is QLocalSocket.LocalSocketState.UnconnectedState

    def _greet(self) -> None:
        socket = self._server.nextPendingConnection()

        def read() -> None:
            if socket.canReadLine():
                self.told.emit(bytes(socket.readLine(MOST_BYTES).data()).decode("utf-8", "replace").strip())
                socket.disconnectFromServer()

        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(read)
        read()
