"""Qt's properties, with the types that PySide6 does not declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar

    T = TypeVar("T")

    class Shown(Generic[T]):
        """What stands in a class after ``@Property``."""

        def __get__(self, owner: Any, kind: Any = None) -> T: ...
        def __set__(self, owner: Any, value: T) -> None: ...
        def setter(self, setter: Callable[[Any, T], None]) -> Shown[T]: ...

    def Property(  # noqa: N802  # Qt's name
        kind: type | str, *, notify: object = None, constant: bool = False
    ) -> Callable[[Callable[[Any], T]], Shown[T]]:
        """Make a property of a getter; ``kind``: its type for QML."""
        ...
else:
    from PySide6.QtCore import Property

__all__ = ["Property"]
