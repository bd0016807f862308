"""The front: a stateless proxy (RFC 3261 §16.11) between one PBX and the workers on this host.

It touches neither session descriptions nor media. Where an answer goes is written into the branch of the Via
that the front has added, so that it remembers nothing but which worker has which dialog.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import DatagramProtocol

from phone.service.packet import Packet, PacketError

_log = logging.getLogger("parley.service")

COOKIE = "z9hG4bK"
"""RFC 3261 §8.1.1.7"""

LINGER_S = 32.0
"""How long messages of a dialog that has ended may still come: 64 times T1 (RFC 3261 §17.1.2.2)."""

INVITE_S = 180.0
"""How long a call may go without an answer before its place is taken for free."""

_BRANCH = re.compile(re.escape(COOKIE) + r"-[0-9a-f]{16}-(?P<host>[0-9a-f]{8})-(?P<port>\d{1,5})")

Address = tuple[str, int]
"""IPv4 address and port."""


@dataclass(slots=True)
class _Dialog:
    worker: Address
    is_live: bool = True
    """It takes a place at its worker."""
    is_answered: bool = False
    forgetting: Any = None
    held: list[tuple[Packet, Address]] | None = None
    """What has come while the worker is being prepared, in order."""


class Front:
    """Spreads the calls of one PBX over workers. Everything happens in the reactor's thread."""

    def __init__(
        self,
        reactor: Any,
        *,
        pbx: frozenset[str],
        next_hop: Address,
        places: int,
        prepare: Callable[[Address, str], Deferred[None] | None],
    ) -> None:
        """``pbx``: IPv4 addresses that calls are believed to come from; ``next_hop``: where what the workers
        send goes; ``places``: calls of one worker. ``prepare``: make a worker ready for a call of this
        caller; fires when it is, ``None``: it is already.
        """
        self._reactor = reactor
        self._pbx = pbx
        self._next_hop = next_hop
        self._places = places
        self._prepare = prepare
        self._admitted: set[Address] = set()
        """Who may send anything through us."""
        self._workers: list[Address] = []
        """Who takes calls."""
        self._dialogs: dict[str, _Dialog] = {}
        self._outer = _Socket(self._from_pbx)
        self._inner = _Socket(self._from_worker)
        self._outer_port: Any = None
        self._inner_port: Any = None

    def listen(self, host: str, port: int) -> None:
        """Open the public socket on ``host``, and the one towards the workers. Raise CannotListenError."""
        self._outer_port = self._reactor.listenUDP(port, self._outer, interface=host)
        self._inner_port = self._reactor.listenUDP(0, self._inner, interface="127.0.0.1")

    @property
    def public(self) -> str:
        """``HOST:PORT`` where the PBX reaches us."""
        return _text(self._outer_port)

    @property
    def private(self) -> str:
        """``HOST:PORT`` where the workers reach us."""
        return _text(self._inner_port)

    def admit(self, worker: Address) -> None:
        """Pass on what this worker sends, from now on."""
        self._admitted.add(worker)

    def worker_ready(self, worker: Address) -> None:
        """Give calls to this worker from now on."""
        self._workers.append(worker)

    def worker_gone(self, worker: Address) -> None:
        """Give it none any more; its calls are lost."""
        self._admitted.discard(worker)
        if worker in self._workers:
            self._workers.remove(worker)
        for call_id in [key for key, dialog in self._dialogs.items() if dialog.worker == worker]:
            self._forget(call_id)

    def close(self) -> None:
        """Close both sockets."""
        for call_id in list(self._dialogs):
            self._forget(call_id)
        for port in (self._outer_port, self._inner_port):
            if port is not None:
                port.stopListening()

    # from the PBX to a worker

    def _from_pbx(self, packet: Packet, source: Address) -> None:
        if source[0] not in self._pbx:
            _log.debug("%s is not the PBX: %s is dropped", source[0], packet.method)
            return
        if not packet.is_request:
            self._pass_back(packet, self.public, self._inner)
            return
        worker = self._worker_for(packet)
        if worker is not None:
            self._pass_in(packet, source, worker)
        elif packet.method != "ACK":
            refused = packet.answered(486, "Busy Here", secrets.token_hex(8))
            self._outer.send(bytes(refused), source)

    def _pass_in(self, packet: Packet, source: Address, worker: Address) -> None:
        dialog = self._dialogs.get(packet.call_id)
        if dialog is not None and dialog.held is not None:
            if packet not in (held for held, _ in dialog.held):
                dialog.held.append((packet, source))
            return
        passed = packet.one_hop_further().with_via(_via(self.private, packet, source))
        if not packet.in_dialog:
            # what the worker asks in the dialog comes back to us; the PBX need not know, it has our contact
            passed = passed.recorded(self.private)
        self._inner.send(bytes(passed), worker)

    def _worker_for(self, packet: Packet) -> Address | None:
        dialog = self._dialogs.get(packet.call_id)
        if dialog is not None:
            self._note_request(packet)
            return dialog.worker
        if packet.method == "INVITE" and not packet.in_dialog:
            worker = self._free_worker()
            if worker is not None:
                self._begin(packet.call_id, packet.caller, worker)
            return worker
        # of no call: whether we are there (OPTIONS), what is in a mailbox (NOTIFY); or of a call that is lost
        return self._workers[0] if self._workers and packet.method != "ACK" else None

    def _free_worker(self) -> Address | None:
        taken = dict.fromkeys(self._workers, 0)
        for dialog in self._dialogs.values():
            if dialog.is_live and dialog.worker in taken:
                taken[dialog.worker] += 1
        worker = min(taken, key=lambda key: taken[key], default=None)
        return worker if worker is not None and taken[worker] < self._places else None

    def _begin(self, call_id: str, caller: str, worker: Address) -> None:
        dialog = self._dialogs[call_id] = _Dialog(worker)
        self._forget_in(call_id, INVITE_S)
        prepared = self._prepare(worker, caller)
        if prepared is None:
            return
        dialog.held = []

        def go_on(_: object) -> None:
            held, dialog.held = dialog.held or [], None
            if self._dialogs.get(call_id) is dialog:
                for packet, source in held:
                    self._pass_in(packet, source, worker)

        prepared.addCallback(go_on)

    # from a worker to the PBX

    def _from_worker(self, packet: Packet, source: Address) -> None:
        if source not in self._admitted:
            _log.debug("%s:%d is no worker: %s is dropped", *source, packet.method)
            return
        if packet.is_request:
            self._note_request(packet)
            passed = packet.without_route_to(self.private).one_hop_further()
            self._outer.send(bytes(passed.with_via(_via(self.public, packet, source))), self._next_hop)
            return
        if packet.method == "INVITE" and packet.status >= 200:
            self._note_answer(packet)
        self._pass_back(packet.unrecorded(self.private), self.private, self._outer)

    def _pass_back(self, packet: Packet, own: str, towards: _Socket) -> None:
        """Send an answer where the Via says that we have added."""
        sent_by, _, parameters = packet.top_via.removeprefix("SIP/2.0/UDP ").partition(";")
        found = _BRANCH.search(parameters)
        if sent_by != own or found is None or int(found["port"]) > LARGEST_PORT:
            raise PacketError("The answer is to none of our requests.")
        host = ".".join(str(octet) for octet in bytes.fromhex(found["host"]))
        passed = packet.without_via()
        if passed.values("via"):
            towards.send(bytes(passed), (host, int(found["port"])))

    # which dialog is whose

    def _note_request(self, packet: Packet) -> None:
        if packet.method == "BYE":
            self._end(packet.call_id)

    def _note_answer(self, packet: Packet) -> None:
        dialog = self._dialogs.get(packet.call_id)
        if dialog is None or not dialog.is_live:
            return
        if packet.status < 300:
            dialog.is_answered = True
            _cancel(dialog.forgetting)  # it lasts until somebody hangs up
        elif not dialog.is_answered:
            self._end(packet.call_id)

    def _end(self, call_id: str) -> None:
        dialog = self._dialogs.get(call_id)
        if dialog is not None and dialog.is_live:
            dialog.is_live = False
            self._forget_in(call_id, LINGER_S)

    def _forget_in(self, call_id: str, seconds: float) -> None:
        dialog = self._dialogs[call_id]
        _cancel(dialog.forgetting)
        dialog.forgetting = self._reactor.callLater(seconds, self._forget, call_id)

    def _forget(self, call_id: str) -> None:
        dialog = self._dialogs.pop(call_id)
        _cancel(dialog.forgetting)


