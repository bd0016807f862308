"""Holding a call and taking it back: re-INVITEs, one at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from phone.sip.interface import SipError
from phone.sip.pjcall import call_parameters
from phone.sip.stack import Stack

_log = logging.getLogger("parley.sip")

UNDER_WAY = 70013
"""PJ_EINVALIDOP: another INVITE of this dialog has not been answered yet."""
UNDER_WAY_S = 0.25
MOST_ATTEMPTS = 20

REQUEST_PENDING = 491
"""Both sides tried at once."""


class Reinvites:
    """Sends the re-INVITE that is wished for, again when it crosses with another one."""

    def __init__(self, stack: Stack, call: Callable[[], Any], peer: str) -> None:
        """``call``: pjsua2's, ``None`` when there is none any more."""
        self._stack = stack
        self._call = call
        self._peer = peer
        self._wanted_hold: bool | None = None
        """What is still wished for: hold, resume or nothing."""
        self._attempts = 0
        self._later: Any = None

    def wish(self, *, held: bool) -> None:
        """Hold the call, or take it back. Raise SipError."""
        self._wanted_hold = held
        self._attempts = 0
        self._send()

    def answered(self, status: int, *, we_began: bool) -> None:
        """The peer has answered one; ``we_began``: the dialog."""
        if status == REQUEST_PENDING:
            # who began the dialog waits longer (RFC 3261 §14.1)
            first, last = (2.1, 4.0) if we_began else (0.0, 2.0)
            self._send_later(self._stack.random.uniform(first, last))
        elif status >= 200 and (self._later is None or not self._later.active()):
            self._wanted_hold = None

    def give_up(self) -> None:
        """Send no more."""
        if self._later is not None and self._later.active():
            self._later.cancel()

    def _send(self) -> None:
        call = self._call()
        if call is None or self._wanted_hold is None:
            return
        prm = call_parameters()
        if not self._wanted_hold:
            prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
        try:
            if self._wanted_hold:
                call.setHold(prm)
            else:
                call.reinvite(prm)
        except pj.Error as error:
            if error.status != UNDER_WAY:
                raise SipError(f"The call cannot be held or resumed: {error.reason}.") from error
            self._send_later(UNDER_WAY_S)

    def _send_later(self, delay: float) -> None:
        self._attempts += 1
        if self._attempts > MOST_ATTEMPTS:
            _log.warning("%s does not let the call be held or resumed", self._peer)
            return
        self.give_up()
        self._later = self._stack.reactor.callLater(delay, self._send_again)

    def _send_again(self) -> None:
        try:
            self._send()
        except SipError as error:
            _log.warning("%s: %s", self._peer, error)
