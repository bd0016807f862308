"""Sound from a real microphone to a real loudspeaker: PulseAudio's, over secured calls through Asterisk."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import HANNA, HUGO, IDA, IVAN, Account
from tests.peers.parley import Parley
from tests.peers.process import eventually
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import SHORT_MS, WINDOW_MS, Recording, write_tone

HZ = 997
WIDE_HZ = 5003
"""Beyond what a codec of 8 kHz can carry."""
LEVEL_DBFS = -12.0

MakeTalker = Callable[..., Parley]


@pytest.fixture
def make_talker(pulse: PulseAudio, asterisk: Asterisk, make_parley: MakeParley, tmp_path: Path) -> MakeTalker:
    """Start a Parley that hears what is played to ``NAME-mouth``, and speaks to ``NAME-ear``."""

    pulse.plug("desk")
    pulse.default(speaker="desk", microphone="desk")

    def make(account: Account, *, rate: int = 48000) -> Parley:
        name = account.user
        pulse.plug(f"{name}-mouth", rate=rate)
        pulse.plug(f"{name}-ear", rate=rate)
        phone = make_parley(int(account.extension), asterisk=asterisk, account=account, pulse=pulse)
        phone.do("devices", "use", "microphone", f"Monitor of {name}-mouth")
        phone.do("devices", "use", "speaker", f"{name}-ear")
        # a tone is noise to it
        phone.do("devices", "cancel-echo", "off")
        return phone

    return make


def secure(caller: Parley, callee: Parley, extension: str) -> None:
    """Make a call between two phones."""
    caller.do("call", extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    for phone in (caller, callee):
        phone.wait_call(state="connected", level="ENCRYPTED")
        wait_devices(phone)


def wait_devices(phone: Parley, *, microphone: str | None = "", speaker: str | None = "") -> None:
    """Wait until both devices are in use; ``""``: whichever."""

    def fits() -> bool:
        (sound,) = phone.do("devices", "list")
        used = (sound["microphone_in_use"], sound["speaker_in_use"])
        return all(
            name == wanted if wanted != "" else name is not None
            for name, wanted in zip(used, (microphone, speaker), strict=True)
        )

    eventually(fits, within=20, what=f"{phone.ip} uses {microphone!r} and {speaker!r}")


class Ear:
    """Records one loudspeaker."""

    def __init__(self, pulse: PulseAudio, name: str, file: Path, *, monitor: str = "") -> None:
        self._file = file
        pulse.record(monitor or f"{name}-ear", file)

    def heard(self) -> Recording:
        """Return what it has heard up to now."""
        return Recording.read(self._file)

    def wait_sound(self, *, seconds: float) -> None:
        """Wait until anything has been heard for ``seconds``."""
        eventually(
            lambda: self.heard().seconds_of_sound() >= seconds, within=30, what=f"{seconds:g} s of sound"
        )

    def wait_silence(self) -> None:
        """Wait until nothing is heard for three seconds: longer than the pause of any ringing."""
        start = self.heard().seconds

        def silent() -> bool:
            heard = self.heard()
            latest = heard.since(max(start, heard.seconds - 3))
            return latest.seconds >= 2.9 and latest.seconds_of_sound() == 0

        eventually(silent, within=30, what="it is silent")

    def wait_heard(self, hz: float, *, seconds: float = 1, window_ms: int = WINDOW_MS) -> None:
        """Wait until, from now on, ``hz`` is heard for ``seconds``."""
        start = self.heard().seconds
        eventually(
            lambda: self.heard().since(start).seconds_of(hz, window_ms=window_ms) >= seconds,
            within=30,
            what=f"{hz:g} Hz is heard for {seconds:g} s",
        )


@pytest.fixture
def say(pulse: PulseAudio, tmp_path: Path) -> Callable[..., None]:
    """Say a tone into the microphone of an account."""

    def say(account: Account, hz: float, *, seconds: float = 60) -> None:
        file = write_tone(
            tmp_path / f"{account.user}-{hz}.wav", hz, seconds=seconds, rate=16000, dbfs=LEVEL_DBFS
        )
        pulse.play(f"{account.user}-mouth", file)

    return say


@pytest.mark.parametrize("codec", ["G722", "PCMU"])
def test_tone_comes_out_as_it_went_in(
    make_talker: MakeTalker, pulse: PulseAudio, say: Callable[..., None], tmp_path: Path, codec: str
) -> None:
    """Frequency exact, level within 1 dB, from a microphone of one phone to the speaker of the other."""
    hanna, hugo = make_talker(HANNA), make_talker(HUGO)
    for phone in (hanna, hugo):
        phone.do("codecs", "set", codec)
    say(HANNA, HZ)
    secure(hanna, hugo, HUGO.extension)
    assert hanna.wait_call(state="connected")["codec"] == codec
    ear = Ear(pulse, "hugo", tmp_path / "hugo.wav")
    ear.wait_heard(HZ, seconds=4)
    level = ear.heard().level_of(HZ)
    assert math.isclose(level, LEVEL_DBFS, abs_tol=1), level


@pytest.mark.parametrize("pair", [(HANNA, HUGO), (IDA, IVAN)], ids=["direct", "through Asterisk"])
def test_wideband(
    make_talker: MakeTalker,
    pulse: PulseAudio,
    say: Callable[..., None],
    tmp_path: Path,
    pair: tuple[Account, Account],
) -> None:
    """5 kHz is heard, between the phones as well as with Asterisk in between: G722 is agreed on by itself."""
    caller, callee = pair
    ours, theirs = make_talker(caller), make_talker(callee)
    say(caller, WIDE_HZ)
    ours.do("call", callee.extension)
    theirs.wait_call(state="incoming")
    theirs.do("answer")
    assert ours.wait_call(state="connected", pending=None)["codec"] == "G722"
    wait_devices(ours)
    wait_devices(theirs)
    ear = Ear(pulse, callee.user, tmp_path / "heard.wav")
    ear.wait_heard(WIDE_HZ, seconds=2, window_ms=SHORT_MS)


def test_device_of_another_rate(
    make_talker: MakeTalker, pulse: PulseAudio, say: Callable[..., None], tmp_path: Path
) -> None:
    """Pitch and level stay right with devices of 44.1 kHz."""
    hanna, hugo = make_talker(HANNA, rate=44100), make_talker(HUGO)
    say(HANNA, HZ)
    secure(hanna, hugo, HUGO.extension)
    ear = Ear(pulse, "hugo", tmp_path / "hugo.wav")
    ear.wait_heard(HZ, seconds=3)
    assert math.isclose(ear.heard().level_of(HZ), LEVEL_DBFS, abs_tol=1)
