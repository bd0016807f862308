"""What people paste for an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.models.address import dialable


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("  104 ", "104"),
        ("*97", "*97"),
        ("+49 (0)30 / 123-456", "+4930123456"),
        ("(030) 123 456", "030123456"),
        ("tel:+49-30-123;phone-context=example", "+4930123"),
        ("tel:%2B4930", "+4930"),
        ("callto:104", "104"),
        ("sip://ben@pbx.example", "sip:ben@pbx.example"),
        ("SIP:ben@pbx.example;transport=tcp", "sip:ben@pbx.example;transport=tcp"),
        ('"Ben Nevis" <sip:ben@pbx.example>', "sip:ben@pbx.example"),
        ("Ben\n Nevis", "Ben Nevis"),
        ("ben@pbx.example", "ben@pbx.example"),
        ("", ""),
        ("<>", "<>"),
        ("-", "-"),
    ],
)
def test_what_surrounds_an_address_goes(pasted: str, address: str) -> None:
    """Links, brackets and the spaces of printed numbers; names stay."""
    assert dialable(pasted) == address


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """Nothing that can be pasted is an error, and no line break comes through."""
    assert "\n" not in dialable(text)
