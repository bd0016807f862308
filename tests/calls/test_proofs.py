"""What our accounts can prove, and the counting of what was proved wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.python.failure import Failure

from phone.calls.kept import KeptSecrets
from phone.calls.proofs import Proofs
from phone.calls.strength import make_secret
from phone.calls.values import AccountSnapshot, CallError, Direction, KeptSnapshot, Policy, WeakProof
from phone.secret import Secret
from phone.store.database import Database
from phone.store.guesses import GuessStore
from phone.store.kept import KeptStore
from phone.store.secrets import Secrets
from phone.store.trust import TrustStore
from phone.zrtp.cache import Zid
from phone.zrtp.events import Authenticated, Doubt, NotAuthenticated
from phone.zrtp.zsa.body import NO_FLAGS, Flags
from phone.zrtp.zsa.capability import Side, Suite
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import CredentialKind as Form
from phone.zrtp.zsa.credentials import Identity, ha1
from phone.zrtp.zsa.guesses import FREE_GUESSES

T = TypeVar("T")

PBX = "sip:600@pbx"
SECRET = Secret(b"a secret")
ALICE_HA1 = ha1(Form.MD5_HA1, Identity("alice", "asterisk"), SECRET)
PROVED = Authenticated("alice", "asterisk", 2, weak=False, unattended=True, required=False)
WRONG = NotAuthenticated(Doubt.WRONG_TAG, guess=True)


class Scene:
    """A book of proofs on a real database, and its time."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self.database = database
        self.secrets = secrets
        self.now = 1_000_000.0
        self.waiting: list[Callable[[], object]] = []
        self.prepared: list[str | None] = []
        self.restart()

    def restart(self) -> None:
        """Begin anew with what is on disk."""
        store = KeptStore(self.database, self.secrets)
        self.kept = KeptSecrets(store, off_reactor=self._off_reactor)
        self.trust = TrustStore(self.database, lambda: self.now)
        self.proofs = Proofs(
            GuessStore(self.database),
            self.kept,
            self.trust,
            off_reactor=self._off_reactor,
            now=lambda: self.now,
        )

    def _off_reactor(self, work: Callable[[], T], /) -> Deferred[T]:
        done: Deferred[T] = Deferred()
        self.waiting.append(lambda: maybeDeferred(work).chainDeferred(done))
        return done

    def work(self) -> None:
        """Do what was put off."""
        for work in self.waiting:
            work()
        self.waiting.clear()

    def give_account(
        self,
        *,
        realm: str | None = "asterisk",
        user: str = "alice",
        form: str = "md5",
        secret: Secret | None = ALICE_HA1,
    ) -> None:
        """Tell of Alice's account, by default by its HA1."""
        forms = {} if secret is None else {form: secret}
        self.proofs.account_changed(
            "a", user, realm, forms, prepared=lambda: self.prepared.append(self.proofs.realm("a"))
        )

    def claim(self, source: str = PBX, policy: Policy = Policy.PREFER) -> Claim | None:
        """Return what a call of Alice's can prove."""
        return self.proofs.claim(account(policy), Direction.OUTGOING, source)


