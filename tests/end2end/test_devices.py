"""Devices that come and go in the middle of a call, ringing, and recording."""

from __future__ import annotations

import array
import re
import wave
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from phone.audio.devices import enumerate_devices
from phone.audio.interface import Direction
from phone.audio.line import PULSEAUDIO_PLAYBACK_MS, Line
from tests.end2end.conftest import MakeParley
from tests.end2end.test_sound import HZ, Ear, MakeTalker, make_talker, say, wait_devices
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import HANNA, HUGO
from tests.peers.parley import Parley
from tests.peers.process import eventually
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import Recording

__all__ = ["make_talker", "say"]

OTHER_HZ = 613
THIRD_HZ = 1511


PULSEAUDIO_KEEPS = re.compile(r"Final latency ([0-9.]+) ms = [0-9.]+ ms \+ 2\*")
"""What it says of a playback stream: all of its buffer."""


@pytest.fixture
def listener(asterisk: Asterisk, make_parley: MakeParley) -> Parley:
    """A phone of files, which says ``OTHER_HZ``."""
    return make_parley(OTHER_HZ, asterisk=asterisk, account=HUGO)


def test_unplugged_headset_ends_no_call_and_is_taken_up_again(
    pulse: PulseAudio, make_talker: MakeTalker, listener: Parley, tmp_path: Path
) -> None:
    """The sound waits for the headset, and does not go to the loudspeaker; the notice says so."""
    phone = make_talker(HANNA)
    headset = pulse.plug("headset", called="Headset")
    phone.do("devices", "use", "speaker", "Headset")
    phone.do("call", HUGO.extension)
    listener.wait_call(state="incoming")
    listener.do("answer")
    wait_devices(phone, speaker="Headset")
    pulse.unplug(headset)
    wait_devices(phone, speaker=None)
    (sound,) = phone.do("devices", "list")
    assert "headset has gone" in sound["notice"]
    pulse.plug("headset", called="Headset")
    wait_devices(phone, speaker="Headset")
    phone.wait_call(state="connected", level="ENCRYPTED")
    ear = Ear(pulse, "headset", tmp_path / "heard.wav", monitor="headset")
    ear.wait_heard(OTHER_HZ)
    events = [event["sound"]["notice"] for event in phone.events() if event["event"] == "sound"]
    assert any(events)
    assert events[-1] is None


def test_user_may_have_the_loudspeaker_instead(
    pulse: PulseAudio, make_talker: MakeTalker, listener: Parley, tmp_path: Path
) -> None:
    """To choose it is to say that others may hear the call."""
    phone = make_talker(HANNA)
    headset = pulse.plug("headset", called="Headset")
    phone.do("devices", "use", "speaker", "Headset")
    phone.do("call", HUGO.extension)
    listener.wait_call(state="incoming")
    listener.do("answer")
    wait_devices(phone, speaker="Headset")
    pulse.unplug(headset)
    wait_devices(phone, speaker=None)
    phone.do("devices", "use", "speaker", "desk")
    wait_devices(phone, speaker="desk")
    Ear(pulse, "desk", tmp_path / "heard.wav", monitor="desk").wait_heard(OTHER_HZ)


