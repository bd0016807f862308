"""The side that keeps the secrets, proves first and repeats itself until it is answered."""

from __future__ import annotations

from typing import ClassVar, Final

from phone.zrtp.events import Doubt
from phone.zrtp.messages import SecAuth, SecAuth1, SecAuth2, SecAuth3, SecAuthA
from phone.zrtp.timers import T2, RetransmissionTimer
from phone.zrtp.zsa.body import Body, Status
from phone.zrtp.zsa.capability import Side, Suite
from phone.zrtp.zsa.credentials import CredentialKind
from phone.zrtp.zsa.exchange import HARD_STOP, Exchange, Terms
from phone.zrtp.zsa.proof import PARTS, Part, ProofError
from phone.zrtp.zsa.states import KEEPER_TABLE, KeeperInput, KeeperState

_CONCLUDED: Final = (KeeperState.CONCLUDING, KeeperState.REFUSING)


class Keeper(Exchange[KeeperState, KeeperInput]):
    """The answering service or gateway."""

    _SIDE: ClassVar = Side.KEEPER

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms, KEEPER_TABLE, KeeperState.IDLE)
        self._timer = RetransmissionTimer()
        self._request = b""
        """What is sent until it is answered."""
        self._tag_shown = False
        """The holder could check one secret by what we sent."""

    @property
    def deadline(self) -> float | None:
        if self._stop_at is None or self._timer.deadline is None:
            return None
        return min(self._stop_at, self._timer.deadline)

    def start(self, now: float) -> None:
        self._stop_at = now + HARD_STOP
        if self._terms.claim.blocked:
            self._feed(KeeperInput.START_BLOCKED, now)
        else:
            self._feed(KeeperInput.START, now, max(self._terms.claim.credentials.keys))

    def receive(self, message: SecAuth, raw: bytes, now: float) -> bool:
        body = self._open(message, raw, (SecAuthA if self.state in _CONCLUDED else SecAuth2,))
        if body is None:
            return False
        if isinstance(message, SecAuth2):
            self._receive_answer(body, now)
        else:
            self._receive_confirmation(body, now)
        return True

    def handle_timer(self, now: float) -> None:
        if self.deadline is not None and self.deadline <= now:
            assert self._stop_at is not None
            going_on = now < self._stop_at and self._timer.expire(now)
            self._feed(KeeperInput.RESEND if going_on else KeeperInput.EXHAUSTED, now)

    # judging

    def _receive_answer(self, body: Body, now: float) -> None:
        if body.status is Status.OTHER_CREDENTIAL:
            kind = self._terms.claim.credentials.best(set(body.share) - {self._credential})
            if kind is None or self.state is not KeeperState.PROPOSED:
                self._feed(KeeperInput.DENIAL, now, Doubt.NO_COMMON_CREDENTIAL)
            else:
                self._feed(KeeperInput.OTHER_CREDENTIAL, now, kind)
            return
        doubt = self._doubt(SecAuth2, body)
        if doubt is None:
            self._feed(KeeperInput.ANSWER, now)
        else:
            self._feed(KeeperInput.DENIAL, now, doubt)

    def _receive_confirmation(self, body: Body, now: float) -> None:
        doubt = self._doubt(SecAuthA, body)
        if doubt is None and self.state is KeeperState.CONCLUDING:
            self._feed(KeeperInput.CONFIRMATION, now)
        else:
            self._feed(KeeperInput.FAILED_CONFIRMATION, now, doubt)

    def _doubt(self, kind: type[SecAuth], body: Body) -> Doubt | None:
        """Return what is wrong with the holder's message; ``None``: it proves what it should."""
        if body.status is not Status.OK or self._proof is None:
            return Doubt.REFUSED
        try:
            self._proof.read(kind, body)
        except ProofError:
            return Doubt.WRONG_TAG
        return None

    # the actions that the table names

    def _propose(self, now: float, kind: CredentialKind) -> None:
        self._begin_proof(kind)
        self._request_proof(SecAuth1, now)

    def _decline(self, now: float) -> None:
        self._tell_failure(Doubt.BACKING_OFF, guess=False)
        self._send_request(self._seal(SecAuth1, Status.REFUSED, self._terms.claim.credentials.identity), now)

    def _conclude(self, now: float) -> None:
        self._request_proof(SecAuth3, now)

    def _refuse(self, now: float, doubt: Doubt) -> None:
        if not self._terms.claim.blocked:
            self._tell_failure(doubt, guess=self._tag_shown)
        self._proof = None
        self._send_request(self._seal(SecAuth3, Status.REFUSED), now)

    def _authenticate(self, now: float) -> None:
        self._tell_success()
        self._rest(now)

    def _fail(self, now: float, doubt: Doubt) -> None:
        self._tell_failure(doubt, guess=self._tag_shown)
        self._rest(now)

    def _accept_end(self, now: float, _doubt: Doubt | None) -> None:
        self._rest(now)

    def _give_up(self, now: float) -> None:
        # who is silent after the tag of a PAKE has had its guess; with HMAC a tag that is lost costs nothing
        guess = self._tag_shown and self._terms.suite is Suite.PAKE
        self._tell_failure(Doubt.NO_ANSWER, guess=guess)
        self._rest(now)

    def _resend(self, _now: float) -> None:
        self._outgoing.append(self._request)

    # what the actions are made of

    def _request_proof(self, kind: type[SecAuth], now: float) -> None:
        self._tag_shown |= PARTS[self._terms.suite].get(kind) is Part.TAG
        identity = self._terms.claim.credentials.identity
        self._send_request(self._prove(kind, identity) if kind is SecAuth1 else self._prove(kind), now)

    def _send_request(self, message: bytes, now: float) -> None:
        self._request = message
        self._outgoing.append(message)
        self._timer.start(T2, now)
