"""CPace, a password-authenticated key exchange: CPACE-X25519-SHA512 of draft-irtf-cfrg-cpace-21.

Both ends make a base point of the password and agree on a key from there by X25519. Whoever does not know
the password can try one in each exchange, and learns nothing to try others on. The arithmetic is libsodium's
and, for X25519, that of cryptography; nothing of it is ours.
"""

from __future__ import annotations

import hashlib
from typing import Final

from nacl.bindings import (
    crypto_core_ed25519_from_uniform,
    crypto_core_ed25519_scalar_invert,
    crypto_scalarmult_ed25519_noclamp,
    crypto_sign_ed25519_pk_to_curve25519,
)

from phone.secret import Secret
from phone.zrtp.dh import X255
from phone.zrtp.events import Role

SHARE_SIZE: Final = 32
"""Bytes of a share, and of the private value behind it."""
_DSI: Final = b"CPace255"
_HASH_BLOCK: Final = 128
"""Bytes of a block of SHA-512."""
_ONE_EIGHTH: Final = crypto_core_ed25519_scalar_invert((8).to_bytes(SHARE_SIZE, "little"))


def _lv_cat(*parts: bytes) -> bytes:
    """Return the parts, each after its length in LEB128 (appendix A.1)."""
    return b"".join(_leb128(len(part)) + part for part in parts)


def _leb128(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _leb128(rest) if rest else bytes([low])


def base_point(prs: Secret, ci: bytes, sid: bytes) -> Secret:
    """Return the base point that both ends make of the password, 32 bytes (§8.2).

    ``ci`` names both parties and what binds them; ``sid`` is unique. libsodium's map gives the eightfold of
    the draft's point, so it is divided by eight: what is left differs from the draft's by a point of low
    order, and every product of X25519, whose factor is a multiple of eight, is the same.
    """
    padding = max(0, _HASH_BLOCK - len(_lv_cat(prs.reveal())) - len(_lv_cat(_DSI)) - 1)
    generator_string = _lv_cat(_DSI, prs.reveal(), bytes(padding), ci, sid)
    uniform = hashlib.sha512(generator_string).digest()[:SHARE_SIZE]
    point = crypto_scalarmult_ed25519_noclamp(_ONE_EIGHTH, crypto_core_ed25519_from_uniform(uniform))
    return Secret(crypto_sign_ed25519_pk_to_curve25519(point))


class CPace:
    """One exchange, seen from one end."""

    def __init__(self, role: Role, prs: Secret, ci: bytes, sid: bytes, private: Secret) -> None:
        """``private``: 32 random bytes. The initiator is who sends its share first."""
        self._role = role
        self._sid = sid
        self._pair = X255.key_pair(private.reveal())
        self.share: Final = self._pair.agree(base_point(prs, ci, sid).reveal()).reveal()
        """What the peer needs, 32 bytes."""

    def agree(self, own_data: bytes, peer_share: bytes, peer_data: bytes) -> Secret:
        """Return ISK, 64 bytes, the same on both sides if they had the same password (§7.2).

        ``own_data`` and ``peer_data`` are the associated data that go with the shares. Raise
        ``ProtocolError`` 0x61 for a share that would give everyone the same key.
        """
        k = self._pair.agree(peer_share).reveal()
        messages = [_lv_cat(self.share, own_data), _lv_cat(peer_share, peer_data)]
        if self._role is Role.RESPONDER:
            messages.reverse()
        return Secret(hashlib.sha512(_lv_cat(_DSI + b"_ISK", self._sid, k) + b"".join(messages)).digest())
