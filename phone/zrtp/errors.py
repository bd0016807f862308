"""What can be wrong with a ZRTP message, and the code that tells the peer so (RFC 6189 §5.9)."""

from __future__ import annotations

from enum import IntEnum

from phone.errors import PhoneError
from phone.zrtp.events import Cause


class ErrorCode(IntEnum):
    """Error codes (RFC 6189 §5.9, Table 8)."""

    MALFORMED_PACKET = 0x10
    SOFTWARE_ERROR = 0x20
    UNSUPPORTED_VERSION = 0x30
    HELLO_MISMATCH = 0x40
    HASH_NOT_SUPPORTED = 0x51
    CIPHER_NOT_SUPPORTED = 0x52
    KEY_EXCHANGE_NOT_SUPPORTED = 0x53
    AUTH_TAG_NOT_SUPPORTED = 0x54
    SAS_NOT_SUPPORTED = 0x55
    DH_REQUIRED = 0x56
    BAD_PUBLIC_VALUE = 0x61
    HVI_MISMATCH = 0x62
    UNTRUSTED_MITM = 0x63
    BAD_CONFIRM_MAC = 0x70
    NONCE_REUSE = 0x80
    EQUAL_ZIDS = 0x90
    SSRC_COLLISION = 0x91
    PROTOCOL_TIMEOUT = 0xB0
    GO_CLEAR_NOT_ALLOWED = 0x100


class ZrtpError(PhoneError):
    """Root of the errors of this room."""


class ConfigurationError(ZrtpError):
    """Algorithms are asked for that do not exist, or more of them than a Hello can list (§5.2)."""


class EnrollmentError(ZrtpError):
    """A peer that does not ask for it cannot be trusted to relay a SAS (§7.3.1)."""


class MessageError(ZrtpError):
    """The bytes are not a well-formed ZRTP packet or message. Drop them: no Error is due (§5)."""


class ProtocolError(ZrtpError):
    """A well-formed message from the peer of this exchange breaks the rules; the exchange must end."""

    def __init__(self, code: ErrorCode, detail: str, cause: Cause = Cause.PROTOCOL) -> None:
        super().__init__(detail)
        self.code = code
        self.cause = cause
