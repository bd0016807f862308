"""A WAV file as microphone, another as loudspeaker."""

from __future__ import annotations

import array
import math
import os
import signal
import subprocess
import sys
import threading
import wave
from io import FileIO
from pathlib import Path

import pytest

from phone.audio import wav
from phone.audio.interface import FRAME_BYTES, RATE, SILENCE, AudioError
from phone.audio.wav import WavCard
from tests.peers.process import eventually
from tests.peers.tones import Recording, write_tone

FRAMES_PER_S = 50


def write_wav(path: Path, sound: bytes, *, rate: int = RATE, channels: int = 1, width: int = 2) -> Path:
    """Write a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(sound)
    return path


def read_wav(path: Path) -> bytes:
    """Return the sound of a WAV file that must be 16 kHz mono."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return file.readframes(file.getnframes())


def capture(card: WavCard, frames: int) -> bytes:
    """Return so many frames of the microphone, one after the other."""
    return b"".join(card.capture() for _ in range(frames))


def test_file_is_the_microphone_and_begins_again(tmp_path: Path) -> None:
    """Samples come as they are in the file, and after the last one the first, in the middle of a frame."""
    sound = os.urandom(FRAME_BYTES * 2 + 100)
    card = WavCard(write_wav(tmp_path / "play.wav", sound), None)
    assert capture(card, 7) == (sound * 4)[: FRAME_BYTES * 7]


@pytest.mark.parametrize("samples", [1, 7, 319, 320, 321])
def test_file_shorter_than_a_frame(tmp_path: Path, samples: int) -> None:
    """Even one sample is repeated without a gap."""
    sound = os.urandom(samples * 2)
    card = WavCard(write_wav(tmp_path / "play.wav", sound), None)
    assert capture(card, 3) == (sound * 1000)[: FRAME_BYTES * 3]


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (8000, 2), (22050, 1), (44100, 2), (48000, 1)])
def test_other_rates_and_channels_are_converted(tmp_path: Path, rate: int, channels: int) -> None:
    """A tone keeps its pitch and level, whatever file it comes from."""
    mono = Recording.read(write_tone(tmp_path / "tone.wav", 440, rate=rate, dbfs=-10)).samples
    sound = array.array("h", (sample for sample in mono for _ in range(channels)))
    play = write_wav(tmp_path / "play.wav", sound.tobytes(), rate=rate, channels=channels)
    heard = Recording(array.array("h", capture(WavCard(play, None), FRAMES_PER_S)), RATE)
    assert heard.seconds_of(440) >= 0.8
    assert math.isclose(heard.level_of(440), -10, abs_tol=0.5)


def test_eight_bit_files_are_converted(tmp_path: Path) -> None:
    """Silence of 8-bit files, 0x80, is silence."""
    play = write_wav(tmp_path / "play.wav", b"\x80" * 1600, width=1)
    assert capture(WavCard(play, None), 2) == SILENCE * 2


def test_without_a_file_the_microphone_is_silent() -> None:
    """A card that only records says nothing."""
    assert WavCard(None, None).capture() == SILENCE


def test_what_is_heard_is_recorded(tmp_path: Path) -> None:
    """Every frame is in the file, in order, also those of a second call."""
    record = tmp_path / "record.wav"
    card = WavCard(None, record)
    sound = os.urandom(FRAME_BYTES * 20)
    for half in (sound[: FRAME_BYTES * 10], sound[FRAME_BYTES * 10 :]):
        card.start()
        for at in range(0, len(half), FRAME_BYTES):
            card.playback(half[at : at + FRAME_BYTES])
        card.stop()
    eventually(lambda: read_wav(record) == sound, within=20, what="all is written")


def test_nobody_waits_for_a_disk_that_has_stalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued is written when it goes on, also if another call has begun meanwhile."""
    disk = threading.Event()
    write = wav.Recording._write_queued

    def stalled(recording: wav.Recording, file: FileIO) -> None:
        assert disk.wait(20)
        write(recording, file)

    monkeypatch.setattr(wav.Recording, "_write_queued", stalled)
    record = tmp_path / "record.wav"
    recording = wav.Recording(record)
    for number in range(3):
        recording.start()
        recording.write(bytes([number]) * FRAME_BYTES)
        recording.stop()
    assert read_wav(record) == b""
    disk.set()
    sound = b"".join(bytes([number]) * FRAME_BYTES for number in range(3))
    eventually(lambda: read_wav(record) == sound, within=20, what="all is written")


def test_process_that_ends_writes_the_rest(tmp_path: Path) -> None:
    """Also where nobody has stopped the recording."""
    record = tmp_path / "record.wav"
    code = f"""
import pathlib
from phone.audio.wav import Recording
recording = Recording(pathlib.Path({str(record)!r}))
recording.start()
recording.write(bytes({FRAME_BYTES}))
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert read_wav(record) == SILENCE


def test_starting_and_stopping_twice_is_harmless(tmp_path: Path) -> None:
    """As may happen when calls overlap."""
    record = tmp_path / "record.wav"
    card = WavCard(None, record)
    card.start()
    card.start()
    card.playback(SILENCE)
    card.stop()
    card.stop()
    eventually(lambda: read_wav(record) == SILENCE, within=20, what="it is written")


def test_recording_without_sound_is_a_wav_file(tmp_path: Path) -> None:
    """An empty one, from the beginning."""
    record = tmp_path / "record.wav"
    WavCard(None, record)
    assert read_wav(record) == b""


def test_recording_is_readable_after_kill(tmp_path: Path) -> None:
    """Header and length are valid although nobody has closed the file."""
    record = tmp_path / "record.wav"
    code = f"""
import pathlib, time
from phone.audio import wav
from phone.audio.wav import WavCard
card = WavCard(None, pathlib.Path({str(record)!r}))
card.start()
while True:
    card.playback(bytes(range(256)) * 2 + bytes(128))
    time.sleep(0.002)
"""
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        try:
            grown = eventually(
                lambda: record.exists() and record.stat().st_size > 50_000, within=20, what="it is recorded"
            )
            assert grown
        finally:
            process.send_signal(signal.SIGKILL)
    sound = read_wav(record)
    assert len(sound) > 40_000
    assert sound.startswith(bytes(range(256)))
    assert len(sound) % FRAME_BYTES == 0


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(AudioError, match=r"nothing\.wav cannot be read: No such file"):
        WavCard(tmp_path / "nothing.wav", None)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 100])
def test_file_that_is_no_sound(tmp_path: Path, content: bytes) -> None:
    """It is named."""
    (tmp_path / "play.wav").write_bytes(content)
    with pytest.raises(AudioError, match=r"play\.wav is not a sound file"):
        WavCard(tmp_path / "play.wav", None)


def test_file_without_sound(tmp_path: Path) -> None:
    """A header alone cannot be played."""
    with pytest.raises(AudioError, match=r"play\.wav"):
        WavCard(write_wav(tmp_path / "play.wav", b""), None)


def test_recording_where_nothing_can_be_written(tmp_path: Path) -> None:
    """The folder that is missing is named."""
    with pytest.raises(AudioError, match=r"record\.wav cannot be written: No such file"):
        WavCard(None, tmp_path / "missing" / "record.wav")
