"""Whether a UDP port is closed: pjsip's own socket never learns of it and tries for 32 seconds."""

from __future__ import annotations

import socket
from typing import Any

from twisted.internet.task import deferLater

DELAYS_S = (0.02, 0.1, 0.4, 1.0)
"""When to look for an ICMP error after each packet."""

KEEP_ALIVE = b"\r\n\r\n"
"""Every SIP implementation ignores it on UDP (RFC 3261 §7.5)."""


async def udp_error(reactor: Any, bind: str, host: str, port: int) -> int:
    """Return the ``errno`` with which the network refuses packets to ``host``; 0 if it takes them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        try:
            probe.bind((bind, 0))
            # a connected socket is told of ICMP errors
            probe.connect((host, port))
            for delay in DELAYS_S:
                probe.send(KEEP_ALIVE)
                await deferLater(reactor, delay)
                try:
                    probe.recv(1)
                except BlockingIOError:
                    continue
                break
        except OSError as error:
            return error.errno or 0
    return 0
