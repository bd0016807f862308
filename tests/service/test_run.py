"""Workers are started, and started again, in virtual time and without processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, ensureDeferred, succeed

from phone.config import Home
from phone.service import run
from phone.service.description import read
from phone.service.errors import ServiceError
from phone.service.run import LONGEST_RESTART_S, RESTART_S, Service
from tests.service.test_front import PBX
from tests.service.test_front import Reactor as Sockets


class Reactor(Sockets):
    """A clock with sockets in memory that knows where the PBX is."""

    def resolve(self, name: str) -> Deferred[str]:
        return succeed(PBX[0])

    def stop(self) -> None:
        """The service says itself what has failed."""


class Backends:
    """What the workers of a test do, and what became of them."""

    def __init__(self) -> None:
        self.states = ["registered"]
        """What each says of its registration; the last one goes on for ever."""
        self.made: list[Backend] = []


class Backend:
    """Stands for a worker's process and the link to it."""

    def __init__(self, world: Backends, gone: Callable[[Backend], None]) -> None:
        self._gone = gone
        world.made.append(self)
        self._state = world.states.pop(0) if len(world.states) > 1 else world.states[0]
        self.address = ("127.0.0.1", 7000 + len(world.made))
        self.account: str | None = None
        self.ended = False

    def start(self, **options: object) -> None:
        """It starts at once."""

    async def ready(self) -> None:
        if self._state == "silent":
            raise ServiceError("A worker did not start in time.")

    async def request(self, method: str, **params: object) -> Any:
        if method == "account.list":
            return []
        return {"id": "1", "state": self._state, "reason": "Nobody there."}

    def kill(self) -> None:
        if not self.ended:
            self.ended = True
            self._gone(self)

    stop = kill


@pytest.fixture
def backends(monkeypatch: pytest.MonkeyPatch) -> Backends:
    """In the place of the workers."""
    world = Backends()
    monkeypatch.setattr(run, "Worker", lambda *_, gone, **__: Backend(world, gone))
    return world


@pytest.fixture
def reactor() -> Reactor:
    """The time."""
    return Reactor()


def start(reactor: Reactor, folder: Path) -> Service:
    """Start a service with one end of eight calls, which two workers carry."""
    file = folder / "service.toml"
    file.write_text('[[account]]\nuri = "sip:echo@pbx.example"\nbind = "192.0.2.9"\ncalls = 8\n')
    home = Home.named(str(folder / "home"))
    home.prepare()
    service = Service(reactor, home, read(file))
    ensureDeferred(service.start())
    return service


def test_worker_that_dies_is_replaced(reactor: Reactor, backends: Backends, tmp_path: Path) -> None:
    """After a moment, and no other with it."""
    service = start(reactor, tmp_path)
    assert (service.failure, len(backends.made)) == (None, 2)
    backends.made[0].kill()
    reactor.advance(RESTART_S)
    assert [each.ended for each in backends.made] == [True, False, False]


@pytest.mark.parametrize("state", ["failed", "silent"])
def test_replacement_that_cannot_be_used_is_replaced_in_turn(
    reactor: Reactor, backends: Backends, tmp_path: Path, state: str
) -> None:
    """Later and later, so that nobody is kept busy; but its places are not lost for good."""
    start(reactor, tmp_path)
    backends.states = [state]
    backends.made[0].kill()
    waits = [RESTART_S, 2 * RESTART_S, 4 * RESTART_S]
    for number, wait in enumerate(waits):
        reactor.advance(wait - 0.5)
        assert len(backends.made) == 2 + number
        reactor.advance(0.5)
        assert len(backends.made) == 3 + number
        assert backends.made[-1].ended
    for _ in range(10):
        reactor.advance(LONGEST_RESTART_S)
    assert len(backends.made) > 10
    backends.states = ["registered"]
    reactor.advance(LONGEST_RESTART_S)
    assert [each.ended for each in backends.made].count(False) == 2
    backends.made[-1].kill()
    reactor.advance(RESTART_S)  # it was of use, so the next does not wait for long
    assert [each.ended for each in backends.made].count(False) == 2


def test_service_that_cannot_register_does_not_begin(
    reactor: Reactor, backends: Backends, tmp_path: Path
) -> None:
    """It says so instead."""
    backends.states = ["registered", "failed"]
    service = start(reactor, tmp_path)
    assert "not registered: Nobody there." in str(service.failure)


def test_workers_that_are_told_to_end_are_not_replaced(
    reactor: Reactor, backends: Backends, tmp_path: Path
) -> None:
    """Both sockets are closed as well."""
    service = start(reactor, tmp_path)
    ensureDeferred(service.stop())
    reactor.advance(LONGEST_RESTART_S)
    assert len(backends.made) == 2
    assert all(each.ended for each in backends.made)
    assert [port.protocol.transport for port in reactor.ports] == [None, None]
    assert reactor.getDelayedCalls() == []