def account(policy: Policy = Policy.PREFER) -> AccountSnapshot:
    """Return Alice's account."""
    return AccountSnapshot(
        id="a",
        uri="sip:alice@pbx",
        name="",
        auth_user="alice",
        transport="udp",
        proxy=None,
        policy=policy,
        credential="md5",
        realm="asterisk",
        proves_to=None,
        weak_proof=WeakProof.ALLOW,
        keys=(),
        state="registered",
        reason="",
        messages=None,
    )


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Nothing is known yet."""
    with contextlib.closing(Database(tmp_path / "parley.sqlite3")) as database:
        yield Scene(database, Secrets(tmp_path / "secrets.json", keyring_service=None))


def test_account_proves_once_its_secret_is_prepared(scene: Scene) -> None:
    """As holder, by both suites; what takes long was done elsewhere."""
    scene.give_account()
    assert scene.claim() is None
    assert scene.proofs.realm("a") is None
    scene.work()
    assert scene.proofs.realm("a") == "asterisk"
    assert scene.prepared == ["asterisk"]
    claim = scene.claim()
    assert claim is not None
    assert claim.capability.side is Side.HOLDER
    assert set(claim.capability.suites) == set(Suite)
    assert claim.credentials.identity == Identity("alice", "asterisk")
    assert set(claim.credentials.keys) == {Form.MD5_HA1}
    assert (claim.flags, claim.blocked) == (NO_FLAGS, False)


@pytest.mark.parametrize(
    ("secret", "generated"), [(SECRET, False), (make_secret(lambda count: b"r" * count), True)]
)
def test_random_secret_is_known_as_such(scene: Scene, secret: Secret, *, generated: bool) -> None:
    """On both ends: under suite 1 it is not called weak."""
    scene.give_account(form="password", secret=secret)
    scene.kept.keep("k", "101", user="alice", realm="pbx", credential="password", secret=secret)
    scene.work()
    claim = scene.claim()
    keepers = scene.proofs.claim(replace(account(), id="k"), Direction.INCOMING, "sip:101@pbx")
    assert claim is not None
    assert keepers is not None
    assert claim.credentials.generated is keepers.credentials.generated is generated


@pytest.mark.parametrize(
    ("secret", "suites"),
    [(SECRET, {Suite.PAKE}), (make_secret(lambda count: b"r" * count), set(Suite))],
    ids=["a person's", "random"],
)
def test_floor_is_for_secrets_of_people(scene: Scene, secret: Secret, suites: set[Suite]) -> None:
    """Who refuses the older proof does so where it is weak."""
    scene.give_account(form="password", secret=secret)
    scene.work()
    refusing = replace(account(), weak_proof=WeakProof.REFUSE)
    claim = scene.proofs.claim(refusing, Direction.OUTGOING, PBX)
    assert claim is not None
    assert set(claim.capability.suites) == suites


@pytest.mark.parametrize(
    ("secret", "suites"),
    [(SECRET, {Suite.PAKE}), (make_secret(lambda count: b"r" * count), set(Suite))],
    ids=["a person's", "random"],
)
def test_better_proof_once_had_is_wanted_for_ever(scene: Scene, secret: Secret, suites: set[Suite]) -> None:
    """Nobody in between gets something to guess from by taking it away; another account is not concerned."""
    scene.give_account(form="password", secret=secret)
    scene.work()
    scene.trust.proved("another", Zid(b"voicemail..."), Suite.PAKE)
    scene.trust.proved("a", Zid(b"older phone."), Suite.HMAC)
    before = scene.claim()
    scene.trust.proved("a", Zid(b"voicemail..."), Suite.PAKE)
    scene.restart()
    scene.give_account(form="password", secret=secret)
    scene.work()
    after = scene.claim()
    assert before is not None
    assert after is not None
    assert set(before.capability.suites) == set(Suite)
    assert set(after.capability.suites) == suites


def test_password_is_prepared_in_both_forms(scene: Scene) -> None:
    """Whatever the PBX has stored."""
    scene.give_account(form="password", secret=SECRET)
    scene.work()
    claim = scene.claim()
    assert claim is not None
    assert set(claim.credentials.keys) == {Form.MD5_HA1, Form.SHA256_HA1}


def test_policy_is_told_to_the_other_end(scene: Scene) -> None:
    """It may wait for the proof, too."""
    scene.give_account()
    scene.work()
    claim = scene.claim(policy=Policy.REQUIRE_AUTH)
    assert claim is not None
    assert claim.flags is Flags.PROOF_REQUIRED


@pytest.mark.parametrize(("realm", "secret"), [(None, SECRET), ("asterisk", None)])
def test_nothing_to_prove(scene: Scene, realm: str | None, secret: Secret | None) -> None:
    """Without a realm, without a secret, or without an account at all."""
    scene.give_account(realm=realm, form="password", secret=secret)
    assert scene.waiting == []
    assert scene.claim() is None
    assert scene.proofs.claim(None, Direction.OUTGOING, PBX) is None


def test_realms_of_a_cluster(scene: Scene) -> None:
    """The latest counts; what was prepared for one before is not prepared again, up to a few."""
    scene.give_account(realm=None, form="password", secret=SECRET)
    scene.proofs.realm_changed("none", "one")
    assert scene.waiting == []
    for realm in ("one", "two"):
        scene.proofs.realm_changed("a", realm)
    scene.work()
    assert scene.prepared == ["two"]
    scene.proofs.realm_changed("a", "one")
    assert scene.waiting == []
    assert scene.proofs.realm("a") == "one"
    for number in range(3):
        scene.proofs.realm_changed("a", str(number))
        assert scene.proofs.realm("a") is None
    scene.work()
    scene.proofs.realm_changed("a", "one")
    assert scene.proofs.realm("a") is None
    assert len(scene.waiting) == 1


def test_account_that_was_removed_meanwhile_proves_nothing(scene: Scene) -> None:
    """What was still being prepared for it is thrown away."""
    scene.give_account()
    scene.proofs.account_removed("a")
    scene.work()
    assert scene.claim() is None
    assert scene.prepared == []


def test_name_that_is_too_long_proves_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """The log says so, and the account goes on without."""
    scene.give_account(user="a" * 256)
    scene.work()
    assert scene.claim() is None
    assert "proves nothing" in caplog.text


def blocked(scene: Scene, source: str = PBX) -> bool:
    """Tell whether a call with ``source`` would be refused."""
    claim = scene.claim(source)
    assert claim is not None
    return claim.blocked


def test_five_wrong_secrets_of_one_source_block_it(scene: Scene) -> None:
    """It alone, for a minute, and also after a restart."""
    scene.give_account()
    scene.work()
    for _ in range(FREE_GUESSES):
        assert not blocked(scene)
        scene.proofs.weigh(scene.claim(), PBX, WRONG)
    assert blocked(scene)
    assert not blocked(scene, "sip:601@pbx")
    scene.restart()
    scene.give_account()
    scene.work()
    assert blocked(scene)
    scene.now += 60
    assert not blocked(scene)


def test_a_proof_clears_the_count(scene: Scene) -> None:
    """Who was mistyped four times is a stranger no more."""
    scene.give_account()
    scene.work()
    for _ in range(FREE_GUESSES - 1):
        scene.proofs.weigh(scene.claim(), PBX, WRONG)
    scene.proofs.weigh(scene.claim(), PBX, PROVED)
    for _ in range(FREE_GUESSES - 1):
        scene.proofs.weigh(scene.claim(), PBX, WRONG)
    assert not blocked(scene)


def test_what_is_no_guess_is_not_counted(scene: Scene) -> None:
    """Loss, and peers that know no proof."""
    scene.give_account()
    scene.work()
    for _ in range(FREE_GUESSES):
        scene.proofs.weigh(scene.claim(), PBX, NotAuthenticated(Doubt.NO_ANSWER, guess=False))
    scene.proofs.weigh(None, PBX, WRONG)
    assert not blocked(scene)


BOB = "sip:102@pbx;transport=udp"


def kept(
    scene: Scene, account_id: str | None = "a", *, realm: str = "asterisk", user: str = "bob"
) -> list[object]:
    """Keep Bob's secret at an account; return what came of it."""
    told: list[object] = []
    done = scene.kept.keep(account_id, "102", user=user, realm=realm, credential="password", secret=SECRET)
    done.addBoth(told.append)
    scene.work()
    return told


