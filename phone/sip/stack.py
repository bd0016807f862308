"""What the objects of one SIP stack share."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from phone.sip.bridge import Bridge
from phone.sip.callbacks import Mailbox


@dataclass(slots=True)
class Stack:
    """Handed to every account and call."""

    reactor: Any
    """Twisted's reactor, or what has its clock and name resolver."""
    bind: str
    """IPv4 address of our SIP socket; ``0.0.0.0``: any."""
    mailbox: Mailbox
    bridge: Bridge
    random: random.Random = field(default_factory=random.SystemRandom)
    """For jitter only."""
