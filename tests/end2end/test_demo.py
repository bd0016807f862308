"""``parley demo``: two whole phones, nothing else needed."""

from __future__ import annotations

import pytest

from tests.peers.parley import parley


@pytest.mark.parametrize("policy", ["prefer", "require"])
def test_demo_secures_a_call_between_two_phones(policy: str) -> None:
    """Exit 0, and a last line that says what held, as the contract has it."""
    done = parley("demo", "--json", "--policy", policy, within=120)
    assert done.status == 0, done.errors
    summary = done.lines[-1]
    assert summary["event"] == "summary"
    assert summary["secure"] is True
    assert summary["level"] == ["ENCRYPTED", "ENCRYPTED"]
    assert summary["tone_ok"] == [True, True]
    assert summary["plaintext_leaked"] == 0
    first, second = summary["sas"]
    assert first == second != ""
    assert summary["key_agreement"] == "PQ25"
    assert all(summary[key] for key in ("cipher", "auth_tag", "hash"))
    assert all(0 < milliseconds < 10_000 for milliseconds in summary["time_to_secure_ms"])


def test_demo_tells_what_happens_before_the_summary() -> None:
    """For people: progress on standard output, the code in it, nothing on standard error."""
    done = parley("demo", within=120)
    assert done.status == 0, done.errors
    assert len(done.output.splitlines()) > 5
    assert done.errors == ""


def test_demo_proves_the_secret() -> None:
    """Nobody compares a code: the callee has the caller's secret, and the caller the callee's."""
    done = parley("demo", "--json", "--secret", "correct horse", "--policy", "require_auth", within=120)
    assert done.status == 0, done.errors
    summary = done.lines[-1]
    assert summary["level"] == ["AUTHENTICATED", "AUTHENTICATED"]
    assert summary["tone_ok"] == [True, True]
    assert summary["plaintext_leaked"] == 0


@pytest.mark.parametrize("given", [["--secret", "correct horse"], []], ids=["given", "made up"])
def test_demo_with_a_wrong_secret_says_so(given: list[str]) -> None:
    """The call goes on, encrypted and in red."""
    done = parley("demo", "--json", *given, "--wrong-secret", "wrong horse", within=120)
    assert done.status == 1
    summary = done.lines[-1]
    assert summary["secure"] is True
    assert summary["level"] == ["ENCRYPTED", "ENCRYPTED"]
    assert summary["plaintext_leaked"] == 0
    assert "Secrets differ" in [line["alarm"] for line in done.lines if line["event"] == "call"]


@pytest.mark.parametrize(
    "given", [["--secret", "correct horse", "--wrong-secret", "wrong horse"], []], ids=["wrong", "none"]
)
def test_demo_that_requires_a_proof_is_silent_without(given: list[str]) -> None:
    """Not one packet of sound in either direction, and the summary on standard output."""
    done = parley("demo", "--json", *given, "--policy", "require_auth", within=120)
    assert done.status == 1
    summary = done.lines[-1]
    assert summary["secure"] is False
    assert summary["level"] == ["CLEAR", "CLEAR"]
    assert summary["plaintext_leaked"] == 0
    heard = [line["seconds"] for line in done.lines if line["event"] == "heard"]
    assert heard == [0, 0]
