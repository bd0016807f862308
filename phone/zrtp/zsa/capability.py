"""Who can prove what: codes at the end of the SAS types in Hello, never chosen in Commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from phone.zrtp.messages import Code


class Side(Enum):
    """Which end of the proof this is, whoever called and whoever is the initiator."""

    KEEPER = b"k"
    """The end that keeps the secrets of many accounts: answering service, gateway. It proves first."""
    HOLDER = b"h"
    """The phone that has the account."""

    @property
    def other(self) -> Side:
        """The side of the peer."""
        return Side.HOLDER if self is Side.KEEPER else Side.KEEPER


class Suite(IntEnum):
    """How the secret is proved, the better one last."""

    HMAC = 1
    """Whoever stands in between and gets a tag may try passwords on it, at the price of scrypt each."""
    PAKE = 2
    """CPace: one guess for each call, and none afterwards."""


_PREFIX: Final = {Side.KEEPER: b"ZSK", Side.HOLDER: b"ZSH"}


def _code(side: Side, suite: Suite) -> Code:
    return _PREFIX[side] + str(suite.value).encode()


@dataclass(frozen=True, slots=True)
class Capability:
    """What one end can and will do; the suites are all those that its floor allows."""

    side: Side
    suites: tuple[Suite, ...] = (Suite.PAKE, Suite.HMAC)

    @property
    def codes(self) -> tuple[Code, ...]:
        """What our Hello says."""
        return tuple(_code(self.side, suite) for suite in self.suites)

    def refuses(self, peer: Collection[Code]) -> bool:
        """Tell whether the peer has a proof for us, but of no suite that our floor allows."""
        offered = {_code(self.side.other, suite) for suite in Suite}
        return self.choose(peer) is None and not offered.isdisjoint(peer)

    def choose(self, peer: Collection[Code]) -> Suite | None:
        """Return the best suite of both, where ``peer`` are the SAS types in the peer's Hello.

        ``None``: there is nothing to prove. Two phones have none in common, and two keepers neither.
        """
        common = [suite for suite in self.suites if _code(self.side.other, suite) in peer]
        return max(common, default=None)
