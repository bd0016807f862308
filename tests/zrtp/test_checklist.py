"""``docs/zrtp-checklist.md`` names a test for every requirement, and it exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
LINES: Final = 106
ROWS: Final = re.findall(
    r"^\| (\d+) \| .+ \| (.+) \|$", (ROOT / "docs" / "zrtp-checklist.md").read_text(), re.MULTILINE
)


def test_every_line_is_there_once() -> None:
    """In order, none left out."""
    assert [int(number) for number, _ in ROWS] == list(range(1, LINES + 1))


@pytest.mark.parametrize(("number", "held_by"), ROWS, ids=[number for number, _ in ROWS])
def test_line_is_held_by_a_test_or_says_why_not(number: str, held_by: str) -> None:
    """The named function stands in the named file; what is not done has a reason."""
    if held_by.startswith("not done: "):
        assert len(held_by) > len("not done: ") + 20
        return
    found = re.fullmatch(r"`(?:(tests/\w+)/)?(test_\w+\.py)::(test_\w+)`", held_by)
    assert found is not None, held_by
    folder, name, function = found.groups()
    source = (ROOT / (folder or "tests/zrtp") / name).read_text()
    assert f"def {function}(" in source
