"""What all rooms share: secrets that do not show, machines that obey their table."""

from __future__ import annotations

from enum import Enum, auto

import pytest

from phone.machine import Machine
from phone.secret import Secret


class Light(Enum):
    """Two states."""

    ON = auto()
    OFF = auto()


class Press(Enum):
    """Two inputs."""

    UP = auto()
    DOWN = auto()


TABLE = {(Light.OFF, Press.UP): ("shine", Light.ON), (Light.ON, Press.DOWN): ("", Light.OFF)}


def test_listed_input_moves_and_names_its_action() -> None:
    """The table says what to do and where to go."""
    light = Machine(TABLE, Light.OFF, name="light")
    assert light.feed(Press.UP) == "shine"
    assert light.state is Light.ON


def test_unlisted_input_from_outside_changes_nothing() -> None:
    """UDP repeats, and anyone can forge."""
    light = Machine(TABLE, Light.OFF, name="light")
    assert light.feed(Press.DOWN) is None
    assert light.state is Light.OFF


def test_unlisted_input_of_our_own_is_a_bug() -> None:
    """It raises, and the state stays."""
    light = Machine(TABLE, Light.OFF, name="light")
    with pytest.raises(KeyError):
        light.demand(Press.DOWN)
    assert light.state is Light.OFF


@pytest.mark.parametrize("shown", [str, repr, "{}".format, "{!r}".format, "%s".__mod__])
def test_secret_does_not_show(shown: object) -> None:
    """However it gets into a text, it is its length that shows."""
    assert callable(shown)
    text = shown(Secret(b"hunter2"))
    assert "hunter2" not in text
    assert "7 bytes" in text


def test_secrets_are_equal_by_value_and_never_hashed() -> None:
    """A hash would show in the order of a dict."""
    assert Secret(b"a") == Secret(b"a")
    assert Secret(b"a") != Secret(b"b")
    assert Secret(b"a") != b"a"
    with pytest.raises(TypeError):
        hash(Secret(b"a"))
