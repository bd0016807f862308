"""UDP sockets for media: RTP on an even port, RTCP on the one above (RFC 3550 §11)."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import socket
import sys

LOOPBACK = "127.0.0.1"
PORTS = range(16384, 32767, 2)
"""Even ports to choose from; below the range that Linux gives to sockets without a port."""
EXPEDITED_FORWARDING = 0xB8
"""IP type-of-service byte of voice: DSCP 46 (RFC 3246)."""

_TRIES = 200


class RtpSocketPair:
    """Two non-blocking sockets on adjacent free ports of one address."""

    def __init__(self, host: str) -> None:
        """Bind on ``host``. Raise OSError: ``host`` is not ours, or (EADDRINUSE) no pair was free."""
        for _ in range(_TRIES):
            port = secrets.choice(PORTS)
            rtp = _bind(host, port)
            if rtp is None:
                continue
            rtcp = _bind(host, port + 1)
            if rtcp is not None:
                break
            rtp.close()
        else:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self.rtp = rtp
        self.rtcp = rtcp
        self.port = port
        """Of RTP; RTCP has the next one."""

    def close(self) -> None:
        """Free both ports."""
        self.rtp.close()
        self.rtcp.close()


def _bind(host: str, port: int) -> socket.socket | None:
    """Return a socket on this port; ``None`` when the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED_FORWARDING)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise
    return bound


def disconnect(connected: socket.socket) -> bool:
    """Let ``connected`` hear everybody again, and keep its port; tell whether the system can do that.

    That is ``connect`` to an address of family AF_UNSPEC, which Python's sockets cannot express.
    """
    if not sys.platform.startswith("linux"):
        return False
    unspecified = bytes(16)
    failed: int = ctypes.CDLL(None).connect(connected.fileno(), unspecified, len(unspecified))
    return not failed
