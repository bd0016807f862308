"""Rendering of the short authentication string (RFC 6189 §5.1.6)."""

from __future__ import annotations

from typing import Any

import pytest

from phone.zrtp.events import Sas
from phone.zrtp.sas import B32, B256
from phone.zrtp.wordlist import WORDS
from tests.zrtp.recording import vectors

CASES = vectors("kat_sas")["cases"]


def sas_hash(case: dict[str, Any]) -> bytes:
    return bytes.fromhex(case["sas_value"]) + bytes(28)


def test_b32_is_the_recorded_one() -> None:
    """500 values: four characters from the 20 leftmost bits."""
    assert [B32.render(sas_hash(case)).text for case in CASES] == [case["b32"] for case in CASES]


def test_b256_is_the_recorded_one() -> None:
    """500 values: the even word of byte 0, then the odd word of byte 1."""
    assert [B256.render(sas_hash(case)).text for case in CASES] == [case["b256"] for case in CASES]


@pytest.mark.parametrize(("sas_type", "scheme"), [(B32, "B32"), (B256, "B256")])
def test_scheme_is_named_without_padding(sas_type: Any, scheme: str) -> None:
    """Display gets ``B32``, not the four characters of the wire."""
    sas = sas_type.render(bytes(32))
    assert isinstance(sas, Sas)
    assert sas.scheme == scheme


def test_no_word_stands_twice() -> None:
    """512 different words: one heard word tells its byte and its place."""
    assert len({word.lower() for row in WORDS for word in row}) == 512
