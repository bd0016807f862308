"""The phones that Parley knows: the trust store."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication, QUrl, Signal, Slot

from phone.control.contract import Event, Peer, Proof
from ui.models import files
from ui.models.address import short
from ui.models.history import day
from ui.models.listed import Listed
from ui.models.rows import Row

translate = QCoreApplication.translate


class Peers(Listed):
    """All known phones, and what can be done with what is known of them."""

    KEY = "zid"
    METHOD = "peers.list"
    EDITED = frozenset({"peers"})

    told = Signal(str)
    """A sentence for the user: what was done, or why not."""

    @Slot(str, str)
    def rename(self, zid: str, name: str) -> None:
        """Give a phone another name."""
        if name.strip():
            self._change("peers.rename", peer=zid, name=name.strip())

    @Slot(str)
    def forget(self, zid: str) -> None:
        """Forget a phone and its key."""
        self._change("peers.forget", peer=zid)

    @Slot(str)
    def unverify(self, zid: str) -> None:
        """Take back that it was verified."""
        self._change("peers.unverify", peer=zid)

    @Slot(QUrl)
    def export(self, url: QUrl) -> None:
        """Write names, addresses and dates, and no key, to a file."""

        def write(document: str) -> None:
            try:
                files.write(url, document)
            except files.FileError as trouble:
                self.told.emit(str(trouble))
            else:
                count = len(json.loads(document)["peers"])
                self.told.emit(translate("Peers", "Written: {count} phones, and no key.").format(count=count))

        self._backend.request("peers.export", {}, write, self.told.emit)

    @Slot(QUrl)
    def learn(self, url: QUrl) -> None:
        """Learn names from such a file; that verifies nothing."""
        try:
            document = files.read(url)
        except files.FileError as trouble:
            self.told.emit(str(trouble))
            return

        def learned(count: int) -> None:
            self.told.emit(
                translate("Peers", "{count} phones are new here; verify them when you talk.").format(
                    count=count
                )
            )

        self._backend.request("peers.import", {"document": document}, learned, self.told.emit)

    def _change(self, method: str, **params: str) -> None:
        self._backend.request(method, params, refused=self.told.emit)

    def _happened(self, event: Event) -> None:
        super()._happened(event)
        if "call" in event:
            known = self._rows.find(event["call"]["peer_zid"])
            verified = event["call"]["level"] == "VERIFIED"
            if event["event"] == "call.ended" or (
                known is not None and bool(known["verified_since"]) != verified
            ):
                self.refresh()

    def _listed(self, peers: list[Peer]) -> None:
        self._rows.replace([_view(peer) for peer in peers])


def _view(peer: Peer) -> Row:
    since = peer["verified_since"]
    proofs = [_proof(proof) for proof in peer["proofs"]]
    user = peer["uri"].partition(":")[2].partition("@")[0]
    return {
        **peer,
        "title": short(peer["name"] or user or peer["uri"]),
        "words": _words(since, proofs),
        "proved": "\n".join(proofs),
        "shape": "disc" if since else "hexagon" if proofs else "ring",
        "tone": "good" if since or proofs else "calm",
        "seen": translate("Peers", "Last call {date}").format(date=day(peer["last_seen"])),
    }


def _words(since: str | None, proofs: list[str]) -> str:
    if since:
        return translate("Peers", "Verified since {date}").format(date=day(since))
    # what proves itself is mostly a machine, which nobody can compare a code with
    return "" if proofs else translate("Peers", "Not verified")


def _proof(proof: Proof) -> str:
    if proof["account"] is None:
        said = translate("Peers", "Has proved a secret that is kept here, last on {date}")
        return said.format(date=day(proof["last"]))
    said = translate("Peers", "Has proved the secret of {account}, last on {date}")
    return said.format(account=proof["account"], date=day(proof["last"]))
