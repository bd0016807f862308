"""What the doctor tells: one finding for each thing that was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """What is to be thought of a finding."""

    FINE = "fine"
    WARNING = "warning"
    """It works, and not as well as it could."""
    BROKEN = "broken"
    NOT_CHECKED = "not checked"


class Check(Enum):
    """What was checked."""

    ACCOUNT = "account"
    DNS = "dns"
    PORT = "port"
    TLS = "tls"
    DIGEST = "digest"
    CLOCK = "clock"
    NAT = "nat"
    SECRET = "secret"  # noqa: S105  # the name of a check
    CALL = "call"
    RTP = "rtp"
    DIRECT_MEDIA = "direct_media"
    DEVICES = "devices"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    LISTENING = "listening"
    VERSIONS = "versions"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to."""

    check: Check
    account: str | None
    """Id of the account that it is about; ``None``: it is about this computer."""
    verdict: Verdict
    found: str
    """In a sentence or two, for people."""
    remedy: str
    """What to do about it, for people; empty where nothing has to be done."""
    command: str
    """For a terminal, by which ``remedy`` is done, or begun; may be empty."""
    words: tuple[str, str]
    """``found`` and ``remedy`` with ``{places}`` in them: what can be translated."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the places stand for; without facts there are no places."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """One examination, as far as it has come."""

    id: str
    findings: tuple[Finding, ...]
    done: bool
