"""What an unattended call talks to."""

from __future__ import annotations

import array
import wave
from pathlib import Path

import pytest

from phone.audio.attendant import MessageCard, PlayCard
from phone.audio.interface import FRAME_BYTES, RATE, SILENCE, AudioError

VOICE = array.array("h", [0, 4000, 0, -4000] * (FRAME_BYTES // 8)).tobytes()


def sound(path: Path, frames: float) -> Path:
    """Write ``frames`` times 20 ms of sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((VOICE * 10)[: round(frames * FRAME_BYTES)])
    return path


def test_file_is_said_once_and_its_end_is_told_once(tmp_path: Path) -> None:
    """The last frame is filled up with silence."""
    told: list[str] = []
    card = PlayCard(sound(tmp_path / "a.wav", 2.5), loop=False, ended=lambda: told.append("end"))
    said = [card.capture() for _ in range(3)]
    assert said[:2] == [VOICE] * 2
    assert said[2] == VOICE[: FRAME_BYTES // 2] + bytes(FRAME_BYTES // 2)
    assert told == []
    assert [card.capture() for _ in range(3)] == [SILENCE] * 3
    assert told == ["end"]


def test_music_begins_again(tmp_path: Path) -> None:
    """And never ends."""
    card = PlayCard(sound(tmp_path / "a.wav", 2), loop=True, ended=lambda: pytest.fail("it ended"))
    assert [card.capture() for _ in range(5)] == [VOICE] * 5


def test_whoever_is_stopped_tells_nothing(tmp_path: Path) -> None:
    """The call has something else now."""
    card = PlayCard(sound(tmp_path / "a.wav", 1), loop=False, ended=lambda: pytest.fail("it told"))
    card.stop()
    assert [card.capture() for _ in range(2)] == [VOICE, SILENCE]


@pytest.mark.parametrize(
    ("heard", "kept"),
    [([VOICE] * 100, 50), ([VOICE] * 3 + [SILENCE] * 40, 13), ([SILENCE] * 8 + [VOICE] + [SILENCE] * 9, 18)],
    ids=["too long", "silence", "a pause"],
)
def test_message_ends_in_silence_or_when_it_is_long_enough(
    tmp_path: Path, heard: list[bytes], kept: int
) -> None:
    """What comes after is not written."""
    told: list[str] = []
    file = tmp_path / "message.wav"
    card = MessageCard(file, longest_s=1.0, silence_s=0.2, ended=lambda: told.append("end"))
    card.start()
    for frame in heard:
        assert card.capture() == SILENCE
        card.playback(frame)
    card.stop()
    with wave.open(str(file), "rb") as written:
        assert written.getnframes() * 2 == kept * FRAME_BYTES
    assert told == ([] if len(heard) == kept else ["end"])


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """One is missing, one is there already."""
    with pytest.raises(AudioError, match=r"none\.wav"):
        PlayCard(tmp_path / "none.wav", loop=False, ended=lambda: None)
    there = sound(tmp_path / "there.wav", 1)
    with pytest.raises(AudioError, match=r"there\.wav"):
        MessageCard(there, longest_s=1, silence_s=1, ended=lambda: None)
