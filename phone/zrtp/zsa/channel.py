"""The encryption of SecAuth messages: none but the two ends of the ZRTP exchange read and write them."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from phone.secret import Secret
from phone.zrtp.errors import MessageError
from phone.zrtp.messages import SecAuth
from phone.zrtp.zsa.body import Body
from phone.zrtp.zsa.capability import Side
from phone.zrtp.zsa.proof import expand

_KEY_SIZE: Final = 32
_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
_HEADER_SIZE: Final = 16
"""Bytes of a SecAuth before what is encrypted."""


class _Direction:
    """What one side sends, numbered from 1."""

    def __init__(self, extraction: Secret, sender: Side) -> None:
        material = expand(extraction, b"ZSA wire " + sender.value, _KEY_SIZE + _NONCE_SIZE)
        self._cipher = AESGCM(material[:_KEY_SIZE])
        self._nonce_base = int.from_bytes(material[_KEY_SIZE:], "big")
        self.number = 0
        """Of the last message."""

    def nonce(self, number: int) -> bytes:
        return (self._nonce_base ^ number).to_bytes(_NONCE_SIZE, "big")

    def encrypt(self, number: int, body: bytes, header: bytes) -> bytes:
        return self._cipher.encrypt(self.nonce(number), body, header)

    def decrypt(self, number: int, sealed: bytes, header: bytes) -> bytes:
        return self._cipher.decrypt(self.nonce(number), sealed, header)


class Channel:
    """Both directions, seen from one side."""

    def __init__(self, extraction: Secret, side: Side) -> None:
        """``extraction`` is XK."""
        self._own = _Direction(extraction, side)
        self._peer = _Direction(extraction, side.other)

    def seal(self, kind: type[SecAuth], body: Body) -> bytes:
        """Return the whole message, the next one of ours."""
        self._own.number += 1
        plaintext = bytes(body)
        header = bytes(kind(self._own.number, bytes(len(plaintext) + _TAG_SIZE)))[:_HEADER_SIZE]
        return header + self._own.encrypt(self._own.number, plaintext, header)

    def open(self, message: SecAuth, raw: bytes) -> Body:
        """Return what the peer's next ``message`` says.

        Raise ``MessageError`` for one that is not the peer's, not the next, or malformed.
        """
        if message.number != self._peer.number + 1:
            raise MessageError("a SecAuth is not the next one")
        try:
            plaintext = self._peer.decrypt(message.number, message.sealed, raw[:_HEADER_SIZE])
        except InvalidTag as error:
            raise MessageError("a SecAuth is not the peer's") from error
        body = Body.parse(plaintext)
        self._peer.number = message.number
        return body
