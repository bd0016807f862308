"""Which ports the bridge makes, and which it uses again; no pjmedia here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from phone.audio.silent import NullCard
from phone.sip import bridge
from phone.sip.bridge import Bridge


class Sink:
    """Where a recording goes."""

    def write(self, frame: bytes) -> None:
        """Nothing comes."""


@dataclass(eq=False)
class Port:
    """Stands in for every port of pjmedia's."""

    sound: Any = None
    sink: Any = None
    silent: bool = False
    heard_by: list[Port] = field(default_factory=list)

    def startTransmit2(self, hearer: Port, volume: object) -> None:  # noqa: N802  # pjsua2's name
        self.heard_by.append(hearer)

    def stopTransmit(self, hearer: Port) -> None:  # noqa: N802  # pjsua2's name
        self.heard_by.remove(hearer)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Port]:
    """Every port that a bridge has made, its own card's first."""
    ports: list[Port] = []

    def make(sound: object = None) -> Port:
        ports.append(Port(sound))
        return ports[-1]

    monkeypatch.setattr(bridge, "_Port", make)
    monkeypatch.setattr(bridge, "_Recorder", make)
    return ports


def test_card_of_a_call_is_used_again(made: list[Port]) -> None:
    """None is destroyed while pjmedia may be about to use it, and there are no more than calls at once."""
    joined = Bridge(NullCard())
    for number in range(5):
        card, media = NullCard(), Port()
        joined.connect(number, media)
        joined.give(number, card)
        for _ in range(bridge.REST):
            joined.tick()
        (own,) = made[1:]
        assert own.sound is card
        assert media in own.heard_by
        assert own in media.heard_by
        joined.forget(number)
        assert own.sound is not card
        own.heard_by.clear()  # the stream has gone


def test_recorder_is_used_again(made: list[Port]) -> None:
    """By other calls; another file of the same call gets another one, so that nothing is lost in between."""
    joined, media, first, second = Bridge(NullCard()), Port(), Sink(), Sink()
    joined.connect(0, media)
    joined.record(0, first)
    joined.record(0, second)
    one, other = made[1:]
    assert (one.sink, other.sink) == (None, second)
    assert other in media.heard_by
    assert one not in media.heard_by
    joined.forget(0)
    joined.connect(1, Port())
    joined.record(1, first)
    assert len(made[1:]) == 2
    assert one.sink is first
    assert other.sink is None


def test_recorder_that_was_stopped_rests(made: list[Port]) -> None:
    """pjmedia breaks its connection at the next frame: made again before that, it would stay broken."""
    joined, media = Bridge(NullCard()), Port()
    joined.connect(0, media)
    joined.record(0, Sink())
    joined.record(0, None)
    joined.record(0, Sink())
    (recorder,) = made[1:]
    assert recorder not in media.heard_by
    for _ in range(bridge.REST):
        joined.tick()
    assert recorder in media.heard_by
