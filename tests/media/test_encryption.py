"""The gate: every policy, every protection, every event."""

from __future__ import annotations

from itertools import product

import pytest

from phone.media.encryption import TABLES, Gate, Input, Policy, Protection, Trust

LETTERS = {
    "W": Protection.WAITING,
    "G": Protection.SECURING,
    "C": Protection.CLEAR,
    "S": Protection.SECURE,
    "T": Protection.TO_SERVER,
    "L": Protection.LAPSED,
    "U": Protection.SUSPENDED,
    "R": Protection.REFUSED,
    "P": Protection.PROVING,
    "H": Protection.HELD,
}

RULES = """
policy       event     from W G C S T L U R P H
prefer       MOVED          W W W U L L U - U U
prefer       RETURNED       P P P P P P P - P P
prefer       HEARD          G G G S T L U - P H
prefer       QUIET          C G C S T L U - P H
prefer       CLEARED        W G C U T L U - U U
prefer       SECURED        P P P P P P P - P P
prefer       FAILED         W C C S T L U - P H
prefer       ALLOWED        W G C S T C C - P H
prefer       PROVED         W G C S T L U - S S
prefer       UNPROVED       - - - - - - - - - -
prefer       FELL           W G C H T L U - H H
prefer       ACCEPTED       W G C S T L U - P S
prefer       SERVED         T G T S T T U - P H
require      MOVED          W W - U - - U W U U
require      RETURNED       P P - P - - P P P P
require      HEARD          G G - S - - U G P H
require      QUIET          W G - S - - U R P H
require      CLEARED        W G - U - - U R U U
require      SECURED        P P - P - - P P P P
require      FAILED         R R - S - - U R P H
require      ALLOWED        - - - - - - - - - -
require      PROVED         W G - S - - U R S S
require      UNPROVED       - - - - - - - - - -
require      FELL           W G - H - - U R H H
require      ACCEPTED       W G - S - - U R P S
require      SERVED         W G - S - - U R P H
require_auth MOVED          W W - U - - U W U U
require_auth RETURNED       P P - P - - P P P P
require_auth HEARD          G G - S - - U G P H
require_auth QUIET          W G - S - - U R P H
require_auth CLEARED        W G - U - - U R U U
require_auth SECURED        P P - P - - P P P P
require_auth FAILED         R R - S - - U R P H
require_auth ALLOWED        - - - - - - - - - -
require_auth PROVED         W G - S - - U R S S
require_auth UNPROVED       W G - R - - U R R R
require_auth FELL           W G - H - - U R H H
require_auth ACCEPTED       W G - S - - U R P S
require_auth SERVED         W G - S - - U R P H
"""
"""``-``: cannot be, or is a mistake of our own."""


def rules() -> list[tuple[Policy, Protection, Input, Protection | None]]:
    found = []
    for line in RULES.strip().splitlines()[1:]:
        policy, event, *cells = line.split()
        for start, cell in zip(LETTERS.values(), cells, strict=True):
            found.append((Policy(policy), start, Input[event], LETTERS.get(cell)))
    return found


def gate_in(policy: Policy, protection: Protection) -> Gate:
    gate = Gate(policy)
    gate._machine.state = gate.protection = protection
    return gate


@pytest.mark.parametrize(("policy", "start", "event", "expected"), rules())
def test_gate_moves_as_ruled(
    policy: Policy, start: Protection, event: Input, expected: Protection | None
) -> None:
    """One cell of the rules; what cannot be raises instead of passing unnoticed."""
    gate = gate_in(policy, start)
    if expected is None:
        with pytest.raises(KeyError):
            gate.feed(event)
        assert gate.protection is start
    else:
        gate.feed(event)
        assert gate.protection is expected


@pytest.mark.parametrize("policy", Policy)
def test_latched_gate_begins_shut(policy: Policy) -> None:
    """Neither moving, waiting nor hearing ZRTP opens it to anything plain."""
    gate = Gate(policy, latched=Trust.KEYS)
    for event in (Input.MOVED, Input.HEARD, Input.QUIET, Input.FAILED):
        gate.feed(event)
        assert gate.protection is Protection.SUSPENDED
        assert not gate.plain_leaves
        assert not gate.plain_enters


