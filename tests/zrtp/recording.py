"""Recorded exchanges of other implementations, and what it takes to repeat one side of them.

The files in ``vectors`` were made by running bzrtp 5.1 (``bz``), GNU ZRTP C++ 4.7 (``gnu``), one against the
other (``x``), and libzrtp (``lz``); they tell every random value that was drawn.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from phone.secret import Secret
from phone.zrtp.algorithms import AES1, AES3, HS32, HS80, S256, S384, AuthTag, Cipher, Configuration, Hash
from phone.zrtp.cache import CacheEntry, RetainedSecret, Zid
from phone.zrtp.confirm import Confirmation
from phone.zrtp.dh import DH2K, DH3K, EC25, EC38, MULT, PRSH, X255, X448, KeyAgreement, KeyPair
from phone.zrtp.events import Role
from phone.zrtp.hashchain import hash_image
from phone.zrtp.messages import Code, Commit, DHPart1, DHPart2, Hello
from phone.zrtp.randomness import EncapsulationKey
from phone.zrtp.sas import B32, B256

VECTORS: Final = Path(__file__).parent / "vectors"

_ROWS: Final = {
    row.code: row
    for row in (S256, S384, AES1, AES3, HS32, HS80, DH2K, X255, EC25, X448, DH3K, EC38, MULT, PRSH, B32, B256)
}


def vectors(name: str) -> Any:
    """Return the content of one file."""
    return json.loads((VECTORS / f"{name}.json").read_text())


@cache
def _sessions(name: str) -> Any:
    return vectors(name)["sessions"]


def session_count(name: str) -> int:
    """Return how many sessions were recorded in one file."""
    return len(_sessions(name))


def _only_listed(_: bytes) -> KeyPair:
    raise AssertionError("this key agreement stands in the Hello, but is not expected to be chosen")


def _row(kind: type, code: Code) -> Any:
    """Return the row of ``code``; for one that we do not have, a row that can be listed and no more."""
    if code in _ROWS:
        return _ROWS[code]
    if kind is KeyAgreement:
        return KeyAgreement(code, 0, 99, lambda size: size, _only_listed)
    if kind is Cipher:
        return Cipher(code, 16)
    assert kind is AuthTag
    return AuthTag(code)


@dataclass(frozen=True)
class RecordedPacket:
    """One datagram."""

    at: float
    """Seconds."""
    sender: str
    delivered: bool
    datagram: bytes

    @property
    def message(self) -> bytes:
        return self.datagram[12:-4]

    @property
    def type(self) -> bytes:
        return self.message[4:12]


class Recording:
    """One stream of a recorded session, seen from ``side`` (``A`` or ``B``), which is to be repeated."""

    def __init__(self, name: str, number: int, side: str, stream: int = 0) -> None:
        data = _sessions(name)[number]
        self.side = side
        self.peer = "B" if side == "A" else "A"
        self.data = data
        self.is_bzrtp = data[side]["implementation"].startswith("bzrtp")
        self.stream = data[side]["streams"][stream]
        self.recomputed = data["recomputed"]["streams"][stream]
        self.role = Role.INITIATOR if self.recomputed["initiator"] == side else Role.RESPONDER
        self.zid = Zid(bytes.fromhex(data[side]["zid"]))
        self.peer_zid = Zid(bytes.fromhex(data[self.peer]["zid"]))
        self.packets = [
            RecordedPacket(
                packet["t_ms"] / 1000,
                packet["from"],
                packet["fate"] == "delivered",
                bytes.fromhex(packet["packet"]),
            )
            for packet in data["packets"]
            if packet["stream"] == stream
        ]
        self.sent = [packet for packet in self.packets if packet.sender == side]
        self.ssrc = int.from_bytes(self.sent[0].datagram[8:12], "big")
        self.verified_by_user: bool = data.get(f"user_{side}_verified_sas_after", False)
        self.without_dh = self.recomputed["key_agreement"] in ("Mult", "Prsh")

    @property
    def confirmation(self) -> Confirmation:
        """What the side said in its Confirm."""
        kind = "Confirm2" if self.role is Role.INITIATOR else "Confirm1"
        return Confirmation.parse(bytes.fromhex(self.recomputed["confirm"][kind]["plaintext"]))

    @property
    def aux_secret(self) -> Secret | None:
        """The secret that was given to the side, or that bzrtp keeps in its cache."""
        rows = self.data.get(f"cache_{self.side}_before", [])
        kept = next((row["aux"] or "" for row in rows if row["zid"] == self.peer_zid.hex()), "")
        secret = bytes.fromhex(kept + (self.data.get(f"aux_secret_{self.side}") or ""))
        return Secret(secret) if secret else None

    def message(self, message_type: bytes) -> bytes | None:
        """Return what the side sent, once or often."""
        return next((packet.message for packet in self.sent if packet.type == message_type), None)

    def configuration(self) -> Configuration:
        """Return the configuration that leads to the recorded Hello."""
        raw = self.message(b"Hello   ")
        assert raw is not None
        hello = Hello.parse(raw)
        return Configuration(
            client_identifier=hello.client_identifier,
            hashes=tuple(_row(Hash, code) for code in hello.hashes),
            ciphers=tuple(_row(Cipher, code) for code in hello.ciphers),
            auth_tags=tuple(_row(AuthTag, code) for code in hello.auth_tags),
            key_agreements=tuple(_row(KeyAgreement, code) for code in hello.key_agreements),
            sas_types=tuple(_ROWS[code] for code in hello.sas_types),  # type: ignore[misc]
            cache_expiry=self.confirmation.expiry,
        )

    def cache_entry(self, moment: str) -> CacheEntry | None:
        """Return what the side knew of its peer ``before`` or ``after`` the session."""
        if not self.is_bzrtp and self.data[self.side].get("preshared"):
            # libzrtp's cache was not recorded
            known = {"before": self.data[self.side]["preshared"]["rs1"], "after": self.recomputed["new_rs1"]}
            return CacheEntry(
                RetainedSecret(Secret(bytes.fromhex(known[moment])), self.confirmation.expiry),
                sas_verified=self.confirmation.sas_verified,
                preshared_calls=int(moment == "after"),
            )
        for row in self.data[f"cache_{self.side}_{moment}"]:
            if row["zid"] == self.peer_zid.hex():
                rs1, rs2 = (
                    RetainedSecret(Secret(bytes.fromhex(row[name]))) if row[name] else None
                    for name in ("rs1", "rs2")
                )
                pbx = Secret(bytes.fromhex(row["pbx"])) if row["pbx"] else None
                return CacheEntry(rs1, rs2, row["pvs"] == "01", pbx)
        return None


class RecordedRandomness:
    """Draws what the recorded side drew."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        kind = "Confirm2" if recording.role is Role.INITIATOR else "Confirm1"
        self._h0 = recording.confirmation.h0
        confirm = recording.message(kind.encode())
        assert confirm is not None
        self._iv = confirm[20:36]
        self._private = recording.data["recomputed"]["dh_private"][recording.side] or {}
        self._ids = {} if recording.without_dh else self._sent_ids() | self._ids_of_lost_commit()

    def h0(self) -> bytes:
        return self._h0

    def private_value(self, size: int) -> bytes:
        value = bytes.fromhex(self._private["value"])
        if "P-" in self._private["form"]:
            return (int.from_bytes(value, "big") - 1).to_bytes(size, "big")
        return value.rjust(size, b"\0")

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        raise AssertionError("no recorded exchange is in KEM mode")

    def secret_id(self, secret: str, sender: Role) -> bytes:
        return self._ids[secret, sender]

    def confirm_iv(self) -> bytes:
        return self._iv

    def nonce(self) -> bytes:
        commit = self._recording.message(Commit.TYPE)
        assert commit is not None
        assert self._recording.without_dh
        return commit[76:92]

    def sequence_number(self) -> int:
        return int.from_bytes(self._recording.sent[0].datagram[2:4], "big")

    def _sent_ids(self) -> dict[tuple[str, Role], bytes]:
        """Read the IDs in the DHPart that was sent."""
        role = self._recording.role
        kind = DHPart2 if role is Role.INITIATOR else DHPart1
        raw = self._recording.message(kind.TYPE)
        assert raw is not None
        part = kind.parse(raw)
        ids = {"rs1": part.rs1_id, "rs2": part.rs2_id, "aux": part.aux_secret_id, "pbx": part.pbx_secret_id}
        return {(name, role): value for name, value in ids.items()}

    def _ids_of_lost_commit(self) -> dict[tuple[str, Role], bytes]:
        """Find the initiator's IDs behind a Commit that lost: only its hvi and the draws are known."""
        recording = self._recording
        if recording.role is Role.INITIATOR or recording.message(b"Commit  ") is None:
            return {}
        entry = recording.cache_entry("before") or CacheEntry()
        secrets = {
            "rs1": entry.rs1,
            "rs2": entry.rs2,
            "pbx": entry.pbx_secret,
            "aux": recording.aux_secret,
        }
        absent = [name for name, secret in secrets.items() if secret is None]
        draws = [
            bytes.fromhex(draw["value"])
            for draw in recording.data[recording.side]["internals"]["rng_draws_in_order"]
        ]
        if recording.is_bzrtp:
            # rs1 i, rs1 r, rs2 i, rs2 r, pbx i, pbx r, aux i, aux r, without those of secrets that are there
            values = [draw for draw in draws if len(draw) == 8][::2]
            return {(name, Role.INITIATOR): value for name, value in zip(absent, values, strict=True)}
        # GNU ZRTP draws a secret in place of each that is absent
        h3 = hash_image(self._h0, 3)
        labels = {"rs1": b"Initiator", "rs2": b"Initiator", "pbx": b"Initiator", "aux": h3}
        drawn = [draw for draw in draws[1:] if len(draw) == 32]
        return {
            (name, Role.INITIATOR): hmac.digest(secret, labels[name], "sha256")[:8]
            for name, secret in zip(absent, drawn, strict=False)
        }
