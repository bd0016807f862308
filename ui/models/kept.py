"""Secrets that are kept for those who call: an unattended end proves them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal, Slot

from phone.control.contract import Kept
from ui.models.listed import Listed
from ui.models.rows import Row

translate = QCoreApplication.translate


class KeptSecrets(Listed):
    """Whose they are; never the secrets themselves."""

    KEY = "place"
    METHOD = "secret.list"
    # those of an account that is removed go with it
    EDITED = frozenset({"secrets", "accounts"})

    told = Signal(str)
    """A sentence for the user: why it could not be done."""

    @Slot(str, str)
    def forget(self, caller: str, account: str) -> None:
        """Forget a caller's secret; ``account``: empty for calls without a server."""
        params = {"caller": caller, "account": account or None}
        self._backend.request("secret.forget", params, refused=self.told.emit)

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
