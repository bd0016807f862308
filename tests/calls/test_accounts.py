"""The account book: what is kept, what is refused, and who is told how the registrar answers."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, maybeDeferred

from phone.calls.accounts import AccountBook
from phone.calls.health import SecretHealth
from phone.calls.kept import KeptSecrets
from phone.calls.proofs import Proofs
from phone.calls.values import AccountSnapshot, CallError, KeyKind
from phone.secret import Secret
from phone.sip.interface import Registration
from phone.store.accounts import Accounts
from phone.store.database import Database
from phone.store.guesses import GuessStore
from phone.store.kept import KeptStore
from phone.store.secrets import Secrets
from phone.store.trust import TrustStore
from tests.fakes import FakeEndpoint

URI = "sip:alice@pbx.example"


@pytest.fixture
def endpoint() -> FakeEndpoint:
    """A SIP stack that answers nothing."""
    return FakeEndpoint()


@pytest.fixture
def book(tmp_path: Path, endpoint: FakeEndpoint) -> Iterator[AccountBook]:
    """An empty book on a real database."""
    with contextlib.closing(Database(tmp_path / "parley.sqlite3")) as database:
        secrets = Secrets(tmp_path / "secrets.json", keyring_service=None)
        kept = KeptSecrets(KeptStore(database, secrets), off_reactor=maybeDeferred)
        trust = TrustStore(database, lambda: 1000.0)
        proofs = Proofs(GuessStore(database), kept, trust, off_reactor=maybeDeferred, now=lambda: 1000.0)
        made = AccountBook(
            Accounts(database),
            secrets,
            proofs,
            kept=kept,
            health=SecretHealth(maybeDeferred),
            changed=lambda snapshot: None,
        )
        made.attach(endpoint)
        yield made


def add(book: AccountBook, *, secret: bytes = b"of-alice-alone", **fields: str | None) -> AccountSnapshot:
    """Add an account with a password, or with what stands for one."""
    settings: dict[str, str | None] = {
        "uri": URI,
        "name": "",
        "credential": "password",
        "realm": None,
        "auth_user": None,
        "transport": "udp",
        "proxy": None,
        "policy": "prefer",
        "weak_proof": "allow",
    }
    return book.add(secret=Secret(secret), **(settings | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["alice@pbx.example", URI])
def test_test_is_answered_by_the_registrar(book: AccountBook, endpoint: FakeEndpoint, name: str) -> None:
    """By whatever name the account was asked for."""
    add(book)
    answers: list[AccountSnapshot] = []
    book.test(name).addCallback(answers.append)
    book.registration_changed(endpoint.latest, Registration.REGISTERING, "")
    assert answers == []
    book.registration_changed(endpoint.latest, Registration.FAILED, "The server refused the password.")
    assert [(answer.state, answer.reason) for answer in answers] == [
        ("failed", "The server refused the password.")
    ]


def test_registered_account_has_no_reason(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """A reason is given for a failure only."""
    add(book)
    book.registration_changed(endpoint.latest, Registration.REGISTERED, "OK")
    assert (book.show(URI).state, book.show(URI).reason) == ("registered", "")


def test_who_waits_for_a_removed_account_is_told(book: AccountBook) -> None:
    """No answer would ever come."""
    add(book)
    failures: list[str] = []
    waiting: Deferred[AccountSnapshot] = book.test(URI)
    waiting.addErrback(lambda failure: failures.append(str(failure.value)))
    book.remove(URI)
    assert len(failures) == 1


def test_account_that_sip_refuses_is_not_kept(book: AccountBook) -> None:
    """It would keep the next backend from starting."""
    with pytest.raises(CallError, match="TLS"):
        add(book, transport="tls")
    assert book.list() == []


def test_refused_change_leaves_the_account_as_it_was(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """The old settings are registered again."""
    before = add(book)
    with pytest.raises(CallError, match="TLS"):
        book.edit(URI, transport="tls")
    assert book.show(URI) == before
    assert not endpoint.latest.closed


def test_ipv6_is_named(book: AccountBook) -> None:
    """It is no mistake of the user's spelling."""
    with pytest.raises(CallError, match="Parley speaks IPv4"):
        add(book, uri="sip:alice@[2001:db8::5]:5060")


@pytest.mark.parametrize(
    "fields",
    [
        {"uri": "alice@pbx.example"},
        {"uri": "sip:pbx.example"},
        {"uri": "sip:alice@pbx.example:99999"},
        {"proxy": "pbx"},
        {"credential": "md5", "realm": "asterisk"},
        {"credential": "sha-256"},
    ],
)
def test_impossible_field_is_named(book: AccountBook, fields: dict[str, Any]) -> None:
    """A clear sentence, and nothing kept."""
    with pytest.raises(CallError):
        add(book, **fields)
    assert book.list() == []


def test_second_account_of_one_address_is_refused(book: AccountBook) -> None:
    """It is edited, or removed first."""
    add(book)
    with pytest.raises(CallError, match="already"):
        add(book)


