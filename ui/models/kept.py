"""Secrets that are kept for those who call: an unattended end proves them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from phone.control.contract import Event, Kept
from ui.client import Backend
from ui.models.rows import Row, Rows
from ui.properties import Property

translate = QCoreApplication.translate


class KeptSecrets(QObject):
    """Whose they are; never the secrets themselves."""

    told = Signal(str)
    """A sentence for the user: why it could not be done."""

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._rows = Rows("place", self)
        backend.changed.connect(self.refresh)
        backend.happened.connect(self._happened)

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        """All of them, as ``row``."""
        return self._rows

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        if self._backend.connected:
            self._backend.request("secret.list", {}, self._listed)

    @Slot(str, str)
    def forget(self, caller: str, account: str) -> None:
        """Forget a caller's secret; ``account``: empty for calls without a server."""
        params = {"caller": caller, "account": account or None}
        self._backend.request("secret.forget", params, refused=self.told.emit)

    def _happened(self, event: Event) -> None:
        # those of an account that is removed go with it
        if event.get("edited") in ("secrets", "accounts"):
            self.refresh()

    def _listed(self, several: list[Kept]) -> None:
        self._rows.replace([_view(one) for one in several])


def _view(kept: Kept) -> Row:
    account = kept["account"] or ""
    words = translate("Kept", "{user} at {realm}").format(user=kept["user"], realm=kept["realm"])
    marks = [
        account or translate("Kept", "calls without a server"),
        "" if kept["remembered"] else translate("Kept", "until the backend ends"),
    ]
    return {
        **kept,
        "place": f"{kept['caller']} {account}",
        "account": account,
        "words": words,
        "where": ", ".join(mark for mark in marks if mark),
    }
