"""A secret cache that lives as long as the test."""

from __future__ import annotations

import hashlib

from phone.zrtp.cache import CacheEntry, Zid


class MemoryCache:
    """Remembers, and counts how often it was written."""

    def __init__(self, zid: Zid) -> None:
        self._zid = zid
        self.entries: dict[Zid, CacheEntry] = {}
        self.saves = 0

    @classmethod
    def named(cls, name: str) -> MemoryCache:
        """Return an empty cache whose ZID follows from ``name``."""
        return cls(Zid(hashlib.sha256(name.encode()).digest()[:12]))

    def zid(self) -> Zid:
        return self._zid

    def load(self, peer: Zid) -> CacheEntry | None:
        return self.entries.get(peer)

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        self.entries[peer] = entry
        self.saves += 1
