"""What the window makes of a call's protection."""

from __future__ import annotations

from typing import get_args

import pytest

from phone.control.contract import LEVELS, Alarm, Call, Level, Pending, Statistics
from ui.models import security

NUMBERS: Statistics = {
    "duration_s": 9.0,
    "packets_sent": 100,
    "packets_received": 100,
    "packets_lost": 0,
    "jitter_ms": 2.0,
    "round_trip_ms": 20.0,
    "plain_sent": 0,
    "plain_dropped": 0,
    "failed_authentication": 0,
}


def make_call(**changes: object) -> Call:
    """Return an encrypted call."""
    call: dict[str, object] = {
        "codec": "G722",
        "level": "ENCRYPTED",
        "pending": None,
        "alarm": None,
        "why": {"cause": "not_verified", "text": "Nobody has checked.", "remedy": "Check."},
        "sas": "b7xq",
        "sas_scheme": "B32",
        "verified": None,
        "authenticated": None,
        "missing": None,
        "algorithms": None,
        "statistics": NUMBERS,
    }
    return {**call, **changes}  # type: ignore[typeddict-item]  # only what is shown


@pytest.mark.parametrize("level", get_args(Level))
def test_levels_have_the_words_of_the_contract(level: Level) -> None:
    """The window says what the command line says."""
    assert security.protection(make_call(level=level))["words"] == LEVELS[level]


def test_levels_differ_in_shape() -> None:
    """Colour is never all there is."""
    assert len({security.SHAPES[level] for level in get_args(Level)}) == len(get_args(Level))


def test_half_a_protection_has_a_colour_of_its_own() -> None:
    """It is taken neither for none nor for a whole one."""
    tones = {level: security.TONES[level] for level in get_args(Level)}
    own = tones.pop("TO_SERVER")
    assert own not in tones.values()


@pytest.mark.parametrize("alarm", get_args(Alarm))
def test_alarms_stand_above_the_level(alarm: Alarm) -> None:
    """Even above the best."""
    shown = security.protection(
        make_call(level="VERIFIED", verified="Verified with Ben since 2026-01-01", alarm=alarm)
    )
    assert (shown["words"], shown["shape"], shown["tone"]) == (alarm, "octagon", "alarm")


@pytest.mark.parametrize("pending", get_args(Pending))
def test_pending_states_are_said(pending: Pending) -> None:
    """Only lost protection is an alarm among them."""
    shown = security.protection(make_call(level="CLEAR", pending=pending))
    assert shown["words"] == pending
    assert (shown["tone"] == "alarm") == (pending == "Protection lost")


def test_missing_protection_is_said_with_its_date() -> None:
    """As an alarm; an alarm that has a name of its own keeps it."""
    call = make_call(pending="Protection lost", missing="Protection missing since 2026-03-04")
    shown = security.protection(call)
    assert (shown["words"], shown["tone"]) == ("Protection missing since 2026-03-04", "alarm")
    call["alarm"] = "Secrets differ"
    assert security.protection(call)["words"] == "Secrets differ"


def test_who_and_since_when_is_said() -> None:
    """Verified with whom, and authenticated to what."""
    verified = make_call(level="VERIFIED", verified="Verified with Ben since Berlin since 2026-01-01")
    assert security.protection(verified)["words"] == "Verified with Ben since Berlin since 2026-01-01"
    proved = make_call(level="AUTHENTICATED", authenticated="Authenticated to asterisk")
    assert security.protection(proved)["words"] == "Authenticated to asterisk"


def test_characters_are_spelled() -> None:
    """Each with a word that survives a bad line."""
    assert [part["below"] for part in security.code("b7xq", "B32")] == ["Bravo", "Seven", "X-ray", "Quebec"]
    assert security.spoken("b7xq", "B32") == "Bravo, Seven, X-ray, Quebec"


def test_words_speak_for_themselves() -> None:
    """B256 has two, in order."""
    assert [part["text"] for part in security.code("topmost:Istanbul", "B256")] == ["topmost", "Istanbul"]
    assert security.spoken("topmost:Istanbul", "B256") == "topmost, Istanbul"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "good"),
        ({"packets_lost": 3}, "fair"),
        ({"packets_lost": 20}, "poor"),
        ({"jitter_ms": 50.0}, "fair"),
        ({"round_trip_ms": 900.0}, "poor"),
    ],
)
def test_quality_is_said_in_plain_words(change: dict[str, float], words: str) -> None:
    """The worst of loss, jitter and delay decides."""
    said, details = security.quality(make_call(statistics={**NUMBERS, **change}))
    assert words in said
    assert "G722" in details


def test_quality_is_not_guessed() -> None:
    """Without a packet there is nothing to say."""
    assert security.quality(make_call(statistics={**NUMBERS, "packets_received": 0})) == ("", "")
    assert security.quality(make_call(statistics=None)) == ("", "")
