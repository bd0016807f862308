"""SIP addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.sip.interface import SipError, Transport
from phone.sip.message import presentable
from phone.sip.uri import SipUri, name_addr, split_name_addr


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:bob@host.example", SipUri("bob", "host.example", None, None)),
        ("sip:bob@127.0.0.1:5070", SipUri("bob", "127.0.0.1", 5070, None)),
        ("SIP:bob@host;transport=TCP;lr", SipUri("bob", "host", None, Transport.TCP)),
        ("sip:host", SipUri("", "host", None, None)),
        ("sip:+49123@host:1", SipUri("+49123", "host", 1, None)),
        (" sip:a%20b:pw@host?Subject=x ", SipUri("a%20b:pw", "host", None, None)),
    ],
)
def test_parts(text: str, uri: SipUri) -> None:
    """Scheme and transport have no case; what Parley does not need is passed over (RFC 3261 §19.1)."""
    assert SipUri.parse(text) == uri


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "sips:bob@host",
        "tel:+49",
        "sip:",
        "sip:@host",
        "sip:bob@",
        "sip:bob@host:0",
        "sip:bob@host:65536",
        "sip:bob@host:x",
        "sip:bob@-host",
        "sip:bob@ho st",
        "sip:bob@host\r\nEvil: header",
        "sip:b<o>b@host",
        "sip:bob@[::1]",
    ],
)
def test_what_is_no_address(text: str) -> None:
    """It is refused with the text in the sentence."""
    with pytest.raises(SipError) as error:
        SipUri.parse(text)
    assert repr(text) in str(error.value)


def test_unknown_transport() -> None:
    """It is named."""
    with pytest.raises(SipError, match="'pigeon'"):
        SipUri.parse("sip:bob@host;transport=pigeon")


@given(st.text())
def test_any_text_parses_or_is_refused(text: str) -> None:
    """Nothing else comes out of the parser, and what comes out has no line break in it."""
    try:
        uri = SipUri.parse(text)
    except SipError:
        return
    assert "\n" not in str(uri)
    assert "\r" not in str(uri)
    assert SipUri.parse(str(uri)) == uri


@pytest.mark.parametrize(
    ("text", "uri", "name"),
    [
        ('"Bob" <sip:bob@host>;tag=1', "sip:bob@host", "Bob"),
        ("Bob  <sip:bob@host>", "sip:bob@host", "Bob"),
        ("<sip:bob@host;user=phone>", "sip:bob@host;user=phone", ""),
        ("sip:bob@host;tag=1", "sip:bob@host", ""),
        (r'"B \"the\" \\ b" <sip:bob@host>', "sip:bob@host", r'B "the" \ b'),
        ('"<sip:evil@host>" <sip:bob@host>', "sip:bob@host", "<sip:evil@host>"),
        ("", "", ""),
    ],
)
def test_name_and_address_are_told_apart(text: str, uri: str, name: str) -> None:
    """Also where the name looks like an address (RFC 3261 §25.1)."""
    assert split_name_addr(text) == (uri, name)


@given(st.text())
def test_any_name_survives_quoting(name: str) -> None:
    """Quoted and read again it is the same, but for what cannot be printed."""
    written = name_addr("sip:bob@host", name)
    assert "\n" not in written
    assert "\r" not in written
    uri, read = split_name_addr(written)
    assert uri == "sip:bob@host"
    if name.isprintable():
        assert read == presentable(name)
