"""The gate: every policy, every protection, every event."""

from __future__ import annotations

from itertools import product

import pytest

from phone.media.encryption import TABLES, Gate, Input, Policy, Protection

LETTERS = {
    "W": Protection.WAITING,
    "G": Protection.SECURING,
    "C": Protection.CLEAR,
    "S": Protection.SECURE,
    "U": Protection.SUSPENDED,
    "R": Protection.REFUSED,
}

RULES = """
policy   event     from W G C S U R
prefer   MOVED          W W W U U -
prefer   RETURNED       S S S S S -
prefer   HEARD          G G G S U -
prefer   QUIET          C G C S U -
prefer   CLEARED        W G C U U -
prefer   SECURED        S S S S S -
prefer   FAILED         W C C S U -
prefer   ALLOWED        W G C S C -
require  MOVED          W W - U U W
require  RETURNED       S S - S S S
require  HEARD          G G - S U G
require  QUIET          W G - S U R
require  CLEARED        W G - U U R
require  SECURED        S S - S S S
require  FAILED         R R - S U R
require  ALLOWED        - - - - - -
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


def test_rules_name_every_case() -> None:
    """No combination of policy, protection and event is left out above."""
    assert {rule[:3] for rule in rules()} == set(product(Policy, Protection, Input))


def test_require_never_comes_to_clear() -> None:
    """No sequence of events whatever lets a plain packet pass under REQUIRE."""
    for protection in {following for _, following in TABLES[Policy.REQUIRE].values()}:
        gate = gate_in(Policy.REQUIRE, protection)
        assert not gate.plain_leaves
        assert not gate.plain_enters


def test_only_the_user_leads_from_secure_to_plain() -> None:
    """Without ALLOWED no path from SECURE ends where plain packets pass."""
    reached: set[Protection] = {Protection.SECURE}
    found: set[Protection] = set()
    while reached != found:
        found = set(reached)
        reached |= {
            following
            for (start, event), (_, following) in TABLES[Policy.PREFER].items()
            if start in found and event is not Input.ALLOWED
        }
    for protection in reached:
        gate = gate_in(Policy.PREFER, protection)
        assert not gate.plain_leaves
        assert not gate.plain_enters


@pytest.mark.parametrize(
    ("protection", "leaves", "enters"),
    [
        (Protection.WAITING, False, True),
        (Protection.SECURING, False, True),
        (Protection.CLEAR, True, True),
        (Protection.SECURE, False, False),
        (Protection.SUSPENDED, False, False),
    ],
)
def test_plain_passes_under_prefer(protection: Protection, leaves: bool, enters: bool) -> None:
    """Ringback is heard before the call is secure; our own voice waits."""
    gate = gate_in(Policy.PREFER, protection)
    assert (gate.plain_leaves, gate.plain_enters) == (leaves, enters)
