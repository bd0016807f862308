"""From DHResult to every key of a stream (RFC 6189 §4.4.1.4, §4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from phone.secret import Secret
from phone.zrtp.algorithms import Cipher, Hash
from phone.zrtp.cache import Zid
from phone.zrtp.events import Role

_COUNTER: Final = b"\0\0\0\1"
"""The counter of SP 800-56A and SP 800-108: one round is always enough."""
_SALT_BITS: Final = 112
_SAS_HASH_BITS: Final = 256
_RETAINED_SECRET_BITS: Final = 256

_LABEL: Final = {Role.INITIATOR: b"Initiator", Role.RESPONDER: b"Responder"}


def kdf(hash_: Hash, key: Secret, label: bytes, context: bytes, bits: int) -> bytes:
    """Return the first ``bits`` bits of the key derivation function's output (§4.5.1)."""
    data = _COUNTER + label + b"\0" + context + bits.to_bytes(4, "big")
    return hash_.mac(key.reveal(), data)[: bits // 8]


def dh_mode_s0(
    hash_: Hash, dh_result: Secret, context: bytes, shared_secrets: Sequence[Secret | None]
) -> Secret:
    """Return s0 of DH mode (§4.4.1.4).

    ``context`` is KDF_Context; ``shared_secrets`` are s1 (retained), s2 (auxiliary) and s3 (PBX), ``None``
    where the two sides have none in common.
    """
    values = [b"" if secret is None else secret.reveal() for secret in shared_secrets]
    counted = b"".join(len(value).to_bytes(4, "big") + value for value in values)
    return Secret(hash_.digest(_COUNTER + dh_result.reveal() + b"ZRTP-HMAC-KDF" + context + counted))


class KeySchedule:
    """s0 of one stream and all that is derived from it (§4.5). Drop it as soon as the stream is secure."""

    def __init__(self, hash_: Hash, s0: Secret, context: bytes) -> None:
        self._hash = hash_
        self._s0 = s0
        self._context = context

    def srtp_key(self, sender: Role, cipher: Cipher) -> Secret:
        """Return the SRTP master key under which ``sender`` protects (§4.5.3)."""
        return self._derive(_LABEL[sender] + b" SRTP master key", cipher.key_size * 8)

    def srtp_salt(self, sender: Role) -> Secret:
        """Return the SRTP master salt that goes with ``srtp_key``, 14 bytes."""
        return self._derive(_LABEL[sender] + b" SRTP master salt", _SALT_BITS)

    def mac_key(self, sender: Role) -> Secret:
        """Return mackeyi or mackeyr, the key of ``sender``'s confirm_mac."""
        return self._derive(_LABEL[sender] + b" HMAC key", self._hash.size * 8)

    def zrtp_key(self, sender: Role, cipher: Cipher) -> Secret:
        """Return zrtpkeyi or zrtpkeyr, under which ``sender`` encrypts its Confirm."""
        return self._derive(_LABEL[sender] + b" ZRTP key", cipher.key_size * 8)

    def sas_hash(self) -> bytes:
        """Return sashash, 32 bytes (§4.5.2)."""
        return self._derive(b"SAS", _SAS_HASH_BITS).reveal()

    def retained_secret(self) -> Secret:
        """Return the new rs1, 32 bytes (§4.6.1)."""
        return self._derive(b"retained secret", _RETAINED_SECRET_BITS)

    def zrtp_session(self) -> Secret:
        """Return ZRTPSess, from which further streams of the session take their keys (§4.5.2)."""
        return self._derive(b"ZRTP Session Key", self._hash.size * 8)

    def _derive(self, label: bytes, bits: int) -> Secret:
        return Secret(kdf(self._hash, self._s0, label, self._context, bits))


def kdf_context(hash_: Hash, initiator: Zid, responder: Zid, messages: Sequence[bytes]) -> bytes:
    """Return ZIDi || ZIDr || total_hash (§4.4.1.4).

    ``messages`` are those that total_hash covers, whole, in the order in which the RFC lists them.
    """
    return initiator + responder + hash_.digest(b"".join(messages))
