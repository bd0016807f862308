"""``parley service run``: fronts and workers started, watched, and ended in good order."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred, DeferredList, ensureDeferred
from twisted.internet.error import CannotListenError, DNSLookupError
from twisted.internet.task import deferLater

from phone.config import Home
from phone.control.contract import ControlError, Event
from phone.errors import PhoneError
from phone.log import set_up
from phone.service.attendant import Attendant
from phone.service.description import End, read
from phone.service.errors import ServiceError
from phone.service.front import Front
from phone.service.mailbox import Mailbox
from phone.service.worker import PLACES, Worker
from phone.store.database import Database

_log = logging.getLogger("parley.service")

RESTART_S = 1.0
"""How long a worker that has ended is left alone; twice as long after each that could not be used."""
LONGEST_RESTART_S = 60.0
FAREWELL_S = 8.0
"""How long workers have to hang up and to unregister."""
POLL_S = 0.05


@dataclass(slots=True)
class _Desk:
    """One end at work."""

    end: End
    mailbox: Mailbox
    bind: str
    front: Front = field(init=False)
    workers: list[Worker] = field(default_factory=list)
    attendants: dict[tuple[Worker, str], Attendant] = field(default_factory=dict)
    waits: dict[int, float] = field(default_factory=dict)
    """Seconds before the next attempt, by number of the worker whose last one could not be used."""


class Service:
    """All ends of one file."""

    def __init__(self, reactor: Any, home: Home, ends: list[End]) -> None:
        self._reactor = reactor
        self._home = home
        self._ends = ends
        self._desks: list[_Desk] = []
        self._ending = False
        self.failure: PhoneError | None = None

    async def start(self) -> None:
        """Register every end and take calls; on failure stop the reactor."""
        try:
            Database(self._home.database).close()  # made once, before several workers would
            for end in self._ends:
                self._desks.append(await self._open(end))
            for desk in self._desks:
                count = -(-desk.end.calls // PLACES)
                await DeferredList(
                    [ensureDeferred(self._hire(desk, number)) for number in range(count)],
                    fireOnOneErrback=True,
                    consumeErrors=True,
                )
                print(f"{desk.end.uri}: {desk.end.kind.value}, {desk.end.calls} calls at once.", flush=True)
        except Exception as error:
            cause = getattr(error, "subFailure", None)
            self._fail(cause.value if cause is not None else error)

    async def stop(self) -> None:
        """Hang up, unregister, end every worker."""
        self._ending = True
        workers = [worker for desk in self._desks for worker in desk.workers]
        for worker in workers:
            worker.stop()
        deadline = self._reactor.seconds() + FAREWELL_S
        while not all(worker.ended for worker in workers):
            if self._reactor.seconds() > deadline:
                for worker in workers:
                    worker.kill()
            await deferLater(self._reactor, POLL_S)
        for desk in self._desks:
            desk.front.close()

    # inside

    async def _open(self, end: End) -> _Desk:
        try:
            address = await self._reactor.resolve(end.host)
        except DNSLookupError as error:
            raise ServiceError(f"{end.host} of {end.uri} cannot be found: is its name right?") from error
        bind = end.bind or _own_address(address, end.port)
        desk = _Desk(end, Mailbox(self._home.messages, end.uri), bind)
        desk.front = front = Front(
            self._reactor,
            pbx=frozenset({address}),
            next_hop=(address, end.port),
            places=PLACES,
            prepare=lambda worker, caller: _prepare(desk, worker, caller),
        )
        try:
            front.listen(bind, end.sip_port)
        except CannotListenError as error:
            raise ServiceError(f"{end.uri} cannot listen on {bind}: {error.socketError}.") from error
        return desk

    async def _hire(self, desk: _Desk, number: int) -> None:
        """Start a worker, tell it all it has to know, and give it calls.

        Raise ServiceError or ControlError when it cannot be used; its process is ended then.
        """
        place = self._desks.index(desk)
        home = self._home.workers / f"{place + 1}-{number + 1}"
        home.parent.mkdir(mode=0o700, exist_ok=True)
        worker = Worker(
            self._reactor,
            home,
            happened=lambda worker, event: self._happened(desk, worker, event),
            gone=lambda worker: self._gone(desk, worker, number),
        )
        desk.workers.append(worker)
        policy = desk.end.policy
        worker.start(bind=desk.bind, front=desk.front.public, trust_of=self._home.folder, policy=policy)
        try:
            await worker.ready()
            assert worker.address is not None
            desk.front.admit(worker.address)
            await self._introduce(desk, worker)
        except (ServiceError, ControlError):
            worker.kill()
            raise
        desk.front.worker_ready(worker.address)
        desk.waits.pop(number, None)

    async def _introduce(self, desk: _Desk, worker: Worker) -> None:
        end = desk.end
        for account in await worker.request("account.list"):
            # of an earlier run, when the front was at another port
            await worker.request("account.remove", account=account["id"])
        account = await worker.request(
            "account.add",
            uri=end.uri,
            secret=end.secret.reveal().decode() if end.secret is not None else None,
            credential=end.credential,
            realm=end.realm,
            auth_user=end.auth_user,
            proxy=f"sip:{desk.front.private}",
            policy=end.policy,
        )
        worker.account = account["id"]
        await worker.request("recording.announce", announce=end.kind.value == "voicemail")
        answer = await worker.request("account.test", account=account["id"])
        if answer["state"] != "registered":
            raise ServiceError(f"{end.uri} is not registered: {answer['reason']}")

    def _happened(self, desk: _Desk, worker: Worker, event: Event) -> None:
        call: Any = event.get("call")
        if call is None:
            return
        key = (worker, call["id"])
        if event["event"] == "call.incoming":
            attendant = Attendant(self._reactor, desk.end, desk.mailbox, worker, call)
            desk.attendants[key] = attendant
            attendant.begin()
        elif key in desk.attendants:
            desk.attendants[key].told(event)
            if event["event"] == "call.ended":
                del desk.attendants[key]

    def _gone(self, desk: _Desk, worker: Worker, number: int) -> None:
        """A worker has ended: its calls are lost, those of the others are not."""
        desk.workers.remove(worker)
        if worker.address is not None:
            desk.front.worker_gone(worker.address)
        lost = [key for key in desk.attendants if key[0] is worker]
        for key in lost:
            desk.attendants.pop(key).lost()
        if self._ending:
            return
        _log.warning(
            "A worker of %s has ended, and %d calls with it; another one starts.", desk.end.uri, len(lost)
        )
        wait = desk.waits.get(number, RESTART_S)
        desk.waits[number] = min(2 * wait, LONGEST_RESTART_S)
        self._reactor.callLater(wait, lambda: ensureDeferred(self._replace(desk, number)))

    async def _replace(self, desk: _Desk, number: int) -> None:
        if self._ending:
            return
        try:
            await self._hire(desk, number)
        except (ServiceError, ControlError) as error:
            _log.error("%s", error)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, PhoneError):
            _log.error("the service cannot go on", exc_info=error)
            error = ServiceError(f"The service cannot go on: {error!r}.")
        self.failure = error
        self._reactor.stop()


def run(home: Home, file: Path, *, verbose: bool) -> None:
    """Run what ``file`` describes until SIGTERM or SIGINT. Raise PhoneError when it cannot begin."""
    ends = read(file)
    home.prepare()
    set_up(home.log, verbose=verbose)
    reactor: Any = installed_reactor
    service = Service(reactor, home, ends)
    reactor.callWhenRunning(lambda: ensureDeferred(service.start()))
    reactor.addSystemEventTrigger("before", "shutdown", lambda: ensureDeferred(service.stop()))
    reactor.run()
    if service.failure is not None:
        raise service.failure


def _prepare(desk: _Desk, address: tuple[str, int], caller: str) -> Deferred[None] | None:
    worker = next(worker for worker in desk.workers if worker.address == address)
    return worker.prepare(caller, [secret for secret in desk.end.callers if secret.caller == caller])


def _own_address(peer: str, port: int) -> str:
    """Return the IPv4 address from which ``peer`` sees us; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, port))
        except OSError as error:
            raise ServiceError(f"No way leads to {peer}: {error.strerror}.") from error
        host: str = probe.getsockname()[0]
        return host
