"""Looking things up in SIP messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.sip import message

INVITE = (
    "INVITE sip:bob@host SIP/2.0\r\n"
    "Via: SIP/2.0/UDP one\r\n"
    "Via: SIP/2.0/UDP two\r\n"
    'From: "Alice"\r\n <sip:alice@host>;tag=1\r\n'
    "content-type : application/sdp\r\n"
    "Subject:\r\n"
    "Content-Length: 5\r\n"
    "\r\n"
    "v=0\r\nFrom: nobody\r\n"
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Via", "SIP/2.0/UDP one"),
        ("from", '"Alice" <sip:alice@host>;tag=1'),
        ("Content-Type", "application/sdp"),
        ("Subject", ""),
        ("To", ""),
    ],
)
def test_header(name: str, value: str) -> None:
    """The first of its name, whatever its case, unfolded (RFC 3261 §7.3); never from the body."""
    assert message.header(INVITE, name) == value


def test_compact_form() -> None:
    """Short names count as the long ones (RFC 3261 §7.3.3)."""
    short = "INVITE sip:x SIP/2.0\r\nv: SIP/2.0/TCP here\r\nF: <sip:a@b>\r\nc:application/sdp\r\n\r\n"
    assert message.header(short, "Via") == "SIP/2.0/TCP here"
    assert message.header(short, "From") == "<sip:a@b>"
    assert message.has_sdp(short)


def test_body() -> None:
    """What follows the empty line, to the end."""
    assert message.body(INVITE) == "v=0\r\nFrom: nobody\r\n"
    assert message.has_sdp(INVITE)


def test_message_without_body() -> None:
    """There is none, and it is no description."""
    assert message.body("SIP/2.0 200 OK\r\nTo: x") == ""
    assert not message.has_sdp("SIP/2.0 200 OK\r\nTo: x\r\n\r\n")


@given(st.text(), st.text(min_size=1))
def test_any_text_can_be_searched(text: str, name: str) -> None:
    """Nothing a peer sends raises, and no value has a line break in it."""
    assert "\r\n" not in message.header(text, name)


@given(st.binary())
def test_anything_can_be_made_presentable(raw: bytes) -> None:
    """Also what is no UTF-8 and what moves a terminal's cursor."""
    shown = message.presentable(raw.decode("utf-8", "surrogateescape"))
    assert shown.isprintable() or "\N{REPLACEMENT CHARACTER}" in shown
    shown.encode()


@pytest.mark.parametrize(
    ("credentials", "realm"),
    [
        ('Authorization: Digest username="realm=x", realm="pbx", nonce="n"', "pbx"),
        ('Proxy-Authorization: Digest REALM = "a, b"', "a, b"),
        (r'Authorization: Digest realm="a \"b\""', r"a \"b\""),
        ('Authorization: Digest realm=""', ""),
        ('Authorization: Digest realm="a\x07"', ""),
        ('Authorization: Digest realm="\ufffd"', ""),
        ('Authorization: Digest norealm="x"', ""),
        ("", ""),
    ],
)
def test_realm(credentials: str, realm: str) -> None:
    """As it stands between the quotation marks; empty for what is no name (RFC 7616 §3.4)."""
    assert message.realm(credentials) == realm


@given(st.text() | st.text().map('Authorization: Digest realm="{}"'.format))
def test_realm_is_a_name_or_nothing(credentials: str) -> None:
    """Whatever the server has sent."""
    assert message.realm(credentials).isprintable()
