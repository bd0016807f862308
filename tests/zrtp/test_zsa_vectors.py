"""The engine against published values, which ``vectors/make_zsa.py`` computes without it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import S256
from phone.zrtp.cache import Zid
from phone.zrtp.keys import KeySchedule
from phone.zrtp.zsa.body import Flags
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import CredentialKind, Credentials, Identity, ha1, prepare, salt
from phone.zrtp.zsa.exchange import Terms
from phone.zrtp.zsa.holder import Holder
from phone.zrtp.zsa.keeper import Keeper
from phone.zrtp.zsa.proof import Binding, transcript_hash
from tests.zrtp.link import SeededRandomness
from tests.zrtp.recording import vectors
from tests.zrtp.zsa import Prover, meet

DATA: Final = vectors("zsa")
IDENTITY: Final = Identity(DATA["user"], DATA["realm"])
ROWS: Final = {CredentialKind(int(kind)): row for kind, row in DATA["credentials"].items()}


def secret(row: Any, name: str) -> Secret:
    """Return one secret of the file."""
    return Secret(bytes.fromhex(row[name]))


class Drawn(SeededRandomness):
    """Draws the private value of the file."""

    def __init__(self, value: bytes) -> None:
        super().__init__("")
        self._value = value

    def private_value(self, size: int) -> bytes:
        assert len(self._value) == size
        return self._value


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.name)
def test_prepared_keys(kind: CredentialKind) -> None:
    """C of the password, the salt, and S by scrypt or HKDF."""
    row = ROWS[kind]
    if kind is not CredentialKind.PROVISIONED:
        assert ha1(kind, IDENTITY, Secret(DATA["password"].encode())) == secret(row, "C")
    assert salt(kind, IDENTITY).hex() == row["salt"]
    assert prepare(kind, IDENTITY, secret(row, "C")) == secret(row, "S")


def binding(call: Any) -> Binding:
    """Return what the proofs of a call are bound to."""
    schedule = KeySchedule(S256, secret(DATA, "s0"), bytes.fromhex(call["kdf_context"]))
    hello_i, hello_r, commit, dhpart1, dhpart2 = map(bytes.fromhex, DATA["transcript"])
    return Binding(
        schedule.exporter().key,
        transcript_hash((hello_i, hello_r, commit, dhpart1, dhpart2)),
        Zid(bytes.fromhex(DATA["zid_i"])),
        Zid(bytes.fromhex(DATA["zid_r"])),
        bytes.fromhex(DATA["sas_hash"]),
    )


@pytest.mark.parametrize("call", DATA["calls"], ids=lambda call: f"suite {call['suite']} cred {call['cred']}")
def test_values_of_a_call(call: Any) -> None:
    """What the tags stand on."""
    bound = binding(call)
    assert bound.exported_key == secret(call, "exported_key")
    assert bound.extraction() == secret(call, "XK")
    assert bound.transcript.hex() == call["TH"]
    kind = CredentialKind(call["cred"])
    assert bound.context(IDENTITY, Suite(call["suite"]), kind).hex() == call["ctx"]


@pytest.mark.parametrize("call", DATA["calls"], ids=lambda call: f"suite {call['suite']} cred {call['cred']}")
def test_messages_of_a_call(call: Any) -> None:
    """Every byte of the four messages, tags and shares among it."""
    kind = CredentialKind(call["cred"])

    def terms(side: str) -> Terms:
        credentials = Credentials(IDENTITY, {kind: secret(ROWS[kind], "S")})
        claim = Claim(Capability(Side.HOLDER), credentials, Flags(DATA["flags"][side]))
        drawn = Drawn(bytes.fromhex(DATA["private"][side]))
        return Terms(claim, binding(call), Suite(call["suite"]), drawn)

    link = meet(Prover(Keeper(terms("k"))), Prover(Holder(terms("h"))))
    said = {message[4:12].decode(): message.hex() for end in (link.a, link.b) for message in end.sent}
    assert said == call["messages"]
    assert link.a.is_authenticated
    assert link.b.is_authenticated
