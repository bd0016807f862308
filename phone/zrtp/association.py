"""What the streams of one call have in common with a peer: ZRTPSess, and whose turn it is (RFC 6189 §4.4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from phone.secret import Secret
from phone.zrtp.algorithms import Suite
from phone.zrtp.cache import Zid
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.events import Secured
from phone.zrtp.keys import session_after_clear, trusted_mitm_key
from phone.zrtp.messages import AnyCommit

_MAX_NONCES: Final = 256
"""Multistream exchanges of one session; a call has a handful."""


class Negotiating(Protocol):
    """A stream, as others see it that may have to wait for it."""

    def negotiates(self, peer: Zid, now: float) -> bool:
        """Tell whether an exchange with ``peer`` is going on here."""
        ...

    def yield_to(self, commit: AnyCommit, now: float) -> bool:
        """Tell whether a Commit that the peer sent on another stream goes first, and make way."""
        ...


@dataclass(slots=True)
class Bond:
    """The session with one peer: what further streams take their keys from (§4.4.3)."""

    zrtp_session: Secret
    initiator: Zid
    """Of the exchange that made this, as is the rest."""
    responder: Zid
    peer: Zid
    suite: Suite
    told: Secured
    """What was told of the first stream, without its keys; SAS and continuity hold for all (§4.4.3)."""
    origin: object
    """Whose exchange it was. There the peer may have lost it, and a new exchange begins with DH mode."""
    _nonces: set[bytes] = field(default_factory=set, repr=False)

    def spend(self, nonce: bytes) -> None:
        """Use up a nonce; raise ``ProtocolError`` 0x80 for one that was used before (§4.4.3.1)."""
        if nonce in self._nonces or len(self._nonces) == _MAX_NONCES:
            raise ProtocolError(ErrorCode.NONCE_REUSE, "a nonce came twice in one session")
        self._nonces.add(nonce)

    def pbx_secret(self) -> Secret:
        """Return what an enrolment of this peer would store (§7.3.1)."""
        return trusted_mitm_key(self.suite.hash, self.zrtp_session, self.initiator, self.responder)

    def clear(self) -> Bond:
        """Return the bond that takes this one's place at a GoClear (§4.7.2.1)."""
        session = session_after_clear(self.suite.hash, self.zrtp_session, self.initiator, self.responder)
        return replace(self, zrtp_session=session, origin=None)


class Association:
    """Shared by all sessions of one call: one for each stream of media."""

    def __init__(self) -> None:
        self.bond: Bond | None = None
        """Of the last exchange that was complete."""
        self._turn: Negotiating | None = None

    def bond_with(self, peer: Zid) -> Bond | None:
        """Return the session with ``peer``."""
        return self.bond if self.bond is not None and self.bond.peer == peer else None

    def other_at_turn(self, stream: Negotiating, peer: Zid, now: float) -> Negotiating | None:
        """Return the other stream that is agreeing on keys with ``peer``: one at a time (§4.4.1)."""
        turn = self._turn
        return turn if turn is not None and turn is not stream and turn.negotiates(peer, now) else None

    def take_turn(self, stream: Negotiating) -> None:
        """Begin an exchange on ``stream``."""
        self._turn = stream
