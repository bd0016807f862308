"""Which device is meant, and which is never taken unasked."""

from __future__ import annotations

import os
import subprocess
import sys

from phone.audio.devices import Device, choose
from phone.audio.interface import FRAME_BYTES, SILENCE, Health, Wish
from phone.audio.silent import NullCard

DESK, HEADSET = Device("Built-in Audio", True), Device("USB Headset", False)


def test_machine_without_devices_has_none() -> None:
    """Where no sound system answers; and nothing is said on standard output."""
    code = "from phone.audio.devices import NONE, enumerate_devices; assert enumerate_devices() == NONE"
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
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_device_that_the_user_named_is_taken() -> None:
    """By its whole name."""
    assert choose((DESK, HEADSET), "USB Headset") is HEADSET


def test_without_a_name_the_default_is_taken() -> None:
    """And in place of one that is not there."""
    assert choose((HEADSET, DESK), None) is DESK
    assert choose((HEADSET, DESK), "Bluetooth") is DESK


def test_any_device_is_better_than_none() -> None:
    """Some sound systems name no default."""
    assert choose((HEADSET,), None) is HEADSET
    assert choose((), None) is None


def test_device_of_the_desktop_that_cancels_echo_is_preferred() -> None:
    """Unless the user has named another."""
    cancelled = Device("Built-in Audio (echo-cancelled with Echo-Cancel)", False)
    assert choose((DESK, cancelled), None) is cancelled
    assert choose((DESK, cancelled), "Built-in Audio") is DESK


def test_headsets_are_known_by_their_names() -> None:
    """Whatever the letters."""
    assert HEADSET.is_private
    assert Device("Jabra HEADPHONES", False).is_private
    assert not DESK.is_private


def test_silence_is_silent() -> None:
    """Frames of the right length, whatever is played."""
    card = NullCard()
    card.start()
    card.wish(Wish(microphone="any"))
    card.playback(b"\x01" * FRAME_BYTES)
    assert card.capture() == SILENCE
    assert card.health() == Health()
    card.stop()
