"""What all tests of the calls room have in common."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def secrets_are_prepared_at_once(cheap_scrypt: None) -> None:
    """No test here is about how long it takes."""
