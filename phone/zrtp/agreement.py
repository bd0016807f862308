"""What both sides of an exchange have computed, whatever the mode (RFC 6189 §4.4, §4.5, §9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from phone.zrtp.algorithms import Suite
from phone.zrtp.events import Role, SrtpKeys
from phone.zrtp.hashchain import hash_image, is_signed, opens
from phone.zrtp.keys import ConfirmKeys, KeySchedule


def other(role: Role) -> Role:
    """Return the role of the other side."""
    return Role.RESPONDER if role is Role.INITIATOR else Role.INITIATOR


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The last message of the peer before its Confirm, which the H0 in there must fit (§9)."""

    image: bytes
    """What the message gave away: H1 (DHPart), H2 (Commit) or H3 (Hello)."""
    steps: int
    """From H0 to there."""
    message: bytes

    def fits(self, h0: bytes) -> bool:
        """Tell whether the message is the one that the owner of ``h0`` wrote."""
        return opens(h0, self.image, self.steps) and is_signed(self.message, hash_image(h0, self.steps - 1))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Keys, and by what the peer has yet to confirm them."""

    role: Role
    suite: Suite
    schedule: KeySchedule = field(repr=False)
    srtp: SrtpKeys
    own: ConfirmKeys
    peer: ConfirmKeys
    link: ChainLink

    @classmethod
    def of(cls, role: Role, suite: Suite, schedule: KeySchedule, link: ChainLink) -> Agreement:
        """Derive what the stream needs at once."""
        peer = other(role)
        srtp = SrtpKeys(
            schedule.srtp_key(role, suite.cipher),
            schedule.srtp_salt(role, suite.auth_tag),
            schedule.srtp_key(peer, suite.cipher),
            schedule.srtp_salt(peer, suite.auth_tag),
            suite.cipher.code.decode(),
            suite.auth_tag.code.decode(),
        )
        own_keys, peer_keys = (schedule.confirm_keys(side, suite.cipher) for side in (role, peer))
        return cls(role, suite, schedule, srtp, own_keys, peer_keys, link)