def test_loudspeaker_has_time_at_pulseaudio(pulse: PulseAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one device period of 10 ms each scheduling delay was a gap that nothing counted."""
    monkeypatch.setenv("PULSE_SERVER", pulse.environment["PULSE_SERVER"])
    pulse.plug("desk")
    with closing(Line(Direction.PLAYBACK, bytes)) as line:
        line.tend(enumerate_devices())
        assert line.name == "desk"
        kept = [float(ms) for ms in PULSEAUDIO_KEEPS.findall(pulse.log.read_text())]
    assert kept == [pytest.approx(PULSEAUDIO_PLAYBACK_MS, abs=1)]


def test_unplugged_microphone_is_replaced_and_taken_up_again(
    pulse: PulseAudio, make_talker: MakeTalker, say: Callable[..., None], listener: Parley
) -> None:
    """By what the system would take, until it returns."""
    phone = make_talker(HANNA)
    plugged = pulse.plug("stick")
    phone.do("devices", "use", "microphone", "Monitor of stick")
    phone.do("call", HUGO.extension)
    listener.wait_call(state="incoming")
    listener.do("answer")
    wait_devices(phone, microphone="Monitor of stick")
    pulse.unplug(plugged)
    wait_devices(phone, microphone="Monitor of desk")
    pulse.plug("stick")
    wait_devices(phone, microphone="Monitor of stick")
    phone.wait_call(state="connected", level="ENCRYPTED")


def test_sound_system_that_crashes_and_returns(
    pulse: PulseAudio, make_talker: MakeTalker, say: Callable[..., None], listener: Parley
) -> None:
    """The call goes on in silence, and with sound when there is some again."""
    phone = make_talker(HANNA)
    phone.do("call", HUGO.extension)
    listener.wait_call(state="incoming")
    listener.do("answer")
    wait_devices(phone)
    pulse.kill()
    wait_devices(phone, microphone=None, speaker=None)
    phone.wait_call(state="connected", level="ENCRYPTED")
    assert "the call is silent" in phone.do("devices", "list")[0]["notice"]
    pulse.start()
    for name in ("desk", "hanna-mouth", "hanna-ear"):
        pulse.plug(name)
    wait_devices(phone, microphone="Monitor of hanna-mouth", speaker="hanna-ear")
    say(HANNA, HZ)
    listener.wait_heard(HZ)


def test_two_calls_at_once(
    make_talker: MakeTalker,
    pulse: PulseAudio,
    say: Callable[..., None],
    make_parley: MakeParley,
    tmp_path: Path,
) -> None:
    """The second one holds the first, which is heard no more; both are heard in a conference, and hear us."""
    phone = make_talker(HANNA)
    first, second = make_parley(OTHER_HZ), make_parley(THIRD_HZ)
    say(HANNA, HZ, seconds=180)
    ear = Ear(pulse, "hanna", tmp_path / "ear.wav")
    for number, other in enumerate((first, second), start=1):
        phone.do("call", other.uri)
        other.wait_answered(level="ENCRYPTED")
        phone.wait_call(id=str(number), state="connected", level="ENCRYPTED")
        wait_devices(phone, microphone="Monitor of hanna-mouth", speaker="hanna-ear")
        ear.wait_heard(other.hz)
        other.wait_heard(HZ)
    phone.wait_call(id="1", held=True)
    mark = ear.heard().seconds
    ear.wait_heard(THIRD_HZ, seconds=2)
    assert ear.heard().since(mark).seconds_with(OTHER_HZ) == 0
    phone.do("conference", "1", "2")
    eventually(
        lambda: all(ear.heard().since(mark).seconds_with(hz) >= 3 for hz in (OTHER_HZ, THIRD_HZ)),
        within=30,
        what="both are heard",
    )
    first.wait_heard_among(HZ, THIRD_HZ)
    second.wait_heard_among(HZ, OTHER_HZ)


def test_call_without_any_device(pulse: PulseAudio, make_parley: MakeParley, tmp_path: Path) -> None:
    """It is made, secured and ended all the same; the other side hears silence."""
    silent = make_parley(HZ, pulse=pulse)
    other = make_parley(OTHER_HZ)
    silent.do("call", other.uri)
    other.wait_call(state="incoming")
    other.do("answer")
    silent.wait_call(state="connected", level="ENCRYPTED")
    (sound,) = silent.do("devices", "list")
    assert (sound["microphones"], sound["speakers"]) == ([], [])
    eventually(
        lambda: "neither a microphone nor a loudspeaker" in (silent.do("devices", "list")[0]["notice"] or ""),
        within=20,
        what="it is said that the call is silent",
    )
    eventually(lambda: other.heard().seconds > 2, within=30, what="two seconds have come")
    assert other.heard().seconds_of_sound() == 0
    silent.do("hangup")
    other.wait_idle()
    assert silent.do("devices", "list")[0]["notice"] is None


def test_it_rings_on_the_ringer_and_stops(
    pulse: PulseAudio, make_talker: MakeTalker, listener: Parley, tmp_path: Path
) -> None:
    """And nowhere else; the caller hears that it rings where calls are heard."""
    phone = make_talker(HANNA)
    pulse.plug("bell")
    phone.do("devices", "use", "ringer", "bell")
    bell = Ear(pulse, "bell", tmp_path / "bell.wav", monitor="bell")
    ear = Ear(pulse, "hanna", tmp_path / "ear.wav")
    listener.do("call", HANNA.extension)
    phone.wait_call(state="incoming")
    bell.wait_sound(seconds=2)
    assert ear.heard().seconds_of_sound() == 0
    phone.do("reject")
    phone.wait_idle()
    bell.wait_silence()

    phone.do("call", HUGO.extension)
    listener.wait_call(state="incoming")
    ear.wait_heard(425)
    listener.do("reject")
    phone.wait_idle()
    bell.wait_silence()


def test_muted_microphone_is_zeros(make_parley: MakeParley) -> None:
    """Not a sample of it arrives: u-law's zero is zero again."""
    one, other = make_parley(HZ), make_parley(OTHER_HZ)
    one.do("codecs", "set", "PCMU")
    secure_by_uri(one, other)
    other.wait_heard(HZ)
    one.do("mute")
    mark = other.heard().seconds + 1
    eventually(lambda: other.heard().seconds > mark + 2, within=30, what="two seconds have passed")
    assert set(other.heard().since(mark).samples) == {0}


def test_recording_has_both_sides_and_is_announced(make_parley: MakeParley, tmp_path: Path) -> None:
    """Ours left, theirs right; the other phone says that the call may be recorded."""
    one, other = make_parley(HZ), make_parley(OTHER_HZ)
    file = tmp_path / "call.wav"
    one.do("announce-recording", "on")
    secure_by_uri(one, other)
    assert other.wait_call(state="connected")["remote_records"]
    assert not one.wait_call(state="connected")["remote_records"]
    one.do("record", "start", "--to", str(file))
    assert one.wait_call(state="connected")["recording"] == str(file)
    assert "already recorded" in one.refuse("record", "start", "--to", str(file))
    mark = other.heard().seconds
    eventually(lambda: other.heard().seconds > mark + 3, within=30, what="three seconds have passed")
    one.do("mute")
    mark = other.heard().seconds
    eventually(lambda: other.heard().seconds > mark + 3, within=30, what="three more")
    one.do("record", "stop")
    assert one.wait_call(state="connected")["recording"] is None
    assert file.stat().st_mode & 0o777 == 0o600
    with wave.open(str(file)) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 16000)
        both = array.array("h", wav.readframes(wav.getnframes()))
    ours, theirs = Recording(both[0::2], 16000), Recording(both[1::2], 16000)
    assert ours.seconds_of(HZ) >= 2
    assert ours.seconds_of_sound() < ours.seconds - 1
    assert theirs.seconds_of(OTHER_HZ) > theirs.seconds - 1


def test_secure_call_that_was_not_announced_is_not_recorded(make_parley: MakeParley, tmp_path: Path) -> None:
    """The keys are agreed already: it is too late to tell the other phone."""
    one, other = make_parley(HZ), make_parley(OTHER_HZ)
    secure_by_uri(one, other)
    assert "announce-recording on" in one.refuse("record", "start", "--to", str(tmp_path / "call.wav"))
    assert not (tmp_path / "call.wav").exists()


def secure_by_uri(caller: Parley, callee: Parley) -> None:
    """Make a call without a server."""
    caller.do("call", callee.uri)
    callee.wait_call(state="incoming")
    callee.do("answer")
    for phone in (caller, callee):
        phone.wait_call(state="connected", level="ENCRYPTED")
