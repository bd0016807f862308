"""Comparing the short authentication string by typing what one hears."""

from __future__ import annotations

import re
from enum import Enum

from phone.zrtp.events import Sas
from phone.zrtp.wordlist import WORDS


class Comparison(Enum):
    """What a typed code is, held against ours."""

    MATCHES = "matches"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"
    """Not of the scheme's shape: a typing mistake, no sign of an attack."""


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def compare(sas: Sas, heard: str) -> Comparison:
    """Hold ``heard`` against ``sas``.

    Case does not count, nor what stands between: ``A 3-f g`` is ``a3fg``; two words may be typed with a
    space, a colon or a hyphen between them. The SAS is not secret (RFC 6189 §4.5.2), so an ordinary
    comparison is enough.
    """
    if sas.scheme == "B256":
        typed, ours = " ".join(_words(heard)), " ".join(_words(sas.text))
        complete = len(_words(heard)) == len(_words(sas.text))
    else:
        typed, ours = _letters(heard), _letters(sas.text)
        complete = len(typed) == len(ours)
    if not complete:
        return Comparison.UNREADABLE
    return Comparison.MATCHES if typed == ours else Comparison.DIFFERS


def words() -> list[str]:
    """Return every word that a code may have, so that who types one need not finish it."""
    return sorted({word for pair in WORDS for word in pair}, key=str.lower)
