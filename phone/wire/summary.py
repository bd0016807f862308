"""How many messages wait in a mailbox (RFC 3842)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phone.wire.errors import PacketError

_LINE = re.compile(r"([A-Za-z-]+)[ \t]*:[ \t]*(.*)")
_COUNTS = re.compile(r"(\d{1,6})[ \t]*/[ \t]*(\d{1,6})(?:[ \t]*\([ \t]*\d{1,6}[ \t]*/[ \t]*\d{1,6}[ \t]*\))?")

_ACCOUNT = re.compile(r"sips?:(?P<user>[^@\s<>\"]{1,100})@[^@\s<>\"]{1,200}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """The body of a NOTIFY of ``message-summary``, as far as it concerns voice."""

    waiting: bool
    """Whether there is anything new, of whatever kind."""
    new: int
    old: int
    account: str | None = None
    """Address that plays the messages, if the server names one."""

    @classmethod
    def parse(cls, text: str) -> MessageSummary:
        """Read an ``application/simple-message-summary``. Raise PacketError.

        A server may leave the counts out; then both are 0.
        """
        found: dict[str, str] = {}
        for line in text.splitlines():
            if not line.strip():
                break  # headers of single messages may follow
            match = _LINE.fullmatch(line)
            if match is None:
                raise PacketError("a message summary with a line that is no header")
            found.setdefault(match[1].lower(), match[2].strip())
        waiting = found.get("messages-waiting", "").lower()
        counts = _COUNTS.fullmatch(found.get("voice-message", "0/0"))
        if waiting not in ("yes", "no") or counts is None:
            raise PacketError("a message summary that does not say how many messages wait")
        account = _ACCOUNT.fullmatch(found.get("message-account", ""))
        # Asterisk names itself where nobody has configured an address (voicemail_extension)
        address = account[0] if account and account["user"] != "asterisk" else None
        return cls(waiting == "yes", int(counts[1]), int(counts[2]), address)
