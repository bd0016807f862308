"""What all streams of one session have in common."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NewType

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.association import Association
from phone.zrtp.cache import CacheEntry, SecretCache, Zid
from phone.zrtp.events import Event
from phone.zrtp.randomness import Randomness
from phone.zrtp.zsa.claim import Claim

StreamId = NewType("StreamId", int)
"""Which stream of a session an event speaks of; later streams have higher numbers."""


class DelayedCache:
    """Keeps what is to be saved until ``flush``: no handshake has to wait for a disk."""

    def __init__(self, cache: SecretCache) -> None:
        self._cache = cache
        self._unsaved: dict[Zid, CacheEntry] = {}
        self._held: set[Zid] = set()

    @property
    def unsaved(self) -> bool:
        """Whether ``flush`` has something to do."""
        return not self._held.issuperset(self._unsaved)

    def load(self, peer: Zid) -> CacheEntry | None:
        """Return what is known of ``peer``, saved or not."""
        return self._unsaved.get(peer) or self._cache.load(peer)

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        """Replace what is known of ``peer`` at the next ``flush``."""
        self._unsaved[peer] = entry

    def hold(self, peer: Zid) -> None:
        """Let what is to be saved of ``peer`` wait for ``release``, or be dropped by ``drop``."""
        self._held.add(peer)

    def release(self, peer: Zid) -> None:
        """Save it at the next ``flush``."""
        self._held.discard(peer)

    def drop(self, peer: Zid) -> None:
        """Keep what was known before."""
        self._held.discard(peer)
        self._unsaved.pop(peer, None)

    def release_all(self) -> None:
        """Let nothing wait any more."""
        self._held.clear()

    def flush(self) -> None:
        """Save now."""
        for peer in [peer for peer in self._unsaved if peer not in self._held]:
            self._cache.save(peer, self._unsaved[peer])
            del self._unsaved[peer]


@dataclass(slots=True)
class Endpoint:
    """Our end of a session."""

    zid: Zid
    configuration: Configuration
    randomness: Randomness
    cache: DelayedCache
    association: Association
    aux_secret: Secret | None = None
    """A secret that both ends were given by other means (§4.3)."""
    claim: Claim | None = None
    """To know the secret of an account, which the other end may want to see proved (``docs/zsa.md``)."""
    peer_hello_hash: bytes | None = None
    """SHA-256 of the peer's Hello, as the signalling announced it (§8.1)."""
    outgoing: deque[bytes] = field(default_factory=deque)
    """Messages to send, oldest first; each is framed at the moment it leaves."""
    events: deque[tuple[StreamId, Event]] = field(default_factory=deque)
