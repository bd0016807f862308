"""Choosing algorithms (RFC 6189 §4.1.2) and settling who is the initiator (§4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from phone.zrtp.algorithms import (
    MANDATORY_AUTH_TAGS,
    MANDATORY_CIPHERS,
    MANDATORY_HASHES,
    MANDATORY_KEY_AGREEMENTS,
    MANDATORY_SAS_TYPES,
    Configuration,
    Suite,
)
from phone.zrtp.dh import KeyAgreement
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.messages import Code, Commit, Hello


class _Row(Protocol):
    @property
    def code(self) -> Code: ...


R = TypeVar("R", bound=_Row)


def _with_mandatory(listed: Iterable[R], mandatory: Iterable[R]) -> dict[Code, R]:
    """Return all that is supported, in order: a mandatory row that is not listed counts as last (§5.2)."""
    return {row.code: row for row in (*listed, *mandatory)}


def _common(own: Sequence[R], peer: Sequence[Code], mandatory: Sequence[R]) -> tuple[list[R], list[R]]:
    """Return what both sides support, once in our order and once in the peer's; never empty."""
    ours = _with_mandatory(own, mandatory)
    theirs = dict.fromkeys((*peer, *(row.code for row in mandatory)))
    return [row for code, row in ours.items() if code in theirs], [
        ours[code] for code in theirs if code in ours
    ]


def choose_key_agreement(configuration: Configuration, peer: Hello) -> KeyAgreement:
    """Return the key agreement that both sides compute from the two Hellos (§4.1.2)."""
    ours, theirs = _common(configuration.key_agreements, peer.key_agreements, MANDATORY_KEY_AGREEMENTS)
    return min(ours[0], theirs[0], key=lambda row: row.rank)


def choose(configuration: Configuration, responder: Hello) -> Suite:
    """Return what we as initiator commit to.

    The hash is the responder's first choice, all else ours: some responders have already computed their
    secret IDs with the hash they prefer, and never do it again.
    """
    return Suite(
        _common(configuration.hashes, responder.hashes, MANDATORY_HASHES)[1][0],
        _common(configuration.ciphers, responder.ciphers, MANDATORY_CIPHERS)[0][0],
        _common(configuration.auth_tags, responder.auth_tags, MANDATORY_AUTH_TAGS)[0][0],
        choose_key_agreement(configuration, responder),
        _common(configuration.sas_types, responder.sas_types, MANDATORY_SAS_TYPES)[0][0],
    )


def accept(configuration: Configuration, commit: Commit) -> Suite:
    """Return what the initiator committed to; raise ``ProtocolError`` for what we did not offer (§5.9)."""
    own = configuration
    return Suite(
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


def _offered(own: Sequence[R], mandatory: Sequence[R], code: Code, error: ErrorCode) -> R:
    row = _with_mandatory(own, mandatory).get(code)
    if row is None:
        raise ProtocolError(error, "the peer chose an algorithm that was not offered")
    return row


def outranks(hvi: bytes, other: bytes) -> bool:
    """Tell whether the Commit with ``hvi`` prevails over the one with ``other`` (§4.2)."""
    return hvi > other
