"""pjsua2's own call, and what it tells."""

from __future__ import annotations

import logging
import weakref
from typing import Any, Protocol

import pjsua2 as pj

from phone.sip.account import PjAccount
from phone.sip.callbacks import callback

_log = logging.getLogger("parley.sip")


class Owner(Protocol):
    """Who is told what becomes of a call, within pjsua2's callbacks."""

    def pj_state(self, prm: Any) -> None: ...
    def pj_transaction(self, prm: Any) -> None: ...
    def pj_sdp(self, prm: Any) -> None: ...
    def pj_transport(self, transport: int) -> None: ...
    def pj_stream(self, prm: Any) -> None: ...
    def pj_stream_gone(self, prm: Any) -> None: ...
    def pj_media(self) -> None: ...
    def pj_dtmf(self, prm: Any) -> None: ...
    def pj_refer(self, prm: Any) -> None: ...
    def pj_transfer_status(self, prm: Any) -> None: ...
    def pj_replace(self, prm: Any) -> None: ...
    def pj_redirect(self, target: str) -> bool: ...


class PjCall(pj.Call):  # type: ignore[misc]
    """pjsua2's call; knows its owner weakly, so that no cycle goes through it."""

    def __init__(self, owner: Owner, account: PjAccount, call_id: int) -> None:
        super().__init__(account, call_id)
        self._owner = weakref.ref(owner)

    @callback
    def onCallState(self, prm: Any) -> None:
        """The dialog moved."""
        if owner := self._owner():
            owner.pj_state(prm)

    @callback
    def onCallTsxState(self, prm: Any) -> None:
        """A transaction in the dialog moved."""
        if owner := self._owner():
            owner.pj_transaction(prm)

    @callback
    def onCallSdpCreated(self, prm: Any) -> None:
        """Our SDP is about to be sent."""
        if owner := self._owner():
            owner.pj_sdp(prm)

    @callback
    def onCreateMediaTransport(self, prm: Any) -> None:
        """The sockets of the media were made."""
        if owner := self._owner():
            owner.pj_transport(int(prm.mediaTp))

    @callback
    def onStreamCreated(self, prm: Any) -> None:
        """Media was negotiated."""
        if owner := self._owner():
            owner.pj_stream(prm)

    @callback
    def onStreamDestroyed(self, prm: Any) -> None:
        """Media is about to end or to be negotiated anew."""
        if owner := self._owner():
            owner.pj_stream_gone(prm)

    @callback
    def onCallMediaState(self, prm: Any) -> None:  # noqa: ARG002
        """The call's place in the conference bridge changed."""
        if owner := self._owner():
            owner.pj_media()

    @callback
    def onDtmfEvent(self, prm: Any) -> None:
        """A key is being pressed at the far end."""
        if owner := self._owner():
            owner.pj_dtmf(prm)

    @callback
    def onCallTransferRequest(self, prm: Any) -> None:
        """REFER."""
        if owner := self._owner():
            owner.pj_refer(prm)

    @callback
    def onCallTransferStatus(self, prm: Any) -> None:
        """How our REFER fares."""
        if owner := self._owner():
            owner.pj_transfer_status(prm)

    @callback
    def onCallReplaceRequest(self, prm: Any) -> None:
        """INVITE with Replaces for this dialog."""
        if owner := self._owner():
            owner.pj_replace(prm)

    def onCallRedirected(self, prm: Any) -> int:
        """3xx: go there, or not."""
        owner = self._owner()
        try:
            follow = owner is not None and owner.pj_redirect(prm.targetUri)
        except Exception:
            _log.exception("in onCallRedirected")
            follow = False
        accept: int = pj.PJSIP_REDIRECT_ACCEPT_REPLACE
        stop: int = pj.PJSIP_REDIRECT_STOP
        return accept if follow else stop


def call_parameters() -> Any:
    """Return pjsua2's parameters for a call with one stream of sound and no picture."""
    prm = pj.CallOpParam(True)
    prm.opt.audioCount = 1
    prm.opt.videoCount = 0
    return prm
