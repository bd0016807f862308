"""Failures in words."""

from __future__ import annotations

import errno
import os

import pytest

from phone.sip.reasons import SYSTEM, registration_failure, transport_failure

WHERE = "pbx.example:5060"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ECONNREFUSED, "refuses the connection"),
        (errno.ENETUNREACH, "no network that leads there"),
        (errno.EHOSTUNREACH, "no way leads to that computer"),
        (errno.ECONNRESET, "has cut the connection"),
    ],
)
def test_network_failures(number: int, words: str) -> None:
    """By number, and by the system's own words where pjsip has lost the number."""
    assert words in transport_failure(SYSTEM + number, WHERE)
    assert words in transport_failure(0, WHERE, os.strerror(number))
    assert WHERE in transport_failure(SYSTEM + number, WHERE)


def test_silence() -> None:
    """Nothing known: no answer, whatever pjsip calls it."""
    assert transport_failure(0, WHERE) == "pbx.example:5060 does not answer."
    assert transport_failure(0, WHERE, "Request Timeout") == "pbx.example:5060 does not answer."


def test_rare_failure_keeps_the_librarys_words() -> None:
    """Better than nothing."""
    assert "Strange" in transport_failure(171_999, WHERE, "Strange")


def failure(code: int, phrase: str = "Phrase", *, answered: bool = True) -> str:
    """Return the sentence for an answer to REGISTER."""
    return registration_failure(code, 0, phrase, where=WHERE, answered=answered)


def test_answers_to_register() -> None:
    """Wrong password and unknown user are told apart as far as the server does."""
    assert "password" in failure(401)
    assert "password" in failure(403)
    assert "does not know this user" in failure(404)


def test_unforeseen_answer_keeps_the_servers_words() -> None:
    """With its number; braces in it are only braces."""
    assert failure(499, "Out of {cheese}") == "The server refuses the registration: Out of {cheese} (499)."


def test_timeout_of_our_own_is_no_answer_of_the_server() -> None:
    """pjsip invents 408 and 503."""
    assert failure(408, "Request Timeout", answered=False) == "pbx.example:5060 does not answer."
