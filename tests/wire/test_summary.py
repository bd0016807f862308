"""Message summaries (RFC 3842)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.wire.errors import PacketError
from phone.wire.summary import MessageSummary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 3842 §4.1
        (
            "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\n"
            "Voice-Message: 2/8 (0/2)\r\n",
            MessageSummary(True, 2, 8, "sip:alice@vmail.example.com"),
        ),
        # what Asterisk 22 sends
        (
            "Messages-Waiting: no\r\nMessage-Account: sip:asterisk@127.0.0.1\r\nVoice-Message: 0/3 (0/0)\r\n",
            MessageSummary(False, 0, 3),
        ),
        ("Messages-Waiting: no\nMessage-Account: <javascript:x>\n", MessageSummary(False, 0, 0)),
        ("messages-waiting :YES\n", MessageSummary(True, 0, 0)),
        ("Messages-Waiting: yes\r\n\r\nSubject: a message of its own\r\n", MessageSummary(True, 0, 0)),
        ("Messages-Waiting: yes\r\nFax-Message: 4/1\r\n", MessageSummary(True, 0, 0)),
    ],
)
def test_summary_is_read(text: str, expected: MessageSummary) -> None:
    """Counts of voice messages, and whether anything is new."""
    assert MessageSummary.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Messages-Waiting: maybe",
        "Voice-Message: 1/2",
        "Messages-Waiting: yes\nVoice-Message: some",
        "Messages-Waiting: yes\nVoice-Message: 99999999/1",
        "Messages-Waiting: yes\nno header",
    ],
)
def test_what_is_no_summary_is_refused(text: str) -> None:
    """Rather than shown as an empty mailbox."""
    with pytest.raises(PacketError):
        MessageSummary.parse(text)


@given(st.text() | st.text().map(lambda text: f"Messages-Waiting: yes\nVoice-Message: {text}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Parses, or raises its one error."""
    with contextlib.suppress(PacketError):
        MessageSummary.parse(text)
