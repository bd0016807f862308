"""One call's media: its sockets, its keys and the gate between them."""

from __future__ import annotations

from typing import Protocol

from phone.errors import PhoneError
from phone.media.encryption import LegState
from phone.wire.description import Address, MediaDescription


class MediaError(PhoneError):
    """The media leg cannot do what was asked."""


class LegListener(Protocol):
    """Told by a ``MediaLeg`` that its state differs."""

    def leg_changed(self, leg: MediaLeg) -> None:
        """``leg.state`` differs in something other than its counters."""
        ...


class MediaLeg:
    """Draft of the API; see the methods' docstrings."""

    state: LegState

    def describe(self, host: str) -> MediaDescription:
        """Return what to advertise when our address is ``host``."""
        raise NotImplementedError

    def connect(
        self,
        *,
        remote_rtp: Address,
        remote_rtcp: Address,
        local_rtp: Address,
        local_rtcp: Address,
        ssrc: int | None,
        remote_zrtp_hash: str | None,
    ) -> None:
        """Join the phone's sockets (``local_*``) to the peer's; call it for every stream that is created."""
        raise NotImplementedError

    def confirm_sas(self, matches: bool) -> None:
        """Tell whether the codes compared equal. Raise MediaError while the call is not secure."""
        raise NotImplementedError

    def allow_clear(self) -> None:
        """Go on in clear with whoever is there now. Raise MediaError under REQUIRE."""
        raise NotImplementedError

    def close(self) -> None:
        """Forget the keys and free the ports."""
        raise NotImplementedError
