"""Choosing algorithms (RFC 6189 §4.1.2) and settling who is the initiator (§4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from phone.zrtp.algorithms import (
    MANDATORY_AUTH_TAGS,
    MANDATORY_CIPHERS,
    MANDATORY_HASHES,
    MANDATORY_KEY_AGREEMENTS,
    MANDATORY_SAS_TYPES,
    Configuration,
    R,
    Suite,
    with_mandatory,
)
from phone.zrtp.dh import KeyAgreement, Mode
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.messages import AnyCommit, Code, Commit, Hello, MultistreamCommit, PresharedCommit


def _common(own: Sequence[R], peer: Sequence[Code], mandatory: Sequence[R]) -> tuple[list[R], list[R]]:
    """Return what both sides support, once in our order and once in the peer's; never empty."""
    ours = with_mandatory(own, mandatory)
    theirs = dict.fromkeys((*peer, *(row.code for row in mandatory)))
    return [row for code, row in ours.items() if code in theirs], [
        ours[code] for code in theirs if code in ours
    ]


def choose_key_agreement(configuration: Configuration, peer: Hello) -> KeyAgreement:
    """Return the key agreement that both sides compute from the two Hellos (§4.1.2)."""
    hashes = {row.code for row in _common(configuration.hashes, peer.hashes, MANDATORY_HASHES)[0]}
    ours, theirs = (
        next(row for row in rows if row.hash is None or row.hash in hashes)
        for rows in _common(configuration.exchanges, peer.key_agreements, MANDATORY_KEY_AGREEMENTS)
    )
    return min(ours, theirs, key=lambda row: row.rank)


def choose(configuration: Configuration, responder: Hello) -> Suite:
    """Return what we as initiator commit to in DH mode.

    The hash is the responder's first choice, all else ours: some responders have already computed their
    secret IDs with the hash they prefer, and never do it again. Some key agreements have a say in the hash
    or the cipher.
    """
    agreement = choose_key_agreement(configuration, responder)
    hashes = _common(configuration.hashes, responder.hashes, MANDATORY_HASHES)[1]
    ciphers = _common(configuration.ciphers, responder.ciphers, MANDATORY_CIPHERS)[0]
    return Suite(
        _preferred(hashes, agreement.hash),
        _preferred(ciphers, agreement.cipher),
        _common(configuration.auth_tags, responder.auth_tags, MANDATORY_AUTH_TAGS)[0][0],
        agreement,
        _common(configuration.sas_types, responder.sas_types, MANDATORY_SAS_TYPES)[0][0],
    )


def _preferred(rows: Sequence[R], code: Code | None) -> R:
    """Return the row of ``code`` if it is there, else the first one."""
    return next((row for row in rows if row.code == code), rows[0])


def both_offer(configuration: Configuration, peer: Hello, mode: Mode) -> bool:
    """Tell whether both sides list ``mode``."""
    return mode in configuration.key_agreements and mode.code in peer.key_agreements


def accept(configuration: Configuration, commit: AnyCommit) -> Suite:
    """Return what the initiator committed to; raise ``ProtocolError`` for what we did not offer (§5.9)."""
    own = configuration
    suite = Suite(
        _offered(own.hashes, MANDATORY_HASHES, commit.hash, ErrorCode.HASH_NOT_SUPPORTED),
        _offered(own.ciphers, MANDATORY_CIPHERS, commit.cipher, ErrorCode.CIPHER_NOT_SUPPORTED),
        _offered(own.auth_tags, MANDATORY_AUTH_TAGS, commit.auth_tag, ErrorCode.AUTH_TAG_NOT_SUPPORTED),
        _offered(
            own.key_agreements,
            MANDATORY_KEY_AGREEMENTS,
            commit.key_agreement,
            ErrorCode.KEY_EXCHANGE_NOT_SUPPORTED,
        ),
        _offered(own.sas_types, MANDATORY_SAS_TYPES, commit.sas_type, ErrorCode.SAS_NOT_SUPPORTED),
    )
    agreement = suite.key_agreement
    if isinstance(agreement, KeyAgreement) and agreement.hash not in (None, suite.hash.code):
        raise ProtocolError(
            ErrorCode.HASH_NOT_SUPPORTED, "the peer chose a hash that its key agreement does not go with"
        )
    return suite


def _offered(own: Sequence[R], mandatory: Sequence[R], code: Code, error: ErrorCode) -> R:
    row = with_mandatory(own, mandatory).get(code)
    if row is None:
        raise ProtocolError(error, "the peer chose an algorithm that was not offered")
    return row


def outranks(commit: AnyCommit, other: AnyCommit, *, mitm: bool) -> bool:
    """Tell whether the peer's ``commit`` prevails over ours, ``other`` (§4.2).

    ``mitm``: the peer is a PBX that may relay a SAS; we are none. Raise ``ProtocolError`` where one side
    believes in a session that the other side does not know.
    """
    kinds = {type(commit), type(other)}
    if len(kinds) == 1:
        if mitm and kinds == {PresharedCommit}:
            return False
        return _draw(commit) > _draw(other)
    if MultistreamCommit in kinds:
        raise ProtocolError(ErrorCode.SOFTWARE_ERROR, "only one side has a session to add a stream to")
    return isinstance(commit, Commit)


def _draw(commit: AnyCommit) -> bytes:
    return commit.hvi if isinstance(commit, Commit) else commit.nonce
