"""What is found out about an account's server, on a network and at a registrar of the test's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock

from phone.calls.accounts import AccountBook
from phone.calls.findings import Check, Finding, Verdict
from phone.doctor.server import REGISTRATION_S, ServerChecks
from phone.sip.inquiry import NOT_SIP
from phone.sip.interface import RegistrarAnswer, Registration
from phone.sip.reasons import NO_ANSWER, REFUSED
from phone.sip.reply import Challenge
from tests.calls.test_accounts import add, book, endpoint
from tests.fakes import REPLY, FakeEndpoint, FakeNetwork

__all__ = ["book", "endpoint"]

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
OK = replace(REPLY, status=200, challenges=(), date=NOW)
ACCEPTED = RegistrarAnswer(OK, "MD5", "asterisk")


@pytest.fixture(autouse=True)
def _cheap(cheap_scrypt: None) -> None:
    """No test here is about how long it takes to prepare a secret."""


class Surgery:
    """Checks that are made to the end, and what they came to."""

    def __init__(self, book: AccountBook, endpoint: FakeEndpoint) -> None:
        self.network = FakeNetwork()
        self.clock = Clock()
        self._book = book
        self._endpoint = endpoint
        self._checks = ServerChecks(book, self.network, self.clock, lambda: NOW)

    def examine(
        self,
        answer: RegistrarAnswer | None,
        reason: str = "",
        secret: bytes = b"of-alice-alone",
        **account: str | None,
    ) -> dict[Check, Finding]:
        """Check an account whose registrar answers so; ``None``: not at all."""
        snapshot = add(self._book, secret=secret, **account)
        sip = self._endpoint.latest
        found: list[Finding] = []

        async def collect() -> None:
            async for finding in self._checks.check(snapshot):
                found.append(finding)

        running = ensureDeferred(collect())
        sip.answer = answer
        if sip.registered and answer is not None:
            state = Registration.REGISTERED if answer.reply.status == 200 else Registration.FAILED
            self._book.registration_changed(sip, state, reason)
        self.clock.advance(REGISTRATION_S)
        assert running.called
        running.addErrback(lambda failure: failure.raiseException())
        return {finding.check: finding for finding in found if finding.check is not Check.SECRET}


@pytest.fixture
def surgery(book: AccountBook, endpoint: FakeEndpoint) -> Surgery:
    """Where accounts are checked."""
    return Surgery(book, endpoint)


def verdicts(found: dict[Check, Finding]) -> dict[str, str]:
    """Return them without their words."""
    return {check.value: finding.verdict.value for check, finding in found.items()}


def test_account_that_works(surgery: Surgery) -> None:
    """Everything is fine, but that there is no TLS to check."""
    found = surgery.examine(ACCEPTED)
    assert verdicts(found) == {
        "dns": "fine",
        "port": "fine",
        "tls": "not checked",
        "digest": "fine",
        "clock": "fine",
        "nat": "fine",
    }
    assert "192.0.2.5" in found[Check.DNS].found
    assert "Asterisk PBX 22" in found[Check.PORT].found
    assert "MD5" in found[Check.DIGEST].found
    assert "asterisk" in found[Check.DIGEST].found
    assert surgery.network.asked == [("alice", "pbx.example", "192.0.2.5", 5060)]


def test_proxy_is_asked_in_place_of_the_registrar(surgery: Surgery) -> None:
    """It is the proxy that has to be there; the question is for the account's domain all the same."""
    found = surgery.examine(ACCEPTED, proxy="sip:proxy.example:5070")
    assert found[Check.DNS].facts["host"] == "proxy.example"
    assert surgery.network.asked == [("alice", "pbx.example", "192.0.2.5", 5070)]


