"""Dynamic payload types as Asterisk numbers them.

Under direct media Asterisk passes RTP between two phones without renumbering, so both must use its numbers,
whatever each of them would have chosen (RFC 3551 §6 leaves 96-127 to the session).
"""

from __future__ import annotations

import re

ASTERISK = {
    "ilbc/8000": 97,
    "telephone-event/8000": 101,
    "speex/8000": 110,
    "speex/16000": 117,
    "speex/32000": 119,
    "telephone-event/16000": 102,
    "telephone-event/32000": 103,
}
"""Encoding name and clock rate to payload type. Asterisk has 101 for every telephone-event; one number cannot
stand for two rates in one offer, so the wideband ones get numbers that it leaves free."""

_RTPMAP = re.compile(r"^a=rtpmap:(\d+) ([^\s/]+/\d+)", re.MULTILINE)
_MEDIA = re.compile(r"^(m=audio \d+ \S+)((?: \d+)+)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^(a=(?:rtpmap|fmtp):)(\d+)(?= )", re.MULTILINE)


def renumber(offer: str) -> str:
    """Return an SDP offer with one audio description in Asterisk's numbers."""
    numbers = {}
    for payload_type, encoding in _RTPMAP.findall(offer):
        if encoding.lower() in ASTERISK:
            numbers[payload_type] = str(ASTERISK[encoding.lower()])
    offer = _ATTRIBUTE.sub(lambda match: match[1] + numbers.get(match[2], match[2]), offer)
    return _MEDIA.sub(
        lambda match: match[1] + "".join(" " + numbers.get(number, number) for number in match[2].split()),
        offer,
    )
