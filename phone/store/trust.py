"""Who we are to others, and what we know of the phones we have met (RFC 6189 §4.9)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import cast

from phone.secret import Secret
from phone.store.database import Database, StoreError
from phone.zrtp.cache import FOREVER, CacheEntry, RetainedSecret, Zid

ZID_BYTES = 12
_EXPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class PeerRecord:
    """One phone we have met; no key in it."""

    zid: str
    """24 hex digits."""
    name: str
    """Empty: nobody has given it one."""
    uri: str
    """Where it was last talked to."""
    verified_since: str | None
    """ISO 8601, UTC; ``None``: the SAS was never compared, or that was taken back."""
    first_seen: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class Proof:
    """When a device has last proved that it knows the secret of an account."""

    zid: str
    """24 hex digits."""
    account: str
    """Empty: one that is kept for calls without a server."""
    suite: int
    """1: HMAC; 2: PAKE (docs/zsa.md)."""
    date: str
    """ISO 8601, UTC."""


_COLUMNS = "lower(hex(zid)), name, uri, verified_since, first_seen, last_seen"


class TrustStore:
    """ZIDs, retained secrets, names and dates; the engine's ``SecretCache``."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        """``now``: seconds since 1970."""
        self._database = database
        self._now = now

    # for the engine

    def zid(self) -> Zid:
        """Return our own ZID, made at the first call."""
        self._database.write(
            "INSERT INTO identity VALUES (1, ?) ON CONFLICT DO NOTHING", secrets.token_bytes(ZID_BYTES)
        )
        ((zid,),) = self._database.rows("SELECT zid FROM identity")
        return Zid(cast(bytes, zid))

    def load(self, peer: Zid) -> CacheEntry | None:
        """Return the retained secrets of ``peer``; ``None`` for a stranger, whatever its name."""
        rows = self._database.rows(
            "SELECT rs1, rs1_expires, rs2, rs2_expires, verified_since, pbx_secret, preshared_calls FROM peer"
            " WHERE zid = ? AND coalesce(rs1, rs2, pbx_secret) IS NOT NULL",
            peer,
        )
        if not rows:
            return None
        rs1, rs1_expires, rs2, rs2_expires, verified, pbx_secret, preshared_calls = rows[0]
        return CacheEntry(
            self._retained(rs1, rs1_expires),
            self._retained(rs2, rs2_expires),
            verified is not None,
            None if pbx_secret is None else Secret(cast(bytes, pbx_secret)),
            cast(int, preshared_calls),
        )

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        """Replace the retained secrets of ``peer``; a first comparison of the SAS gets today's date."""
        now = self._iso()
        verified = now if entry.sas_verified else None
        self._database.keep(
            "INSERT INTO peer (zid, rs1, rs1_expires, rs2, rs2_expires, pbx_secret, preshared_calls,"
            " verified_since, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (zid) DO UPDATE SET rs1 = excluded.rs1, rs1_expires = excluded.rs1_expires,"
            " rs2 = excluded.rs2, rs2_expires = excluded.rs2_expires, pbx_secret = excluded.pbx_secret,"
            " preshared_calls = excluded.preshared_calls, last_seen = excluded.last_seen,"
            " verified_since = CASE WHEN excluded.verified_since IS NULL"
            " THEN NULL ELSE coalesce(verified_since, excluded.verified_since) END",
            *(peer, *self._columns(entry.rs1), *self._columns(entry.rs2)),
            *(entry.pbx_secret and entry.pbx_secret.reveal(), entry.preshared_calls, verified, now, now),
        )

    # for the calls

    def met(self, zid: Zid, uri: str) -> None:
        """Note that this phone was talked to just now, at ``uri``."""
        now = self._iso()
        self._database.keep(
            "INSERT INTO peer (zid, uri, first_seen, last_seen) VALUES (?, ?, ?, ?) ON CONFLICT (zid)"
            " DO UPDATE SET uri = excluded.uri, last_seen = excluded.last_seen",
            *(zid, uri, now, now),
        )

    def peer(self, zid: Zid) -> PeerRecord | None:
        """Return what is known of a phone."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM peer WHERE zid = ?", zid)  # noqa: S608  # our own names
        return _record(rows[0]) if rows else None

    def verified_at(self, uri: str, *, besides: Zid) -> PeerRecord | None:
        """Return another verified phone that was last talked to at ``uri``; ``None``: there is none."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM peer WHERE uri = ? AND zid != ? AND verified_since IS NOT NULL"  # noqa: S608
            " ORDER BY last_seen DESC LIMIT 1",
            *(uri, besides),
        )
        return _record(rows[0]) if rows else None

    def proved(self, account: str, zid: Zid, suite: int) -> None:
        """Note that this device has proved, just now, that it knows the secret of an account (docs/zsa.md).

        It says nothing of who is there: the SAS counts as compared, or not, as before.
        """
        self._database.keep(
            "INSERT INTO proof VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET suite = excluded.suite, date = excluded.date",
            *(account, zid, suite, self._iso()),
        )

    def proved_since(self, account: str, zid: Zid) -> str | None:
        """Return when this device has last proved that it knows the secret of an account."""
        rows = self._database.rows("SELECT date FROM proof WHERE account = ? AND zid = ?", account, zid)
        return cast(str, rows[0][0]) or None if rows else None

    def best_suite(self, account: str) -> int | None:
        """Return the best suite by which anybody has ever proved that he knows the secret of an account."""
        rows = self._database.rows("SELECT MAX(suite) FROM proof WHERE account = ?", account)
        return cast("int | None", rows[0][0])

    def unprove(self, account: str, zid: Zid) -> None:
        """Expect no proof of this device any more; that there was one by so good a suite stays known.

        Otherwise whoever has taken a proof away would next be asked for one from which he can guess.
        """
        self._database.write("UPDATE proof SET date = '' WHERE account = ? AND zid = ?", account, zid)

    def set_name(self, zid: Zid, name: str) -> None:
        """Give a phone a name."""
        self._database.write("UPDATE peer SET name = ? WHERE zid = ?", name, zid)

    # for people

    def peers(self) -> list[PeerRecord]:
        """Return every phone we have met, the latest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM peer ORDER BY last_seen DESC, zid")  # noqa: S608
        return [_record(row) for row in rows]

    def proofs(self) -> list[Proof]:
        """Return all that was proved, the latest first."""
        rows = self._database.rows(
            "SELECT lower(hex(zid)), account, suite, date FROM proof WHERE date != ''"
            " ORDER BY date DESC, account"
        )
        return [Proof(*cast(tuple[str, str, int, str], row)) for row in rows]

    def forget(self, zid: Zid) -> None:
        """Forget a phone; its retained secrets are overwritten on disk."""
        with self._database.transaction():
            self._database.write("DELETE FROM peer WHERE zid = ?", zid)
            self._database.write("DELETE FROM proof WHERE zid = ?", zid)
        # the log of earlier writes still has them
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def unverify(self, zid: Zid) -> None:
        """Take back that the SAS was compared; the retained secrets stay."""
        self._database.write("UPDATE peer SET verified_since = NULL WHERE zid = ?", zid)

    def export(self) -> str:
        """Return names, addresses and dates of every phone as JSON.

        There is no key in it, so it proves nothing by itself: retained secrets belong to one pair of ZIDs,
        and two installations that share them set off each other's alarms.
        """
        peers = [asdict(peer) for peer in self.peers()]
        return json.dumps({"parley_peers": _EXPORT_VERSION, "peers": peers}, indent=2)

    def import_(self, document: str) -> int:
        """Take over the phones of an export that are new here; return how many. Raise StoreError.

        None of them is verified: that takes comparing codes from here.
        """
        found = _peers_in(document)
        with self._database.transaction():
            return sum(
                self._database.write(
                    "INSERT INTO peer (zid, name, uri, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (zid) DO NOTHING",
                    *(bytes.fromhex(peer.zid), peer.name, peer.uri, peer.first_seen, peer.last_seen),
                )
                for peer in found
            )

    # inside

    def _retained(self, value: object, expires: object) -> RetainedSecret | None:
        if value is None:
            return None
        left = FOREVER if expires is None else max(0, cast(int, expires) - int(self._now()))
        return RetainedSecret(Secret(cast(bytes, value)), left)

    def _columns(self, retained: RetainedSecret | None) -> tuple[bytes | None, int | None]:
        if retained is None:
            return None, None
        forever = retained.expires_in == FOREVER
        return retained.value.reveal(), None if forever else int(self._now()) + retained.expires_in

    def _iso(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _record(row: tuple[object, ...]) -> PeerRecord:
    return PeerRecord(*cast(tuple[str, str, str, str, str, str], row))


def _peers_in(document: str) -> list[PeerRecord]:
    try:
        exported = json.loads(document)
        version = exported["parley_peers"]
        found = [PeerRecord(**peer) for peer in exported["peers"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError("This is not a list of peers that Parley has exported.") from error
    if version != _EXPORT_VERSION or not all(_is_sound(peer) for peer in found):
        raise StoreError("This list of peers is damaged, or a later version of Parley has exported it.")
    return found


def _is_sound(peer: PeerRecord) -> bool:
    texts: tuple[object, ...] = (peer.zid, peer.name, peer.uri, peer.first_seen, peer.last_seen)
    return (
        all(isinstance(text, str) and text.isprintable() for text in texts)
        and re.fullmatch("[0-9a-f]{24}", peer.zid) is not None
    )
