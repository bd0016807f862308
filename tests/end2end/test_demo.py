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
