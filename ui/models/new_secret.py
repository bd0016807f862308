"""A new secret for an account, which first has to be where its server keeps it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from phone.control import contract
from ui.client import Backend
from ui.models import security
from ui.properties import Property

translate = QCoreApplication.translate


class NewSecret(QObject):
    """Makes one, shows what the PBX has to know of it, and lets the account have it."""

    changed = Signal()
    taken = Signal(str)
    """An account's server has accepted the new secret."""

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._account = ""
        self._section = ""
        self._secret: str | None = None
        """Until the account has it."""
        self._problem = ""
        self._busy = False
        self._copied = False

    @Property(str, notify=changed)
    def account(self) -> str:
        """The account that it is for; empty: none is being made."""
        return self._account

    @Property(str, notify=changed)
    def section(self) -> str:
        """What belongs into Asterisk's ``pjsip.conf``."""
        return self._section

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why it could not be made, or is not accepted; empty: it was."""
        return self._problem

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether the server is being asked."""
        return self._busy

    @Property(bool, notify=changed)
    def copied(self) -> bool:
        """Whether ``section`` is in the clipboard."""
        return self._copied

    @Slot(str, bool)
    def make(self, account: str, plain: bool) -> None:
        """Make one; ``plain``: the PBX is to keep the secret itself, not its digests."""
        self.cancel()
        self._account = account
        self._backend.request(
            "account.new_secret", {"account": account, "plain": plain}, self._made, self._failed
        )

    @Slot()
    def copy(self) -> None:
        """Put ``section`` into the clipboard."""
        QGuiApplication.clipboard().setText(self._section)
        self._copied = True
        self.changed.emit()

    @Slot()
    def use(self) -> None:
        """Let the account have it, and see whether its server accepts it."""
        self._busy, self._problem = True, ""
        self.changed.emit()
        if self._secret is None:
            self._test()
            return
        params = {"account": self._account, "secret": self._secret, "credential": "password"}
        self._backend.request("account.edit", params, self._kept, self._failed)

    @Slot()
    def cancel(self) -> None:
        """Forget it, here; what the account has already it keeps."""
        self._account = self._section = self._problem = ""
        self._secret = None
        self._busy = self._copied = False
        self.changed.emit()

    def _made(self, made: contract.NewSecret) -> None:
        self._secret, self._section = made["secret"], made["pjsip_conf"].rstrip("\n")
        self.changed.emit()

    def _kept(self, _: contract.Account) -> None:
        self._secret = None
        self._test()

    def _test(self) -> None:
        self._backend.request("account.test", {"account": self._account}, self._tested, self._failed)

    def _tested(self, account: contract.Account) -> None:
        if account["state"] == "registered":
            self.cancel()
            self.taken.emit(account["id"])
            return
        refused = translate(
            "NewSecret", "The server does not take it: {reason} Are these lines there, and reloaded?"
        )
        self._failed(refused.format(reason=security.said(account["reason"] or account["state"])))

    def _failed(self, sentence: str) -> None:
        self._busy, self._problem = False, sentence
        self.changed.emit()
