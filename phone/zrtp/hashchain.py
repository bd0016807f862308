"""The hash chain that ties the messages of one stream together (RFC 6189 §9, §8.1.1).

Every message but the acknowledgements gives away the image that opens the one before it: H3 in Hello, H2 in
Commit, H1 in DHPart, H0 in Confirm. Hash and MAC are always SHA-256, whatever was negotiated (§5.1.2.2).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

MAC_SIZE: Final = 8
"""Bytes of the MAC at the end of Hello, Commit and DHPart."""


@dataclass(frozen=True, slots=True)
class HashChain:
    """Our own chain; each image is 32 bytes and secret until its message leaves."""

    h0: bytes = field(repr=False)
    h1: bytes = field(repr=False)
    h2: bytes = field(repr=False)
    h3: bytes

    @classmethod
    def from_h0(cls, h0: bytes) -> HashChain:
        """Return the chain that grows from ``h0``, 32 random bytes, fresh for every stream."""
        h1 = hash_image(h0)
        h2 = hash_image(h1)
        return cls(h0, h1, h2, hash_image(h2))


def hash_image(image: bytes, steps: int = 1) -> bytes:
    """Return the image ``steps`` further along the chain, 32 bytes."""
    for _ in range(steps):
        image = hashlib.sha256(image).digest()
    return image


def opens(image: bytes, target: bytes, steps: int = 1) -> bool:
    """Tell whether ``image`` hashes to ``target`` in ``steps`` steps."""
    return hmac.compare_digest(hash_image(image, steps), target)


def sign(message: bytes, key: bytes) -> bytes:
    """Return ``message`` with its last 8 bytes replaced by the MAC of what is before them."""
    return message[:-MAC_SIZE] + _mac(message, key)


def is_signed(message: bytes, key: bytes) -> bool:
    """Tell whether the last 8 bytes of ``message`` are its MAC under ``key``."""
    return hmac.compare_digest(_mac(message, key), message[-MAC_SIZE:])


def _mac(message: bytes, key: bytes) -> bytes:
    return hmac.digest(key, message[:-MAC_SIZE], "sha256")[:MAC_SIZE]