def test_number_goes_to_a_registered_account_first(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """The first that is registered, or the first at all."""
    add(book)
    add(book, uri="sip:ben@pbx.example")
    first, second = (account for _, account in endpoint.accounts)
    assert book.default() == book.show("alice@pbx.example")
    book.registration_changed(second, Registration.REGISTERED, "")
    assert book.default() == book.show("ben@pbx.example")
    book.registration_changed(first, Registration.REGISTERED, "")
    assert book.default() == book.show("alice@pbx.example")


def test_realm_is_learned_from_the_registrar(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """It is kept with the account; the secret is prepared for it, and for another one when it changes."""
    assert (add(book).realm, book.show(URI).proves_to) == (None, None)
    book.realm_accepted(endpoint.latest, "pbx")
    assert (book.show(URI).realm, book.show(URI).proves_to) == ("pbx", "pbx")
    book.realm_accepted(endpoint.latest, "other")
    book.edit(URI, name="Alice")
    assert (book.show(URI).realm, book.show(URI).proves_to) == ("other", "other")
    book.edit(URI, proxy="sip:another.example")
    assert (book.show(URI).realm, book.show(URI).proves_to) == (None, None)


def test_realm_that_was_given_stays(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """The user knows better than whoever answers; and an HA1 is of one realm for ever."""
    add(book, realm="pbx")
    book.realm_accepted(endpoint.latest, "evil")
    assert (book.show(URI).realm, book.show(URI).proves_to) == ("pbx", "pbx")


def test_secret_is_shown_nowhere(book: AccountBook) -> None:
    """Not in what people and programs see."""
    assert "of-alice-alone" not in repr(add(book))


def test_new_secret(book: AccountBook, endpoint: FakeEndpoint) -> None:
    """The PBX gets its digests; the account gets it if that is wanted, and is in good health with it."""
    add(book, realm="pbx")
    assert [finding.cause for finding in book.show(URI).health] == ["weak_secret", "digest_exposed"]
    made = book.new_secret(URI, realm=None, use=False, plain=False)
    assert made.secret is not None
    assert len(endpoint.accounts) == 1
    digest = hashlib.sha256(f"alice:pbx:{made.secret}".encode()).hexdigest()
    assert "username=alice\nrealm=pbx\npassword_digest=MD5:" in made.pjsip_conf
    assert f"password_digest=SHA-256:{digest}\n" in made.pjsip_conf
    used = book.new_secret(URI, realm="other", use=True, plain=True)
    assert used.secret is None
    settings, _ = endpoint.accounts[-1]
    assert settings.secret is not None
    assert f"realm=other\npassword={settings.secret.reveal().decode()}\n" in used.pjsip_conf
    assert (book.show(URI).health, book.show(URI).realm) == ((), "other")
    assert settings.secret.reveal().decode() not in repr(used)


def test_new_secret_of_an_unknown_realm(book: AccountBook) -> None:
    """The sentence says what is to be done; a name that no digest can have is refused too."""
    add(book)
    with pytest.raises(CallError, match="register it once, or name it"):
        book.new_secret(URI, realm=None, use=True, plain=False)
    with pytest.raises(CallError, match="255 bytes"):
        book.new_secret(URI, realm="r" * 256, use=True, plain=False)


def test_random_key_beside_the_secret(book: AccountBook, endpoint: FakeEndpoint, tmp_path: Path) -> None:
    """It is prepared too, without registering anew, and goes with the account."""
    add(book, realm="pbx")
    book.set_key(URI, KeyKind.PROOF, Secret(b"5a" * 32))
    book.set_key(URI, KeyKind.AUX, Secret(b"c3" * 32))
    book.edit(URI, name="Alice")
    assert book.show(URI).keys == (KeyKind.AUX, KeyKind.PROOF)
    assert len(endpoint.accounts) == 2
    assert "5a5a" not in repr(book.show(URI))
    with pytest.raises(CallError, match="64 hex digits"):
        book.set_key(URI, KeyKind.PROOF, Secret(b"a password"))
    assert "5a5a" in (tmp_path / "secrets.json").read_text()
    book.remove(URI)
    assert (tmp_path / "secrets.json").read_text() == "{}"


def test_random_key_without_a_secret(book: AccountBook) -> None:
    """An account that does not log in can prove itself all the same."""
    book.add(
        uri=URI,
        name="",
        secret=None,
        credential="password",
        realm="pbx",
        auth_user=None,
        transport="udp",
        proxy=None,
        policy="prefer",
        weak_proof="allow",
    )
    assert book.show(URI).proves_to is None
    assert book.set_key(URI, KeyKind.PROOF, Secret(b"5a" * 32)).proves_to == "pbx"
    assert book.aux_secret(URI) is None
    assert book.set_key(URI, KeyKind.PROOF, None).proves_to is None
    assert book.show(URI).keys == ()
