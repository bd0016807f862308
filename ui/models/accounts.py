"""The accounts and how each stands at its server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from phone.control.contract import Account, Event, Finding, Messages
from ui.client import Backend
from ui.models import security
from ui.models.doctor import Doctor, broken, told, works
from ui.models.rows import Row, Rows
from ui.properties import Property

translate = QCoreApplication.translate


TONES = {"registered": "good", "registering": "calm", "unregistered": "warning", "failed": "alarm"}


class Accounts(QObject):
    """All accounts, and the form that adds one."""

    changed = Signal()
    added = Signal()

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._doctor = Doctor(backend, self)
        self._rows = Rows("id", self)
        self._known = False
        self._busy = False
        self._problem = ""
        self._faults: list[Finding] = []
        self._faults_of: dict[str, list[Finding]] = {}
        backend.changed.connect(self._connected)
        backend.happened.connect(self._happened)

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        """All of them, as ``row``."""
        return self._rows

    @Property(bool, notify=changed)
    def known(self) -> bool:
        """Whether the backend has told which there are."""
        return self._known

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether a server is being asked."""
        return self._busy

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why the last account could not be added or changed."""
        return self._problem

    @Property("QVariantList", notify=changed)
    def faults(self) -> list[Row]:
        """What the doctor has found broken about it: ``words`` and ``remedy`` each."""
        return list(map(told, self._faults))

    @Property("QVariantMap", notify=changed)
    def summary(self) -> Row:
        """What the window says of all accounts in a few words: ``words`` and ``tone``."""
        rows = self._rows.all
        if not rows:
            return {"words": translate("Accounts", "No account"), "tone": "calm"}
        worst = max(rows, key=lambda row: list(TONES).index(row["state"]))
        if len(rows) == 1 or worst["state"] != "registered":
            return {"words": f"{worst['id']}: {worst['words']}", "tone": worst["tone"]}
        ready = translate("Accounts", "{count} accounts ready").format(count=len(rows))
        return {"words": ready, "tone": worst["tone"]}

    @Property("QVariantList", notify=changed)
    def mailboxes(self) -> list[Row]:
        """Accounts with a mailbox: ``words``, ``waiting``, and ``dials``, empty if that is unknown."""
        return [_mailbox(row) for row in self._rows.all if row["messages"] is not None]

    @Slot("QVariantMap")
    def add(self, form: dict[str, str]) -> None:
        """Add an account and see whether its server takes it; if it does not, it is not kept.

        ``form``: the fields of ``contract.NewAccount``, as they were typed.
        """
        typed = {name: text if name == "secret" else text.strip() for name, text in form.items()}
        address = typed["uri"]
        params = {
            **{name: text for name, text in typed.items() if text},
            "uri": address if address.startswith("sip:") else f"sip:{address}",
        }
        self._begin()
        self._backend.request("account.add", params, self._test, self._failed)

    @Slot(str)
    def remove(self, account: str) -> None:
        """Forget an account and its secret."""
        self._backend.request("account.remove", {"account": account}, self._again, self._failed)

    @Slot(str)
    def register(self, account: str) -> None:
        """Register an account afresh; if that fails, its row has why, and what helps."""

        def examined(findings: list[Finding]) -> None:
            self._faults_of[account] = broken(findings)
            self._again()

        self._doctor.examine(account, examined, self._failed)

    @Slot(str, str)
    def require(self, account: str, policy: str) -> None:
        """Change what the calls of an account need."""
        params = {"account": account, "policy": policy}
        self._backend.request("account.edit", params, self._again, self._failed)

    @Slot()
    def clear(self) -> None:
        """Forget what went wrong."""
        self._end("")

    def _begin(self) -> None:
        self._busy, self._problem, self._faults = True, "", []
        self.changed.emit()

    def _end(self, problem: str, faults: Sequence[Finding] = ()) -> None:
        self._busy, self._problem, self._faults = False, problem, list(faults)
        self.changed.emit()

    def _test(self, account: Account) -> None:
        """Let the doctor see whether a new account works; he tells why not, and sooner than a registrar."""

        def examined(findings: list[Finding]) -> None:
            if works(findings):
                self._end("")
                self.added.emit()
                self._again()
            else:
                self._take_back(account["id"], lambda: self._end("", broken(findings)))

        def refused(sentence: str) -> None:
            self._take_back(account["id"], lambda: self._failed(sentence))

        self._doctor.examine(account["id"], examined, refused)

    def _take_back(self, account: str, after: Callable[[], None]) -> None:
        def done(_: Any) -> None:
            after()
            self._again()

        self._backend.request("account.remove", {"account": account}, done, done)

    def _failed(self, sentence: str) -> None:
        self._end(sentence)

    def _connected(self) -> None:
        if self._backend.connected:
            self._again()
        elif self._busy:
            self._end(self._backend.trouble)

    def _again(self, _: object = None) -> None:
        self._backend.request("account.list", {}, self._listed)

    def _listed(self, accounts: list[Account]) -> None:
        self._rows.replace(list(map(self._view, accounts)))
        self._known = True
        self.changed.emit()

    def _happened(self, event: Event) -> None:
        if event.get("edited") == "accounts" and not self._busy:
            self._again()
        if "account" not in event:
            return
        if event["account"]["state"] == "registered":
            self._faults_of.pop(event["account"]["id"], None)  # cured
        if self._rows.find(event["account"]["id"]) is not None:
            self._rows.put(self._view(event["account"]))
            self.changed.emit()
        elif not self._busy:  # the one that is being tried may not stay
            self._again()

    def _view(self, account: Account) -> Row:
        return _view(account, self._faults_of.get(account["id"], []))


def _mailbox(row: Row) -> Row:
    messages: Messages = row["messages"]
    if messages["new"]:
        words = translate("Accounts", "New voice messages: {count}").format(count=messages["new"])
    elif messages["waiting"]:
        words = translate("Accounts", "New voice messages")
    elif messages["old"]:
        words = translate("Accounts", "Voice messages kept: {count}").format(count=messages["old"])
    else:
        words = translate("Accounts", "No voice messages")
    return {
        "id": row["id"],
        "words": words,
        "waiting": messages["waiting"],
        "dials": messages["mailbox"] or "",
    }


def _view(account: Account, faults: Sequence[Finding]) -> Row:
    words = {
        "registered": translate("Accounts", "ready"),
        "registering": translate("Accounts", "connecting..."),
        "unregistered": translate("Accounts", "not connected"),
        "failed": translate("Accounts", "failed"),
    }[account["state"]]
    return {
        **account,
        "words": words,
        "tone": TONES[account["state"]],
        "reason": security.said(account["reason"]) if account["reason"] else "",
        "findings": [told(weakness)["words"] for weakness in account["health"]],
        "faults": list(map(told, faults)),
    }
