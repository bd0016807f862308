"""The trust store as people see it: the phones they know."""

from __future__ import annotations

from collections.abc import Callable

from phone.store.trust import TrustStore


class PeerBook:
    """Lists, renames, forgets, exports and imports the phones that were met."""

    def __init__(self, trust: TrustStore, changed: Callable[[], None]) -> None:
        self._trust = trust
        self._changed = changed
