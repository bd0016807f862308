"""Looking things up in a whole SIP message as pjsua2 hands it over (RFC 3261 §7)."""

from __future__ import annotations

import re


def body(message: str) -> str:
    """Return what follows the headers; empty if nothing does."""
    return message.partition("\r\n\r\n")[2]


def has_sdp(message: str) -> bool:
    """Tell whether the message carries a session description."""
    return header(message, "Content-Type").lower().startswith("application/sdp")


def header(message: str, name: str) -> str:
    """Return the value of the first header ``name``, unfolded; empty if there is none."""
    head = message.partition("\r\n\r\n")[0]
    match = re.search(
        rf"^{re.escape(name)}[ \t]*:[ \t]*(.*(?:\r\n[ \t].*)*)$", head, re.IGNORECASE | re.MULTILINE
    )
    return re.sub(r"\r\n[ \t]+", " ", match[1]).strip() if match else ""
