"""What both sides of a call say of its media."""

from __future__ import annotations

import logging

from phone.wire import sdp
from phone.wire.description import MediaDescription, Setup
from phone.wire.errors import PacketError

_log = logging.getLogger("parley.sip")


class Descriptions:
    """The peer's session description as it was last received, and ours as it has to be."""

    def __init__(self) -> None:
        self._remote = ""
        self.local_ssrc: int | None = None
        """What pjsua2 has announced last."""

    def received(self, remote: str) -> None:
        """Take the peer's description."""
        self._remote = remote

    def ours(self, local: str, media: MediaDescription, *, offer: bool) -> str:
        """Return pjsua2's description ``local`` with ``media`` in it. Raise PacketError."""
        self.local_ssrc = sdp.read_audio(local).ssrc
        if offer:
            # the keys stay: after a later offer with "actpass" Asterisk begins anew, also while it is held
            # and sends nothing, and repeats that after ever longer pauses
            begins = Setup.ACTIVE if self._remote else Setup.ACTPASS
            return sdp.rewrite(local, media, offer=True, setup=begins)
        remote = self.remote_audio()
        if remote is None:
            return sdp.rewrite(local, media, offer=False)
        profile = sdp.DISGUISED if remote.profile == sdp.DISGUISED else None
        return sdp.rewrite(local, media, offer=False, setup=sdp.setup_for(remote.dtls), profile=profile)

    def remote_audio(self) -> sdp.AudioDescription | None:
        """Return what the peer says of its sound; ``None``: nothing that can be read."""
        try:
            return sdp.read_audio(self._remote)
        except PacketError as error:
            _log.debug("the peer's session description: %s", error)
            return None
