"""The doctor: one check after the other, each told as soon as it is done."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.task import deferLater

from phone.calls.accounts import AccountBook
from phone.calls.findings import Checkup, Finding, Verdict
from phone.calls.sound import SoundDesk
from phone.calls.values import AccountSnapshot, CallError, Policy
from phone.doctor import installation, words
from phone.doctor.devices import DeviceChecks
from phone.doctor.server import ServerChecks
from phone.doctor.trial_call import CallCheck

_log = logging.getLogger("parley.doctor")


class Doctor:
    """Examines accounts and this computer."""

    def __init__(
        self,
        *,
        accounts: AccountBook,
        sound: SoundDesk,
        server: ServerChecks,
        call: CallCheck,
        devices: DeviceChecks,
        sip: str,
        clock: Any,
        tell: Callable[[Checkup], None],
    ) -> None:
        """``sip``: ``HOST:PORT`` that takes calls; ``clock``: Twisted's reactor, or what has its clock;
        ``tell``: gets a checkup whenever it has come further.
        """
        self._accounts = accounts
        self._sound = sound
        self._server = server
        self._call = call
        self._devices = devices
        self._sip = sip
        self._clock = clock
        self._tell = tell
        self._numbers = itertools.count(1)
        self._running: set[Deferred[None]] = set()

    def examine(self, account: str | None, call: str | None, *, whole: bool) -> Checkup:
        """Begin a checkup, and return it as it is now; the rest is told.

        ``account``: by id or address; ``None``: every one. ``call``: an extension that answers by itself.
        ``whole``: this computer and its sound too. Raise CallError for an account that there is not.
        """
        chosen = self._accounts.list() if account is None else [self._accounts.find(account)]
        checkup = Checkup(str(next(self._numbers)), (), False)
        running = ensureDeferred(self._run(checkup, chosen, call, whole=whole))
        self._running.add(running)

        def forget(outcome: object) -> object:
            self._running.discard(running)
            return outcome

        running.addBoth(forget)
        return checkup

    def close(self) -> None:
        """Break off whatever is under way."""
        for running in list(self._running):
            running.cancel()

    async def _run(
        self, checkup: Checkup, accounts: Sequence[AccountSnapshot], call: str | None, *, whole: bool
    ) -> None:
        found: list[Finding] = []
        # broken off: nobody is left to be told
        with suppress(CancelledError):
            # whoever has asked knows its id before it is told of
            await deferLater(self._clock, 0)
            try:
                async for finding in self._findings(accounts, call, whole=whole):
                    found.append(finding)
                    self._tell(Checkup(checkup.id, tuple(found), False))
            except Exception:
                _log.exception("checkup %s broke off", checkup.id)
                found.append(words.BROKE_OFF())
            self._tell(Checkup(checkup.id, tuple(found), True))

    async def _findings(
        self, accounts: Sequence[AccountSnapshot], call: str | None, *, whole: bool
    ) -> AsyncIterator[Finding]:
        if whole:
            for finding in installation.check(self._sip, self._sound.codecs()):
                yield finding
            async for finding in self._devices.check():
                yield finding
        if not accounts:
            yield words.NO_ACCOUNT()
        broken = set()
        for account in accounts:
            try:
                async for finding in self._server.check(account):
                    yield finding
                    if finding.verdict is Verdict.BROKEN:
                        broken.add(account.id)
            except CallError:
                yield words.MEANWHILE(account.id)
                broken.add(account.id)
        caller = accounts[0] if len(accounts) == 1 else self._accounts.default()
        name, policy = (caller.id, caller.policy) if caller is not None else (None, Policy.PREFER)
        if call is not None and name in broken:
            yield words.CALL_WAITS(name)
        elif call is not None:
            async for finding in self._call.check(call, name, policy):
                yield finding
        elif whole and name is not None and name not in broken:
            yield words.NO_CALL(name, account=name)
