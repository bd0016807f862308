"""Key continuity: what we share with a peer from earlier calls, and what we keep of this one.

RFC 6189 §4.3 (secrets and their IDs), §4.6.1 (cache update), §4.9 (cache).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Final

from phone.secret import Secret
from phone.zrtp.algorithms import Hash
from phone.zrtp.cache import CacheEntry, RetainedSecret
from phone.zrtp.events import Role
from phone.zrtp.randomness import Randomness

_ID_SIZE: Final = 8
_ID_LABEL: Final = {Role.INITIATOR: b"Initiator", Role.RESPONDER: b"Responder"}


@dataclass(frozen=True, slots=True)
class SecretIds:
    """The four IDs in a DHPart, 8 bytes each (§4.3.1)."""

    rs1: bytes
    rs2: bytes
    aux_secret: bytes
    pbx_secret: bytes


class Continuity:
    """One peer's cache entry, as one exchange uses it."""

    def __init__(self, entry: CacheEntry | None) -> None:
        self._before = entry
        self._held_back: CacheEntry | None = None
        self._shared: RetainedSecret | None = None

    @property
    def s1(self) -> Secret | None:
        """The retained secret that both sides have; ``None`` before ``match`` or when there is none."""
        return None if self._shared is None else self._shared.value

    @property
    def new_peer(self) -> bool:
        """We share nothing with this peer from earlier calls."""
        return not self._retained()

    @property
    def mismatch(self) -> bool:
        """We had a retained secret that has not expired, and the peer has not (§4.3.2)."""
        return self.s1 is None and any(secret.expires_in for secret in self._retained()[:1])

    @property
    def sas_verified(self) -> bool:
        """The SAS was compared in an earlier call, and continuity has held since (§7.1)."""
        return self._before is not None and self._before.sas_verified and self.s1 is not None

    def secret_ids(self, hash_: Hash, sender: Role, randomness: Randomness) -> SecretIds:
        """Return the IDs that we as ``sender`` put into our DHPart; random ones for what we do not have."""
        entry = self._before or CacheEntry()

        def retained_id(name: str, secret: RetainedSecret | None) -> bytes:
            if secret is None:
                return randomness.secret_id(name, sender)
            return _secret_id(hash_, secret.value, sender)

        return SecretIds(
            retained_id("rs1", entry.rs1),
            retained_id("rs2", entry.rs2),
            randomness.secret_id("aux", sender),
            randomness.secret_id("pbx", sender),
        )

    def match(self, hash_: Hash, sender: Role, rs1_id: bytes, rs2_id: bytes) -> None:
        """Find s1 by the IDs in the DHPart of the peer, ``sender``.

        Both sides go through the pairs in the initiator's order, its rs1 first (§4.3).
        """
        ours = [(_secret_id(hash_, secret.value, sender), secret) for secret in self._retained()]
        theirs = (rs1_id, rs2_id)
        if sender is Role.RESPONDER:
            pairs = [(own, peer_id, secret) for own, secret in ours for peer_id in theirs]
        else:
            pairs = [(own, peer_id, secret) for peer_id in theirs for own, secret in ours]
        for own, peer_id, secret in reversed(pairs):
            if hmac.compare_digest(own, peer_id):
                self._shared = secret

    def settle(self, new: Secret, expiry: int) -> CacheEntry | None:
        """Return the entry to save at the end of the exchange; ``None``: save nothing (§4.6.1, §4.9).

        ``new`` is the new rs1, ``expiry`` the shorter of both cache expiration intervals. After a mismatch
        the new secret is held back until the user has compared the SAS.

        The new rs2 is s1. That is the old rs1, unless one side had lost a generation: then it is the only
        secret that both are known to have. After a mismatch it is none: an old rs1 that the peer does not
        have may belong to whoever sat between us in an earlier call.
        """
        before = self._before
        if expiry == 0:
            return before and _expired(before)
        renewed = CacheEntry(
            rs1=RetainedSecret(new, expiry),
            rs2=self._shared,
            sas_verified=self.sas_verified,
        )
        if before is None or not self.mismatch:
            return renewed
        self._held_back = renewed
        return replace(before, sas_verified=False)

    def judge(self, matches: bool, current: CacheEntry | None) -> CacheEntry | None:
        """Return the entry to save after the user compared the SAS; ``None``: nothing to save.

        ``current`` is the peer's entry now: another exchange may have renewed it meanwhile. A code that
        differs takes the flag away and leaves the secrets: it may have been misread, and a secret that one
        side alone has thrown away looks like an attack to the other in the next call.
        """
        if current is None:
            return None
        if matches:
            held_back, self._held_back = self._held_back, None
            return replace(held_back or current, sas_verified=True)
        return replace(current, sas_verified=False)

    def _retained(self) -> list[RetainedSecret]:
        entry = self._before or CacheEntry()
        return [secret for secret in (entry.rs1, entry.rs2) if secret is not None]


def _expired(entry: CacheEntry) -> CacheEntry:
    """Keep the secrets, but let their loss raise no alarm."""
    return CacheEntry(
        rs1=entry.rs1 and replace(entry.rs1, expires_in=0),
        rs2=entry.rs2 and replace(entry.rs2, expires_in=0),
        sas_verified=entry.sas_verified,
    )


def _secret_id(hash_: Hash, secret: Secret, sender: Role) -> bytes:
    return hash_.mac(secret.reveal(), _ID_LABEL[sender])[:_ID_SIZE]
