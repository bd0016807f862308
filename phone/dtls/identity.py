"""Our certificate: of one run, signed by itself, named in the SDP by its fingerprint (RFC 5763 §5)."""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from phone.dtls.errors import DtlsError
from phone.dtls.profiles import PROFILES
from phone.wire.description import Fingerprint

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256,
    "sha-384": hashes.SHA384,
    "sha-512": hashes.SHA512,
}
"""Of fingerprints, by their names in the SDP. MD5 and SHA-1 prove nothing any more."""

_DTLS_1_2 = 0xFEFD
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of the handshake alone; the media has its own (``PROFILES``). All have forward secrecy."""
_BEGIN = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_NEVER = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
"""No well-defined end (RFC 5280 §4.1.2.5): the fingerprint counts, and no clock."""


class Identity:
    """A key pair with its certificate, and how OpenSSL is to use them."""

    def __init__(self) -> None:
        """Make the key pair (ECDSA, P-256), about a millisecond. Raise DtlsError if OpenSSL cannot."""
        key = ec.generate_private_key(ec.SECP256R1())
        # nothing about the user: anybody on the way sees it
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "parley")])
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        certificate = builder.not_valid_before(_BEGIN).not_valid_after(_NEVER).sign(key, hashes.SHA256())
        self.fingerprint = fingerprint(certificate, "sha-256")
        """Goes into our SDP."""
        try:
            self.context = _context(certificate, key)
            """What every ``Association`` shares."""
        except SSL.Error as error:
            raise DtlsError(f"OpenSSL cannot do DTLS-SRTP: {error}") from error


def fingerprint(certificate: x509.Certificate, algorithm: str) -> Fingerprint:
    """Return the fingerprint of a certificate (RFC 8122 §5). Raise KeyError for a hash that is not known."""
    return Fingerprint(algorithm, certificate.fingerprint(_HASHES[algorithm]()))


def is_usable(named: Fingerprint) -> bool:
    """Tell whether this fingerprint proves anything."""
    return named.algorithm in _HASHES


def _context(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_min_proto_version(_DTLS_1_2)
    context.set_cipher_list(_CIPHERS)
    context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_tlsext_use_srtp(b":".join(profile.name for profile in PROFILES))
    context.use_certificate(certificate)
    context.use_privatekey(key)
    # both ends show a certificate (RFC 5763 §5); ``Association`` compares it with the fingerprint in the SDP,
    # and nothing else about it counts
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    return context
