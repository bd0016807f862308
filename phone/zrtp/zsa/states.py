"""The state tables of both sides of ZSA (``docs/zsa.md``).

A message is decrypted and judged before a table sees it; a repeated request is answered outside the tables.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from phone.machine import Table


class KeeperState(Enum):
    """Where the keeper stands."""

    IDLE = auto()
    PROPOSED = auto()
    """Sends SecAuth1 until SecAuth2 comes."""
    PROPOSED_AGAIN = auto()
    """The same with another form of the secret, once."""
    DECLINED = auto()
    """Sends a SecAuth1 that proves nothing: too many wrong secrets came before."""
    CONCLUDING = auto()
    """Sends SecAuth3 until SecAuthA comes."""
    REFUSING = auto()
    """The same, and there is nothing left to gain."""
    AUTHENTICATED = auto()
    ENDED = auto()


class KeeperInput(Enum):
    """What can happen to the keeper."""

    START = auto()
    START_BLOCKED = auto()
    """Begin, after too many wrong secrets."""
    ANSWER = auto()
    """SecAuth2 proves what it should."""
    OTHER_CREDENTIAL = auto()
    """The holder has another form of the secret, and we have it too."""
    DENIAL = auto()
    """The holder goes no further, or its SecAuth2 proves nothing."""
    CONFIRMATION = auto()
    """SecAuthA proves what it should."""
    FAILED_CONFIRMATION = auto()
    """SecAuthA tells of a failure, or proves nothing."""
    RESEND = auto()
    EXHAUSTED = auto()
    """No time is left."""


_K = KeeperState
_PROPOSING: Final = (_K.PROPOSED, _K.PROPOSED_AGAIN)
_OPEN: Final = (*_PROPOSING, _K.CONCLUDING)
_ENDING: Final = (_K.DECLINED, _K.REFUSING)

KEEPER_TABLE: Final[Table[KeeperState, KeeperInput]] = {
    (_K.IDLE, KeeperInput.START): ("propose", _K.PROPOSED),
    (_K.IDLE, KeeperInput.START_BLOCKED): ("decline", _K.DECLINED),
    (_K.PROPOSED, KeeperInput.OTHER_CREDENTIAL): ("propose", _K.PROPOSED_AGAIN),
    **{(state, KeeperInput.ANSWER): ("conclude", _K.CONCLUDING) for state in _PROPOSING},
    **{(state, KeeperInput.DENIAL): ("refuse", _K.REFUSING) for state in (*_PROPOSING, _K.DECLINED)},
    (_K.CONCLUDING, KeeperInput.CONFIRMATION): ("authenticate", _K.AUTHENTICATED),
    (_K.CONCLUDING, KeeperInput.FAILED_CONFIRMATION): ("fail", _K.ENDED),
    (_K.REFUSING, KeeperInput.FAILED_CONFIRMATION): ("accept_end", _K.ENDED),
    **{(state, KeeperInput.RESEND): ("resend", state) for state in (*_OPEN, *_ENDING)},
    **{(state, KeeperInput.EXHAUSTED): ("give_up", _K.ENDED) for state in _OPEN},
    **{(state, KeeperInput.EXHAUSTED): ("rest", _K.ENDED) for state in _ENDING},
}


class HolderState(Enum):
    """Where the holder stands."""

    WAITING = auto()
    """For SecAuth1."""
    ASKED = auto()
    """For another SecAuth1, under a form of the secret that we have."""
    ANSWERED = auto()
    """For SecAuth3."""
    DECLINED = auto()
    """The same, and there is nothing left to gain."""
    AUTHENTICATED = auto()
    ENDED = auto()


class HolderInput(Enum):
    """What can happen to the holder."""

    PROPOSAL = auto()
    """SecAuth1 proves what it should."""
    OTHER_CREDENTIAL = auto()
    """SecAuth1 is under a form of the secret that we do not have."""
    UNACCEPTABLE = auto()
    """SecAuth1 is not for us, or proves nothing."""
    CONCLUSION = auto()
    """SecAuth3 proves what it should."""
    FAILED_CONCLUSION = auto()
    """SecAuth3 tells of a failure, or proves nothing."""
    EXHAUSTED = auto()
    """No time is left."""


_H = HolderState

HOLDER_TABLE: Final[Table[HolderState, HolderInput]] = {
    (_H.WAITING, HolderInput.OTHER_CREDENTIAL): ("ask_other", _H.ASKED),
    (_H.ASKED, HolderInput.OTHER_CREDENTIAL): ("decline", _H.DECLINED),
    **{(state, HolderInput.PROPOSAL): ("answer", _H.ANSWERED) for state in (_H.WAITING, _H.ASKED)},
    **{(state, HolderInput.UNACCEPTABLE): ("decline", _H.DECLINED) for state in (_H.WAITING, _H.ASKED)},
    (_H.ANSWERED, HolderInput.CONCLUSION): ("confirm", _H.AUTHENTICATED),
    **{(state, HolderInput.FAILED_CONCLUSION): ("fail", _H.ENDED) for state in (_H.ASKED, _H.ANSWERED)},
    (_H.DECLINED, HolderInput.FAILED_CONCLUSION): ("acknowledge", _H.ENDED),
    **{
        (state, HolderInput.EXHAUSTED): ("give_up", _H.ENDED) for state in (_H.WAITING, _H.ASKED, _H.ANSWERED)
    },
    (_H.DECLINED, HolderInput.EXHAUSTED): ("rest", _H.ENDED),
}
