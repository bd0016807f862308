"""A list that QML shows, where a row that changes keeps its delegate and with it the keyboard's focus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.properties import Property

Row = dict[str, Any]
Index = QModelIndex | QPersistentModelIndex

ROLE = int(Qt.ItemDataRole.UserRole)


class Rows(QAbstractListModel):
    """Rows that are JSON objects, told apart by one of their fields; QML knows each as ``row``."""

    counted = Signal()

    def __init__(self, key: str, parent: Any = None) -> None:
        """``key``: the field that names a row."""
        super().__init__(parent)
        self._key = key
        self._rows: list[Row] = []

    @property
    def all(self) -> list[Row]:
        """Every row, in order."""
        return list(self._rows)

    def find(self, name: Any) -> Row | None:
        """Return the row of this name."""
        return next((row for row in self._rows if row[self._key] == name), None)

    def put(self, row: Row) -> None:
        """Take a row in the place of the one with its name, or add it at the end."""
        place = self._place(row[self._key])
        if place is None:
            self._insert(len(self._rows), row)
        else:
            self._change(place, row)

    def take(self, name: Any) -> None:
        """Remove the row of this name, if there is one."""
        place = self._place(name)
        if place is not None:
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._rows[place]
            self.endRemoveRows()
            self.counted.emit()

    def replace(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others, in this order."""
        wanted = {row[self._key] for row in rows}
        for old in [row[self._key] for row in self._rows if row[self._key] not in wanted]:
            self.take(old)
        for place, row in enumerate(rows):
            now = self._place(row[self._key], place)
            if now is None:
                self._insert(place, row)
                continue
            if now != place:
                self.beginMoveRows(QModelIndex(), now, now, QModelIndex(), place)
                self._rows.insert(place, self._rows.pop(now))
                self.endMoveRows()
            self._change(place, row)
        self.counted.emit()

    def _place(self, name: Any, start: int = 0) -> int | None:
        """Return where the row of this name is, which is not before ``start``."""
        return next((n for n in range(start, len(self._rows)) if self._rows[n][self._key] == name), None)

    def _insert(self, place: int, row: Row) -> None:
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, row)
        self.endInsertRows()
        self.counted.emit()

    def _change(self, place: int, row: Row) -> None:
        if self._rows[place] != row:
            self._rows[place] = row
            index = self.index(place)
            self.dataChanged.emit(index, index, [ROLE])

    @Property(int, notify=counted)
    def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = ROLE) -> Any:
        return self._rows[index.row()] if index.isValid() and role == ROLE else None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802  # Qt's name
        return {ROLE: QByteArray(b"row")}
