"""WebRTC's audio processing in a room of numbers."""

from __future__ import annotations

import array
import subprocess
import sys
from collections.abc import Sequence

import pytest

from phone.audio.canceller import EchoCanceller
from phone.audio.devices import Device
from phone.audio.interface import RATE, EchoMode, EchoState
from tests.peers.room import echo, frames, level_db, speech

LEARNING, FAR_ALONE, BOTH, NEAR_ALONE = (0, 5), (5, 9), (9, 14), (14, 18)
"""Seconds from which to which."""


def part(sound: Sequence[float], seconds: tuple[int, int]) -> Sequence[float]:
    """Return a stretch of ``sound``."""
    return sound[seconds[0] * RATE : seconds[1] * RATE]


@pytest.mark.parametrize("delay_ms", [40, 80, 120])
def test_echo_goes_and_speech_stays(delay_ms: int) -> None:
    """20 dB less echo after five seconds, and the near side within 3 dB, alone and while both talk."""
    far = [*speech(BOTH[1], 1), *[0.0] * (NEAR_ALONE[1] - BOTH[1]) * RATE]
    near = [*[0.0] * FAR_ALONE[1] * RATE, *speech(NEAR_ALONE[1] - FAR_ALONE[1], 2, pitch_hz=210)]
    echoed = echo(far, delay_ms=delay_ms)
    microphone = [spoken + returned for spoken, returned in zip(near, echoed, strict=True)]

    canceller = EchoCanceller()
    canceller.settle(Device("Microphone", True), Device("Speaker", True))
    assert canceller.state is EchoState.OURS
    cleaned = array.array("h")
    for said, heard in zip(frames(far), frames(microphone), strict=True):
        canceller.say(said)
        cleaned.frombytes(canceller.hear(heard))

    assert level_db(part(echoed, FAR_ALONE)) - level_db(part(cleaned, FAR_ALONE)) >= 20
    for stretch in (BOTH, NEAR_ALONE):
        change_db = level_db(part(cleaned, stretch)) - level_db(part(near, stretch))
        assert abs(change_db) <= 3, (stretch, change_db)
    assert canceller.state is EchoState.OURS


def test_quiet_speech_becomes_as_loud_as_other() -> None:
    """30 dB apart before, and 10 dB at most after ten seconds."""
    levels = []
    for rms in (60.0, 2000.0):
        canceller = EchoCanceller()
        canceller.mode, canceller.evens_out = EchoMode.OFF, True
        canceller.settle(Device("Microphone", True), Device("Speaker", True))
        cleaned = array.array("h", b"".join(map(canceller.hear, frames(speech(15, 1, rms=rms)))))
        levels.append(level_db(part(cleaned, (10, 15))))
    assert levels[1] - levels[0] <= 10


_LAZY = """
import sys
from pathlib import Path
from phone.audio import card, processing
assert processing.is_installed()
assert not {"livekit.rtc", "numpy"} & sys.modules.keys()
processing.load(processing.Task(echo=True, loudness=True))
links = [file.readlink().name for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
for kind in ("tcp", "tcp6", "udp", "udp6"):
    table = Path("/proc/self/net", kind).read_text().splitlines()[1:]
    assert not {f"socket:[{line.split()[9]}]" for line in table} & set(links), kind
"""


def test_library_is_loaded_when_it_is_needed_and_opens_no_connection() -> None:
    """It can carry whole conferences; here it processes sound, and nothing else."""
    done = subprocess.run([sys.executable, "-c", _LAZY], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
