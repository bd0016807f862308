"""The contract says what the backend has: the same words, the same fields, the same methods."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from phone.calls import findings, values
from phone.control import contract, words
from phone.sip import interface
from phone.store.history import PastCall


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        (contract.Level, values.Level),
        (contract.Pending, values.Pending),
        (contract.Alarm, values.Alarm),
        (contract.Policy, values.Policy),
        (contract.Direction, values.Direction),
        (contract.CallState, values.CallState),
        (contract.TransferState, values.TransferState),
        (contract.AccountState, interface.Registration),
        (contract.Transport, interface.Transport),
        (contract.Role, values.Role),
        (contract.Credential, interface.CredentialKind),
        (contract.Verdict, findings.Verdict),
        (contract.Check, findings.Check),
    ],
)
def test_closed_sets_are_the_same(words: Any, enum: type[Enum]) -> None:
    """What goes over the socket is what the rooms mean."""
    assert set(get_args(words)) == {member.value for member in enum}


@pytest.mark.parametrize(
    ("shape", "snapshot"),
    [
        (contract.Call, values.CallSnapshot),
        (contract.Statistics, values.CallStatistics),
        (contract.Why, values.Why),
        (contract.Weakness, values.Weakness),
        (contract.Account, values.AccountSnapshot),
        (contract.Transfer, values.TransferSnapshot),
        (contract.Messages, values.MessagesSnapshot),
        (contract.Contact, values.ContactSnapshot),
        (contract.Suggestion, values.Suggestion),
        (contract.Peer, values.PeerSnapshot),
        (contract.Proof, values.ProofSnapshot),
        (contract.PastCall, PastCall),
        (contract.Sound, values.SoundSnapshot),
        (contract.Device, values.DeviceSnapshot),
        (contract.Finding, findings.Finding),
        (contract.Checkup, findings.Checkup),
    ],
)
def test_results_have_the_fields_of_the_snapshots(shape: Any, snapshot: Any) -> None:
    """None is left out and none is added."""
    assert set(get_type_hints(shape)) == {field.name for field in fields(snapshot)}


def test_every_level_and_every_check_has_words() -> None:
    """For people."""
    assert set(words.CHECKS) == set(get_args(contract.Check))
    assert set(contract.LEVELS) == set(get_args(contract.Level))


def test_no_secret_shows_in_a_repr() -> None:
    """Parameters may end up in a log."""
    secret = "not to be shown"
    assert secret not in repr(contract.NewAccount("sip:a@b", secret=secret))
    assert secret not in repr(contract.AccountChanges("a@b", secret=secret))
    assert secret not in repr(contract.KeptSecret("a", "b", secret))