def test_account_that_keeps_secrets_proves_the_caller_s(scene: Scene) -> None:
    """As keeper, to who calls it, and as one without a person."""
    (told,) = kept(scene)
    assert told == KeptSnapshot(
        "a", "102", "bob", "asterisk", ("md5", "sha-256"), random=False, remembered=True
    )
    claim = scene.proofs.claim(account(), Direction.INCOMING, BOB)
    assert claim is not None
    assert (claim.capability.side, claim.flags) == (Side.KEEPER, Flags.UNATTENDED)
    assert claim.credentials.identity == Identity("bob", "asterisk")
    assert set(claim.credentials.keys) == {Form.MD5_HA1, Form.SHA256_HA1}


def test_floor_of_a_keeper_is_one_for_all(scene: Scene) -> None:
    """Nobody learns from its Hello whose secret is random."""
    kept(scene)
    refusing = replace(account(), weak_proof=WeakProof.REFUSE)
    claims = [scene.proofs.claim(refusing, Direction.INCOMING, uri) for uri in (BOB, "sip:eve@pbx")]
    assert [claim.capability.suites for claim in claims if claim] == [(Suite.PAKE,)] * 2
    claim = scene.proofs.claim(account(), Direction.INCOMING, BOB)
    assert claim is not None
    assert set(claim.capability.suites) == set(Suite)


def test_keeper_has_an_answer_for_every_caller(scene: Scene) -> None:
    """Keys that nobody has, the same ones for all strangers."""
    kept(scene)
    one, other = (
        scene.proofs.claim(account(), Direction.INCOMING, f"sip:{name}@pbx") for name in ("eve", "mallory")
    )
    bob = scene.proofs.claim(account(), Direction.INCOMING, BOB)
    assert one is not None
    assert other is not None
    assert bob is not None
    assert one.credentials.keys == other.credentials.keys
    assert one.credentials.keys.keys() == bob.credentials.keys.keys()
    assert one.credentials.keys != bob.credentials.keys
    assert scene.proofs.claim(account(), Direction.INCOMING, f"sip:{'x' * 256}@pbx") is None


