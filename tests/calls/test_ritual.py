"""Typing the code one hears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.calls.ritual import Comparison, compare
from phone.zrtp.events import Sas

B32 = Sas("B32", "b7xq")
B256 = Sas("B256", "goldfish:adroitness")


@pytest.mark.parametrize("heard", ["b7xq", "B7XQ", " b7 xq ", "b-7-x-q", "b, 7, x, q"])
def test_b32_matches_whatever_stands_between(heard: str) -> None:
    """Case and separators do not count."""
    assert compare(B32, heard) is Comparison.MATCHES


@pytest.mark.parametrize("heard", ["goldfish adroitness", "Goldfish:Adroitness", "goldfish - adroitness"])
def test_b256_matches_two_words(heard: str) -> None:
    """Two words, in order, with anything between them."""
    assert compare(B256, heard) is Comparison.MATCHES


@pytest.mark.parametrize(("sas", "heard"), [(B32, "b7xy"), (B32, "qx7b"), (B256, "adroitness goldfish")])
def test_another_code_differs(sas: Sas, heard: str) -> None:
    """A complete code that is not ours is an alarm, its letters in another order included."""
    assert compare(sas, heard) is Comparison.DIFFERS


@pytest.mark.parametrize(
    ("sas", "heard"), [(B32, ""), (B32, "b7x"), (B32, "b7xqq"), (B256, "goldfish"), (B256, "1 2")]
)
def test_half_a_code_is_no_alarm(sas: Sas, heard: str) -> None:
    """What cannot be a code at all is a typing mistake."""
    assert compare(sas, heard) is Comparison.UNREADABLE


@given(st.text())
def test_only_our_code_matches(heard: str) -> None:
    """Nothing matches that does not contain every character of the code in order."""
    if compare(B32, heard) is Comparison.MATCHES:
        assert [c for c in heard.lower() if c in "b7xq"] == list("b7xq")
