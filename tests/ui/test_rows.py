"""A list that keeps the delegates of rows that stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.models.rows import Row, Rows

ROWS = st.lists(
    st.fixed_dictionaries({"key": st.integers(0, 9), "text": st.sampled_from("ab")}),
    max_size=10,
    unique_by=lambda row: row["key"],
)


@given(ROWS, ROWS)
def test_rows_are_replaced_by_any_others(before: list[Row], after: list[Row]) -> None:
    """In the order that is wanted; only what is new is inserted, and only what differs changes."""
    rows = Rows("key")
    rows.replace(before)
    assert rows.all == before
    inserted: list[int] = []
    changed: list[Row] = []
    rows.rowsInserted.connect(lambda _, first, last: inserted.extend(range(first, last + 1)))
    rows.dataChanged.connect(lambda first, _: changed.append(rows.data(first)))
    rows.replace(after)
    assert rows.all == after
    known = {row["key"] for row in before}
    assert len(inserted) == len([row for row in after if row["key"] not in known])
    assert changed == [row for row in after if row["key"] in known and row not in before]
