"""Whatever a peer with keys of its own says (RFC 6189 §9); ``docs/fuzzing.md`` has the long runs."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from phone.zrtp.algorithms import Configuration
from phone.zrtp.dh import MULT, PRSH, X255
from phone.zrtp.events import Failed, Role, Secured
from phone.zrtp.hybrid import PQ25
from tests.zrtp.hostile import Change, hostile_call

OFFERS: Final = (
    Configuration(key_agreements=(X255, MULT), allow_clear=True),
    Configuration(key_agreements=(PQ25, PRSH)),
)
WORD: Final = 4


def overwritten(place: int, words: bytes) -> Change:
    """Return the change that puts ``words`` in the place of others, or behind the last one."""

    def change(message: bytes) -> bytes:
        at = place % (len(message) // WORD + 1) * WORD
        return message[:at] + words + message[at + len(words) :]

    return change


changes = st.one_of(
    st.none(),
    st.none(),
    st.builds(
        overwritten,
        st.integers(0, 600),
        st.integers(0, 3).flatmap(lambda n: st.binary(min_size=4 * n, max_size=4 * n)),
    ),
)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(OFFERS),
    st.sampled_from(Role),
    st.lists(changes, min_size=1, max_size=20),
    st.booleans(),
)
def test_hostile_peer_has_the_same_keys_or_none(
    offer: Configuration, role: Role, changed: list[Change | None], keep: bool
) -> None:
    """Nothing raises or waits for ever; keys are had in common, or the other one is told of a failure."""
    left = iter(changed)
    a, b = hostile_call(offer, role, lambda: next(left, None), lambda: keep)
    ours = {event.keys.local_key.reveal() for event in a.told(Secured)}
    theirs = {event.keys.remote_key.reveal() for event in b.told(Secured)}
    assert ours <= theirs or b.told(Failed)
    assert theirs <= ours or a.told(Failed)