def test_rules_name_every_case() -> None:
    """No combination of policy, protection and event is left out above."""
    assert {rule[:3] for rule in rules()} == set(product(Policy, Protection, Input))


@pytest.mark.parametrize("policy", [Policy.REQUIRE, Policy.REQUIRE_AUTH])
def test_require_never_comes_to_clear(policy: Policy) -> None:
    """No sequence of events whatever lets a plain packet pass."""
    for protection in {following for _, following in TABLES[policy].values()}:
        gate = gate_in(policy, protection)
        assert not gate.plain_leaves
        assert not gate.plain_enters


@pytest.mark.parametrize("policy", Policy)
def test_secure_by_weighing_or_the_users_word_alone(policy: Policy) -> None:
    """Keys open nothing by themselves: into SECURE leads PROVED, or ACCEPTED once the user was asked."""
    ways = {
        (start, event)
        for (start, event), (_, following) in TABLES[policy].items()
        if following is Protection.SECURE and start is not Protection.SECURE
    }
    assert ways == {
        (Protection.PROVING, Input.PROVED),
        (Protection.HELD, Input.PROVED),
        (Protection.HELD, Input.ACCEPTED),
    }


@pytest.mark.parametrize("policy", [Policy.REQUIRE, Policy.REQUIRE_AUTH])
def test_require_is_not_content_with_the_server(policy: Policy) -> None:
    """Keys with whoever carries the media open nothing, from anywhere, whatever happens besides."""
    assert not {Protection.TO_SERVER, Protection.LAPSED} & {state for _, state in TABLES[policy].values()}
    for (start, event), (_, following) in TABLES[policy].items():
        assert event is not Input.SERVED or start is following


def test_only_the_user_leads_from_secure_to_plain() -> None:
    """Without ALLOWED no path from SECURE ends where packets pass that are plain, or known to the server."""
    reached = reached_from(Protection.SECURE)
    for protection in reached:
        gate = gate_in(Policy.PREFER, protection)
        assert not gate.plain_leaves
        assert not gate.served_enters


def test_only_the_user_leads_from_the_server_to_plain() -> None:
    """Without ALLOWED no path from TO_SERVER ends where plain packets pass."""
    for protection in reached_from(Protection.TO_SERVER):
        gate = gate_in(Policy.PREFER, protection)
        assert not gate.plain_leaves
        assert not gate.plain_enters


@pytest.mark.parametrize(
    ("policy", "begins"),
    [
        (Policy.PREFER, Protection.LAPSED),
        (Policy.REQUIRE, Protection.WAITING),
        (Policy.REQUIRE_AUTH, Protection.WAITING),
    ],
)
def test_gate_of_a_call_that_was_encrypted_to_the_server_begins_shut(
    policy: Policy, begins: Protection
) -> None:
    """What takes its place does not fall below it silently."""
    assert Gate(policy, latched=Trust.SERVER).protection is begins


def reached_from(start: Protection) -> set[Protection]:
    """Return where PREFER can come to without the user's word."""
    reached: set[Protection] = {start}
    found: set[Protection] = set()
    while reached != found:
        found = set(reached)
        reached |= {
            following
            for (before, event), (_, following) in TABLES[Policy.PREFER].items()
            if before in found and event is not Input.ALLOWED
        }
    return reached


@pytest.mark.parametrize(
    ("protection", "leaves", "enters"),
    [
        (Protection.WAITING, False, True),
        (Protection.SECURING, False, True),
        (Protection.CLEAR, True, True),
        (Protection.SECURE, False, False),
        (Protection.TO_SERVER, False, False),
        (Protection.LAPSED, False, False),
        (Protection.SUSPENDED, False, False),
        (Protection.PROVING, False, False),
        (Protection.HELD, False, False),
    ],
)
def test_plain_passes_under_prefer(protection: Protection, leaves: bool, enters: bool) -> None:
    """Ringback is heard before the call is secure; our own voice waits."""
    gate = gate_in(Policy.PREFER, protection)
    assert (gate.plain_leaves, gate.plain_enters) == (leaves, enters)
