"""Why a call ended, in words."""

import pytest

from phone.calls.reasons import reason_in_words
from phone.calls.values import Direction


@pytest.mark.parametrize("status", [404, 408, 480, 486, 488, 503, 603])
def test_refusals_have_words_of_their_own(status: int) -> None:
    """The usual refusals are told without their number."""
    words = reason_in_words(
        status, "X", direction=Direction.OUTGOING, was_connected=False, hung_up_here=False
    )
    assert str(status) not in words
    assert "X" not in words


def test_unknown_refusal_keeps_the_servers_words() -> None:
    """What we have no words for is quoted with its number."""
    words = reason_in_words(499, "Odd", direction=Direction.OUTGOING, was_connected=False, hung_up_here=False)
    assert "Odd" in words
    assert "499" in words


def test_who_hung_up_is_told() -> None:
    """After a conversation it matters who ended it, not the status."""
    ours = reason_in_words(200, "OK", direction=Direction.OUTGOING, was_connected=True, hung_up_here=True)
    theirs = reason_in_words(200, "OK", direction=Direction.OUTGOING, was_connected=True, hung_up_here=False)
    lost = reason_in_words(
        408, "Timeout", direction=Direction.OUTGOING, was_connected=True, hung_up_here=False
    )
    assert len({ours, theirs, lost}) == 3


def test_silence_is_told_in_the_sip_rooms_own_sentence() -> None:
    """Without an answer there is no status to translate."""
    words = reason_in_words(
        0,
        "pbx.example cannot be found.",
        direction=Direction.OUTGOING,
        was_connected=False,
        hung_up_here=False,
    )
    assert words == "pbx.example cannot be found."
