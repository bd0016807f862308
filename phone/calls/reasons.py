"""Why a call ended, in words a person can use."""

from __future__ import annotations

from phone.calls.values import Direction

_WORDS = {
    400: "The other side could not understand the call.",
    401: "The server refused the password.",
    403: "The server does not allow this call.",
    404: "Nobody has this number or name.",
    405: "The other side does not take calls.",
    407: "The server refused the password.",
    408: "No answer from the other side: it cannot be reached, or nobody picked up.",
    410: "This number or name is no longer in use.",
    415: "The other side has no codec in common with us.",
    416: "The other side cannot be reached by this kind of address.",
    420: "The other side asks for an extension that Parley does not have.",
    480: "Nobody can be reached there at the moment.",
    481: "The other side has lost this call.",
    482: "The call went round in a circle.",
    483: "The call was passed on too often.",
    484: "The number is incomplete.",
    486: "Busy.",
    487: "The call was cancelled before anybody answered.",
    488: "The other side has no codec or encryption in common with us.",
    491: "Both sides tried to change the call at the same moment.",
    500: "The server has an error of its own.",
    501: "The server cannot do this.",
    502: "The server got no sensible answer from the next one.",
    503: "The service cannot be reached: wrong address, closed port, or the server is down.",
    504: "The server got no answer from the next one in time.",
    513: "The message was too long for the server.",
    600: "Busy everywhere.",
    603: "Declined.",
    604: "This number or name does not exist anywhere.",
    606: "The other side has no codec or encryption in common with us.",
}


def reason_in_words(
    status: int, reason: str, *, direction: Direction, was_connected: bool, hung_up_here: bool
) -> str:
    """Return why a call ended.

    ``status`` and ``reason``: last SIP status (RFC 3261 §21); with status 0 there was no answer at all, and
    ``reason`` is a sentence already.
    """
    if was_connected:
        return _end_of_conversation(status, hung_up_here)
    if hung_up_here:
        return "Rejected here." if direction is Direction.INCOMING else "Hung up before anybody answered."
    if direction is Direction.INCOMING:
        return "The caller gave up."
    if status == 0:
        return reason
    return refusal_in_words(status, reason)


def refusal_in_words(status: int, reason: str) -> str:
    """Return what a SIP status from 300 on means."""
    return _WORDS.get(status, f"The call failed: {reason or 'no reason given'} ({status}).")


def _end_of_conversation(status: int, hung_up_here: bool) -> str:
    if hung_up_here:
        return "Hung up here."
    if status in (0, 408, 481, 503):
        return "The connection to the other side was lost."
    return "The other side hung up."
