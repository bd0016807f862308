"""A checkup over the socket: begun at once, told as it goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from phone.control import words
from phone.control.client import Client
from phone.control.contract import Checkup, ControlError
from phone.sip.interface import Dialog, Registration
from tests.control.backend import Backend

ALICE = "alice@pbx.example"


@pytest.fixture
def accounts(backend: Backend) -> None:
    """Two accounts."""
    with backend.client() as client:
        for user in ("alice", "bob"):
            client.request("account.add", {"uri": f"sip:{user}@pbx.example", "secret": f"of {user} alone"})


def follow(client: Client, **what: object) -> Iterator[Checkup]:
    """Begin a checkup; yield it whenever it has come further, up to its end."""
    happened = client.events(within=20)
    began = client.request("doctor.examine", what)
    assert (began["findings"], began["done"]) == ([], False)
    for event in happened:
        if "checkup" in event and event["checkup"]["id"] == began["id"]:
            yield event["checkup"]
            if event["checkup"]["done"]:
                return


def test_findings_come_one_by_one(accounts: None, client: Client) -> None:
    """Each event has one more, and the last one says that it is the last."""
    told = list(follow(client))
    assert [len(checkup["findings"]) for checkup in told[:-1]] == list(range(1, len(told)))
    assert [checkup["done"] for checkup in told] == [False] * (len(told) - 1) + [True]
    found = told[-1]["findings"]
    assert {one["account"] for one in found} == {None, ALICE, "bob@pbx.example"}
    assert "broken" not in [one["verdict"] for one in found]
    assert all(words.finding(one) for one in found)


def test_one_account_alone(accounts: None, client: Client) -> None:
    """Nothing of this computer, and nothing of another account."""
    *_, last = follow(client, account=ALICE, whole=False)
    assert {one["account"] for one in last["findings"]} == {ALICE}
    assert "digest" in [one["check"] for one in last["findings"]]


def test_account_that_there_is_not(client: Client) -> None:
    """A sentence."""
    with pytest.raises(ControlError, match="There is no account 'ghost'"):
        client.request("doctor.examine", {"account": "ghost"})


def test_nothing_is_called_from_an_account_that_does_not_work(
    accounts: None, backend: Backend, client: Client
) -> None:
    """It would be one failed login more."""
    backend.registrar.state, backend.registrar.status = Registration.FAILED, 403
    *_, last = follow(client, account=ALICE, call="600")
    found = {one["check"]: one for one in last["findings"]}
    assert found["digest"]["verdict"] == "broken"
    assert found["call"]["found"] == "No call was made: the account has to work first."
    assert backend.listener is None


def test_nothing_is_called_during_a_call(accounts: None, backend: Backend, client: Client) -> None:
    """It would be put on hold."""
    backend.ring()
    *_, last = follow(client, account=ALICE, call="600")
    (call,) = (one for one in last["findings"] if one["check"] == "call")
    assert "there is another one" in call["found"]


def test_call_that_is_refused(accounts: None, backend: Backend, client: Client) -> None:
    """Its reason is told, and the microphone was shut from the beginning."""
    backend.invited = (Dialog.ENDED, 486, "Busy Here")
    *_, last = follow(client, account=ALICE, call="600", whole=False)
    (call,) = (one for one in last["findings"] if one["check"] == "call")
    assert (call["verdict"], call["found"]) == ("broken", "600 did not answer. Busy.")
    assert backend.sip_call.muted


def test_account_that_goes_meanwhile(accounts: None, backend: Backend, client: Client) -> None:
    """The checks of it end there, and say so."""
    backend.registrar.state = None
    told = follow(client, account=ALICE, whole=False)
    assert next(told)["findings"]
    with backend.client() as other:
        other.request("account.remove", {"account": ALICE})
    *_, last = told
    assert "changed or removed" in last["findings"][-1]["found"]
    assert last["done"]


def test_long_findings_are_wrapped(accounts: None, client: Client) -> None:
    """In their column, without a word lost; a command is not."""
    *_, last = follow(client, whole=True)
    for one in last["findings"]:
        wrapped = words.finding(one, 80)
        assert wrapped.split() == words.finding(one).split()
        assert max(map(len, words.finding({**one, "command": ""}, 80).splitlines())) <= 80
