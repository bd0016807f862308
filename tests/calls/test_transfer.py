"""A transfer that we have asked for: every state and whatever may be told of it."""

from __future__ import annotations

import pytest

from phone.calls.transfer import TABLE, Input, Transfer
from phone.calls.values import TransferState

TOLD = {
    Input.PROGRESS: (180, False),
    Input.REACHED: (200, True),
    Input.REFUSED: (486, True),
}
LEADING = {
    TransferState.ASKED: (),
    TransferState.UNDER_WAY: (Input.PROGRESS,),
    TransferState.DONE: (Input.REACHED,),
    TransferState.FAILED: (Input.REFUSED,),
}


def feed(transfer: Transfer, told: Input) -> bool:
    """Tell the transfer; return whether our part is over."""
    status, final = TOLD[told]
    return transfer.progress(status, "", final=final)


@pytest.mark.parametrize("state", TransferState)
@pytest.mark.parametrize("told", Input)
def test_every_state_takes_whatever_comes(state: TransferState, told: Input) -> None:
    """As the table says; once it is over nothing changes any more, its words included."""
    transfer = Transfer("sip:carol@pbx")
    for step in LEADING[state]:
        feed(transfer, step)
    before = transfer.snapshot()
    assert before.state is state
    leaves = feed(transfer, told)
    if (state, told) in TABLE:
        action, following = TABLE[state, told]
        assert (transfer.snapshot().state, leaves) == (following, action == "leave")
    else:
        assert (transfer.snapshot(), leaves) == (before, False)


def test_refusal_is_told_in_words() -> None:
    """Those of a call that fails."""
    transfer = Transfer("sip:carol@pbx")
    transfer.progress(486, "Busy Here", final=True)
    assert transfer.snapshot().text == "Busy."


def test_last_word_that_is_none_counts_as_success() -> None:
    """A phone that does not follow its own call has left all the same."""
    assert Transfer("sip:carol@pbx").progress(100, "Trying", final=True)
