"""The trust store as people see it: the phones they know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict

from phone.calls.latch import Latches
from phone.calls.values import CallError, Level, PeerSnapshot, ProofSnapshot
from phone.store.trust import PeerRecord, TrustStore
from phone.zrtp.cache import Zid


class PeerBook:
    """Lists, renames, forgets, exports and imports the phones that were met."""

    def __init__(self, trust: TrustStore, latches: Latches, changed: Callable[[], None]) -> None:
        """``changed``: told after every edit, so that live calls look again."""
        self._trust = trust
        self._latches = latches
        self._changed = changed

    def list(self) -> Sequence[PeerSnapshot]:
        """Return every phone, the latest first."""
        return self._snapshots(self._trust.peers())

    def show(self, peer: str) -> PeerSnapshot:
        """Return one phone by its name or ZID. Raise CallError."""
        return self._snapshots([self._find(peer)])[0]

    def rename(self, peer: str, name: str) -> PeerSnapshot:
        """Give a phone another name."""
        if not name.strip():
            raise CallError("A name has at least one character.")
        found = self._find(peer)
        self._trust.set_name(_zid(found), name.strip())
        self._changed()
        return self.show(found.zid)

    def unverify(self, peer: str) -> PeerSnapshot:
        """Take back that the SAS was compared with this phone."""
        found = self._find(peer)
        self._trust.unverify(_zid(found))
        self._latches.lower(found.uri, Level.ENCRYPTED)
        self._changed()
        return self.show(found.zid)

    def forget(self, peer: str) -> None:
        """Forget a phone and the secrets retained from it."""
        found = self._find(peer)
        self._trust.forget(_zid(found))
        self._latches.lower(found.uri, Level.CLEAR)
        self._changed()

    def export(self) -> str:
        """Return names and dates of all phones as JSON."""
        return self._trust.export()

    def import_(self, document: str) -> int:
        """Take over the names of phones that are new here; return how many."""
        count = self._trust.import_(document)
        self._changed()
        return count

    def _snapshots(self, records: Sequence[PeerRecord]) -> Sequence[PeerSnapshot]:
        proofs = defaultdict(list)
        for proof in self._trust.proofs():
            proofs[proof.zid].append(ProofSnapshot(proof.account or None, proof.suite, proof.date))
        return [PeerSnapshot(**asdict(record), proofs=tuple(proofs[record.zid])) for record in records]

    def _find(self, peer: str) -> PeerRecord:
        records = self._trust.peers()
        found = [r for r in records if r.zid == peer.lower()] or [r for r in records if r.name == peer]
        if not found:
            raise CallError(f"No phone of that name or ZID is known: {peer}.")
        if len(found) > 1:
            raise CallError(
                f"Several phones are called {peer}; use the ZID: {', '.join(r.zid for r in found)}."
            )
        return found[0]


def _zid(record: PeerRecord) -> Zid:
    return Zid(bytes.fromhex(record.zid))
