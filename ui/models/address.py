"""What people paste for an address, made into one that can be called."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ANGLE = re.compile(r"<([^<>]+)>\s*$")
_LINK = re.compile(r"(sips?|tel|callto):(?://)?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d\s().\-/\u2010-\u2013\u00a0]+")
_TRUNK = re.compile(r"\(0\)")
"""A zero that is dialled only inside the country, in a number written for abroad."""


MOST_LETTERS = 60
"""Of a name on the screen. Callers choose theirs."""


def short(name: str) -> str:
    """Return ``name`` in a length that leaves room for what else is on the screen."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def dialable(text: str) -> str:
    """Return ``text`` without what surrounds an address on business cards, web pages and in mails.

    Names and whatever else is no link and no number come back as they are.
    """
    address = " ".join(text.split())
    if found := _ANGLE.search(address):
        address = found[1].strip()
    if link := _LINK.match(address):
        rest = address[link.end() :]
        if link[1].lower() in ("sip", "sips"):
            return f"{link[1].lower()}:{rest}"
        address = unquote(rest).partition(";")[0]
    if _NUMBER.fullmatch(address) and any(letter.isdigit() for letter in address):
        if address.startswith("+"):
            address = _TRUNK.sub("", address)
        plus = "+" if address.startswith("+") else ""
        return plus + "".join(letter for letter in address if letter.isdigit())
    return address
