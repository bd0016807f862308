"""A worker: a backend of its own process, with four calls, behind the front."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.error import ProcessDone, ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from phone.control.contract import ControlError, Event
from phone.service.errors import ServiceError
from phone.service.link import Link, connect
from phone.store.pjsip_conf import KeptSecret

_log = logging.getLogger("parley.service")

PLACES = 4
"""Calls of one worker (docs/calls-at-once.md)."""

START_S = 60.0
POLL_S = 0.1

_ADDRESS = re.compile(r"(?P<host>[\d.]+):(?P<port>\d+)")


class Worker(ProcessProtocol):
    """One worker and the link to it. Everything happens in the reactor's thread."""

    def __init__(
        self,
        reactor: Any,
        home: Path,
        *,
        happened: Callable[[Worker, Event], None],
        gone: Callable[[Worker], None],
    ) -> None:
        """``home``: of the worker alone; ``gone``: told once its process has ended, however."""
        self._reactor = reactor
        self._home = home
        self._happened = happened
        self._gone = gone
        self._link: Link | None = None
        self._process: Any = None
        self._said = b""
        self.address: tuple[str, int] | None = None
        """Where it takes SIP."""
        self.account: str | None = None
        """Id of its account."""
        self._prepared: set[str] = set()
        """The callers whose secrets it keeps."""
        self._preparing: dict[str, list[Deferred[None]]] = {}
        """Who waits until it keeps a caller's."""
        self.ended = False

    def start(self, *, bind: str, front: str, trust_of: Path, policy: str) -> None:
        """Start the process."""
        command = [sys.executable, "-m", "phone.cli", "--home", str(self._home), "serve", "--echo"]
        command += ["--bind", bind, "--front", front, "--trust-of", str(trust_of), "--policy", policy]
        environment = {**os.environ, "PARLEY_KEYRING": "file"}
        self._process = self._reactor.spawnProcess(self, sys.executable, command, environment)

    async def ready(self) -> None:
        """Wait until it answers. Raise ServiceError when it does not start."""
        deadline = self._reactor.seconds() + START_S
        while self._link is None:
            if self.ended:
                words = self._said.decode(errors="replace").strip().splitlines()
                raise ServiceError(f"A worker did not start: {words[-1] if words else 'it said nothing.'}")
            if self._reactor.seconds() > deadline:
                raise ServiceError("A worker did not start in time.")
            try:
                self._link = connect(self._reactor, self._home / "control.sock", self._tell)
            except OSError:
                await deferLater(self._reactor, POLL_S)
        await self._link.subscribe()
        match = _ADDRESS.fullmatch((await self.request("status"))["sip"])
        assert match is not None
        self.address = (match["host"], int(match["port"]))

    async def request(self, method: str, **params: object) -> Any:
        """Call a method of its JSON-RPC. Raise ControlError."""
        assert self._link is not None
        return await self._link.request(method, params)

    def prepare(self, caller: str, secrets: Sequence[KeptSecret]) -> Deferred[None] | None:
        """Keep the secrets of a caller from his first call on: each takes half a second to prepare.

        Fires once they are kept, or cannot be; ``None``: there is nothing to wait for.
        """
        if not secrets or caller in self._prepared:
            return None
        prepared: Deferred[None] = Deferred()
        waiting = self._preparing.setdefault(caller, [])
        waiting.append(prepared)
        if len(waiting) == 1:
            ensureDeferred(self._keep(caller, secrets))
        return prepared

    async def _keep(self, caller: str, secrets: Sequence[KeptSecret]) -> None:
        try:
            for number, kept in enumerate(secrets):
                await self.request(
                    "secret.keep",
                    account=self.account,
                    caller=kept.caller,
                    user=kept.user,
                    realm=kept.realm,
                    secret=kept.secret.reveal().decode(),
                    credential=kept.credential,
                    beside=number > 0,
                    remember=False,
                )
        except ControlError as error:
            _log.error("The secret of %s cannot be proved: %s", caller, error)
        self._prepared.add(caller)
        for prepared in self._preparing.pop(caller):
            prepared.callback(None)

    def stop(self) -> None:
        """Ask it to end."""
        self._signal("TERM")

    def kill(self) -> None:
        """Make it end."""
        self._signal("KILL")

    def outReceived(self, data: bytes) -> None:
        """It says nothing there."""

    def errReceived(self, data: bytes) -> None:
        """Its warnings, for our log."""
        self._said = (self._said + data)[-4096:]
        _log.debug("worker: %s", data.decode(errors="replace").rstrip())

    def processEnded(self, reason: Failure) -> None:
        """It has ended."""
        self.ended = True
        if not isinstance(reason.value, ProcessDone):
            _log.warning("A worker has ended badly: %s", reason.getErrorMessage())
        self._gone(self)

    def _signal(self, name: str) -> None:
        # it may have ended without our having been told yet
        if self._process is not None:
            with contextlib.suppress(ProcessExitedAlready):
                self._process.signalProcess(name)

    def _tell(self, event: Event) -> None:
        self._happened(self, event)
