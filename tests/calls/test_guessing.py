"""Guessing at a secret over whole calls: counted by real sessions, kept on disk, refused unseen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import maybeDeferred

from phone.calls.kept import KeptSecrets
from phone.calls.preparing import derive
from phone.calls.proofs import Proofs
from phone.calls.values import Direction
from phone.secret import Secret
from phone.store.database import Database
from phone.store.guesses import GuessStore
from phone.store.kept import KeptStore
from phone.store.secrets import Secrets
from phone.store.trust import TrustStore
from phone.zrtp.events import Authenticated, AuthenticationEvent, Doubt, NotAuthenticated
from phone.zrtp.zsa import exchange
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import Credentials, Identity
from phone.zrtp.zsa.guesses import FREE_GUESSES
from phone.zrtp.zsa.proof import Proof
from tests.calls.test_proofs import account
from tests.zrtp.link import Party, connect

ALICE = Identity("alice", "asterisk")
RIGHT_KEY = Secret(b"5a" * 32)
"""A key and not a password: it takes no time to prepare."""
RIGHT = derive(ALICE.user, ALICE.realm, {"key": RIGHT_KEY})
WRONG = derive(ALICE.user, ALICE.realm, {"key": Secret(b"c3" * 32)})
SOURCE = "sip:alice@pbx"


class Victim:
    """An end that is guessed at: its proofs and its counts on disk, in a time of its own."""

    def __init__(self, folder: Path, side: Side, suite: Suite) -> None:
        self._folder = folder
        self._side = side
        self._suite = suite
        self.now = 1_000_000.0
        self._database: Database | None = None
        self._calls = 0
        self.restart()

    def restart(self) -> None:
        """Begin anew with what is on disk."""
        self.close()
        self._database = Database(self._folder / "parley.sqlite3")
        secrets = Secrets(self._folder / "secrets.json", keyring_service=None)
        kept = KeptSecrets(KeptStore(self._database, secrets), off_reactor=maybeDeferred)
        self._proofs = Proofs(
            GuessStore(self._database),
            kept,
            TrustStore(self._database, lambda: self.now),
            off_reactor=maybeDeferred,
            now=lambda: self.now,
        )
        if self._side is Side.HOLDER:
            forms = {"key": RIGHT_KEY}
            self._proofs.account_changed("a", ALICE.user, ALICE.realm, forms, prepared=lambda: None)
        elif not kept.list():
            kept.keep("a", "alice", user="alice", realm="asterisk", credential="key", secret=RIGHT_KEY)

    def close(self) -> None:
        """Let go of the files."""
        if self._database is not None:
            self._database.close()

    def attempt(self, credentials: Credentials) -> AuthenticationEvent:
        """Let somebody who knows ``credentials`` call; return what we make of him."""
        direction = Direction.INCOMING if self._side is Side.KEEPER else Direction.OUTGOING
        claim = self._proofs.claim(account(), direction, SOURCE)
        assert claim is not None
        ours = replace(claim, capability=Capability(self._side, (self._suite,)))
        self._calls += 1
        us = Party("us", 1, claim=ours, seed=str(self._calls))
        theirs = Claim(Capability(self._side.other, (self._suite,)), credentials)
        connect(us, Party("them", 2, claim=theirs, seed=str(self._calls)))
        (verdict,) = [event for _, event in us.events if isinstance(event, Authenticated | NotAuthenticated)]
        self._proofs.weigh(ours, SOURCE, verdict)
        return verdict


@pytest.fixture(params=[(side, suite) for side in Side for suite in Suite], ids=lambda given: f"{given}")
def victim(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Victim]:
    """A keeper or a holder, by one suite or the other."""
    with contextlib.closing(Victim(tmp_path, *request.param)) as made:
        yield made


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Side]:
    """Return which side has begun to compute a proof, once for each time."""
    sides: list[Side] = []

    class Counted(Proof):
        def __init__(self, side: Side, *arguments: Any, **more: Any) -> None:
            sides.append(side)
            super().__init__(side, *arguments, **more)

    monkeypatch.setattr(exchange, "Proof", Counted)
    return sides


def test_sixth_guess_is_refused_without_computing(victim: Victim, computed: list[Side]) -> None:
    """Also after a restart; when the time is over one more is looked at, and the next wait is longer."""
    ours = victim._side
    for _ in range(FREE_GUESSES):
        verdict = victim.attempt(WRONG)
        assert isinstance(verdict, NotAuthenticated)
        assert verdict.guess
    assert computed.count(ours) == FREE_GUESSES
    refused = NotAuthenticated(Doubt.BACKING_OFF, guess=False)
    assert victim.attempt(WRONG) == victim.attempt(RIGHT) == refused
    victim.restart()
    assert victim.attempt(RIGHT) == refused
    assert computed.count(ours) == FREE_GUESSES
    victim.now += 60
    assert isinstance(victim.attempt(WRONG), NotAuthenticated)
    assert computed.count(ours) == FREE_GUESSES + 1
    victim.now += 119
    assert victim.attempt(RIGHT) == refused
    victim.now += 1
    assert isinstance(victim.attempt(RIGHT), Authenticated)
    assert isinstance(victim.attempt(WRONG), NotAuthenticated)
    assert isinstance(victim.attempt(RIGHT), Authenticated)
