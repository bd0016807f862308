"""Key continuity: what we share with a peer from earlier calls, and what we keep of this one.

RFC 6189 §4.3 (secrets and their IDs), §4.4.2 (Preshared mode), §4.6.1 (cache update), §4.9 (cache).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from phone.secret import Secret
from phone.zrtp.algorithms import Hash
from phone.zrtp.cache import CacheEntry, RetainedSecret
from phone.zrtp.events import Role
from phone.zrtp.keys import preshared_key, preshared_key_id
from phone.zrtp.randomness import Randomness

_ID_SIZE: Final = 8
_ID_LABEL: Final = {Role.INITIATOR: b"Initiator", Role.RESPONDER: b"Responder"}
_PRESHARED_IN_A_ROW: Final = 20
"""Then Diffie-Hellman again, for a new secret that the old ones do not give away (§4.4.2)."""


@dataclass(frozen=True, slots=True)
class SecretIds:
    """The four IDs in a DHPart, 8 bytes each (§4.3.1)."""

    rs1: bytes
    rs2: bytes
    aux_secret: bytes
    pbx_secret: bytes


@dataclass(frozen=True, slots=True)
class _Preshared:
    """A key for Preshared mode, and what is in it besides rs1."""

    key: Secret
    aux: bool
    pbx: bool


class Continuity:
    """One peer's cache entry, as one exchange uses it."""

    def __init__(self, entry: CacheEntry | None, aux_secret: Secret | None) -> None:
        self._before = entry
        self._aux_secret = aux_secret
        self._held_back: CacheEntry | None = None
        self._shared: RetainedSecret | None = None
        self._aux_shared = self._pbx_shared = False

    @property
    def shared_secrets(self) -> tuple[Secret | None, Secret | None, Secret | None]:
        """s1 (retained), s2 (auxiliary) and s3 (PBX); ``None`` before ``match``, or for one not in common."""
        return (
            _value(self._shared),
            self._aux_secret if self._aux_shared else None,
            self._pbx_secret if self._pbx_shared else None,
        )

    @property
    def new_peer(self) -> bool:
        """We share nothing with this peer from earlier calls."""
        return not self._retained()

    @property
    def mismatch(self) -> bool:
        """We had a secret of this peer that has not expired, and the peer has not (§4.3.2)."""
        return self._shared is None and any(secret.expires_in for secret in self._retained()[:1])

    @property
    def aux_mismatch(self) -> bool:
        """We have an auxiliary secret, and the peer has not the same (§4.3.2)."""
        return self._aux_secret is not None and not self._aux_shared

    @property
    def trusted_mitm(self) -> bool:
        """We have enrolled this peer, and it knows (§7.3)."""
        return self._pbx_shared

    @property
    def sas_verified(self) -> bool:
        """The SAS was compared in an earlier call, and continuity has held since (§7.1)."""
        return self._before is not None and self._before.sas_verified and self._shared is not None

    def secret_ids(self, hash_: Hash, sender: Role, h3: bytes, randomness: Randomness) -> SecretIds:
        """Return the IDs that we send as ``sender``, whose Hello has ``h3``.

        Random ones stand for secrets that we do not have (§4.3).
        """
        entry = self._before or CacheEntry()

        def secret_id(name: str, secret: Secret | None, label: bytes) -> bytes:
            if secret is None:
                return randomness.secret_id(name, sender)
            return _secret_id(hash_, secret, label)

        label = _ID_LABEL[sender]
        return SecretIds(
            secret_id("rs1", _value(entry.rs1), label),
            secret_id("rs2", _value(entry.rs2), label),
            secret_id("aux", self._aux_secret, h3),
            secret_id("pbx", entry.pbx_secret, label),
        )

    def match(self, hash_: Hash, sender: Role, h3: bytes, ids: SecretIds) -> None:
        """Find what we share by the IDs of the peer, ``sender``, whose Hello has ``h3``.

        Both sides go through the pairs of retained secrets in the initiator's order, its rs1 first (§4.3).
        """
        label = _ID_LABEL[sender]
        ours = [(_secret_id(hash_, secret.value, label), secret) for secret in self._retained()]
        theirs = (ids.rs1, ids.rs2)
        if sender is Role.RESPONDER:
            pairs = [(own, peer_id, secret) for own, secret in ours for peer_id in theirs]
        else:
            pairs = [(own, peer_id, secret) for peer_id in theirs for own, secret in ours]
        self._shared = None
        for own, peer_id, secret in reversed(pairs):
            if hmac.compare_digest(own, peer_id):
                self._shared = secret
        self._aux_shared = _is_named(hash_, self._aux_secret, h3, ids.aux_secret)
        self._pbx_shared = _is_named(hash_, self._pbx_secret, label, ids.pbx_secret)

    # Preshared mode

    @property
    def may_begin_preshared(self) -> bool:
        """Whether a call without Diffie-Hellman is sound: a verified secret, and not too often (§4.4.2)."""
        entry = self._before
        return (
            entry is not None
            and entry.sas_verified
            and entry.rs1 is not None
            and entry.rs1.expires_in > 0
            and entry.preshared_calls < _PRESHARED_IN_A_ROW
        )

    def propose_preshared(self, hash_: Hash) -> Secret:
        """Return the key of all that we share, as initiator; only when ``may_begin_preshared``."""
        return self._share(next(self._preshared_keys(hash_)))

    def accept_preshared(self, hash_: Hash, key_id: bytes) -> Secret | None:
        """Return the key that ``key_id`` names; ``None``: we do not have it (§4.4.2.3)."""
        weak = preshared_key_id(hash_, Secret(b""))
        if hmac.compare_digest(weak, key_id):
            return None  # known software makes the keys of a whole call from nothing
        named = [
            preshared
            for preshared in self._preshared_keys(hash_)
            if hmac.compare_digest(preshared_key_id(hash_, preshared.key), key_id)
        ]
        return self._share(named[0]) if named else None

    def _share(self, preshared: _Preshared) -> Secret:
        assert self._before is not None
        self._shared = self._before.rs1
        self._aux_shared, self._pbx_shared = preshared.aux, preshared.pbx
        return preshared.key

    def _preshared_keys(self, hash_: Hash) -> Iterator[_Preshared]:
        """Yield the key with every secret that we have, then with fewer; rs2 is not tried (§4.4.2.3)."""
        rs1 = None if self._before is None else self._before.rs1
        if rs1 is None:
            return
        aux, pbx = self._aux_secret, self._pbx_secret
        for others in ((aux, pbx), (aux, None), (None, pbx), (None, None)):
            key = preshared_key(hash_, rs1.value, others)
            yield _Preshared(key, others[0] is not None, others[1] is not None)

    # what is kept

    def settle(self, new: Secret, expiry: int, *, preshared: bool) -> CacheEntry | None:
        """Return the entry to save at the end of the exchange; ``None``: save nothing (§4.6.1, §4.9).

        ``new`` is the new rs1, ``expiry`` the shorter of both cache expiration intervals. After a mismatch
        the new secret is held back until the user has compared the SAS.

        The new rs2 is s1. That is the old rs1, unless one side had lost a generation: then it is the only
        secret that both are known to have. After a mismatch it is none: an old rs1 that the peer does not
        have may belong to whoever sat between us in an earlier call. Preshared mode leaves rs2 alone.
        """
        before = self._before
        if expiry == 0:
            return before and _expired(before)
        known = before or CacheEntry()
        renewed = replace(
            known,
            rs1=RetainedSecret(new, expiry),
            rs2=known.rs2 if preshared else self._shared,
            sas_verified=self.sas_verified,
            preshared_calls=known.preshared_calls + 1 if preshared else 0,
        )
        if before is None or not self.mismatch:
            return renewed
        self._held_back = renewed
        return replace(before, sas_verified=False)

    def prove(self) -> CacheEntry | None:
        """Return the entry to save after the peer has proved itself by the account's secret; ``None``: none.

        After a mismatch that lets the new secret take the old one's place; verified it is not.
        """
        held_back, self._held_back = self._held_back, None
        return held_back

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

    @property
    def _pbx_secret(self) -> Secret | None:
        return None if self._before is None else self._before.pbx_secret

    def _retained(self) -> list[RetainedSecret]:
        entry = self._before or CacheEntry()
        return [secret for secret in (entry.rs1, entry.rs2) if secret is not None]


def _value(retained: RetainedSecret | None) -> Secret | None:
    return None if retained is None else retained.value


def _expired(entry: CacheEntry) -> CacheEntry:
    """Keep the secrets, but let their loss raise no alarm."""
    return replace(
        entry,
        rs1=entry.rs1 and replace(entry.rs1, expires_in=0),
        rs2=entry.rs2 and replace(entry.rs2, expires_in=0),
    )


def _secret_id(hash_: Hash, secret: Secret, label: bytes) -> bytes:
    return hash_.mac(secret.reveal(), label)[:_ID_SIZE]


def _is_named(hash_: Hash, secret: Secret | None, label: bytes, peer_id: bytes) -> bool:
    return secret is not None and hmac.compare_digest(_secret_id(hash_, secret, label), peer_id)
