"""A backend starts whatever sound devices there are."""

from __future__ import annotations

import os
import subprocess
import sys

from phone.audio.interface import FRAME_BYTES, SILENCE
from phone.audio.silent import NullCard


def test_machine_without_devices_gets_silence() -> None:
    """Where no sound system answers, the card is silence, and nothing is said on standard output."""
    code = "from phone.audio.devices import default_card; import sys; sys.exit(type(default_card()).__name__)"
    nowhere = {
        **os.environ,
        "PULSE_SERVER": "unix:/nonexistent",
        "PIPEWIRE_REMOTE": "/nonexistent",
        "JACK_NO_START_SERVER": "1",
        "ALSA_CONFIG_PATH": "/dev/null",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env=nowhere, capture_output=True, text=True
    )
    assert done.stderr.splitlines()[-1] == "NullCard"
    assert done.stdout == ""


def test_silence_is_silent() -> None:
    """Frames of the right length, whatever is played."""
    card = NullCard()
    card.start()
    card.playback(b"\x01" * FRAME_BYTES)
    assert card.capture() == SILENCE
    card.stop()