@pytest.mark.parametrize(
    ("network", "word", "remedy"),
    [
        (FakeNetwork(known=()), "has no address", "IP address"),
        (FakeNetwork(known=(), known6=("2001:db8::5",)), "IPv6 addresses alone (2001:db8::5)", "IPv4"),
        (
            FakeNetwork(known=(), elsewhere=("sip1.pbx.example", 5080)),
            "names sip1.pbx.example, port 5080",
            "outbound proxy: sip:sip1.pbx.example:5080",
        ),
    ],
    ids=["unknown", "IPv6", "SRV"],
)
def test_name_that_does_not_resolve(surgery: Surgery, network: FakeNetwork, word: str, remedy: str) -> None:
    """What is known of it instead is told, and nothing else is asked."""
    surgery.network.__dict__.update(network.__dict__)
    found = surgery.examine(None)
    assert verdicts(found) == {"dns": "broken"}
    assert word in found[Check.DNS].found
    assert remedy in found[Check.DNS].remedy
    assert surgery.network.asked == []


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        (NO_ANSWER, "fail2ban"),
        (REFUSED, "pjsip show transports"),
        (NOT_SIP, "Another program"),
        ("{where} cannot be reached: no way.", "--bind"),
    ],
)
def test_port_that_does_not_answer(surgery: Surgery, why: str, remedy: str) -> None:
    """The address is named as the user has written it; no password is tried."""
    surgery.network.silent = why
    found = surgery.examine(None)
    assert verdicts(found) == {"dns": "fine", "port": "broken", "digest": "not checked"}
    assert found[Check.PORT].found == why.format(where="pbx.example:5060")
    assert remedy in found[Check.PORT].remedy


def refused(status: int, *, algorithm: str = "MD5") -> RegistrarAnswer:
    """Return an answer that takes no account."""
    return RegistrarAnswer(replace(REPLY, status=status), algorithm, "asterisk" if algorithm else "")


@pytest.mark.parametrize(
    ("answer", "word", "remedy"),
    [
        (refused(401), "refuses the password, or it has no user alice", "auth section"),
        (refused(403), "may not register", "max_contacts"),
        (refused(404), "does not know the user alice", "aor"),
        (refused(401, algorithm=""), "this account has none", "Type the password"),
        (refused(500), "has an error of its own", "log"),
    ],
    ids=["401", "403", "404", "no secret", "500"],
)
def test_account_that_is_refused(surgery: Surgery, answer: RegistrarAnswer, word: str, remedy: str) -> None:
    """As far as the server tells, the cause is told."""
    digest = surgery.examine(answer, "The server has an error of its own.")[Check.DIGEST]
    assert digest.verdict is Verdict.BROKEN
    assert word in digest.found
    assert remedy in digest.remedy


@pytest.mark.parametrize(
    ("realm", "word"),
    [("other", "for the realm other"), ("asterisk", "of kind MD5, and the server asks for SHA")],
)
def test_digest_that_the_server_does_not_ask_for(surgery: Surgery, realm: str, word: str) -> None:
    """Of another realm or kind, it cannot be sent."""
    surgery.network.reply = replace(REPLY, challenges=(Challenge("asterisk", "SHA-256"),))
    found = surgery.examine(refused(401, algorithm=""), secret=b"5a" * 16, credential="md5", realm=realm)
    assert word in found[Check.DIGEST].found


def test_server_that_asks_for_no_password(surgery: Surgery) -> None:
    """Anybody could be in the account's place."""
    found = surgery.examine(RegistrarAnswer(OK, "", ""))
    assert found[Check.DIGEST].verdict is Verdict.WARNING
    assert "no password" in found[Check.DIGEST].found


def test_server_that_does_not_answer_the_registration(surgery: Surgery) -> None:
    """The patience has an end."""
    found = surgery.examine(None)
    assert found[Check.DIGEST].verdict is Verdict.BROKEN
    assert "not to the registration" in found[Check.DIGEST].found


@pytest.mark.parametrize(
    ("apart", "verdict"), [(timedelta(minutes=-1), Verdict.FINE), (timedelta(hours=2), Verdict.WARNING)]
)
def test_clocks(surgery: Surgery, apart: timedelta, verdict: Verdict) -> None:
    """A minute is nothing, two hours are."""
    found = surgery.examine(RegistrarAnswer(replace(OK, date=NOW + apart), "MD5", "asterisk"))
    assert found[Check.CLOCK].verdict is verdict
    if verdict is Verdict.WARNING:
        assert "2:00:00" in found[Check.CLOCK].found


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.FINE),
        ({"received": "192.0.2.100", "rport": 40000}, Verdict.FINE),
        ({"received": "203.0.113.9", "rport": 40000}, Verdict.WARNING),
        ({"rport": 51000}, Verdict.WARNING),
    ],
)
def test_nat(surgery: Surgery, changes: dict[str, Any], verdict: Verdict) -> None:
    """Another address or port at the server's end is a NAT's."""
    surgery.network.reply = replace(REPLY, **changes)
    assert surgery.examine(ACCEPTED)[Check.NAT].verdict is verdict


def test_no_password_is_in_what_is_told(surgery: Surgery) -> None:
    """Neither it nor its length."""
    for finding in surgery.examine(refused(401)).values():
        assert "of-alice-alone" not in repr(finding)
