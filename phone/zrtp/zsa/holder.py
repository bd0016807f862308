"""The side that has the account, waits for the keeper's proof and shows its own to nobody else."""

from __future__ import annotations

from typing import ClassVar, Final

from phone.zrtp.events import Doubt
from phone.zrtp.messages import SecAuth, SecAuth1, SecAuth2, SecAuth3, SecAuthA
from phone.zrtp.zsa.body import Body, Status
from phone.zrtp.zsa.capability import Side
from phone.zrtp.zsa.exchange import HARD_STOP, Exchange, Terms
from phone.zrtp.zsa.proof import ProofError
from phone.zrtp.zsa.states import HOLDER_TABLE, HolderInput, HolderState

_EXPECTED: Final[dict[HolderState, tuple[type[SecAuth], ...]]] = {
    HolderState.WAITING: (SecAuth1,),
    HolderState.ASKED: (SecAuth1, SecAuth3),
    HolderState.ANSWERED: (SecAuth3,),
    HolderState.DECLINED: (SecAuth3,),
}


class Holder(Exchange[HolderState, HolderInput]):
    """The phone."""

    _SIDE: ClassVar = Side.HOLDER

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms, HOLDER_TABLE, HolderState.WAITING)
        self._answered = b""
        """The last request, as it came."""
        self._stored = b""
        """What it was answered with."""

    @property
    def deadline(self) -> float | None:
        return self._stop_at

    def start(self, now: float) -> None:
        self._stop_at = now + HARD_STOP

    def receive(self, message: SecAuth, raw: bytes, now: float) -> bool:
        if raw == self._answered:
            self._outgoing.append(self._stored)
            return True
        body = self._open(message, raw, _EXPECTED.get(self.state, ()))
        if body is None:
            return False
        self._answered = raw
        if isinstance(message, SecAuth1):
            self._receive_proposal(body, now)
        else:
            self._receive_conclusion(body, now)
        return True

    def handle_timer(self, now: float) -> None:
        if self._stop_at is not None and self._stop_at <= now:
            self._feed(HolderInput.EXHAUSTED, now)

    # judging

    def _receive_proposal(self, body: Body, now: float) -> None:
        obstacle = self._obstacle(body)
        if obstacle is not None:
            self._feed(HolderInput.UNACCEPTABLE, now, obstacle)
            return
        kind = self._terms.claim.credentials.best({body.credential})
        if kind is None:
            self._credential = body.credential
            self._feed(HolderInput.OTHER_CREDENTIAL, now, Doubt.NO_COMMON_CREDENTIAL)
            return
        try:
            self._begin_proof(kind).read(SecAuth1, body)
        except ProofError:
            self._feed(HolderInput.UNACCEPTABLE, now, Doubt.WRONG_TAG)
        else:
            self._feed(HolderInput.PROPOSAL, now)

    def _obstacle(self, body: Body) -> Doubt | None:
        """Return why not even to look at a proof."""
        terms = self._terms
        if terms.claim.blocked:
            return Doubt.BACKING_OFF
        if body.status is not Status.OK:
            return Doubt.REFUSED
        if body.suite != terms.suite:
            return Doubt.OTHER_SUITE
        if body.identity != terms.claim.credentials.identity:
            return Doubt.OTHER_ACCOUNT
        return None

    def _receive_conclusion(self, body: Body, now: float) -> None:
        if body.status is not Status.OK or self.state is not HolderState.ANSWERED:
            asked = self.state is HolderState.ASKED
            doubt = Doubt.NO_COMMON_CREDENTIAL if asked else Doubt.REFUSED
            self._feed(HolderInput.FAILED_CONCLUSION, now, doubt)
            return
        assert self._proof is not None
        try:
            self._proof.read(SecAuth3, body)
        except ProofError:
            self._feed(HolderInput.FAILED_CONCLUSION, now, Doubt.WRONG_TAG)
        else:
            self._feed(HolderInput.CONCLUSION, now)

    # the actions that the table names

    def _ask_other(self, _now: float, _doubt: Doubt) -> None:
        kinds = bytes(sorted(self._terms.claim.credentials.keys))
        self._send_answer(self._seal(SecAuth2, Status.OTHER_CREDENTIAL, share=kinds))

    def _answer(self, _now: float) -> None:
        self._send_answer(self._prove(SecAuth2))

    def _decline(self, _now: float, doubt: Doubt) -> None:
        self._tell(doubt)
        self._proof = None
        status = Status.NO_SUCH_SUITE if doubt is Doubt.OTHER_SUITE else Status.REFUSED
        self._send_answer(self._seal(SecAuth2, status))

    def _confirm(self, now: float) -> None:
        self._send_answer(self._prove(SecAuthA))
        self._tell_success()
        self._rest(now)

    def _fail(self, now: float, doubt: Doubt) -> None:
        self._tell(doubt)
        self._acknowledge(now, doubt)

    def _acknowledge(self, now: float, _doubt: Doubt) -> None:
        self._send_answer(self._seal(SecAuthA, Status.REFUSED))
        self._rest(now)

    def _give_up(self, now: float) -> None:
        self._tell(Doubt.NO_ANSWER)
        self._rest(now)

    # what the actions are made of

    def _tell(self, doubt: Doubt) -> None:
        self._tell_failure(doubt, guess=doubt is Doubt.WRONG_TAG)

    def _send_answer(self, message: bytes) -> None:
        self._stored = message
        self._outgoing.append(message)
