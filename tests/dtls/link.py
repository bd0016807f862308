"""Two associations and what is between them."""

from __future__ import annotations

import select
import time
from collections.abc import Callable

from phone.dtls.association import Association
from phone.dtls.events import Event
from phone.dtls.identity import Identity
from phone.wire.description import Fingerprint

CLIENT, SERVER = Identity(), Identity()

Passes = Callable[[str, int], bool]
"""Whether a datagram arrives, by its sender and its number."""


class Link:
    """A client, a server, and what each has sent and been told."""

    def __init__(
        self,
        passes: Passes = lambda _sender, _number: True,
        *,
        now: float = 0.0,
        client: Identity = CLIENT,
        server: Identity = SERVER,
        client_expects: tuple[Fingerprint, ...] | None = None,
        server_expects: tuple[Fingerprint, ...] | None = None,
    ) -> None:
        expected = (server.fingerprint,) if client_expects is None else client_expects
        self.client = Association(client, active=True, fingerprints=expected)
        expected = (client.fingerprint,) if server_expects is None else server_expects
        self.server = Association(server, active=False, fingerprints=expected)
        self.passes = passes
        self.sent: dict[str, list[bytes]] = {"client": [], "server": []}
        self.events: dict[str, list[Event]] = {"client": [], "server": []}
        self.client.start(now)
        self.server.start(now)

    def carry(self, now: float = 0.0) -> None:
        """Exchange datagrams until nobody has any."""
        ways = (("client", self.client, self.server), ("server", self.server, self.client))
        busy = True
        while busy:
            busy = False
            for name, sender, receiver in ways:
                for datagram in sender.datagrams_to_send():
                    busy = True
                    self.sent[name].append(datagram)
                    if self.passes(name, len(self.sent[name])):
                        receiver.receive_datagram(datagram, now)
                while (event := sender.next_event()) is not None:
                    self.events[name].append(event)

    @property
    def is_done(self) -> bool:
        """Whether both ends were told something."""
        return all(self.events.values())


def run(links: list[Link], *, within: float) -> None:
    """Run all at once until they are done: by the real clock, for OpenSSL keeps time itself."""
    begin = time.monotonic()
    while not all(link.is_done for link in links):
        now = time.monotonic()
        assert now - begin < within, "a handshake does not end"
        due = [now + 1]
        for link in links:
            for association in (link.client, link.server):
                association.handle_timer(now)
            link.carry(now)
            due += [timer for one in (link.client, link.server) if (timer := one.get_timer()) is not None]
        select.select([], [], [], max(0.0, min(due) - time.monotonic()) + 0.002)
