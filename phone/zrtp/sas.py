"""Rendering of the short authentication string (RFC 6189 §4.5.2, §5.1.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from phone.zrtp.events import Sas
from phone.zrtp.messages import Code
from phone.zrtp.wordlist import WORDS

_BASE32: Final = "ybndrfg8ejkmcpqxot1uwisza345h769"
"""The z-base-32 alphabet."""


def _base32(sas_hash: bytes) -> str:
    bits = int.from_bytes(sas_hash[:4], "big")
    return "".join(_BASE32[bits >> shift & 0x1F] for shift in (27, 22, 17, 12))


def _base256(sas_hash: bytes) -> str:
    return f"{WORDS[sas_hash[0]][0]}:{WORDS[sas_hash[1]][1]}"


@dataclass(frozen=True, slots=True)
class SasType:
    """One way to show the leftmost bits of ``sashash`` to people."""

    code: Code
    text: Callable[[bytes], str]
    """From ``sashash``, 32 bytes, to what is shown."""

    def render(self, sas_hash: bytes) -> Sas:
        """Return the short authentication string of ``sas_hash``."""
        return Sas(self.code.decode().rstrip(), self.text(sas_hash))


B32: Final = SasType(b"B32 ", _base32)
"""Four characters, 20 bits."""
B256: Final = SasType(b"B256", _base256)
"""Two words, 16 bits."""
