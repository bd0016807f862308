"""What a hostile relay between a phone and an answering service comes to: level, alarm, cause and sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from phone.calls import security
from phone.calls.security import Assessment, Situation
from phone.calls.values import Alarm, Level, Pending
from phone.media.encryption import Policy, Protection, Trust
from phone.zrtp.events import Authenticated
from phone.zrtp.zsa.capability import Capability
from phone.zrtp.zsa.capability import Side as Claimed
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.credentials import Credentials, Identity
from phone.zrtp.zsa.exchange import HARD_STOP
from tests.media.world import HOLDER, KEEPER, SPEECH, STRANGER, End, World
from tests.peers.relay import ATTACKS, HARMLESS, LIE, PROOFS, Attack, Relay, Side, replaying, zrtp_type
from tests.zrtp.zsa import account

SITUATION = Situation(
    has_media=True,
    held=False,
    pbx_media=False,
    verified=False,
    codes_differ=False,
    required=False,
    anew=True,
)
SETTLED_S = HARD_STOP + 8.0
"""After this every exchange of keys and proofs has come to an end, or has been given up (RFC 6189 §6)."""


class Line:
    """Alice, whose phone holds the secret, an end that may keep it, and the relay between them."""

    def __init__(self, world: World, policy: Policy, theirs: Claim | None = KEEPER, **ours: Any) -> None:
        self.world = world
        self.relay = Relay(world.next_host())
        self.alice = world.end("alice", policy, **({"claim": HOLDER} | ours))
        self.pbx = world.end("pbx", claim=theirs)

    def talk(self, attack: Attack, seconds: float = SETTLED_S) -> None:
        """Let both speak all the while, from the first packet on."""
        self.relay.attack = attack
        for side, end in ((Side.LEFT, self.alice), (Side.RIGHT, self.pbx)):
            self.relay.aim(side, end.rtp)
            end.connect(self.relay.address(side))
        for _ in range(round(seconds / 0.1)):
            for end in (self.alice, self.pbx):
                end.phone.speak()
            for _ in range(5):
                self.world.settle()
                while self.relay.carry():
                    self.world.settle()
                self.world.clock.advance(0.02)

    @property
    def found(self) -> Assessment:
        """What Alice is shown."""
        policy = self.alice.leg._gate.policy
        return security.assess(self.alice.leg.state, replace(SITUATION, required=policy is not Policy.PREFER))

    def heard(self, end: End) -> set[bytes]:
        """Return what was played to one of them."""
        return set(end.phone.speech())


@pytest.fixture
def lines(world: World) -> Iterator[list[Line]]:
    """Lines to be closed after the test."""
    opened: list[Line] = []
    yield opened
    for line in opened:
        line.relay.close()


def open_line(world: World, lines: list[Line], policy: Policy, **options: Any) -> Line:
    line = Line(world, policy, **options)
    lines.append(line)
    return line


ALL_POLICIES = pytest.mark.parametrize("policy", Policy)


@ALL_POLICIES
@pytest.mark.parametrize("attack", HARMLESS)
def test_what_changes_nothing(world: World, lines: list[Line], policy: Policy, attack: str) -> None:
    """Authenticated, heard both ways, not a plain packet sent, and nothing played that nobody has said."""
    line = open_line(world, lines, policy)
    line.talk(HARMLESS[attack](), seconds=3.0)
    assert (line.found.level, line.found.alarm) == (Level.AUTHENTICATED, None)
    assert line.relay.plain(SPEECH) == []
    assert SPEECH in line.heard(line.alice)
    assert SPEECH in line.heard(line.pbx)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_plain_where_encryption_is_required(world: World, lines: list[Line], attack: str) -> None:
    """Whatever comes of it: not authenticated, not one plain packet sent, and nothing plain played."""
    line = open_line(world, lines, Policy.REQUIRE)
    line.talk(ATTACKS[attack]())
    assert line.found.level in (Level.CLEAR, Level.ENCRYPTED)
    assert [sent for sent in line.relay.plain(SPEECH) if sent[0] is Side.LEFT] == []
    assert line.alice.leg.state.counters.plain_sent == 0
    assert line.alice.leg.state.counters.plain_received == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_sound_where_a_proof_is_required(world: World, lines: list[Line], attack: str) -> None:
    """Neither plain nor encrypted, in neither direction; and the reason can be shown."""
    line = open_line(world, lines, Policy.REQUIRE_AUTH)
    line.talk(ATTACKS[attack]())
    counters = line.alice.leg.state.counters
    assert (counters.plain_sent, counters.srtp_sent, counters.srtp_received) == (0, 0, 0)
    assert line.heard(line.alice) == set()
    assert line.found.level is Level.CLEAR
    assert line.found.why is not None
    assert line.found.why.cause in ("no_zrtp", "packets_lost", "handshake_failed", "not_authenticated")


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_earlier_calls_had_is_missed(world: World, lines: list[Line], attack: str) -> None:
    """To one who was authenticated before the attack is a question; until it is answered nothing passes."""
    line = open_line(world, lines, Policy.PREFER, latched=Trust.SECRET)
    line.talk(ATTACKS[attack]())
    counters = line.alice.leg.state.counters
    assert line.alice.protection() in (Protection.HELD, Protection.SUSPENDED)
    assert line.found.pending is Pending.PROTECTION_LOST
    assert (counters.plain_sent, counters.srtp_sent) == (0, 0)
    assert line.heard(line.alice) == set()


PROVED_AS_BOB = Claim(Capability(Claimed.KEEPER), Credentials(Identity("bob", "asterisk"), account().keys))
REFUSING = replace(KEEPER, blocked=True)

ENDS = pytest.mark.parametrize(
    ("ours", "theirs", "cause", "alarm"),
    [
        (HOLDER, STRANGER, "wrong_secret", Alarm.SECRETS_DIFFER),
        (HOLDER, PROVED_AS_BOB, "not_authenticated", None),
        (HOLDER, HOLDER, "not_verified", None),
        (KEEPER, KEEPER, "not_verified", None),
        (HOLDER, None, "not_verified", None),
        (HOLDER, REFUSING, "not_authenticated", None),
        (replace(HOLDER, blocked=True), KEEPER, "not_authenticated", None),
    ],
    ids=[
        "a phone that claims to be a keeper",
        "another account",
        "two holders",
        "two keepers",
        "no capability",
        "the sixth guess at the keeper",
        "the sixth guess at the holder",
    ],
)


@ENDS
def test_end_that_is_not_the_keeper(
    world: World,
    lines: list[Line],
    *,
    ours: Claim,
    theirs: Claim | None,
    cause: str,
    alarm: Alarm | None,
) -> None:
    """Under ``prefer``: encrypted, on, and the cause is shown; a wrong secret in red."""
    line = open_line(world, lines, Policy.PREFER, claim=ours, theirs=theirs)
    line.talk(HARMLESS["nothing"](), seconds=3.0)
    assert (line.found.level, line.found.alarm) == (Level.ENCRYPTED, alarm)
    assert line.found.why is not None
    assert line.found.why.cause == cause
    assert SPEECH in line.heard(line.alice)
    assert line.relay.plain(SPEECH) == []


@pytest.mark.parametrize("theirs", [KEEPER, None], ids=["to the keeper", "to one without capability"])
def test_proofs_of_an_earlier_call(world: World, lines: list[Line], theirs: Claim | None) -> None:
    """Delivered again, in the place of today's, or where none is asked for: they prove nothing."""
    earlier = open_line(world, lines, Policy.PREFER)
    earlier.talk(HARMLESS["nothing"](), seconds=2.0)
    assert isinstance(earlier.alice.leg.state.proof, Authenticated)
    old = [(side, datagram) for side, datagram in earlier.relay.tapped if zrtp_type(datagram) in PROOFS]
    today = open_line(world, lines, Policy.PREFER, theirs=theirs)
    replay = replaying(old)

    def attack(side: Side, datagram: bytes) -> Iterator[tuple[Side, bytes]]:
        yield from replay(side, datagram)
        if theirs is None:
            yield from old

    today.talk(attack)
    assert (today.found.level, today.found.alarm) == (Level.ENCRYPTED, None)
    assert not isinstance(today.alice.leg.state.proof, Authenticated)


@ALL_POLICIES
def test_injected_sound_is_not_played_once_there_are_keys(
    world: World, lines: list[Line], policy: Policy
) -> None:
    """Before there are keys ``prefer`` plays what comes; after that nobody does."""
    line = open_line(world, lines, policy)
    line.talk(HARMLESS["nothing"](), seconds=2.0)
    line.heard(line.alice)
    line.talk(HARMLESS["plain sound beside it"](), seconds=1.0)
    assert line.heard(line.alice) == {SPEECH}
    assert LIE not in line.heard(line.pbx)
