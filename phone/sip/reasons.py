"""What went wrong, in one sentence that a person understands."""

from __future__ import annotations

import errno
import os

SYSTEM = 120_000
"""pjlib adds this to ``errno``."""
UNRESOLVED = 70_018
FAILED_CREDENTIAL = 171_100
NO_CREDENTIAL = 171_101
INVALID_ALGORITHM = 171_102
STALE_TOO_OFTEN = 171_111
UNSUITABLE_CHALLENGE = 171_114

ADDRESS_IN_USE = SYSTEM + errno.EADDRINUSE

NO_ANSWER = "{where} does not answer."
REFUSED = "{where} refuses the connection: nothing listens on that port."

_TRANSPORT_FAILURES = {
    SYSTEM + errno.ECONNREFUSED: REFUSED,
    SYSTEM + errno.ENETUNREACH: "{where} cannot be reached: this computer has no network that leads there.",
    SYSTEM + errno.EHOSTUNREACH: "{where} cannot be reached: no way leads to that computer.",
    SYSTEM + errno.ETIMEDOUT: NO_ANSWER,
    SYSTEM + errno.ECONNRESET: "{where} has cut the connection.",
    SYSTEM + errno.EPIPE: "{where} has cut the connection.",
    SYSTEM + errno.EINVAL: "{where} cannot be reached from the address that Parley is bound to.",
    UNRESOLVED: "{where} is not known: no such host.",
}

_REGISTRATION = {
    400: "The server does not understand the registration.",
    401: "The server refuses the password (or the user name).",
    403: "The server refuses this account: wrong password, or it is not allowed to register.",
    404: "The server does not know this user.",
    405: "This server takes no registrations.",
    407: "The server refuses the password (or the user name).",
    408: NO_ANSWER,
    410: "The server does not know this user any more.",
    423: "The server wants a longer registration than it was asked for.",
    480: "The server is not available at the moment.",
    500: "The server has an error of its own.",
    502: "The server got no answer from the next one.",
    503: "The server is not available at the moment.",
    504: "The server got no answer from the next one in time.",
}

HOPELESS = frozenset({400, 401, 403, 404, 405, 407, 410, 423})
"""Answers to REGISTER that only a person can cure."""


_BY_WORDS = {
    os.strerror(status - SYSTEM): status for status in _TRANSPORT_FAILURES if status > SYSTEM
}  # pjsip passes on the words and loses the number


def transport_failure(status: int, where: str, words: str = "") -> str:
    """Return why no answer came from ``where``.

    ``status``: pjlib's error number, 0 if unknown; ``words``: pjsip's own.
    """
    return transport_words(status, words).format(where=where, words=words)


def transport_words(status: int, words: str = "") -> str:
    """Return that sentence with ``{where}`` and ``{words}`` yet to be filled in."""
    sentence = _TRANSPORT_FAILURES.get(status or _BY_WORDS.get(words, 0))
    return sentence or ("{where} cannot be reached: {words}." if status else NO_ANSWER)


def registration_failure(code: int, status: int, phrase: str, *, where: str, answered: bool) -> str:
    """Return why a registration failed.

    ``code`` and ``phrase``: the SIP answer; ``status``: pjlib's error number; ``answered``: whether ``where``
    has answered at all.
    """
    if not answered:
        return transport_failure(status, where, phrase)
    if status in (NO_CREDENTIAL, INVALID_ALGORITHM, UNSUITABLE_CHALLENGE):
        return "The server asks for a digest of another realm or kind than this account's secret is good for."
    if status == STALE_TOO_OFTEN:
        return "The server does not accept its own challenges."
    return _REGISTRATION.get(code, "The server refuses the registration: {phrase} ({code}).").format(
        where=where, phrase=phrase, code=code
    )
