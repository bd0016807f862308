"""What the objects of one SIP stack share."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from phone.sip.bridge import Bridge
from phone.sip.callbacks import Mailbox
from phone.sip.interface import Transport
from phone.sip.steering import Steering

ANY = "0.0.0.0"  # noqa: S104  # what the user asks for by default


@dataclass(slots=True)
class Stack:
    """Handed to every account and call."""

    reactor: Any
    """Twisted's reactor, or what has its clock and name resolver."""
    bind: str
    """IPv4 address of our SIP sockets; ``ANY``: every interface."""
    transports: dict[Transport, int]
    """pjsua2's numbers of our SIP sockets."""
    mailbox: Mailbox
    contact: str | None
    """``HOST:PORT`` where the accounts' servers reach us, if not at our own sockets: a front passes it on."""
    bridge: Bridge
    steering: Steering
    random: random.Random = field(default_factory=random.SystemRandom)
    """For jitter only."""
