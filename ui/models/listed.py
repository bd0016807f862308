"""What the backend keeps a list of, and tells anew when it is asked."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QObject, Slot

from phone.control.contract import Event
from ui.client import Backend
from ui.models.rows import Rows
from ui.properties import Property


class Listed(QObject):
    """Rows that are asked for when there is a backend, and again when what they show has been edited."""

    KEY: ClassVar[str]
    """The field that names a row."""
    METHOD: ClassVar[str]
    PARAMS: ClassVar[dict[str, Any]] = {}
    EDITED: ClassVar[frozenset[str]]
    """Of what is edited, what changes them."""

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._rows = Rows(self.KEY, self)
        backend.changed.connect(self.refresh)
        backend.happened.connect(self._happened)

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        """What is shown, as ``row``."""
        return self._rows

    @Slot()
    def refresh(self) -> None:
        """Ask again."""
        if self._backend.connected:
            self._backend.request(self.METHOD, self.PARAMS, self._listed)

    def _happened(self, event: Event) -> None:
        if event.get("edited") in self.EDITED:
            self.refresh()

    def _listed(self, found: list[Any]) -> None:
        """Show what was found."""
        raise NotImplementedError
