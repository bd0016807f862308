"""A window's models on a backend whose calls are real down to the stand-ins of SIP and media."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control.backend import Backend
from tests.peers.window import Window


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """A backend of the test's own."""
    with contextlib.closing(Backend(tmp_path / "home")) as running:
        yield running


@pytest.fixture
def window(application: object, backend: Backend) -> Iterator[Window]:
    """Its window."""
    with contextlib.closing(Window(backend.home.folder)) as opened:
        yield opened
