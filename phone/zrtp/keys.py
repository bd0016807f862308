"""From DHResult to every key of a stream (RFC 6189 §4.4.1.4, §4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from phone.secret import Secret
from phone.zrtp.algorithms import AuthTag, Cipher, Hash
from phone.zrtp.cache import Zid
from phone.zrtp.events import Role

_COUNTER: Final = b"\0\0\0\1"
"""The counter of SP 800-56A and SP 800-108: one round is always enough."""
_SAS_HASH_BITS: Final = 256
_RETAINED_SECRET_BITS: Final = 256
_PBX_SECRET_BITS: Final = 256
_MAC_SIZE: Final = 8
"""Bytes of confirm_mac, clear_mac and keyID."""

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
    counted = _counted(shared_secrets)
    return Secret(hash_.digest(_COUNTER + dh_result.reveal() + b"ZRTP-HMAC-KDF" + context + counted))


def multistream_s0(hash_: Hash, zrtp_session: Secret, context: bytes) -> Secret:
    """Return s0 of Multistream mode (§4.4.3.2)."""
    return Secret(kdf(hash_, zrtp_session, b"ZRTP MSK", context, hash_.size * 8))


def preshared_s0(hash_: Hash, preshared_key: Secret, context: bytes) -> Secret:
    """Return s0 of Preshared mode (§4.4.2.4)."""
    return Secret(kdf(hash_, preshared_key, b"ZRTP PSK", context, hash_.size * 8))


def preshared_key(hash_: Hash, rs1: Secret, others: Sequence[Secret | None]) -> Secret:
    """Return the key of Preshared mode (§4.4.2.1); ``others`` are auxsecret and pbxsecret or ``None``."""
    return Secret(hash_.digest(_counted((rs1, *others))))


def preshared_key_id(hash_: Hash, key: Secret) -> bytes:
    """Return what names ``preshared_key`` in a Commit, 8 bytes (§4.4.2.1)."""
    return hash_.mac(key.reveal(), b"Prsh")[:_MAC_SIZE]


def session_after_clear(hash_: Hash, zrtp_session: Secret, initiator: Zid, responder: Zid) -> Secret:
    """Return the ZRTPSess that takes the place of ``zrtp_session`` at a GoClear (§4.7.2.1)."""
    return Secret(kdf(hash_, zrtp_session, b"New ZRTP Session", initiator + responder, hash_.size * 8))


def trusted_mitm_key(hash_: Hash, zrtp_session: Secret, initiator: Zid, responder: Zid) -> Secret:
    """Return the pbxsecret that an enrolment makes, 32 bytes (§7.3.1)."""
    return Secret(kdf(hash_, zrtp_session, b"Trusted MiTM key", initiator + responder, _PBX_SECRET_BITS))


def _counted(secrets: Sequence[Secret | None]) -> bytes:
    """Return each secret after its length in four bytes; an absent one has length 0."""
    values = [b"" if secret is None else secret.reveal() for secret in secrets]
    return b"".join(len(value).to_bytes(4, "big") + value for value in values)


@dataclass(frozen=True, slots=True)
class ConfirmKeys:
    """Under which one side encrypts and authenticates Confirm, SASrelay and GoClear (§4.5.3)."""

    hash: Hash
    cipher: Cipher
    mac_key: Secret
    """mackeyi or mackeyr."""
    zrtp_key: Secret
    """zrtpkeyi or zrtpkeyr."""

    def mac(self, data: bytes) -> bytes:
        """Return the MAC of ``data``, 8 bytes."""
        return self.hash.mac(self.mac_key.reveal(), data)[:_MAC_SIZE]

    def encrypt(self, iv: bytes, plaintext: bytes) -> bytes:
        """Encrypt; ``iv`` has 16 bytes."""
        return self.cipher.encrypt(self.zrtp_key.reveal(), iv, plaintext)

    def decrypt(self, iv: bytes, ciphertext: bytes) -> bytes:
        """Undo ``encrypt``."""
        return self.cipher.decrypt(self.zrtp_key.reveal(), iv, ciphertext)


@dataclass(frozen=True, slots=True)
class Exporter:
    """ExportedKey (§4.5.2), from which others take keys of their own."""

    hash: Hash
    key: Secret
    """As long as a digest of ``hash``."""
    context: bytes = field(repr=False)
    """KDF_Context of the stream."""

    def derive(self, label: bytes, bits: int) -> Secret:
        """Return a key for the use that ``label`` names; at most as many bits as the hash has."""
        return Secret(kdf(self.hash, self.key, label, self.context, bits))


class KeySchedule:
    """s0 of one stream and all that is derived from it (§4.5). Drop it as soon as the stream is secure."""

    def __init__(self, hash_: Hash, s0: Secret, context: bytes) -> None:
        self._hash = hash_
        self._s0 = s0
        self._context = context

    def srtp_key(self, sender: Role, cipher: Cipher) -> Secret:
        """Return the SRTP master key under which ``sender`` protects (§4.5.3)."""
        return self._derive(_LABEL[sender] + b" SRTP master key", cipher.key_size * 8)

    def srtp_salt(self, sender: Role, auth_tag: AuthTag) -> Secret:
        """Return the SRTP master salt that goes with ``srtp_key``."""
        return self._derive(_LABEL[sender] + b" SRTP master salt", auth_tag.salt_size * 8)

    def confirm_keys(self, sender: Role, cipher: Cipher) -> ConfirmKeys:
        """Return what ``sender`` protects its Confirm with."""
        return ConfirmKeys(
            self._hash,
            cipher,
            self._derive(_LABEL[sender] + b" HMAC key", self._hash.size * 8),
            self._derive(_LABEL[sender] + b" ZRTP key", cipher.key_size * 8),
        )

    def exporter(self) -> Exporter:
        """Return what others may take keys of their own from (§4.5.2)."""
        return Exporter(self._hash, self._derive(b"Exported key", self._hash.size * 8), self._context)

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
