"""Where the engine's random values come from, by purpose, so that a recorded exchange can be repeated."""

from __future__ import annotations

import secrets
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey, MLKEM1024PublicKey

from phone.secret import Secret
from phone.zrtp.events import Role

EncapsulationKey = MLKEM768PublicKey | MLKEM1024PublicKey


class Randomness(Protocol):
    """Every random value that the engine draws."""

    def h0(self) -> bytes:
        """Return the 32 bytes from which a stream's hash chain grows (RFC 6189 §9)."""
        ...

    def private_value(self, size: int) -> bytes:
        """Return ``size`` bytes from which a private value is made (§5.1.5)."""
        ...

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        """Return a new shared secret, 32 bytes, and the ciphertext that tells it to the owner of ``key``.

        The draw as a whole: what ML-KEM makes these two from never leaves the library (FIPS 203 §6.2).
        """
        ...

    def secret_id(self, secret: str, sender: Role) -> bytes:
        """Return 8 bytes in place of the ID of ``secret``, which ``sender`` does not have (§4.3)."""
        ...

    def confirm_iv(self) -> bytes:
        """Return the 16 bytes with which a Confirm's encryption begins (§5.7)."""
        ...

    def nonce(self) -> bytes:
        """Return the 16 bytes that make a Commit without hvi unique (§4.4.2, §4.4.3)."""
        ...

    def sequence_number(self) -> int:
        """Return the number of the first packet.

        Low, and not 0: known peers drop a packet whose number is not above the last one, and know no wrap.
        """
        ...


class SystemRandomness:
    """The operating system's generator."""

    def h0(self) -> bytes:
        return secrets.token_bytes(32)

    def private_value(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        secret, ciphertext = key.encapsulate()
        return Secret(secret), ciphertext

    def secret_id(self, secret: str, sender: Role) -> bytes:  # noqa: ARG002
        return secrets.token_bytes(8)

    def confirm_iv(self) -> bytes:
        return secrets.token_bytes(16)

    def nonce(self) -> bytes:
        return secrets.token_bytes(16)

    def sequence_number(self) -> int:
        return 1 + secrets.randbelow(0x0FFF)
