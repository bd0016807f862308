"""The messages that callers have left: WAV files in one folder, and beside each what is known of it."""

from __future__ import annotations

import json
import logging
import os
import secrets
import wave
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from phone.service.errors import ServiceError

_log = logging.getLogger("parley.service")

SHORTEST_S = 1.0
"""Of a message: somebody who hung up during the greeting has left none."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    id: str
    """Names it in commands."""
    received: str
    """ISO 8601 date-time, UTC."""
    account: str
    """At which end it was left."""
    uri: str
    """Of the caller."""
    name: str
    seconds: float
    level: str
    """How well the call was protected."""
    authenticated: str | None
    file: str
    """Absolute path of the WAV file."""


class Mailbox:
    """The messages of one service."""

    def __init__(self, folder: Path, account: str = "") -> None:
        """``folder``: made if it is not there, for our own user alone; ``account``: of new messages."""
        self._folder = folder
        self._account = account

    def new_file(self) -> Path:
        """Return where the next message goes. Raise ServiceError."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ServiceError(f"{self._folder} cannot be made: {error.strerror}.") from error
        return self._folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.wav"

    def add(self, file: Path, call: dict[str, Any]) -> None:
        """Keep what a call has left in ``file``; too short a message is thrown away."""
        try:
            seconds = _seconds(file)
            if seconds < SHORTEST_S:
                file.unlink(missing_ok=True)
                return
            message = Message(
                id=file.stem,
                received=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                account=self._account,
                uri=call["remote_uri"],
                name=call["remote_name"],
                seconds=round(seconds, 1),
                level=call["level"],
                authenticated=call["authenticated"],
                file=str(file),
            )
            descriptor = os.open(file.with_suffix(".json"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "w", encoding="utf-8") as known:
                json.dump(asdict(message), known)
            _log.info("a message of %.0f s from %s", seconds, message.uri)
        except OSError as error:
            _log.error("The message in %s cannot be kept: %s.", file, error.strerror)

    def list(self) -> list[Message]:
        """Return all messages, the latest first. What was damaged is left out, and told in the log."""
        found = []
        for path in sorted(self._folder.glob("*.json"), reverse=True):
            try:
                found.append(Message(**json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                _log.warning("%s is not what a message was: %s.", path, error)
        return found

    def find(self, identifier: str | None) -> Message:
        """Return a message; ``None``: the latest. Raise ServiceError."""
        messages = self.list()
        if not messages:
            raise ServiceError("There is no message.")
        fitting = [each for each in messages if identifier is None or each.id.startswith(identifier)]
        if not fitting:
            raise ServiceError(f"There is no message {identifier}.")
        if identifier is not None and len(fitting) > 1:
            raise ServiceError(f"Several messages begin with {identifier}; write more of it.")
        return fitting[0]

    def play(self, identifier: str | None) -> Message:
        """Play a message to its end; ``None``: the latest. Raise PhoneError."""
        from phone.audio.playing import play_file  # noqa: PLC0415  # opens the sound system

        message = self.find(identifier)
        play_file(self._folder / f"{message.id}.wav")
        return message

    def export(self, identifier: str, file: Path) -> Message:
        """Copy a message to a new file, for our own user alone. Raise ServiceError."""
        message = self.find(identifier)
        try:
            sound = (self._folder / f"{message.id}.wav").read_bytes()
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "wb") as copy:
                copy.write(sound)
        except OSError as error:
            raise ServiceError(f"{error.filename} cannot be used: {error.strerror}.") from error
        return message

    def delete(self, identifier: str) -> Message:
        """Throw a message away. Raise ServiceError."""
        message = self.find(identifier)
        try:
            (self._folder / f"{message.id}.wav").unlink(missing_ok=True)
            (self._folder / f"{message.id}.json").unlink()
        except OSError as error:
            raise ServiceError(f"The message {message.id} cannot be deleted: {error.strerror}.") from error
        return message


def _seconds(file: Path) -> float:
    try:
        with wave.open(str(file), "rb") as sound:
            return sound.getnframes() / sound.getframerate()
    except (wave.Error, EOFError):
        return 0.0
