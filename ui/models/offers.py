"""What calls offer to agree on: codecs and ZRTP's algorithms, each kind in the user's order."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from phone.control.contract import Offer
from ui.client import Backend
from ui.models.rows import Row, Rows
from ui.properties import Property

translate = QCoreApplication.translate

CODECS = "codecs"
"""The kind of what is no algorithm."""


class Offers(QObject):
    """Every kind as a row with its entries, the best first, and at the end those that are switched off."""

    changed = Signal()

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._rows = Rows("kind", self)
        self._known_codecs: list[str] = []
        self._problem = ""
        self._unanswered = 0
        self._wanted: dict[str, list[str]] = {}
        """What is offered of each kind, and what was asked for and is still to be answered."""
        backend.changed.connect(self.refresh)

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        """All kinds, as ``row``."""
        return self._rows

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why the last change was refused."""
        return self._problem

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        if self._backend.connected:
            self._backend.request("codecs.known", {}, self._know)

    @Slot(str, str, bool)
    def offer(self, kind: str, name: str, wanted: bool) -> None:
        """Offer something, last of all, or do not offer it any more."""
        others = [one for one in self._wanted[kind] if one != name]
        self._choose(kind, [*others, name] if wanted else others)

    @Slot(str, str)
    def prefer(self, kind: str, name: str) -> None:
        """Offer something one place earlier."""
        names = list(self._wanted[kind])
        place = names.index(name)
        if place > 0:
            names[place - 1 : place + 1] = [name, names[place - 1]]
            self._choose(kind, names)

    @Slot(str)
    def reset(self, kind: str) -> None:
        """Offer what Parley offers by itself."""
        if kind == CODECS:
            self._choose(kind, [])
        else:
            self._backend.request("algorithms.reset", {"kind": kind}, self._take_all, self._say)

    def _choose(self, kind: str, names: list[str]) -> None:
        self._wanted[kind] = names
        self._unanswered += 1
        self._say("")

        def answered(answer: Any) -> None:
            self._unanswered -= 1
            # the answer to what has been changed again since says what was
            if not self._unanswered:
                (self._take_codecs if kind == CODECS else self._take)(answer)

        def refused(sentence: str) -> None:
            self._unanswered -= 1
            self._say(sentence)
            self.refresh()

        if kind == CODECS:
            self._backend.request("codecs.set", {"names": names}, answered, refused)
        else:
            self._backend.request("algorithms.set", {"kind": kind, "names": names}, answered, refused)

    def _say(self, problem: str) -> None:
        self._problem = problem
        self.changed.emit()

    def _know(self, codecs: list[str]) -> None:
        self._known_codecs = codecs
        self._backend.request("codecs.list", {}, self._take_codecs)
        self._backend.request("algorithms.list", {}, self._take_all)

    def _take_codecs(self, offered: list[str]) -> None:
        off = [name for name in self._known_codecs if name not in offered]
        self._wanted[CODECS] = offered
        # without any codec there is no call, and an empty choice means that of Parley
        last = offered if len(offered) == 1 else []
        self._rows.put(_view(CODECS, offered, off, last, chosen=offered != self._known_codecs))

    def _take_all(self, offers: list[Offer]) -> None:
        for offer in offers:
            self._take(offer)

    def _take(self, offer: Offer) -> None:
        kind, offered, fixed = offer["kind"], offer["offered"], offer["mandatory"]
        self._wanted[kind] = offered
        self._rows.put(_view(kind, offered, offer["off"], fixed, chosen=offer["chosen"]))


def _view(kind: str, offered: list[str], off: list[str], fixed: list[str], *, chosen: bool) -> Row:
    entries: list[dict[str, Any]] = [
        {
            "name": name,
            "words": _words(name),
            "offered": name in offered,
            "fixed": name in fixed,
            "first": name == offered[0] or name not in offered,
        }
        for name in [*offered, *off]
    ]
    labels = {
        CODECS: translate("Offers", "Codecs"),
        "key_agreements": translate("Offers", "Key agreement"),
        "ciphers": translate("Offers", "Cipher"),
        "auth_tags": translate("Offers", "Authentication of packets"),
        "hashes": translate("Offers", "Hash"),
        "sas_types": translate("Offers", "Code to compare"),
    }
    return {"kind": kind, "label": labels[kind], "entries": entries, "chosen": chosen}


def _words(name: str) -> str:
    """Return what is behind a code, for those who know; the code itself where that says it."""
    known = {
        "PQ25": "X25519 + ML-KEM-768",
        "PQ44": "X448 + ML-KEM-1024",
        "X255": "X25519",
        "X448": "X448",
        "EC25": "P-256",
        "EC38": "P-384",
        "DH3k": translate("Offers", "Diffie-Hellman, 3072 bits"),
        "DH2k": translate("Offers", "Diffie-Hellman, 2048 bits"),
        "Mult": translate("Offers", "further streams of the same call"),
        "Prsh": translate("Offers", "a secret of earlier calls, without new keys"),
        "AES1": "AES-128",
        "AES3": "AES-256",
        "HS80": "HMAC-SHA1, 80 bits",
        "HS32": "HMAC-SHA1, 32 bits",
        "GCM": "AES-GCM",
        "S256": "SHA-256",
        "S384": "SHA-384",
        "N256": "SHA3-256",
        "N384": "SHA3-384",
        "B32": translate("Offers", "four characters"),
        "B256": translate("Offers", "two words"),
    }
    codec, slash, rate = name.partition("/")
    if slash:
        return f"{codec}, {int(rate.partition('/')[0]) / 1000:g} kHz"
    return f"{known[name]} ({name})" if name in known else name
