"""Where the peer really is: symmetric RTP (RFC 4961), learned with care."""

from __future__ import annotations

from phone.wire.description import Address

PROBATION = 3
"""Datagrams in a row from one unexpected source, none of them from the signalled address, before plain media
or ZRTP is believed to come from behind a NAT."""


class Latch:
    """The remote address of one socket.

    The signalled address counts until something else is proved. The first valid datagram from it settles
    that. Before, another source is taken instead when a packet of it authenticates, or, as most phones
    behind a NAT have no keys yet, after ``PROBATION`` datagrams; never one that was the remote before: its
    last packets are still on their way when the call has moved on.
    """

    def __init__(self) -> None:
        self.remote: Address | None = None
        """Where to send; ``None``: not known yet."""
        self.settled = False
        """The remote has been heard, nobody else is taken any more."""
        self._signalled: Address | None = None
        self._former: set[Address] = set()
        self._candidate: Address | None = None
        self._heard = 0

    def is_current(self, signalled: Address) -> bool:
        """Tell whether ``signalled`` names the remote that we have, as it calls itself or as it is seen."""
        return signalled in (self._signalled, self.remote)

    def move(self, signalled: Address, seen: Address | None = None) -> None:
        """The remote is ``signalled`` now; ``seen``: where that one was found before, if it was."""
        self._former |= {address for address in (self._signalled, self.remote) if address is not None}
        self._former -= {signalled, seen or signalled}
        self._signalled = signalled
        self.remote = seen or signalled
        self.settled = False
        self._candidate, self._heard = None, 0

    def may_be(self, source: Address) -> bool:
        """Tell whether a datagram from ``source`` could come from the remote."""
        if self.remote is None:
            return False
        return source == self.remote or not (self.settled or source in self._former)

    def hear(self, source: Address) -> bool:
        """Note a datagram from ``source`` that nothing proves; tell whether it counts as the remote's."""
        if source == self.remote:
            self.settled = True
            return True
        if source != self._candidate:
            self._candidate, self._heard = source, 0
        self._heard += 1
        if self._heard < PROBATION:
            return False
        self.prove(source)
        return True

    def prove(self, source: Address) -> None:
        """A packet from ``source`` authenticated: that is the remote."""
        self.remote = source
        self.settled = True
