"""All that an object holds on to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import FunctionType, ModuleType


def reachable(root: object) -> Iterator[object]:
    """Yield ``root`` and every object that hangs on it, once each; no code."""
    seen: set[int] = set()
    rest = [root]
    while rest:
        thing = rest.pop()
        if id(thing) in seen or isinstance(thing, type | ModuleType | FunctionType):
            continue
        seen.add(id(thing))
        yield thing
        rest += gc.get_referents(thing)
