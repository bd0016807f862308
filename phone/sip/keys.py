"""Keys that are pressed for a peer that takes no telephone-events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

_log = logging.getLogger("parley.sip")

INFO_DURATION_MS = 160


class InfoKeys:
    """Sends keys by INFO, each once the one before is answered: requests may overtake each other."""

    def __init__(self, call: Callable[[], Any], peer: str) -> None:
        """``call``: pjsua2's, ``None`` when there is none any more."""
        self._call = call
        self._peer = peer
        self._left = ""
        self._is_under_way = False

    def press(self, digits: str) -> None:
        """Send these after those that are still to be sent. Raise pjsua2's Error."""
        self._left += digits
        self._send()

    def answered(self) -> None:
        """The peer has taken a key, or will not any more."""
        self._is_under_way = False
        try:
            self._send()
        except pj.Error as error:
            _log.warning("%s: the keys could not be sent: %s", self._peer, error.reason)
            self._left = ""

    def _send(self) -> None:
        call = self._call()
        if self._is_under_way or not self._left or call is None:
            return
        prm = pj.CallSendDtmfParam()
        prm.method = pj.PJSUA_DTMF_METHOD_SIP_INFO
        prm.duration = INFO_DURATION_MS
        prm.digits, self._left = self._left[0], self._left[1:]
        call.sendDtmf(prm)
        self._is_under_way = True
