"""What is said against the secrets of accounts."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred, maybeDeferred

from phone.calls.health import SecretHealth
from phone.calls.strength import make_secret
from phone.secret import Secret
from phone.store.accounts import Account
from phone.zrtp.zsa.credentials import CredentialKind as Form
from phone.zrtp.zsa.credentials import Identity, ha1

ALICE = Account("alice", "sip:alice@pbx", "Alice", "alice", "udp", None, "prefer", "password", "*")
BEN = replace(ALICE, id="ben", uri="sip:ben@pbx", auth_user="ben")
HASHED = replace(BEN, credential="md5", realm="asterisk")
WORD = Secret(b"builds-houses")


def of_ben(secret: Secret) -> Secret:
    """Return Ben's HA1."""
    return ha1(Form.MD5_HA1, Identity("ben", "asterisk"), secret)


class Book:
    """The health of secrets, estimated at once."""

    def __init__(self) -> None:
        self.health = SecretHealth(maybeDeferred)
        self.told: list[str] = []

    def add(self, account: Account, secret: Secret | None) -> None:
        """Tell of an account."""
        self.health.account_changed(account, secret, lambda: self.told.append(account.id))

    def causes(self, account_id: str = "alice") -> list[str]:
        """Return what is said, in words for programs."""
        return [finding.cause for finding in self.health.findings(account_id)]


@pytest.fixture
def book() -> Book:
    """No accounts."""
    return Book()


def test_generated_secret_is_beyond_reproach(book: Book) -> None:
    """Whoever listens to its digests: there is nothing to be guessed."""
    book.add(ALICE, make_secret(os.urandom))
    assert book.causes() == []
    assert book.told == ["alice"]


def test_password_of_a_person(book: Book) -> None:
    """It can be guessed, and its digests are there to guess on; the times are those of the two ways."""
    book.add(ALICE, WORD)
    weak, exposed = book.health.findings("alice")
    assert (weak.cause, exposed.cause) == ("weak_secret", "digest_exposed")
    assert "in 12 hours" in weak.text
    assert "unencrypted (udp)" in exposed.text
    assert "less than a second" in exposed.text
    assert weak.remedy.endswith("parley account new-secret alice")
    assert "houses" not in weak.text + exposed.text


def test_nobody_listens_to_tls(book: Book) -> None:
    """Weak it is all the same."""
    book.add(replace(ALICE, transport="tls"), WORD)
    assert book.causes() == ["weak_secret"]


def test_secret_that_is_hard_to_guess(book: Book) -> None:
    """It may be random or not: only that is said."""
    book.add(ALICE, Secret(b"correct horse battery staple"))
    assert book.causes() == ["weak_secret"]
    assert "hard to guess" in book.health.findings("alice")[0].text


def test_digest_tells_nothing_of_its_secret(book: Book) -> None:
    """Not how strong it is, and so it may be weak."""
    book.add(HASHED, of_ben(make_secret(os.urandom)))
    assert book.causes("ben") == ["unknown_strength", "digest_exposed"]
    assert book.told == []


def test_no_secret_no_finding(book: Book) -> None:
    """Nor for accounts that are not there, or are not any more."""
    book.add(ALICE, None)
    book.add(BEN, WORD)
    book.health.account_removed("ben")
    assert book.causes() == book.causes("ben") == book.causes("nobody") == []


def test_nothing_is_said_before_it_is_known() -> None:
    """And what comes of a secret that was changed meanwhile is thrown away."""
    waiting: list[Deferred[object]] = []

    def off_reactor(work: object, /) -> Deferred[object]:
        waiting.append(Deferred())
        return waiting[-1]

    health = SecretHealth(off_reactor)  # type: ignore[arg-type]  # its work is never done here
    told: list[str] = []
    health.account_changed(ALICE, WORD, lambda: told.append("first"))
    assert health.findings("alice") == ()
    health.account_changed(ALICE, WORD, lambda: told.append("second"))
    for done in waiting:
        done.callback(object())
    assert told == ["second"]


@pytest.mark.parametrize(
    ("other", "secret", "same"),
    [
        (BEN, WORD, True),
        (BEN, Secret(b"another"), False),
        (HASHED, of_ben(WORD), True),
        (HASHED, of_ben(Secret(b"another")), False),
        (replace(HASHED, auth_user="b" * 256), of_ben(WORD), False),
    ],
)
def test_one_secret_for_two_accounts(book: Book, other: Account, secret: Secret, *, same: bool) -> None:
    """Also where one of them knows only its digest; each is told of the other."""
    book.add(ALICE, WORD)
    book.add(other, secret)
    assert ("shared_secret" in book.causes("alice")) is same
    assert ("shared_secret" in book.causes("ben")) is same
    if same:
        assert "account ben has" in book.health.findings("alice")[0].text


def test_two_digests_are_compared_as_they_are(book: Book) -> None:
    """Digests of one secret differ by user and by kind; nothing can be told of those."""
    book.add(HASHED, of_ben(WORD))
    book.add(replace(HASHED, id="copy"), of_ben(WORD))
    book.add(replace(HASHED, id="longer", credential="sha-256"), of_ben(WORD))
    assert book.causes("ben")[0] == "shared_secret"
    assert book.causes("longer")[0] == "unknown_strength"
