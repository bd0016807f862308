"""Which sound devices there are."""

from __future__ import annotations

from dataclasses import dataclass

import miniaudio

from phone.audio.card import DeviceCard
from phone.audio.interface import SoundCard
from phone.audio.silent import NullCard


@dataclass(frozen=True, slots=True)
class Devices:
    """Names of the devices, as the sound system calls them."""

    backend: str
    """The sound system, e.g. ``PulseAudio``; empty: none."""
    captures: tuple[str, ...]
    playbacks: tuple[str, ...]


def enumerate_devices() -> Devices:
    """Return what is there now. Blocks up to 100 ms."""
    try:
        found = miniaudio.Devices()
        captures = tuple(device["name"] for device in found.get_captures())
        playbacks = tuple(device["name"] for device in found.get_playbacks())
    except miniaudio.MiniaudioError:
        return Devices("", (), ())
    if found.backend == "Null":
        return Devices("", (), ())
    return Devices(found.backend, captures, playbacks)


def default_card() -> SoundCard:
    """Return the default devices, or silence where there are none. Blocks up to 100 ms."""
    devices = enumerate_devices()
    return DeviceCard() if devices.captures or devices.playbacks else NullCard()