def test_keeper_is_one_for_callers_of_that_account_alone(scene: Scene) -> None:
    """Not when it calls itself, and not for calls that came another way."""
    kept(scene)
    assert scene.proofs.claim(account(), Direction.OUTGOING, BOB) is None
    assert scene.proofs.claim(None, Direction.INCOMING, BOB) is None
    kept(scene, None)
    assert scene.proofs.claim(None, Direction.INCOMING, BOB) is not None


def test_kept_secrets_survive_a_restart(scene: Scene) -> None:
    """Where it is not said otherwise; what was forgotten stays so, in the file of secrets too."""
    for account_id in ("a", None):
        kept(scene, account_id)
    scene.kept.keep(
        "a", "103", user="eve", realm="asterisk", credential="password", secret=SECRET, remember=False
    )
    scene.work()
    before = scene.proofs.claim(account(), Direction.INCOMING, BOB)
    assert [(one.caller, one.remembered) for one in scene.kept.list()] == [
        ("102", True),
        ("103", False),
        ("102", True),
    ]
    scene.restart()
    assert [(one.account, one.caller) for one in scene.kept.list()] == [("a", "102"), (None, "102")]
    assert scene.proofs.claim(account(), Direction.INCOMING, BOB) == before
    scene.kept.forget("a", "102")
    with pytest.raises(CallError, match="No secret is kept for '102' at a"):
        scene.kept.forget("a", "102")
    scene.restart()
    assert [one.account for one in scene.kept.list()] == [None]
    assert scene.secrets.get("kept a 102") is None
    assert scene.proofs.claim(account(), Direction.INCOMING, BOB) is None


def test_secrets_kept_for_an_account_go_with_it(scene: Scene) -> None:
    """Others stay."""
    for account_id in ("a", "b", None):
        kept(scene, account_id)
    scene.kept.account_removed("a")
    scene.kept.account_removed("nobody")
    assert [one.account for one in scene.kept.list()] == ["b", None]


def test_secret_that_is_kept_again(scene: Scene) -> None:
    """It takes the place of the one before, or stands beside it; a key is random by itself."""
    kept(scene)
    for form, secret, beside, forms in (
        ("md5", ALICE_HA1, False, ("md5",)),
        ("key", Secret(b"5a" * 32), True, ("md5", "key")),
        ("key", Secret(b"c3" * 32), False, ("key",)),
    ):
        given = {"user": "bob", "realm": "asterisk", "credential": form, "secret": secret}
        scene.kept.keep("a", "102", **given, beside=beside)  # type: ignore[arg-type]  # two kinds in one dict
        scene.work()
        (one,) = scene.kept.list()
        assert (one.forms, one.random) == (forms, forms == ("key",))
    scene.kept.keep(
        "a", "102", user="bob", realm="asterisk", credential="md5", secret=ALICE_HA1, remember=False
    )
    scene.work()
    scene.restart()
    assert scene.kept.list() == []


@pytest.mark.parametrize("key", [b"5a" * 31, b"5a" * 33, b"xy" * 32, b" 5a" * 32, b"\xff" * 64])
def test_key_that_is_none(scene: Scene, key: bytes) -> None:
    """64 hex digits and nothing else."""
    told: list[object] = []
    given = {"user": "bob", "realm": "asterisk", "credential": "key", "secret": Secret(key)}
    scene.kept.keep("a", "102", **given).addBoth(told.append)  # type: ignore[arg-type]
    scene.work()
    (failure,) = told
    assert isinstance(failure, Failure)
    assert str(failure.value) == "A key has 64 hex digits."


@pytest.mark.parametrize(("realm", "user"), [("elsewhere", "bob"), ("asterisk", "x" * 256)])
def test_what_cannot_be_kept_is_refused(scene: Scene, realm: str, user: str) -> None:
    """One realm for an account, and names that fit."""
    kept(scene)
    (failure,) = kept(scene, realm=realm, user=user)
    assert isinstance(failure, Failure)
    assert isinstance(failure.value, CallError)


def test_wrong_secrets_of_a_caller_block_him(scene: Scene) -> None:
    """Him alone."""
    kept(scene)
    for _ in range(FREE_GUESSES):
        scene.proofs.weigh(scene.proofs.claim(account(), Direction.INCOMING, BOB), BOB, WRONG)
    claims = [scene.proofs.claim(account(), Direction.INCOMING, uri) for uri in (BOB, "sip:eve@pbx")]
    assert [claim.blocked for claim in claims if claim] == [True, False]
