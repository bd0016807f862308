"""miniaudio, without numpy.

It loads numpy wherever that is installed, and does nothing with it here: 13 MB, and at each start as much
time as all of miniaudio takes.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_numpy = _modules.get("numpy")
_modules["numpy"] = None  # an import of it fails now
try:
    import miniaudio
finally:
    if _numpy is None:
        del _modules["numpy"]
    else:
        _modules["numpy"] = _numpy

__all__ = ["miniaudio"]
