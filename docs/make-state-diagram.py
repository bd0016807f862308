"""Write ``zrtp-states.md``: the state diagram of one ZRTP stream, made from the table that the engine obeys.

Run it from the top of the repository after every change of the table: ``python docs/make-state-diagram.py``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from enum import Enum
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from phone.zrtp.states import TABLE, State  # noqa: E402

TARGET = DOCS / "zrtp-states.md"
HEAD = """\
# The states of one ZRTP stream

Made by `docs/make-state-diagram.py` from `TABLE` in `phone/zrtp/states.py`; do not edit. What each state
and each input means stands there. An arrow reads *input / action*, the action being a method of
`phone.zrtp.stream.Stream`. What is not drawn is ignored: UDP repeats, and anyone can forge.

```mermaid
stateDiagram-v2
"""


def name(member: Enum) -> str:
    """Return the name of a state or an input as the diagram shows it."""
    return member.name.replace("_", " ").lower()


def diagram() -> str:
    """Return the whole document."""
    arrows: defaultdict[tuple[Any, Any], list[str]] = defaultdict(list)
    for (state, event), (action, following) in TABLE.items():
        arrows[state, following].append(f"{name(event)} / {action.replace('_', ' ')}")
    lines = [f"    {state.name}: {name(state)}" for state in State]
    lines.append(f"    [*] --> {next(iter(State)).name}")
    for state in State:
        for following in State:
            if labels := arrows.get((state, following)):
                lines.append(f"    {state.name} --> {following.name}: {'<br/>'.join(labels)}")
    lines += [
        f"    {state.name} --> [*]" for state in State if not any(before is state for before, _ in TABLE)
    ]
    return HEAD + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    TARGET.write_text(diagram())
