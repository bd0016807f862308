"""How a call's protection is put on the screen: words, shape and colour for what the backend has found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from phone.control.contract import Call
from ui.refusals import in_own_words

_ICAO = """
Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa
Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu
Zero One Two Three Four Five Six Seven Eight Nine
"""

SPELLING = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        _ICAO.split(),
        strict=True,
    )
)
"""How a character is spelled over a bad line (ICAO)."""

SHAPES: Mapping[str, str] = {
    "CLEAR": "triangle",
    "TO_SERVER": "half",
    "ENCRYPTED": "ring",
    "AUTHENTICATED": "hexagon",
    "VERIFIED": "disc",
}
"""Of each level; ``Mark.qml`` draws them."""

TONES: Mapping[str, str] = {
    "CLEAR": "warning",
    "TO_SERVER": "partial",
    "ENCRYPTED": "calm",
    "AUTHENTICATED": "good",
    "VERIFIED": "good",
}
"""Names of colours in ``Theme.qml``."""

LOSS_FAIR, LOSS_POOR = 0.01, 0.05
"""Share of packets that did not arrive."""
JITTER_FAIR_MS, JITTER_POOR_MS = 30.0, 80.0
ROUND_TRIP_FAIR_MS, ROUND_TRIP_POOR_MS = 300.0, 600.0

translate = QCoreApplication.translate

_VERIFIED = re.compile(r"Verified with (?P<name>.+) since (?P<date>[0-9-]+)")
_MISSING = re.compile(r"Protection missing since (?P<date>[0-9-]+)")
_AUTHENTICATED = re.compile(r"Authenticated to (?P<realm>.+)")


def level_words(level: str) -> str:
    """Return the words of a level."""
    return {
        "CLEAR": translate("Security", "Not encrypted"),
        "TO_SERVER": translate("Security", "Encrypted to the server"),
        "ENCRYPTED": translate("Security", "Encrypted, not verified"),
        "AUTHENTICATED": translate("Security", "Authenticated"),
        "VERIFIED": translate("Security", "Verified"),
    }[level]


def said(sentence: str) -> str:
    """Return what the backend says, in the user's language where it is known in it.

    The backend may join two of its sentences.
    """
    whole = in_own_words(sentence)
    first, stop, rest = sentence.rpartition(". ")
    if whole != sentence or not stop:
        return whole
    parts = (f"{first}.", rest)
    return " ".join(map(in_own_words, parts))


def protection(call: Call) -> dict[str, Any]:
    """Return how a call is protected, for the screen: words, shape, tone, cause, remedy and code."""
    level, pending, alarm, why = call["level"], call["pending"], call["alarm"], call["why"]
    shape, tone, words = SHAPES[level], TONES[level], _words(call)
    if pending is not None:
        shape, tone = "dots", "calm"
    if alarm is not None or pending == "Protection lost":
        shape, tone = "octagon", "alarm"
    return {
        "words": words,
        "shape": shape,
        "tone": tone,
        "why": said(why["text"]) if why else "",
        "remedy": said(why["remedy"]) if why else "",
        "cause": why["cause"] if why else "",
        "code": code(call["sas"] or "", call["sas_scheme"] or ""),
        "spoken_code": spoken(call["sas"] or "", call["sas_scheme"] or ""),
    }


def code(sas: str, scheme: str) -> list[dict[str, str]]:
    """Return the parts of a code in order, each with what is written below it."""
    if scheme == "B256":
        return [{"text": word, "below": ""} for word in sas.split(":")]
    return [{"text": letter, "below": SPELLING.get(letter.lower(), "")} for letter in sas]


def spoken(sas: str, scheme: str) -> str:
    """Return a code for a screen reader: letter by letter, or word by word."""
    parts = code(sas, scheme)
    return ", ".join(part["below"] or part["text"] for part in parts)


def quality(call: Call) -> tuple[str, str]:
    """Return how a call sounds in plain words, and the numbers; both empty while there are none."""
    numbers = call["statistics"]
    if numbers is None or not numbers["packets_received"]:
        return "", ""
    lost = numbers["packets_lost"] / (numbers["packets_received"] + numbers["packets_lost"])
    jitter, trip = numbers["jitter_ms"], numbers["round_trip_ms"]
    if lost > LOSS_POOR or jitter > JITTER_POOR_MS or trip > ROUND_TRIP_POOR_MS:
        words = translate("Security", "The line is poor")
    elif lost > LOSS_FAIR or jitter > JITTER_FAIR_MS or trip > ROUND_TRIP_FAIR_MS:
        words = translate("Security", "The line is fair")
    else:
        words = translate("Security", "The line is good")
    details = translate(
        "Security", "{codec}. Lost {lost} %, jitter {jitter} ms, round trip {trip} ms."
    ).format(codec=call["codec"] or "?", lost=f"{lost * 100:.1f}", jitter=f"{jitter:.0f}", trip=f"{trip:.0f}")
    return words, details


def algorithms(call: Call) -> str:
    """Return what protects a call, for those who know the names."""
    names = call["algorithms"]
    if names is None:
        return ""
    return ", ".join(names[kind] for kind in ("key_agreement", "cipher", "auth_tag", "hash"))


def _words(call: Call) -> str:
    alarms = {
        "Key changed": translate("Security", "Key changed"),
        "Codes do not match": translate("Security", "Codes do not match"),
        "Secrets differ": translate("Security", "Secrets differ"),
        "Securing...": translate("Security", "Securing..."),
        "Waiting for proof": translate("Security", "Waiting for proof"),
        "Protection lost": translate("Security", "Protection lost"),
    }
    if call["alarm"] is None and (found := _MISSING.fullmatch(call["missing"] or "")):
        return translate("Security", "Protection missing since {date}").format(**found.groupdict())
    if (above := call["alarm"] or call["pending"]) is not None:
        return alarms[above]
    if found := _VERIFIED.fullmatch(call["verified"] or ""):
        return translate("Security", "Verified with {name} since {date}").format(**found.groupdict())
    if found := _AUTHENTICATED.fullmatch(call["authenticated"] or ""):
        return translate("Security", "Authenticated to {realm}").format(**found.groupdict())
    return level_words(call["level"])
