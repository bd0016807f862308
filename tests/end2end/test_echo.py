"""A loudspeaker that the microphone hears: what the other side gets to hear of itself."""

from __future__ import annotations

from pathlib import Path

from phone.audio.interface import RATE
from tests.end2end.conftest import MakeParley
from tests.peers.parley import Parley
from tests.peers.process import eventually
from tests.peers.pulseaudio import PulseAudio
from tests.peers.room import speech
from tests.peers.tones import Recording, dbfs, mean_power, write_samples

FAR_HZ, NEAR_HZ = 997, 613
"""No tone is said here: they only tell the phones apart."""

ECHO_MS = 80

SILENT_DB = -70.0
"""G722 has some noise even where nothing is said."""


def level_db(heard: Recording) -> float:
    """Return how loud it is on average."""
    return dbfs(mean_power(heard.samples))


def wait_echo(phone: Parley, state: str) -> None:
    """Wait until this is what is done about echo."""

    def fits() -> bool:
        (sound,) = phone.do("devices", "list")
        return bool(sound["echo"] == state)

    eventually(fits, within=20, what=f"{state!r} is done about echo")


def next_seconds(phone: Parley, seconds: float) -> Recording:
    """Wait until ``phone`` has heard that much more, and return it."""
    start = phone.heard().seconds
    eventually(lambda: phone.heard().seconds >= start + seconds, within=30, what=f"{seconds:g} s more")
    return phone.heard().since(start)


def wait_quieter(phone: Parley, before_db: float) -> None:
    """Wait until ``phone`` hears 15 dB less than before."""
    eventually(
        lambda: level_db(next_seconds(phone, 2)) <= before_db - 15, within=60, what="the echo is 15 dB lower"
    )


def test_other_side_does_not_hear_itself(pulse: PulseAudio, make_parley: MakeParley, tmp_path: Path) -> None:
    """The echo goes, and the near side stays; muted is silent; a headset needs none of it."""
    for name in ("mouth", "ear", "headset"):
        pulse.plug(name, called="Headset" if name == "headset" else "")
    pulse.default(speaker="ear", microphone="mouth")
    pulse.echo("ear", "mouth", delay_ms=ECHO_MS)
    near = make_parley(NEAR_HZ, pulse=pulse)
    far = make_parley(FAR_HZ, start=False)
    write_samples(far.speech, map(round, speech(20, 1)), rate=RATE)
    far.start()
    near.do("devices", "cancel-echo", "off")
    near.do("call", far.uri)
    far.wait_call(state="incoming")
    far.do("answer")
    near.wait_call(state="connected", level="ENCRYPTED")
    wait_echo(near, "off")
    eventually(lambda: level_db(next_seconds(far, 1)) > -30, within=30, what="the far side hears itself")
    before_db = level_db(next_seconds(far, 3))

    near.do("devices", "cancel-echo", "auto")
    wait_echo(near, "parley")
    wait_quieter(far, before_db)

    said = write_samples(tmp_path / "said.wav", map(round, speech(10, 2, pitch_hz=210) * 6), rate=RATE)
    start = far.heard().seconds
    talking = pulse.play("mouth", said)
    eventually(
        lambda: far.heard().since(start).seconds_of_sound() >= 2, within=30, what="the near side is heard"
    )
    near.do("mute")
    near.wait_call(muted=True)
    eventually(lambda: level_db(next_seconds(far, 1)) < SILENT_DB, within=20, what="muted is silent")
    talking.end()
    near.do("unmute")
    near.wait_call(muted=False)
    wait_quieter(far, before_db)

    near.do("devices", "use", "speaker", "Headset")
    told = ["Parley takes echo and noise out", "A headset makes no echo"]

    def tells() -> bool:
        reasons = [event["sound"]["echo_reason"] for event in near.events() if event["event"] == "sound"]
        return all(any(text in reason for reason in reasons) for text in told)

    eventually(tells, within=20, what=f"{told} are told")
