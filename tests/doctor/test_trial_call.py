"""What a trial call is taken for, by how it stood at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from phone.calls.findings import Check, Verdict
from phone.calls.security import NO_ZRTP, PBX_HEARS, PBX_MEDIA, WRONG_SECRET
from phone.calls.values import (
    Alarm,
    CallState,
    CallStatistics,
    Level,
    Pending,
    Policy,
)
from phone.doctor.trial_call import judge
from tests.fakes import NEW_CALL

NUMBERS = CallStatistics(
    duration_s=3.0,
    packets_sent=150,
    packets_received=148,
    packets_lost=0,
    jitter_ms=1.0,
    round_trip_ms=0.0,
    plain_sent=150,
    plain_dropped=0,
    failed_authentication=0,
)
CALL = replace(
    NEW_CALL,
    account="alice",
    state=CallState.CONNECTED,
    remote_uri="sip:600@pbx.example",
    codec="PCMA",
    why=PBX_MEDIA,
    status=200,
    statistics=NUMBERS,
)


def judged(
    *, policy: Policy = Policy.PREFER, came_back: bool = False, numbers: Any = NUMBERS, **changes: Any
) -> dict[Check, tuple[Verdict, str]]:
    """Return what is found of a call like ``CALL`` but for these changes."""
    call = replace(CALL, statistics=numbers, **changes)
    found = judge(call, "600", policy, came_back=came_back)
    return {finding.check: (finding.verdict, finding.found) for finding in found}


def test_nobody_answers() -> None:
    """Its reason is told, and nothing of its sound."""
    found = judged(state=CallState.ENDED, numbers=None, reason="Busy.")
    assert found[Check.CALL] == (Verdict.BROKEN, "600 did not answer. Busy.")
    assert Check.RTP not in found
    assert judged(state=CallState.RINGING)[Check.CALL][1].endswith("Nobody has answered in time.")


def test_no_codec_in_common() -> None:
    """There is a call, and no sound in it."""
    assert judged(codec=None)[Check.CALL][0] is Verdict.BROKEN


@pytest.mark.parametrize(
    ("changes", "verdict", "word"),
    [
        ({"came_back": True}, Verdict.FINE, "came back"),
        ({"numbers": replace(NUMBERS, round_trip_ms=20.0)}, Verdict.FINE, "both ways"),
        ({"level": Level.ENCRYPTED, "why": None}, Verdict.FINE, "both ways"),
        ({}, Verdict.WARNING, "cannot be told"),
        ({"numbers": replace(NUMBERS, packets_received=0)}, Verdict.BROKEN, "no sound arrives"),
        ({"numbers": replace(NUMBERS, packets_lost=20), "came_back": True}, Verdict.WARNING, "20 of 168"),
        ({"policy": Policy.REQUIRE}, Verdict.NOT_CHECKED, "require asks for more"),
        ({"pending": Pending.PROTECTION_LOST}, Verdict.NOT_CHECKED, "waits for a word"),
    ],
)
def test_sound(changes: dict[str, Any], verdict: Verdict, word: str) -> None:
    """What arrives, and what is known of what was sent."""
    found = judged(**changes)
    assert found[Check.RTP][0] is verdict
    assert word in found[Check.RTP][1]


@pytest.mark.parametrize(
    ("changes", "verdict", "word"),
    [
        ({}, Verdict.WARNING, "if 600 is another phone"),
        ({"why": NO_ZRTP}, Verdict.WARNING, NO_ZRTP.text),
        (
            {"level": Level.ENCRYPTED, "alarm": Alarm.SECRETS_DIFFER, "why": WRONG_SECRET},
            Verdict.BROKEN,
            WRONG_SECRET.text,
        ),
        ({"level": Level.TO_SERVER, "why": PBX_HEARS}, Verdict.WARNING, PBX_HEARS.text),
        ({"level": Level.ENCRYPTED, "why": None, "time_to_secure_ms": 90}, Verdict.FINE, "after 90 ms"),
        (
            {"level": Level.AUTHENTICATED, "why": None, "authenticated": "Authenticated to asterisk"},
            Verdict.FINE,
            "Authenticated to asterisk",
        ),
    ],
)
def test_way(changes: dict[str, Any], verdict: Verdict, word: str) -> None:
    """Who could hear it, in the words that every call has."""
    found = judged(**changes)
    assert found[Check.DIRECT_MEDIA][0] is verdict
    assert word in found[Check.DIRECT_MEDIA][1]


def test_one_cause_is_one_finding() -> None:
    """A phone from which nothing arrives is not said to have no ZRTP as well."""
    found = judged(numbers=replace(NUMBERS, packets_received=0), why=NO_ZRTP)
    assert [verdict for verdict, _ in found.values()] == [Verdict.FINE, Verdict.BROKEN, Verdict.NOT_CHECKED]
