"""The state table of one stream (RFC 6189 §4.1, §4.4, §4.6, §4.7, §6).

A message is judged before the table sees it: an input such as ``DHPART2`` stands for a message that fits the
hash chain of this exchange. HelloACK (to every Hello), PingACK and ErrorACK are answered outside the table.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from phone.machine import Table


class State(Enum):
    """Where one stream stands."""

    DISCOVERING = auto()
    """Sends Hello; none has come."""
    PEER_HEARD = auto()
    """A Hello came; sends Hello until its sender acknowledges it."""
    READY = auto()
    """Both Hellos arrived. A passive endpoint waits here for a Commit, and a further stream for its turn."""
    COMMIT_SENT = auto()
    """Initiator so far; sends Commit until DHPart1 or Confirm1 comes."""
    DHPART2_SENT = auto()
    """Initiator; sends DHPart2 until Confirm1 comes."""
    CONFIRM2_SENT = auto()
    """Initiator; waits for Conf2ACK or SRTP."""
    DHPART1_SENT = auto()
    """Responder; waits for DHPart2."""
    CONFIRM1_SENT = auto()
    """Responder; waits for Confirm2."""
    SECURE = auto()
    """Both sides have the keys, and know it of each other."""
    CLEARED = auto()
    """The peer went on without encryption, as we allow; what was agreed on can be taken up again."""
    REFUSED = auto()
    """The exchange cannot succeed; sends Error until ErrorACK comes."""
    FAILED = auto()
    """The exchange has ended without keys."""


class Input(Enum):
    """What can happen to a stream."""

    START = auto()
    """Begin to send Hello."""
    RESTART = auto()
    """The peer's address has changed: whoever was heard may be gone."""
    HELLO = auto()
    """A Hello that was not known here."""
    HELLO_REPEATED = auto()
    HELLO_ACK = auto()
    """The sender of a Hello heard here has acknowledged ours."""
    INITIATE = auto()
    """Both Hellos arrived, and we may commit."""
    YIELD = auto()
    """Another stream of the session goes first."""
    COMMIT = auto()
    """A Commit that fits a Hello heard here and prevails over our own, if any."""
    COMMIT_WITHOUT_DH = auto()
    """The same in Multistream or Preshared mode: the keys are there."""
    COMMIT_REPEATED = auto()
    DHPART1 = auto()
    DHPART2 = auto()
    DHPART2_REPEATED = auto()
    CONFIRM1 = auto()
    CONFIRM2 = auto()
    CONFIRM2_REPEATED = auto()
    CONF2_ACK = auto()
    SRTP = auto()
    """A packet of the peer authenticated under our keys: as good as Conf2ACK, and proven (§4.6)."""
    SAS_RELAY = auto()
    """A PBX shows the SAS of the call behind it."""
    GO_CLEAR = auto()
    """The peer goes on without encryption, and we allow it."""
    GO_CLEAR_REFUSED = auto()
    """The peer wants to, and we do not allow it."""
    ERROR_ACK = auto()
    VIOLATION = auto()
    """A message that fits the hash chain and breaks the rules."""
    RESEND = auto()
    """The wait for an answer is over; the schedule goes on."""
    EXHAUSTED = auto()
    """The schedule has run out."""


_DISCOVERY: Final = (State.DISCOVERING, State.PEER_HEARD)
_HEARD: Final = (State.PEER_HEARD, State.READY, State.COMMIT_SENT)
_REQUESTING: Final = (State.COMMIT_SENT, State.DHPART2_SENT, State.CONFIRM2_SENT, State.REFUSED)
EXCHANGING: Final = (
    State.DHPART1_SENT,
    State.DHPART2_SENT,
    State.CONFIRM1_SENT,
    State.CONFIRM2_SENT,
)
"""States in which a peer has answered our Commit, or we its."""

