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
        for place, old in enumerate(self._rows):
            if old[self._key] == row[self._key]:
                if old != row:
                    self._rows[place] = row
                    index = self.index(place)
                    self.dataChanged.emit(index, index, [ROLE])
                return
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
        self._rows.append(row)
        self.endInsertRows()
        self.counted.emit()

    def take(self, name: Any) -> None:
        """Remove the row of this name, if there is one."""
        for place, row in enumerate(self._rows):
            if row[self._key] == name:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
                self.counted.emit()
                return

    def replace(self, rows: Sequence[Row]) -> None:
        """Show these rows and no others, in this order."""
        wanted = {row[self._key] for row in rows}
        for old in [row[self._key] for row in self._rows if row[self._key] not in wanted]:
            self.take(old)
        for place, row in enumerate(rows):
            self.put(row)
            self._move(row[self._key], place)
        self.counted.emit()

    def _move(self, name: Any, place: int) -> None:
        now = next(number for number, row in enumerate(self._rows) if row[self._key] == name)
        if now != place:  # further down, since all before it is in order
            self.beginMoveRows(QModelIndex(), now, now, QModelIndex(), place)
            self._rows.insert(place, self._rows.pop(now))
            self.endMoveRows()

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
