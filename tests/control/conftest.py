"""A running backend, and its client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from phone.control.client import Client
from tests.control.backend import Backend


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """A backend of the test's own."""
    with contextlib.closing(Backend(tmp_path / "home")) as running:
        yield running


@pytest.fixture
def client(backend: Backend) -> Iterator[Client]:
    """A connection to it."""
    with backend.client() as connected:
        yield connected
