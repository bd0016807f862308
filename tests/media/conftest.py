"""What the media tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.media.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """A world in which everything is closed after the test."""
    world = World()
    yield world
    world.close()
