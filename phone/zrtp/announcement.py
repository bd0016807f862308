"""Our Hello and what stands behind it (RFC 6189 §5.2, §8.1, §9)."""

from __future__ import annotations

import hashlib
from typing import Final

from phone.zrtp.algorithms import Cipher
from phone.zrtp.dh import KeyAgreement, KeyPair
from phone.zrtp.endpoint import Endpoint
from phone.zrtp.hashchain import HashChain, sign
from phone.zrtp.messages import Code, Hello

VERSION: Final = b"1.10"
_CLIENT_IDENTIFIER_SIZE: Final = 16


class Announcement:
    """Our Hello and what stands behind it: the hash chain, and the key pairs of the key agreements in use."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._key_pairs: dict[tuple[Code, int], KeyPair] = {}
        self.chain = HashChain.from_h0(endpoint.randomness.h0())
        own = endpoint.configuration
        capabilities = () if endpoint.claim is None else endpoint.claim.capability.codes
        hello = Hello(
            VERSION,
            own.client_identifier.ljust(_CLIENT_IDENTIFIER_SIZE),
            self.chain.h3,
            endpoint.zid,
            tuple(row.code for row in own.hashes),
            tuple(row.code for row in own.ciphers),
            tuple(row.code for row in own.auth_tags),
            tuple(row.code for row in own.key_agreements),
            (*(row.code for row in own.sas_types), *capabilities),
            passive=own.passive,
        )
        self.hello: Final = sign(bytes(hello), self.chain.h2)
        """The whole message."""

    @property
    def hello_hash(self) -> str:
        """The value of ``a=zrtp-hash`` (§8.1)."""
        return f"{VERSION.decode()} {hashlib.sha256(self.hello).hexdigest()}"

    def key_pair(self, agreement: KeyAgreement, cipher: Cipher) -> KeyPair:
        """Return our key pair for ``agreement`` at the strength that ``cipher`` asks for (§5.1.5).

        In DH mode it is the same one whatever our role turns out to be (§4.2), in KEM mode the initiator's.
        """
        size = agreement.private_size(cipher.key_size)
        pair = self._key_pairs.get((agreement.code, size))
        if pair is None:
            private = self._endpoint.randomness.private_value(size)
            pair = self._key_pairs[agreement.code, size] = agreement.key_pair(private)
        return pair

    def answering_pair(self, agreement: KeyAgreement, cipher: Cipher, committed: bytes) -> KeyPair:
        """Return our key pair as responder to a Commit that carries the public value ``committed``.

        Raise ``ProtocolError`` 0x61 when that is a bad one.
        """
        if agreement.respond is None:
            return self.key_pair(agreement, cipher)
        return agreement.respond(committed, self._endpoint.randomness)

    def forget_key_pairs(self) -> None:
        """Drop the private values: DHResult has been computed."""
        self._key_pairs.clear()
