"""What is said of sound devices, by what there is and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from twisted.internet.defer import ensureDeferred

from phone.audio.interface import Wish
from phone.audio.trial import DeviceTrial
from phone.calls.values import DeviceSnapshot, SoundSnapshot
from phone.doctor.devices import DeviceChecks

DESK = DeviceSnapshot("Desk", True, False)
THERE = SoundSnapshot(
    backend="PulseAudio",
    microphones=(DESK,),
    speakers=tuple(DeviceSnapshot(f"Speaker {number}", False, False) for number in range(5)),
    microphone="Desk",
    speaker=None,
    ringer=None,
    microphone_in_use=None,
    speaker_in_use=None,
    notice=None,
    cancel_echo="auto",
    echo="idle",
    echo_reason="",
    even_out=False,
    microphone_volume=100,
    speaker_volume=100,
    microphone_level_db=-100.0,
    speaker_level_db=-100.0,
    underruns=0,
    overruns=0,
)
WORKS = DeviceTrial("Desk", "Speaker 0", heard=True)


@dataclass
class Surroundings:
    """A sound desk and a switchboard as the test says."""

    there: SoundSnapshot = THERE
    trial: DeviceTrial = WORKS
    live: list[str] = field(default_factory=list)
    wished: Wish | None = None

    async def snapshot(self) -> SoundSnapshot:
        return self.there

    def calls(self) -> list[str]:
        return self.live

    async def try_devices(self, wish: Wish) -> DeviceTrial:
        self.wished = wish
        return self.trial

    def examine(self, *, files: bool = False) -> dict[str, tuple[str, str]]:
        """Return verdict and sentence of each check."""
        whole: Any = self
        checks = DeviceChecks(whole, whole, None if files else self.try_devices)
        found: dict[str, tuple[str, str]] = {}

        async def collect() -> None:
            async for finding in checks.check():
                found[finding.check.value] = (finding.verdict.value, finding.found)

        ensureDeferred(collect()).addErrback(lambda failure: failure.raiseException())
        return found


def test_devices_that_work() -> None:
    """Those that the user has chosen are opened; of many devices a few are named."""
    around = Surroundings()
    found = around.examine()
    assert {check: verdict for check, (verdict, _) in found.items()} == dict.fromkeys(
        ("devices", "microphone", "speaker"), "fine"
    )
    assert found["devices"][1].endswith("speakers: Speaker 0, Speaker 1, Speaker 2, 2 more.")
    assert around.wished == Wish("Desk", None)


def test_no_device() -> None:
    """Nothing is opened."""
    around = Surroundings(there=replace(THERE, backend="", microphones=(), speakers=()))
    assert around.examine() == {"devices": ("broken", "There is no sound device: calls are silent.")}
    assert around.wished is None


def test_files_in_place_of_devices() -> None:
    """There is nothing to check."""
    assert Surroundings().examine(files=True)["devices"][0] == "not checked"


def test_call_keeps_its_devices() -> None:
    """They are not taken from it."""
    around = Surroundings(there=replace(THERE, microphone_in_use="Desk"), live=["a call"])
    assert around.examine()["devices"] == ("fine", "A call is using them: Desk, no speaker.")
    assert around.wished is None


@pytest.mark.parametrize(
    ("trial", "there", "check", "verdict", "word"),
    [
        (replace(WORKS, microphone=None), THERE, "microphone", "broken", "others will not hear you"),
        (replace(WORKS, speaker=None), THERE, "speaker", "broken", "you will not hear others"),
        (replace(WORKS, heard=False), THERE, "microphone", "warning", "Desk was opened, and hears nothing"),
        (WORKS, replace(THERE, microphone_volume=0), "microphone", "warning", "0 %"),
        (WORKS, replace(THERE, speaker_volume=0), "speaker", "warning", "0 %"),
    ],
    ids=["no microphone", "no speaker", "muted", "microphone turned down", "speaker turned down"],
)
def test_device_that_does_not_work(
    trial: DeviceTrial, there: SoundSnapshot, check: str, verdict: str, word: str
) -> None:
    """It is told which, and how it shows."""
    found = Surroundings(there=there, trial=trial).examine()
    assert found[check][0] == verdict
    assert word in found[check][1]
