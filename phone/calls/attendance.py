"""Calls that nobody attends: each talks to a program of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from phone.audio.attendant import MessageCard, PlayCard
from phone.audio.echo import EchoCard
from phone.audio.interface import AudioError, SoundCard
from phone.audio.silent import NullCard
from phone.calls.switchboard import Switchboard
from phone.calls.values import CallError, CallSnapshot, Does, Happened, Programme


class Attendance:
    """Gives calls their programs, and tells when one is through."""

    def __init__(self, switchboard: Switchboard, from_thread: Callable[[Callable[[], None]], None]) -> None:
        """``from_thread``: has the reactor's thread call something."""
        self._switchboard = switchboard
        self._from_thread = from_thread

    def attend(self, call_id: str, programme: Programme) -> CallSnapshot:
        """Answer a call, if it rings, and begin a program in the place of the one that it had.

        The event ``attended`` follows when a file is through or a message taken. Raise CallError.
        """

        def tell() -> None:
            # it may have ended meanwhile, which was told
            with contextlib.suppress(CallError):
                self._switchboard.publish(Happened("attended", self._switchboard.call(call_id)))

        try:
            sound = _card(programme, lambda: self._from_thread(tell))
        except AudioError as error:
            raise CallError(str(error)) from error
        return self._switchboard.attend(call_id, sound)


def _card(programme: Programme, ended: Callable[[], None]) -> SoundCard:
    match programme.does:
        case Does.WAIT:
            return NullCard()
        case Does.ECHO:
            return EchoCard()
        case Does.PLAY:
            return PlayCard(_file(programme), loop=programme.loop, ended=ended)
        case Does.TAKE_MESSAGE:
            return MessageCard(
                _file(programme),
                longest_s=programme.longest_s,
                silence_s=programme.silence_s,
                ended=ended,
            )


def _file(programme: Programme) -> Path:
    if programme.file is None or not programme.file.is_absolute():
        raise CallError(f"To {programme.does.value.replace('_', ' ')} needs the whole path of a file.")
    return programme.file
