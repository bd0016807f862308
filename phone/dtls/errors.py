"""The one error of this room."""

from __future__ import annotations

from phone.errors import PhoneError


class DtlsError(PhoneError):
    """This build of OpenSSL cannot do what DTLS-SRTP needs."""
