"""What went wrong, in one sentence that a person understands."""

from __future__ import annotations

import errno

_SYSTEM = 120_000
"""pjlib adds this to ``errno``."""
UNRESOLVED = 70_018
FAILED_CREDENTIAL = 171_100
NO_CREDENTIAL = 171_101
INVALID_ALGORITHM = 171_102
STALE_TOO_OFTEN = 171_111
UNSUITABLE_CHALLENGE = 171_114

ADDRESS_IN_USE = _SYSTEM + errno.EADDRINUSE

_TRANSPORT_FAILURES = {
    _SYSTEM + errno.ECONNREFUSED: "{where} refuses the connection: nothing listens on that port.",
    _SYSTEM + errno.ENETUNREACH: "{where} cannot be reached: this computer has no network that leads there.",
    _SYSTEM + errno.EHOSTUNREACH: "{where} cannot be reached: no way leads to that computer.",
    _SYSTEM + errno.ETIMEDOUT: "{where} does not answer.",
    _SYSTEM + errno.ECONNRESET: "{where} has cut the connection.",
    _SYSTEM + errno.EPIPE: "{where} has cut the connection.",
    _SYSTEM + errno.EINVAL: "{where} cannot be reached from the address that Parley is bound to.",
    UNRESOLVED: "{where} is not known: no such host.",
}

_REGISTRATION = {
    400: "The server does not understand the registration.",
    401: "The server refuses the password (or the user name).",
    403: "The server refuses this account: wrong password, or it is not allowed to register.",
    404: "The server does not know this user.",
    405: "This server takes no registrations.",
    407: "The server refuses the password (or the user name).",
    408: "{where} does not answer.",
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


def transport_failure(status: int, where: str) -> str:
    """Return why no answer came from ``where``; ``status``: pjlib's error number, 0 for silence."""
    return _TRANSPORT_FAILURES.get(status, "{where} does not answer.").format(where=where)


def registration_failure(code: int, status: int, phrase: str, *, where: str, answered: bool) -> str:
    """Return why a registration failed.

    ``code`` and ``phrase``: the SIP answer; ``status``: pjlib's error number; ``answered``: whether ``where``
    has answered at all.
    """
    if not answered:
        return transport_failure(status, where)
    if status in (INVALID_ALGORITHM, UNSUITABLE_CHALLENGE):
        return "The server wants a kind of digest that the secret of this account does not fit."
    if status == NO_CREDENTIAL:
        return "The server wants a password for another realm than the one this secret belongs to."
    if status == STALE_TOO_OFTEN:
        return "The server does not accept its own challenges."
    return _REGISTRATION.get(code, "The server refuses the registration: {phrase} ({code}).").format(
        where=where, phrase=phrase, code=code
    )
