"""The best level that calls with each address have had: the next ones do not fall below it silently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from phone.calls.contacts import ContactBook, parts
from phone.calls.values import Level
from phone.media.encryption import Trust
from phone.store.levels import BestLevel, BestLevels

TRUST: Final = {
    Level.CLEAR: Trust.NOTHING,
    Level.TO_SERVER: Trust.SERVER,
    Level.ENCRYPTED: Trust.KEYS,
    Level.AUTHENTICATED: Trust.SECRET,
    Level.VERIFIED: Trust.CODE,
}
"""What the gate has to know of the other end where a call had this level before."""

_NOBODY: Final = ("anonymous", "anonymous.invalid")
"""User, or host, of a caller who does not say who he is (RFC 3261 §8.1.1.3): anybody."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best that there was."""

    level: Level = Level.CLEAR
    since: str = ""
    """When it was last there: ISO 8601 date, UTC."""


class Latches:
    """Remembers levels by address; a number that is a contact's is the same at every account."""

    def __init__(self, levels: BestLevels, contacts: ContactBook, now: Callable[[], float]) -> None:
        """``now``: seconds since 1970."""
        self._levels = levels
        self._contacts = contacts
        self._now = now

    def best(self, uri: str) -> Best:
        """Return what earlier calls with ``uri`` had. Raise StoreError."""
        kept = [self._load(key) for key in self._keys(uri)]
        return max(kept, key=lambda best: best.level.rank, default=Best())

    def note(self, uri: str, level: Level) -> None:
        """A call with ``uri`` has this level now."""
        today = datetime.fromtimestamp(self._now(), UTC).date().isoformat()
        for key in self._keys(uri):
            if level is not Level.CLEAR and level.rank >= self._load(key).level.rank:
                self._levels.save(key, BestLevel(level.value, today))

    def lower(self, uri: str, level: Level) -> None:
        """The user has said that no more than ``level`` is to be expected of ``uri``. Raise StoreError."""
        for key in self._keys(uri):
            kept = self._load(key)
            if level is Level.CLEAR:
                self._levels.remove(key)
            elif kept.level.rank > level.rank:
                self._levels.save(key, BestLevel(level.value, kept.since))

    def _load(self, key: str) -> Best:
        kept = self._levels.load(key)
        return Best() if kept is None else Best(Level(kept.level), kept.since)

    def _keys(self, uri: str) -> list[str]:
        user, host = parts(uri)
        if user in _NOBODY or host in _NOBODY:
            return []
        contact = self._contacts.at(uri)
        known = {(user, host)} | ({parts(contact.address)} if contact is not None else set())
        return sorted("@".join(one) for one in known)
