"""What a server says in answer to a REGISTER, as far as it helps to find out what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from phone.sip import message
from phone.sip.message import presentable
from phone.wire.errors import PacketError

LONGEST = 65_535
"""Bytes of an answer, beyond which nobody reads on."""

_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d) ([^\r\n]*)\r\n")
_MOST_TEXT = 80
"""Characters that are shown of what a server calls itself or its realm."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A digest that a server asks for (RFC 7616 §3.3)."""

    realm: str
    algorithm: str
    """In capitals; MD5 where the server names none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A SIP answer."""

    status: int
    phrase: str
    challenges: tuple[Challenge, ...]
    """Digests that it asks for; each will do."""
    server: str
    """What it calls itself; may be empty."""
    received: str
    """Address that the request came from, where the server says so (RFC 3261 §18.2.1); else empty."""
    rport: int | None
    """Port that it came from (RFC 3581)."""
    date: datetime | None
    """The server's clock (RFC 3261 §20.17)."""

    @classmethod
    def parse(cls, datagram: bytes) -> Reply:
        """Read an answer. Raise PacketError for anything else."""
        text = datagram.decode("utf-8", "surrogateescape")
        match = _STATUS_LINE.match(text)
        if match is None or "\r\n\r\n" not in text or len(datagram) > LONGEST:
            raise PacketError("This is no answer of a SIP server.")
        via = message.header(text, "Via").partition(",")[0]
        return cls(
            status=int(match[1]),
            phrase=_shown(match[2]),
            challenges=tuple(
                challenge
                for name in ("WWW-Authenticate", "Proxy-Authenticate")
                for line in message.headers(text, name)
                if (challenge := _challenge(line)) is not None
            ),
            server=_shown(message.header(text, "Server") or message.header(text, "User-Agent")),
            received=_parameter(via, "received", r"[0-9.]{7,15}"),
            rport=int(_parameter(via, "rport", r"\d{1,5}") or 0) or None,
            date=_date(message.header(text, "Date")),
        )


def _challenge(line: str) -> Challenge | None:
    if not line.lower().startswith("digest"):
        return None
    realm = message.realm(line)
    return Challenge(_shown(realm), message.algorithm(line)) if realm else None


def _parameter(value: str, name: str, form: str) -> str:
    found = re.search(rf";\s*{name}\s*=\s*({form})(?![^\s;,])", value, re.IGNORECASE | re.ASCII)
    return found[1] if found else ""


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _shown(text: str) -> str:
    """Return what a stranger calls himself, fit for one line."""
    return presentable(text.strip())[:_MOST_TEXT]