TABLE: Final[Table[State, Input]] = {
    # discovery (§4.1)
    **{(state, Input.START): ("send_hello", state) for state in _DISCOVERY},
    (State.DISCOVERING, Input.RESTART): ("search_again", State.DISCOVERING),
    **{(state, Input.RESTART): ("search_again", State.PEER_HEARD) for state in _HEARD},
    (State.DISCOVERING, Input.HELLO): ("meet", State.PEER_HEARD),
    **{(state, Input.HELLO): ("note", state) for state in _HEARD},
    (State.PEER_HEARD, Input.HELLO_REPEATED): ("reawaken", State.PEER_HEARD),
    (State.PEER_HEARD, Input.HELLO_ACK): ("await_commit", State.READY),
    **{(state, Input.RESEND): ("resend", state) for state in (*_DISCOVERY, *_REQUESTING)},
    **{(state, Input.EXHAUSTED): ("report", state) for state in (*_DISCOVERY, State.READY)},
    (State.DHPART2_SENT, Input.RESTART): ("request_again", State.DHPART2_SENT),
    (State.CONFIRM2_SENT, Input.RESTART): ("request_again", State.CONFIRM2_SENT),
    # the initiator's way (§4.4.1.1)
    (State.READY, Input.INITIATE): ("send_commit", State.COMMIT_SENT),
    (State.READY, Input.RESEND): ("try_commit", State.READY),
    (State.COMMIT_SENT, Input.YIELD): ("make_way", State.READY),
    (State.COMMIT_SENT, Input.EXHAUSTED): ("report", State.PEER_HEARD),
    (State.COMMIT_SENT, Input.DHPART1): ("send_dhpart2", State.DHPART2_SENT),
    # the answer to a Commit from before the peer's address changed
    (State.PEER_HEARD, Input.DHPART1): ("send_dhpart2", State.DHPART2_SENT),
    (State.DHPART2_SENT, Input.CONFIRM1): ("send_confirm2", State.CONFIRM2_SENT),
    (State.COMMIT_SENT, Input.CONFIRM1): ("send_confirm2", State.CONFIRM2_SENT),
    (State.CONFIRM2_SENT, Input.CONF2_ACK): ("secure", State.SECURE),
    # a Conf2ACK proves nothing: Confirm2 is sent until SRTP does, or its schedule has run out
    (State.SECURE, Input.RESEND): ("resend", State.SECURE),
    (State.SECURE, Input.SRTP): ("rest", State.SECURE),
    (State.SECURE, Input.EXHAUSTED): ("rest", State.SECURE),
    # the responder's way (§4.4.1.2)
    **{(state, Input.COMMIT): ("answer_commit", State.DHPART1_SENT) for state in _HEARD},
    **{
        (state, Input.COMMIT_WITHOUT_DH): ("answer_commit", State.CONFIRM1_SENT)
        for state in (*_HEARD, State.CLEARED)
    },
    (State.DHPART1_SENT, Input.COMMIT_REPEATED): ("answer_again", State.DHPART1_SENT),
    (State.CONFIRM1_SENT, Input.COMMIT_REPEATED): ("answer_again", State.CONFIRM1_SENT),
    (State.DHPART1_SENT, Input.DHPART2): ("send_confirm1", State.CONFIRM1_SENT),
    (State.CONFIRM1_SENT, Input.DHPART2_REPEATED): ("answer_again", State.CONFIRM1_SENT),
    (State.CONFIRM1_SENT, Input.CONFIRM2): ("send_conf2ack", State.SECURE),
    (State.SECURE, Input.CONFIRM2_REPEATED): ("answer_again", State.SECURE),
    # once the stream is secure (§4.7.2, §5.13)
    (State.SECURE, Input.SAS_RELAY): ("acknowledge_relay", State.SECURE),
    (State.SECURE, Input.GO_CLEAR): ("go_clear", State.CLEARED),
    (State.CLEARED, Input.GO_CLEAR): ("acknowledge_clear", State.CLEARED),
    (State.SECURE, Input.GO_CLEAR_REFUSED): ("refuse_clear", State.SECURE),
    # the end of an exchange that did not succeed (§4.7.1)
    **{(state, Input.VIOLATION): ("refuse", State.REFUSED) for state in (*_HEARD, *EXCHANGING)},
    **{(state, Input.EXHAUSTED): ("give_up", State.REFUSED) for state in EXCHANGING},
    (State.REFUSED, Input.ERROR_ACK): ("rest", State.FAILED),
    (State.REFUSED, Input.EXHAUSTED): ("rest", State.FAILED),
}

OPEN: Final = frozenset((*_DISCOVERY, State.READY, State.COMMIT_SENT))
"""States in which our Hello may still find another peer."""
