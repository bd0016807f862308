"""What becomes of a call that nobody attends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock

from phone.service.attendant import SILENT_S, Attendant
from phone.service.description import End, read
from phone.service.mailbox import Mailbox

CALL: dict[str, Any] = {
    "id": "7",
    "state": "incoming",
    "pending": None,
    "level": "CLEAR",
    "why": {"cause": "waiting"},
    "authenticated": None,
    "remote_uri": "sip:101@pbx.example",
    "remote_name": "",
}
SECURE = {"state": "connected", "level": "ENCRYPTED", "why": None}


class FakeWorker:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []

    def request(self, method: str, **params: object) -> Deferred[None]:
        self.asked.append((method.removeprefix("call."), params.get("does")))
        return succeed(None)


class World:
    """One call at one end."""

    def __init__(self, folder: Path, text: str) -> None:
        file = folder / "service.toml"
        file.write_text(f'[[account]]\nuri = "sip:end@pbx.example"\n{text}')
        end: End
        (end,) = read(file)
        self.clock = Clock()
        self.worker = FakeWorker()
        self.messages = folder / "messages"
        worker: Any = self.worker
        self.attendant = Attendant(self.clock, end, Mailbox(self.messages), worker, CALL)
        self.attendant.begin()

    def tell(self, event: str = "call", **changes: object) -> None:
        """Let something happen to the call."""
        told: Any = {"event": event, "call": {**CALL, **SECURE, **changes}}
        self.attendant.told(told)


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A call at the end that the test names; nothing is left to happen after it has ended."""
    made = World(tmp_path, request.param)
    yield made
    made.tell("call.ended")
    assert made.clock.getDelayedCalls() == []


@pytest.mark.parametrize("world", ['does = "echo"'], indirect=True)
def test_nothing_is_said_before_it_would_be_heard(world: World) -> None:
    """Not while keys are agreed, nor while it is not known whether they will be."""
    world.tell(state="connected", level="CLEAR", pending="Securing...")
    world.tell(state="connected", level="CLEAR", why={"cause": "waiting"})
    assert world.worker.asked == [("attend", "wait")]
    world.tell()
    world.tell()
    assert world.worker.asked == [("attend", "wait"), ("attend", "echo")]


@pytest.mark.parametrize("world", ['does = "echo"'], indirect=True)
def test_call_that_waits_for_a_person_is_ended(world: World) -> None:
    """Protection that is missing asks somebody; here is nobody."""
    world.tell(state="connected", level="ENCRYPTED", pending="Protection lost")
    world.clock.advance(SILENT_S)
    assert world.worker.asked[-1] == ("hang_up", None)


@pytest.mark.parametrize("world", ['does = "park"\nlongest_s = 60'], indirect=True)
def test_no_call_lasts_for_ever(world: World) -> None:
    """Whoever has lost his phone is hung up on."""
    world.tell()
    world.clock.advance(59)
    assert len(world.worker.asked) == 2
    world.clock.advance(1)
    assert world.worker.asked[-1] == ("hang_up", None)


@pytest.mark.parametrize("world", ['does = "voicemail"'], indirect=True)
def test_box_beeps_records_and_hangs_up(world: World) -> None:
    """Each step follows the end of the one before."""
    world.tell()
    for _ in range(2):
        world.tell("attended")
    assert world.worker.asked == [
        ("attend", "wait"),
        ("attend", "play"),
        ("attend", "take_message"),
        ("hang_up", None),
    ]
