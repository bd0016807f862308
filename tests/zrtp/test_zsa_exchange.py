"""The exchange of proofs between a keeper and a holder (docs/zsa.md)."""

from __future__ import annotations

from typing import Any

import pytest

from phone.zrtp.events import Authenticated, Doubt, NotAuthenticated
from phone.zrtp.messages import SecAuth1, SecAuth2, SecAuth3, SecAuthA
from phone.zrtp.zsa.body import Flags
from phone.zrtp.zsa.capability import Suite
from phone.zrtp.zsa.credentials import CredentialKind
from phone.zrtp.zsa.exchange import HARD_STOP
from phone.zrtp.zsa.holder import Holder
from phone.zrtp.zsa.keeper import Keeper
from phone.zrtp.zsa.states import (
    HOLDER_TABLE,
    KEEPER_TABLE,
    HolderInput,
    HolderState,
    KeeperInput,
    KeeperState,
)
from tests.zrtp.zsa import ALICE, account, holder, keeper, kind_of, lose, meet

SUITES = pytest.mark.parametrize("suite", Suite, ids=lambda suite: suite.name)


@pytest.mark.parametrize(
    ("table", "side", "states", "inputs"),
    [
        (KEEPER_TABLE, Keeper, KeeperState, KeeperInput),
        (HOLDER_TABLE, Holder, HolderState, HolderInput),
    ],
    ids=["keeper", "holder"],
)
def test_every_action_exists(table: Any, side: type, states: Any, inputs: Any) -> None:
    """What a table names is a method of its side, every input is listed, and both ends are ends."""
    for action, _ in table.values():
        assert callable(getattr(side, f"_{action}"))
    assert {event for _, event in table} == set(inputs)
    assert {state for state, _ in table} == set(states) - {states.AUTHENTICATED, states.ENDED}


@SUITES
def test_both_ends_prove(suite: Suite) -> None:
    """Four messages, and both ends know whose secret it is."""
    link = meet(keeper(suite, flags=Flags.UNATTENDED), holder(suite, flags=Flags.PROOF_REQUIRED))
    assert link.a.said == [SecAuth1.TYPE, SecAuth3.TYPE]
    assert link.b.said == [SecAuth2.TYPE, SecAuthA.TYPE]
    weak = suite is Suite.HMAC
    assert link.b.verdict == Authenticated(
        ALICE.user, ALICE.realm, suite, weak, unattended=True, required=False
    )
    assert link.a.verdict == Authenticated(
        ALICE.user, ALICE.realm, suite, weak, unattended=False, required=True
    )
    assert link.a.get_timer() is link.b.get_timer() is None


def test_a_generated_secret_is_not_weak() -> None:
    """128 random bits cannot be guessed, by whatever suite they are proved."""
    credentials = account(generated=True)
    link = meet(keeper(credentials=credentials), holder(credentials=credentials))
    assert link.b.verdict == Authenticated(
        ALICE.user, ALICE.realm, Suite.HMAC, weak=False, unattended=False, required=False
    )


def test_a_provisioned_key_is_not_weak() -> None:
    """It is random, even where the account has a password beside it."""
    credentials = account(kinds=(CredentialKind.MD5_HA1, CredentialKind.PROVISIONED))
    link = meet(keeper(Suite.HMAC, credentials=credentials), holder(Suite.HMAC, credentials=credentials))
    assert isinstance(link.b.verdict, Authenticated)
    assert not link.b.verdict.weak


@SUITES
@pytest.mark.parametrize("seed", range(5))
def test_loss_and_repetition_are_survived(suite: Suite, seed: int) -> None:
    """A third of the messages lost, a third doubled, all of them in disorder."""
    link = meet(keeper(suite), holder(suite), seed=seed, loss=0.3, duplication=0.3, jitter=0.1)
    assert link.a.is_authenticated
    assert link.b.is_authenticated
    assert len(link.a.events) == len(link.b.events) == 1


@SUITES
@pytest.mark.parametrize("kind", [SecAuth2.TYPE, SecAuthA.TYPE])
def test_a_repeated_request_has_the_stored_answer(suite: Suite, kind: bytes) -> None:
    """An answer that was lost comes again, to the byte."""
    link = meet(keeper(suite), holder(suite), lose(kind, times=2))
    assert link.a.is_authenticated
    answers = [message for message in link.b.sent if kind_of(message) == kind]
    assert len(answers) == 3
    assert len(set(answers)) == 1


@SUITES
def test_requests_are_repeated_at_growing_intervals_until_the_hard_stop(suite: Suite) -> None:
    """150 ms, doubling to 1.2 s, and 5 s in all; then it is no answer, and nobody has guessed."""
    end = keeper(suite)
    end.start(0.0)
    due = []
    while (deadline := end.get_timer()) is not None:
        due.append(deadline)
        end.handle_timer(deadline)
        end.collect()
    assert due == pytest.approx([0.15, 0.45, 1.05, 2.25, 3.45, 4.65, HARD_STOP])
    assert end.said == [SecAuth1.TYPE] * 7
    assert end.verdict == NotAuthenticated(Doubt.NO_ANSWER, guess=False)


def test_a_timer_that_is_not_due_does_nothing() -> None:
    """Both ends look at the time, and not at being asked."""
    for end in (keeper(), holder()):
        end.start(0.0)
        end.collect()
        end.handle_timer(0.1)
        assert end.collect() == []
        assert end.events == []


