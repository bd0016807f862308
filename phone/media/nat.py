"""Where the peer really is: symmetric RTP (RFC 4961), learned with care."""

from __future__ import annotations

from phone.wire.description import Address

PROBATION = 3
"""Datagrams in a row from one unexpected source, none from the remote between them, before plain media or
ZRTP is believed to come from behind a NAT."""


class Latch:
    """The remote address of one socket.

    It is the signalled address, and settled with the first valid datagram from there. Until then another
    source is taken: for good when a packet of it authenticates; for the time being, as most phones behind a
    NAT have no keys yet, after ``PROBATION`` datagrams. Never taken is one that was the remote before: its
    last packets are still on their way when the call has moved on.
    """

    def __init__(self) -> None:
        self.remote: Address | None = None
        """Where to send; ``None``: not known yet."""
        self.settled = False
        """Nobody but the remote is taken any more."""
        self._signalled: Address | None = None
        self._expected: tuple[Address, ...] = ()
        self._former: set[Address] = set()
        self._candidate: Address | None = None
        self._heard = 0

    def is_current(self, signalled: Address) -> bool:
        """Tell whether ``signalled`` names the remote that we have, as it calls itself or as it is seen."""
        return signalled in (self._signalled, self.remote)

    def move(self, signalled: Address, seen: Address | None = None) -> None:
        """The remote is ``signalled`` now; ``seen``: where keys have proved it before."""
        self._former |= {address for address in (self._signalled, self.remote) if address is not None}
        self._expected = (signalled, seen or signalled)
        self._former -= set(self._expected)
        self._signalled = signalled
        self.remote = seen or signalled
        self.settled = False
        self._candidate, self._heard = None, 0

    def expects(self, source: Address) -> bool:
        """Tell whether the remote was signalled or proved to be at ``source``; settles it then."""
        if self.settled:
            return source == self.remote
        if source not in self._expected:
            return False
        self.prove(source)
        return True

    def may_be(self, source: Address) -> bool:
        """Tell whether a datagram from an unexpected source could be the remote's."""
        return self.remote is not None and not self.settled and source not in self._former

    def hear(self, source: Address) -> bool:
        """Note a datagram that nothing proves, from an unexpected source; tell whether it counts."""
        if source == self.remote:
            self._heard = 0
            return True
        if source != self._candidate:
            self._candidate, self._heard = source, 0
        self._heard += 1
        if self._heard < PROBATION:
            return False
        self.remote = source
        return True

    def prove(self, source: Address) -> None:
        """That is the remote, and nobody else."""
        self.remote = source
        self.settled = True
