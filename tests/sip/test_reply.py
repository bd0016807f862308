"""What a server answers is read, or refused by the one error."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.sip.reply import Challenge, Reply
from phone.wire.errors import PacketError

ANSWER = (
    "SIP/2.0 401 Unauthorized\r\n"
    "v: SIP/2.0/UDP 10.0.0.7:40000;rport=34567;received=203.0.113.9;branch=z9hG4bK1\r\n"
    "Call-ID: 1\r\n"
    'WWW-Authenticate: Digest realm="asterisk",nonce="1",algorithm=SHA-256\r\n'
    'WWW-Authenticate: Digest realm="asterisk",nonce="1",qop="auth"\r\n'
    'WWW-Authenticate: Basic realm="other"\r\n'
    "Date: Wed, 04 Mar 2026 12:00:00 GMT\r\n"
    "Server: Asterisk PBX 22\r\n"
    "Content-Length: 0\r\n\r\n"
)


def test_answer_of_asterisk() -> None:
    """Everything that helps is found; a digest without an algorithm is MD5 (RFC 7616 §3.3)."""
    assert Reply.parse(ANSWER.encode()) == Reply(
        status=401,
        phrase="Unauthorized",
        challenges=(Challenge("asterisk", "SHA-256"), Challenge("asterisk", "MD5")),
        server="Asterisk PBX 22",
        received="203.0.113.9",
        rport=34567,
        date=datetime(2026, 3, 4, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "field", "value"),
    [
        ("Date: Wed, 04 Mar 2026", "Date: never", "date", None),
        ("12:00:00 GMT", "12:00:00 -0000", "date", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        (";rport=34567", ";rport", "rport", None),
        ("received=203.0.113.9", "received=evil", "received", ""),
        ("Server: Asterisk PBX 22", "Server: \x1b[31m", "server", "\N{REPLACEMENT CHARACTER}[31m"),
        ("Server: Asterisk PBX 22\r\n", "", "server", ""),
    ],
)
def test_what_is_missing_or_no_good(was: str, becomes: str, field: str, value: object) -> None:
    """It is left out, and what is shown of it steers no terminal."""
    assert getattr(Reply.parse(ANSWER.replace(was, becomes).encode()), field) == value


@pytest.mark.parametrize(
    "datagram",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SIP/2.0 200 OK\r\n", b"REGISTER sip:a SIP/2.0\r\n\r\n"],
)
def test_other_answers_are_refused(datagram: bytes) -> None:
    """By whatever program has that port."""
    with pytest.raises(PacketError):
        Reply.parse(datagram)


@given(st.one_of(st.binary(), st.binary().map(lambda tail: ANSWER[:-2].encode() + tail + b"\r\n\r\n")))
def test_any_bytes(datagram: bytes) -> None:
    """They parse, or raise the one error."""
    with contextlib.suppress(PacketError):
        Reply.parse(datagram)