def test_a_holder_waits_no_longer_than_the_keeper_asks() -> None:
    """A capability alone proves nothing: 5 s, and the call stays as it is."""
    end = holder()
    end.start(10.0)
    end.handle_timer(10.0 + HARD_STOP)
    end.collect()
    assert end.verdict == NotAuthenticated(Doubt.NO_ANSWER, guess=False)
    assert end.get_timer() is None


@SUITES
def test_nobody_is_authenticated_without_secauth3(suite: Suite) -> None:
    """The holder has shown what it knows or not, and still hears no final word; nor does the keeper."""
    link = meet(keeper(suite), holder(suite), lose(SecAuth3.TYPE))
    assert link.b.verdict == NotAuthenticated(Doubt.NO_ANSWER, guess=False)
    # behind a PAKE's tag silence may be a wrong guess
    assert link.a.verdict == NotAuthenticated(Doubt.NO_ANSWER, guess=suite is Suite.PAKE)


@SUITES
def test_a_wrong_secret_is_a_wrong_tag(suite: Suite) -> None:
    """The holder sees it, shows no tag, and both ends count one guess."""
    link = meet(keeper(suite), holder(suite, account("other")))
    assert link.b.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)
    assert link.a.verdict == NotAuthenticated(Doubt.REFUSED, guess=True)
    assert link.a.said == [SecAuth1.TYPE, SecAuth3.TYPE]
    assert link.b.said == [SecAuth2.TYPE, SecAuthA.TYPE]
    assert link.a.get_timer() is link.b.get_timer() is None


@SUITES
def test_an_end_without_anything_left_to_gain_stops_in_silence(suite: Suite) -> None:
    """Whose refusal is not acknowledged has told its owner already."""
    wrong = account("other")
    for kind in (SecAuth3.TYPE, SecAuthA.TYPE):
        link = meet(keeper(suite), holder(suite, wrong), lose(kind))
        assert len(link.a.events) == len(link.b.events) == 1
        assert link.a.get_timer() is link.b.get_timer() is None
        assert link.now <= HARD_STOP


@SUITES
@pytest.mark.parametrize("kind", CredentialKind, ids=lambda kind: kind.name)
def test_the_holder_asks_for_the_form_that_it_has(suite: Suite, kind: CredentialKind) -> None:
    """Status 2, and the keeper begins once more."""
    everything = account(kinds=tuple(CredentialKind))
    link = meet(keeper(suite, everything), holder(suite, account(kinds=(kind,))))
    assert link.a.is_authenticated
    assert link.b.is_authenticated
    again = kind is not CredentialKind.PROVISIONED
    assert link.a.said == [SecAuth1.TYPE] * (1 + again) + [SecAuth3.TYPE]


@SUITES
def test_two_ends_without_a_common_form_say_so(suite: Suite) -> None:
    """Known differently at both ends: no proof, and nobody tries a third time."""
    ends = account(kinds=(CredentialKind.MD5_HA1,)), account(kinds=(CredentialKind.SHA256_HA1,))
    link = meet(keeper(suite, ends[0]), holder(suite, ends[1]))
    assert link.b.verdict == NotAuthenticated(Doubt.NO_COMMON_CREDENTIAL, guess=False)
    assert link.a.verdict == NotAuthenticated(Doubt.NO_COMMON_CREDENTIAL, guess=suite is Suite.HMAC)


def test_a_wrong_tag_under_the_second_form_is_the_end() -> None:
    """Status 2 may come before a wrong tag, and nothing after one."""
    link = meet(keeper(), holder(credentials=account("other", (CredentialKind.MD5_HA1,))))
    assert link.a.said == [SecAuth1.TYPE, SecAuth1.TYPE, SecAuth3.TYPE]
    assert link.b.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)


def test_ends_that_took_different_suites_stop() -> None:
    """Status 3: somebody does not keep to what the two Hellos lead to."""
    link = meet(keeper(Suite.HMAC), holder(Suite.PAKE))
    assert link.b.verdict == NotAuthenticated(Doubt.OTHER_SUITE, guess=False)
    assert not link.a.is_authenticated


@SUITES
def test_a_blocked_keeper_refuses_without_computing(suite: Suite) -> None:
    """Its SecAuth1 has neither share nor tag, and the holder learns no more than from a failure."""
    end = keeper(suite, blocked=True)
    link = meet(end, holder(suite))
    assert end.exchange._proof is None
    assert link.a.verdict == NotAuthenticated(Doubt.BACKING_OFF, guess=False)
    assert link.b.verdict == NotAuthenticated(Doubt.REFUSED, guess=False)


@SUITES
def test_a_blocked_holder_refuses_without_computing(suite: Suite) -> None:
    """It does not even look at the tag."""
    end = holder(suite, blocked=True)
    link = meet(keeper(suite), end)
    assert end.exchange._proof is None
    assert link.b.verdict == NotAuthenticated(Doubt.BACKING_OFF, guess=False)
    assert not link.a.is_authenticated


@SUITES
def test_no_key_is_left_when_it_is_over(suite: Suite) -> None:
    """XK and K are dropped, whatever the end was."""
    for credentials in (account(), account("other")):
        link = meet(keeper(suite), holder(suite, credentials))
        for end in (link.a, link.b):
            assert end.exchange._channel is None
            assert end.exchange._proof is None
