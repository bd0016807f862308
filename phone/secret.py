"""A secret that cannot be printed by accident."""

from __future__ import annotations

import hmac
from typing import final


@final
class Secret:
    """Secret bytes. ``repr`` and ``str`` tell the length only; comparison takes constant time."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """Return the bytes. Every call of this is a place to review."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]  # a hash of a secret would leak into dict order

    def __repr__(self) -> str:
        return f"<Secret of {len(self._value)} bytes>"
