"""The sound devices that a call would use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from phone.audio.interface import Wish
from phone.audio.trial import DeviceTrial
from phone.calls.findings import Finding
from phone.calls.sound import SoundDesk
from phone.calls.switchboard import Switchboard
from phone.calls.values import DeviceSnapshot, SoundSnapshot
from phone.doctor import words

MOST_NAMES = 3
"""Devices that are named; ``parley devices list`` shows them all."""

TryDevices = Callable[[Wish], Awaitable[DeviceTrial]]
"""Opens the devices that are wished for, and does not block."""


@dataclass(frozen=True, slots=True)
class DeviceChecks:
    """Opens the devices, unless a call has them."""

    sound: SoundDesk
    switchboard: Switchboard
    try_devices: TryDevices | None
    """``None``: files stand in for the devices."""

    async def check(self) -> AsyncIterator[Finding]:
        """Tell what there is, and whether it can be opened and heard."""
        if self.try_devices is None:
            yield words.FILES()
            return
        there = await self.sound.snapshot()
        if not there.backend:
            yield words.NO_DEVICES()
            return
        yield words.DEVICES(
            backend=there.backend, microphones=_names(there.microphones), speakers=_names(there.speakers)
        )
        if self.switchboard.calls():
            yield words.IN_USE(
                microphone=there.microphone_in_use or "no microphone",
                speaker=there.speaker_in_use or "no speaker",
            )
            return
        trial = await self.try_devices(Wish(there.microphone, there.speaker))
        yield _microphone(trial, there)
        yield _speaker(trial, there)


def _microphone(trial: DeviceTrial, there: SoundSnapshot) -> Finding:
    if trial.microphone is None:
        return words.NO_MICROPHONE()
    if there.microphone_volume == 0:
        return words.MICROPHONE_OFF()
    found = words.MICROPHONE if trial.heard else words.MICROPHONE_SILENT
    return found(name=trial.microphone)


def _speaker(trial: DeviceTrial, there: SoundSnapshot) -> Finding:
    if trial.speaker is None:
        return words.NO_SPEAKER()
    if there.speaker_volume == 0:
        return words.SPEAKER_OFF()
    return words.SPEAKER(name=trial.speaker)


def _names(devices: tuple[DeviceSnapshot, ...]) -> str:
    names = [device.name for device in devices[:MOST_NAMES]]
    more = len(devices) - len(names)
    return ", ".join([*names, *([f"{more} more"] if more else [])]) or "none"