LARGEST_PORT = 65_535


class _Socket(DatagramProtocol):
    """A UDP socket that reads SIP; what is none is dropped."""

    def __init__(self, received: Callable[[Packet, Address], None]) -> None:
        self._received = received

    def datagramReceived(self, datagram: bytes, addr: Address) -> None:
        """Read a datagram, unless it only keeps a NAT open."""
        if not datagram.strip(b"\r\n\0"):
            return
        try:
            self._received(Packet.parse(datagram), addr)
        except PacketError as error:
            _log.debug("dropped, from %s: %s", addr[0], error)

    def send(self, datagram: bytes, to: Address) -> None:
        """Send it; what the network refuses is lost, as on UDP everything may be."""
        try:
            transport: Any = self.transport  # mypy does not see through Twisted's interfaces
            transport.write(datagram, to)
        except OSError as error:
            _log.debug("not sent to %s: %s", to[0], error.strerror)


def _via(own: str, packet: Packet, source: Address) -> str:
    """Return our Via; the same for every repetition of a request, and for its ACK and CANCEL (§16.11)."""
    origin = f"{packet.top_via}|{packet.call_id}"
    digest = hashlib.sha256(origin.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    host = bytes(int(octet) for octet in source[0].split(".")).hex()
    return f"SIP/2.0/UDP {own};rport;branch={COOKIE}-{digest}-{host}-{source[1]}"


def _text(port: Any) -> str:
    address = port.getHost()
    return f"{address.host}:{address.port}"


def _cancel(delayed: Any) -> None:
    if delayed is not None and delayed.active():
        delayed.cancel()
