"""Writes ``parley_pq25.json`` and ``parley_pq44.json`` beside itself: whole calls in KEM mode.

    python tests/zrtp/vectors/make_hybrid.py

Two of our sessions, which both want to be the initiator, on a network with 10 ms of delay. Every run makes
other vectors, for ML-KEM draws what no caller can choose; ``tests/zrtp/test_hybrid_vectors.py`` checks them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[2]))

from phone.secret import Secret  # noqa: E402
from phone.zrtp.algorithms import S256, S384, Configuration, Hash  # noqa: E402
from phone.zrtp.dh import DH3K, KeyAgreement  # noqa: E402
from phone.zrtp.events import Role, Secured  # noqa: E402
from phone.zrtp.hybrid import PQ25, PQ44  # noqa: E402
from phone.zrtp.packet import Packet  # noqa: E402
from phone.zrtp.randomness import EncapsulationKey, SystemRandomness  # noqa: E402
from phone.zrtp.sas import B32  # noqa: E402
from phone.zrtp.session import Session  # noqa: E402
from tests.zrtp.link import Link, Party  # noqa: E402


class RecordingRandomness(SystemRandomness):
    """Remembers every draw by its purpose, in order."""

    def __init__(self) -> None:
        self.draws: dict[str, list[Any]] = {}

    def _drawn(self, purpose: str, value: bytes) -> bytes:
        self.draws.setdefault(purpose, []).append(value.hex())
        return value

    def h0(self) -> bytes:
        return self._drawn("h0", super().h0())

    def private_value(self, size: int) -> bytes:
        return self._drawn("private_value", super().private_value(size))

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        secret, ciphertext = super().encapsulate(key)
        drawn = {"secret": secret.reveal().hex(), "ciphertext": ciphertext.hex()}
        self.draws.setdefault("encapsulate", []).append(drawn)
        return secret, ciphertext

    def secret_id(self, secret: str, sender: Role) -> bytes:
        return self._drawn("secret_id", super().secret_id(secret, sender))

    def confirm_iv(self) -> bytes:
        return self._drawn("confirm_iv", super().confirm_iv())


def recorded_party(name: str, ssrc: int, configuration: Configuration) -> tuple[Party, RecordingRandomness]:
    """Return a party whose draws are kept."""
    party = Party(name, ssrc)
    randomness = RecordingRandomness()
    party.session = Session(ssrc=ssrc, cache=party.cache, configuration=configuration, randomness=randomness)
    return party, randomness


def call(agreement: KeyAgreement, hashes: tuple[Hash, ...]) -> dict[str, Any]:
    """Let two people call each other; return all there is to know of it."""
    own = Configuration(
        key_agreements=(agreement, DH3K), hashes=hashes, sas_types=(B32,), client_identifier=b"Parley"
    )
    packets: list[dict[str, Any]] = []
    ends = {name: recorded_party(name, ssrc, own) for name, ssrc in (("alice", 0xA1), ("bob", 0xB2))}
    (a, _), (b, _) = ends.values()
    link = Link(a, b)

    def note(sender: object, datagram: bytes) -> list[bytes]:
        name = a.name if sender is a else b.name
        packets.append({"t_ms": round(link.now * 1000), "from": name, "packet": datagram.hex()})
        return [datagram]

    link._intercept = note
    link.start()
    link.run(stop=lambda: a.told(Secured) and b.told(Secured))
    return {
        "description": f"A call with {agreement.code.decode()} in which both sides have committed.",
        "generator": "tests/zrtp/vectors/make_hybrid.py",
        "client_identifier": own.client_identifier.decode(),
        "configuration": own.names(),
        "ends": {name: end_of(party, randomness) for name, (party, randomness) in ends.items()},
        "packets": packets,
    }


def end_of(party: Party, randomness: RecordingRandomness) -> dict[str, Any]:
    """Return what one side has drawn and what it has come to."""
    secured = party.secured
    return {
        "zid": party.cache.zid().hex(),
        "ssrc": party.session.ssrc,
        "sequence_number": Packet.parse(party.sent[0]).sequence_number,
        "role": secured.role.value,
        "draws": randomness.draws,
        "srtp_key": secured.keys.local_key.reveal().hex(),
        "srtp_salt": secured.keys.local_salt.reveal().hex(),
        "sas": secured.sas.text,
    }


if __name__ == "__main__":
    for agreement, hashes in ((PQ25, (S256,)), (PQ44, (S384, S256))):
        path = FOLDER / f"parley_{agreement.code.decode().lower()}.json"
        path.write_text(json.dumps(call(agreement, hashes), indent=1) + "\n")
