"""SIP addresses: the part of RFC 3261 §19.1 that a phone needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phone.sip.interface import SipError, Transport
from phone.sip.message import presentable

_URI = re.compile(
    r"""sip:
    (?:(?P<user>[^@\s<>"]+)@)?
    (?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?)
    (?::(?P<port>\d{1,5}))?
    (?P<parameters>(?:;[^;\s<>"?]+)*)
    (?:\?\S*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME_ADDR = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[^<"]*?))\s*<(?P<uri>[^>]*)>')
_TRANSPORT = re.compile(r";transport=([a-z]+)", re.IGNORECASE)

DEFAULT_PORT = 5060
"""UDP and TCP (RFC 3261 §19.1.2)."""


@dataclass(frozen=True, slots=True)
class SipUri:
    """A ``sip:`` URI taken apart."""

    user: str
    """May be empty."""
    host: str
    """Name or IPv4 address, as written."""
    port: int | None
    """``None``: not given, so 5060."""
    transport: Transport | None

    @classmethod
    def parse(cls, text: str) -> SipUri:
        """Take ``text`` apart. Raise SipError."""
        match = _URI.fullmatch(text.strip())
        port = int(match["port"]) if match and match["port"] else None
        if match is None or (port is not None and not 0 < port < 65536):
            raise SipError(f"{text!r} is not a SIP address; write sip:USER@HOST or sip:USER@HOST:PORT.")
        named = _TRANSPORT.search(match["parameters"])
        try:
            transport = Transport(named[1].lower()) if named else None
        except ValueError:
            raise SipError(
                f"SIP does not travel over {named[1] if named else ''!r}; use udp or tcp."
            ) from None
        return cls(match["user"] or "", match["host"], port, transport)

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port is not None else ""
        transport = f";transport={self.transport.value}" if self.transport is not None else ""
        return f"sip:{user}{self.host}{port}{transport}"


def split_name_addr(text: str) -> tuple[str, str]:
    """Return URI and display name of ``"Name" <sip:...>`` or a bare URI (RFC 3261 §25.1 ``name-addr``)."""
    match = _NAME_ADDR.match(text := presentable(text))
    if match is None:
        return text.partition(";")[0].strip(), ""
    quoted = match["quoted"]
    name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match["token"]
    return match["uri"], name


def name_addr(uri: str, name: str) -> str:
    """Return ``"name" <uri>`` (RFC 3261 §25.1); without the name if it is empty."""
    if not name:
        return f"<{uri}>"
    escaped = re.sub(r'(["\\])', r"\\\1", re.sub(r"[\x00-\x1f\x7f]+", " ", name))
    return f'"{escaped}" <{uri}>'
