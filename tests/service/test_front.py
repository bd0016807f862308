"""The front, with its two sockets in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from phone.service.front import INVITE_S, LINGER_S, Address, Front
from phone.service.packet import Packet

T = TypeVar("T")

PBX: Address = ("192.0.2.1", 5060)
WORKERS: tuple[Address, ...] = (("127.0.0.1", 7001), ("127.0.0.1", 7002))
PLACES = 2


class Port:
    """A UDP socket that writes down what is sent."""

    def __init__(self, protocol: Any, host: str, port: int) -> None:
        self.protocol, self.host, self.port = protocol, host, port
        self.sent: list[tuple[bytes, Address]] = []
        protocol.transport = self

    def getHost(self) -> Port:  # noqa: N802  # Twisted's
        return self

    def write(self, datagram: bytes, to: Address) -> None:
        self.sent.append((datagram, to))

    def stopListening(self) -> None:  # noqa: N802  # Twisted's
        self.protocol.transport = None


class Reactor(Clock):
    """A clock that opens such sockets."""

    def __init__(self) -> None:
        super().__init__()
        self.ports: list[Port] = []

    def listenUDP(self, port: int, protocol: Any, interface: str) -> Port:  # noqa: N802  # Twisted's
        self.ports.append(Port(protocol, interface, port or 9000))
        return self.ports[-1]


class World:
    """A front with two workers."""

    def __init__(self) -> None:
        self.reactor = Reactor()
        self.preparing: dict[str, Deferred[None]] = {}
        self.front = Front(
            self.reactor,
            pbx=frozenset({PBX[0]}),
            next_hop=PBX,
            places=PLACES,
            prepare=lambda _, caller: self.preparing.get(caller),
        )
        self.front.listen("192.0.2.9", 5062)
        self.outer, self.inner = self.reactor.ports
        for worker in WORKERS:
            self.front.admit(worker)
            self.front.worker_ready(worker)

    def from_pbx(self, packet: Packet, source: Address = PBX) -> tuple[Packet, Address] | None:
        """Let the PBX send something; return what a worker gets."""
        return _through(self.outer, self.inner, packet, source)

    def from_worker(self, packet: Packet, source: Address = WORKERS[0]) -> tuple[Packet, Address] | None:
        """Let a worker send something; return what the PBX gets."""
        return _through(self.inner, self.outer, packet, source)

    def call(self, call_id: str) -> Address | None:
        """Let the PBX call; return which worker gets it."""
        passed = self.from_pbx(request("INVITE", call_id))
        return passed[1] if passed else None


def _through(into: Port, out: Port, packet: Packet, source: Address) -> tuple[Packet, Address] | None:
    before = len(out.sent)
    into.protocol.datagramReceived(bytes(packet), source)
    new = out.sent[before:]
    assert len(new) <= 1
    return (Packet.parse(new[0][0]), new[0][1]) if new else None


def request(method: str, call_id: str = "one", *, to_tag: str = "", caller: str = "101") -> Packet:
    """Return a request of the PBX, or of a worker."""
    lines = [
        f"{method} sip:echo@192.0.2.9:5062 SIP/2.0",
        f"Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK{call_id}{method.replace('CANCEL', 'INVITE')}",
        f"From: <sip:{caller}@192.0.2.1>;tag=a",
        f"To: <sip:echo@192.0.2.9>{to_tag and ';tag=' + to_tag}",
        f"Call-ID: {call_id}",
        f"CSeq: 1 {method}",
        "Max-Forwards: 70",
        "",
        "",
    ]
    return Packet.parse("\r\n".join(lines).encode())


def must(passed: T | None) -> T:
    """Return what was passed on; something has to have been."""
    assert passed is not None
    return passed


@pytest.fixture
def world() -> World:
    """A front."""
    return World()


def test_call_goes_to_a_worker_and_its_answer_back(world: World) -> None:
    """The PBX gets the answer as if there were no front."""
    asked = request("INVITE")
    passed, worker = must(world.from_pbx(asked))
    assert worker in WORKERS
    assert passed.top_via.startswith(f"SIP/2.0/UDP {world.front.private};")
    back, to = must(world.from_worker(passed.answered(200, "OK", "b"), worker))
    assert to == PBX
    assert back.values("via") == asked.values("via")


def test_everything_of_a_call_goes_to_the_same_worker(world: World) -> None:
    """Repetitions with the same branch, so that the worker sees repetitions (RFC 3261 §16.11)."""
    first, worker = must(world.from_pbx(request("INVITE")))
    for method in ("INVITE", "CANCEL", "ACK", "BYE"):
        world.call(f"other {method}")
        passed, to = must(world.from_pbx(request(method, to_tag="" if method == "INVITE" else "b")))
        assert to == worker
        if method in ("INVITE", "CANCEL"):
            assert passed.top_via == first.top_via


def test_workers_share_the_calls_and_one_more_is_busy(world: World) -> None:
    """Until somebody hangs up."""
    taken = [world.call(f"call {number}") for number in range(PLACES * len(WORKERS))]
    assert sorted(map(str, taken)) == sorted(map(str, WORKERS * PLACES))
    assert world.call("too many") is None
    refused, to = world.outer.sent[-1]
    assert (Packet.parse(refused).status, to) == (486, PBX)
    assert world.from_pbx(request("ACK", "too many", to_tag="x")) is None
    world.from_pbx(request("BYE", "call 1", to_tag="b"))
    assert world.call("one more") == taken[1]


def test_worker_that_hangs_up_does_it_through_the_front_and_frees_its_place(world: World) -> None:
    """It cannot reach the PBX itself; the PBX is told nothing of an address that it could not reach."""
    calls = [must(world.from_pbx(request("INVITE", f"{number}"))) for number in range(4)]
    assert world.call("too many") is None
    for passed, worker in calls:
        (route,) = passed.values("record-route")
        assert route == f"<sip:{world.front.private};lr>"
        answer = passed.answered(200, "OK", "b")
        back, _ = must(
            world.from_worker(replace(answer, headers=(*answer.headers, ("Record-Route", route))), worker)
        )
        assert back.values("record-route") == []
    passed, worker = calls[0]
    bye = request("BYE", "0", to_tag="a")
    asked, to = must(
        world.from_worker(
            replace(bye, headers=(("Route", f"<sip:{world.front.private};lr>"), *bye.headers)), worker
        )
    )
    assert (to, asked.values("route")) == (PBX, [])
    assert world.call("one more") == worker
    assert must(world.from_pbx(request("INVITE", "one more", to_tag="b")))[0].values("record-route") == []


def test_call_that_is_refused_takes_no_place(world: World) -> None:
    """A re-INVITE that is refused ends nothing."""
    for number in range(20):
        passed, worker = must(world.from_pbx(request("INVITE", f"{number}")))
        world.from_worker(passed.answered(603, "Decline", "b"), worker)
    calls = [must(world.from_pbx(request("INVITE", f"kept {number}"))) for number in range(4)]
    for passed, worker in calls:
        world.from_worker(passed.answered(200, "OK", "b"), worker)
        world.from_worker(passed.answered(488, "Not Acceptable Here", "b"), worker)
    assert world.call("too many") is None


def test_call_that_is_never_answered_is_forgotten(world: World) -> None:
    """One that was answered is not."""
    passed, worker = must(world.from_pbx(request("INVITE", "answered")))
    world.from_worker(passed.answered(200, "OK", "b"), worker)
    for number in range(3):
        world.call(f"call {number}")
    world.reactor.advance(INVITE_S)
    assert [world.call(f"new {number}") is not None for number in range(4)] == [True, True, True, False]
    assert must(world.from_pbx(request("BYE", "answered", to_tag="b")))[1] == worker
    world.reactor.advance(LINGER_S)
    assert world.from_pbx(request("ACK", "answered", to_tag="b")) is None


def test_what_a_worker_asks_goes_to_the_pbx_without_our_route(world: World) -> None:
    """And the answer to that worker alone."""
    asked = request("REGISTER")
    routed = Packet(asked.start, (("Route", f"<sip:{world.front.private};lr>"), *asked.headers), b"")
    passed, to = must(world.from_worker(routed, WORKERS[1]))
    assert to == PBX
    assert passed.values("route") == []
    back, worker = must(world.from_pbx(passed.answered(200, "OK", "b")))
    assert worker == WORKERS[1]
    assert back.values("via") == asked.values("via")


def test_strangers_are_not_heard(world: World) -> None:
    """Neither a host that is not the PBX, nor a program here that is no worker."""
    assert world.from_pbx(request("INVITE"), ("192.0.2.66", 5060)) is None
    assert world.from_worker(request("REGISTER"), ("127.0.0.1", 6666)) is None


@pytest.mark.parametrize("via", ["192.0.2.66:5060;branch=z9hG4bK-0-0-0", "192.0.2.9:5062;branch=z9hG4bKx"])
def test_answers_to_nothing_go_nowhere(world: World, via: str) -> None:
    """The branch is not one of ours."""
    asked = request("OPTIONS")
    assert world.from_pbx(asked.with_via(f"SIP/2.0/UDP {via}").answered(200, "OK", "b")) is None


def test_worker_that_is_gone_gets_nothing(world: World) -> None:
    """The other one takes all, and a call that is lost is told so by it."""
    worker = must(world.call("lost"))
    world.front.worker_gone(worker)
    (other,) = set(WORKERS) - {worker}
    assert must(world.from_pbx(request("BYE", "lost", to_tag="b")))[1] == other
    assert [world.call(f"new {number}") for number in range(3)] == [other, other, None]


def test_call_waits_until_its_worker_can_prove(world: World) -> None:
    """Whatever comes meanwhile follows in order, and once."""
    world.preparing["102"] = Deferred()
    asked = request("INVITE", caller="102")
    assert world.from_pbx(asked) is None
    assert world.from_pbx(asked) is None
    assert world.from_pbx(request("CANCEL", caller="102")) is None
    assert world.call("of somebody else") is not None
    before = len(world.inner.sent)
    world.preparing["102"].callback(None)
    assert [Packet.parse(sent).method for sent, _ in world.inner.sent[before:]] == ["INVITE", "CANCEL"]


def test_nothing_is_left_when_it_closes(world: World) -> None:
    """No delayed call."""
    world.call("one")
    world.front.close()
    assert world.reactor.getDelayedCalls() == []
