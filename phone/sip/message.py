"""Looking things up in a whole SIP message as pjsua2 hands it over (RFC 3261 §7)."""

from __future__ import annotations

import re

_COMPACT = {"from": "f", "contact": "m", "content-type": "c", "via": "v"}
"""Short forms of the headers that are looked up here (RFC 3261 §7.3.3)."""


def presentable(text: str) -> str:
    """Return what a peer wrote as text that can be printed: no control characters, no stray bytes."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in decoded
    )


def body(message: str) -> str:
    """Return what follows the headers; empty if nothing does."""
    return message.partition("\r\n\r\n")[2]


def has_sdp(message: str) -> bool:
    """Tell whether the message carries a session description."""
    return header(message, "Content-Type").lower().startswith("application/sdp")


_REALM = re.compile(r'[\s,]realm\s*=\s*"((?:[^"\\]|\\.)+)"', re.IGNORECASE | re.DOTALL)


def realm(credentials: str) -> str:
    """Return the realm that ``Authorization: Digest ...`` names (RFC 7616 §3.4); empty if that is no name.

    As it stands between the quotation marks: so it is in the digest too.
    """
    found = _REALM.search(credentials)
    return (
        found[1] if found and found[1].isprintable() and "\N{REPLACEMENT CHARACTER}" not in found[1] else ""
    )


_ALGORITHM = re.compile(r'[\s,]algorithm\s*=\s*"?([A-Za-z0-9-]{1,20})', re.IGNORECASE)


def algorithm(credentials: str) -> str:
    """Return the algorithm of ``Digest ...`` in capitals; MD5 if none is named (RFC 7616 §3.3)."""
    found = _ALGORITHM.search(credentials)
    return found[1].upper() if found else "MD5"


def header(message: str, name: str) -> str:
    """Return the value of the first header ``name``, unfolded; empty if there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: str, name: str) -> list[str]:
    """Return the values of all headers ``name``, unfolded, in order."""
    head = message.partition("\r\n\r\n")[0]
    names = "|".join(re.escape(form) for form in (name, _COMPACT.get(name.lower())) if form)
    line = rf"^(?:{names})[ \t]*:[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)"
    found = re.finditer(line, head, re.IGNORECASE | re.MULTILINE)
    return [re.sub(r"\r\n[ \t]+", " ", match[1]).strip() for match in found]
