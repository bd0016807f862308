"""The desktop's process: models, window, tray, and the one instance of its home."""

from __future__ import annotations

import gc
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QObject,
    QtMsgType,
    QTranslator,
    QUrl,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuickControls2 import QQuickStyle
from PySide6.QtWidgets import QApplication

from phone.control.contract import ControlError
from ui import pictures
from ui.client import Backend
from ui.instance import Instance
from ui.models.accounts import Accounts
from ui.models.calls import Calls
from ui.models.contacts import Contacts
from ui.models.devices import Devices
from ui.models.history import History
from ui.models.kept import KeptSecrets
from ui.models.new_secret import NewSecret
from ui.models.offers import Offers
from ui.models.peers import Peers
from ui.models.report import Report
from ui.models.settings import Settings
from ui.models.trial import Trial
from ui.tray import Tray

FOLDER = Path(__file__).parent
OWN = str(FOLDER / "translations")

MAKING_MS = 5000
"""What is left of its parts when the window closes is made within that, and mostly within 50."""


SUBJECTS = (
    "backend",
    "calls",
    "accounts",
    "new_secret",
    "kept",
    "contacts",
    "history",
    "peers",
    "devices",
    "offers",
    "report",
    "trial",
    "settings",
)
"""What QML knows by these names."""


class Desktop(QObject):
    """Everything of the window but Qt's application: built once, joined, shown."""

    taken = Signal(str)
    """Parley was opened again, with an address to call or an empty one."""
    closed = Signal()
    """The user has closed the window."""
    page = QUrl.fromLocalFile(str(FOLDER / "qml" / "Main.qml"))

    def __init__(self, socket: Path, log: Path, command: Sequence[str]) -> None:
        """``socket``: of the backend. ``command``: runs Parley, up to its subcommand."""
        super().__init__()
        self._translators: list[QTranslator] = []
        self.settings = Settings(socket.with_name("window.ini"), shlex.join(command), self)
        self._language = ""
        self._translate()
        self.backend = Backend(socket, [*command, "serve"], self)
        self.calls = Calls(self.backend, self.settings, self)
        self.accounts = Accounts(self.backend, self)
        self.new_secret = NewSecret(self.backend, self)
        self.kept = KeptSecrets(self.backend, self)
        self.contacts = Contacts(self.backend, self)
        self.history = History(self.backend, self)
        self.peers = Peers(self.backend, self)
        self.devices = Devices(self.backend, self)
        self.offers = Offers(self.backend, self)
        self.report = Report(log, self)
        self.trial = Trial(self.backend, self.calls, [command[0], "-m", "phone.cli"], self)
        self.engine = QQmlApplicationEngine()
        self.engine.addImageProvider(pictures.NAME, pictures.Pictures())
        for name in SUBJECTS:
            self.engine.rootContext().setContextProperty(name, getattr(self, name))
        self.engine.rootContext().setContextProperty("desktop", self)
        self.settings.changed.connect(self._retranslate)

    @Slot()
    def leave(self) -> None:
        """The window is being closed."""
        self.closed.emit()

    @Slot()
    def quit(self) -> None:
        """End the desktop; the backend and its calls go on."""
        QApplication.quit()

    def show(self) -> None:
        """Load and show the window, and reach for the backend."""
        self.backend.open()
        self.engine.load(self.page)
        if not self.engine.rootObjects():
            raise ControlError("The window cannot be shown: its files are incomplete. Install Parley again.")
        self.window = self.engine.rootObjects()[0]

    def close(self) -> None:
        """Close the window; the backend and its calls go on."""
        self.trial.close()
        self._forget_translations()
        self.backend.close()
        making = self.engine.incubationController()
        if making is not None:
            making.incubateFor(MAKING_MS)  # Qt complains of what is half made when all ends
        # before the models that it is bound to
        self.engine.deleteLater()
        QCoreApplication.sendPostedEvents(self.engine, QEvent.Type.DeferredDelete)

    def _forget_translations(self) -> None:
        for translator in self._translators:
            QApplication.removeTranslator(translator)
        self._translators = []

    def _retranslate(self) -> None:
        if self._wanted_language() != self._language:
            self._translate()
            self.engine.retranslate()
            # what the models have put into words, they put into words again
            self.backend.changed.emit()

    def _wanted_language(self) -> str:
        wanted = self.settings.language
        return QLocale.system().name() if wanted == "system" else wanted

    def _translate(self) -> None:
        name = self._language = self._wanted_language()
        self._forget_translations()
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file, folder in (("qtbase", qt), ("parley", OWN), ("backend", OWN)):
            translator = QTranslator(self)
            if translator.load(QLocale(name), file, "_", folder):
                QApplication.installTranslator(translator)
                self._translators.append(translator)
        QLocale.setDefault(QLocale(name))


def run(
    socket: Path, log: Path, command: Sequence[str], address: str, started: subprocess.Popen[bytes] | None
) -> int:
    """Open the window, or bring the one that is open to the front; return the exit status.

    ``address``: put into the dial field; never dialled by itself: a link on a web page may be behind it.
    ``started``: the backend, if it was started for this window; without a display it is ended again.
    Raise ControlError where no window can be opened.
    """
    if Instance.tell(socket.with_name("window.sock"), address):
        return 0

    def complain(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            if started is not None:
                started.terminate()
            print("parley: No window can be opened on this display.", file=sys.stderr, flush=True)
            os._exit(1)  # Qt would abort, and leave a core
        # what leads to such an end is told in many lines before it
        if not (context.category or "").startswith("qt.qpa"):
            print(f"parley: {message}", file=sys.stderr)

    qInstallMessageHandler(complain)
    QQuickStyle.setStyle("Basic")
    application = QApplication(["parley"])
    application.setApplicationName("parley")
    application.setApplicationDisplayName("Parley")
    application.setDesktopFileName("parley")
    application.setWindowIcon(QIcon(str(FOLDER / "icons" / "parley.svg")))
    application.setQuitOnLastWindowClosed(False)
    desktop = Desktop(socket, log, command)
    desktop.show()
    instance = Instance(socket.with_name("window.sock"), desktop)
    tray = Tray(desktop.calls, desktop.settings, desktop)
    instance.told.connect(desktop.taken)
    tray.opened.connect(lambda: desktop.taken.emit(""))
    tray.left.connect(application.quit)
    desktop.closed.connect(lambda: None if tray.holds else application.quit())
    if address:
        desktop.taken.emit(address)
    # to look through what is there and stays for garbage, again and again, takes the time of two pictures
    gc.freeze()
    status = application.exec()
    desktop.close()
    return status
