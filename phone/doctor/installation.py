"""What this computer and this installation contribute."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from ipaddress import IPv4Address

from phone.audio.interface import RATE
from phone.calls.findings import Finding
from phone.doctor import words
from phone.media.sockets import PORTS


def check(sip: str, codecs: Sequence[str]) -> Iterator[Finding]:
    """Tell where Parley can be reached and what it is made of; ``sip``: ``HOST:PORT`` that takes calls."""
    here_only = IPv4Address(sip.rpartition(":")[0]).is_loopback
    listens = words.ONLY_HERE if here_only else words.LISTENS
    yield listens(sip=sip, first=str(PORTS.start), last=str(PORTS.stop))
    yield words.VERSIONS(
        parley=version("parley"),
        python=platform.python_version(),
        pjsua2=version("pjsua2-python"),
        rate=str(RATE),
        codecs=", ".join(codecs),
    )
