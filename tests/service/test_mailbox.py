"""The messages that callers have left."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from phone.service.errors import ServiceError
from phone.service.mailbox import Mailbox, Message

CALL = {
    "remote_uri": "sip:101@pbx.example",
    "remote_name": "Alice",
    "level": "AUTHENTICATED",
    "authenticated": "Authenticated to pbx",
}


def leave(mailbox: Mailbox, seconds: float) -> Path:
    """Leave a message of silence."""
    file = mailbox.new_file()
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(bytes(round(seconds * 32000)))
    mailbox.add(file, CALL)
    return file


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    """An empty one."""
    return Mailbox(tmp_path / "messages", "sip:mail@pbx.example")


def test_message_is_listed_copied_and_deleted(mailbox: Mailbox, tmp_path: Path) -> None:
    """For its owner alone."""
    file = leave(mailbox, 2)
    (message,) = mailbox.list()
    assert (message.seconds, message.name, message.level) == (2.0, "Alice", "AUTHENTICATED")
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.with_suffix(".json").stat().st_mode & 0o777 == 0o600
    assert mailbox.export(message.id[:-1], tmp_path / "copy.wav") == message
    assert (tmp_path / "copy.wav").read_bytes() == file.read_bytes()
    with pytest.raises(ServiceError, match="File exists"):
        mailbox.export(message.id, tmp_path / "copy.wav")
    mailbox.delete(message.id)
    assert list(file.parent.iterdir()) == []


def test_who_hangs_up_at_once_has_left_none(mailbox: Mailbox) -> None:
    """Nor who hung up before the file was begun."""
    file = leave(mailbox, 0.5)
    assert not file.exists()
    mailbox.add(mailbox.new_file(), CALL)
    assert mailbox.list() == []


def test_message_is_found_by_the_beginning_of_its_id(mailbox: Mailbox) -> None:
    """If that is the beginning of one alone; the latest without."""
    with pytest.raises(ServiceError, match="There is no message\\."):
        mailbox.find(None)
    for _ in range(2):
        leave(mailbox, 1.5)
    messages: list[Message] = mailbox.list()
    assert mailbox.find(None) == messages[0]
    assert mailbox.find(messages[1].id) == messages[1]
    with pytest.raises(ServiceError, match="Several"):
        mailbox.delete("2")
    with pytest.raises(ServiceError, match="no message nobody"):
        mailbox.find("nobody")


def test_damaged_message_does_not_hide_the_others(mailbox: Mailbox) -> None:
    """It is left where it is."""
    file = leave(mailbox, 1.5)
    leave(mailbox, 1.5)
    file.with_suffix(".json").write_text("{")
    assert len(mailbox.list()) == 1
