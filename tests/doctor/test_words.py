"""What the doctor says: every sentence whole, every place filled."""

from __future__ import annotations

import re

import pytest

from phone.calls.findings import Check, Verdict
from phone.calls.security import PBX_MEDIA
from phone.doctor import words
from phone.doctor.words import Words

ALL = {name: value for name, value in vars(words).items() if isinstance(value, Words)}


@pytest.mark.parametrize("name", ALL)
def test_every_place_is_filled(name: str) -> None:
    """What a fact says is not taken for a place itself."""
    said = ALL[name]
    places = set(re.findall(r"\{(\w+)\}", said.found + said.remedy + said.command))
    facts = {place: f"<{place} {{evil}}>" for place in places}
    finding = said("alice", **facts)
    assert finding.account == "alice"
    for text, template in zip((finding.found, finding.remedy), finding.words, strict=True):
        assert template.format(**facts) == text if facts else template == text
        assert text.count("{evil}") == len(re.findall(r"\{\w+\}", template))


@pytest.mark.parametrize("name", ALL)
def test_whatever_is_broken_has_a_remedy(name: str) -> None:
    """And so has what could be better; what is fine needs none."""
    said = ALL[name]
    if said.verdict in (Verdict.BROKEN, Verdict.WARNING):
        assert said.remedy
    if said.verdict is Verdict.FINE:
        assert not said.remedy


def test_words_of_another_room_may_have_braces() -> None:
    """They have no facts, and so no places."""
    finding = words.because(Check.SECRET, "alice", PBX_MEDIA)
    assert (finding.found, finding.remedy) == (PBX_MEDIA.text, PBX_MEDIA.remedy)
    assert finding.facts == {}
    assert Words(Check.DIGEST, Verdict.BROKEN, "The server says {no}.")().found.endswith("{no}.")
