"""SRTP protection profiles (RFC 5764 §4.1.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """How media is protected, once DTLS has agreed on it."""

    name: bytes
    """OpenSSL's."""
    key_bytes: int
    salt_bytes: int
    auth_tag: str
    """As ZRTP calls it (RFC 6189 §5.1.4), which the rest of Parley goes by."""


PROFILES = (
    Profile(b"SRTP_AES128_CM_SHA1_80", 16, 14, "HS80"),
    Profile(b"SRTP_AES128_CM_SHA1_32", 16, 14, "HS32"),
)
"""Best first: what every end must have, and what Asterisk offers alone under ``srtp_tag_32``."""
