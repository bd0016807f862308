"""A WAV file as microphone and another as loudspeaker: a phone without a sound device."""

from __future__ import annotations

import logging
import os
import struct
import threading
from collections import deque
from io import FileIO
from pathlib import Path

from phone.audio.interface import FRAME_BYTES, RATE, SILENCE, AudioError, Health, Wish
from phone.audio.native import miniaudio

_log = logging.getLogger("parley.audio")

WRITE_INTERVAL_S = 0.2
"""How much of a recording may be lost when the process is killed."""

MOST_QUEUED = 3000
"""Frames that wait for a disk that has stalled: a minute."""

HEADER_BYTES = 44
MOST_BYTES = 0xFFFF_FFFF - HEADER_BYTES
"""A WAV file counts its bytes in 32 bits (37 hours here)."""


class WavCard:
    """Plays ``play`` as the microphone, again and again, and writes what is heard to ``record``.

    Any rate, width and number of channels can be played. The recording is a valid WAV file at any moment,
    also after ``kill -9``; it grows only while somebody is heard. Raises AudioError for files that cannot be
    used.
    """

    def __init__(self, play: Path | None, record: Path | None) -> None:
        self._microphone = _Loop(load(play)) if play is not None else None
        self._recording = Recording(record) if record is not None else None

    def start(self) -> None:
        """Start to write."""
        if self._recording is not None:
            self._recording.start()

    def stop(self) -> None:
        """Write the rest; a later ``start`` goes on where this ended."""
        if self._recording is not None:
            self._recording.stop()

    def capture(self) -> bytes:
        """Return the next 20 ms of the file; silence without a file."""
        return SILENCE if self._microphone is None else self._microphone.frame()

    def playback(self, frame: bytes) -> None:
        """Queue a frame for the recording."""
        if self._recording is not None:
            self._recording.write(frame)

    def wish(self, wish: Wish) -> None:
        """Files are not devices."""

    def health(self) -> Health:
        """No device is open, and nothing goes wrong."""
        return Health()


def load(path: Path) -> bytes:
    """Return the sound in ``path`` as 16 kHz mono, at least one sample. Raise AudioError."""
    try:
        encoded = path.read_bytes()
    except OSError as error:
        raise AudioError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        sound = miniaudio.decode(encoded, miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE)
    except miniaudio.DecodeError as error:
        raise AudioError(f"{path} is not a sound file that Parley can play.") from error
    if not sound.samples:
        raise AudioError(f"{path} has no sound in it.")
    return bytes(sound.samples)


class _Loop:
    """Sound without end."""

    def __init__(self, sound: bytes) -> None:
        self._length = len(sound)
        # continued by one frame, so that every frame is one slice
        self._sound = (sound * (FRAME_BYTES // len(sound) + 2))[: len(sound) + FRAME_BYTES]
        self._position = 0

    def frame(self) -> bytes:
        """Return the next 20 ms."""
        start = self._position
        self._position = (start + FRAME_BYTES) % self._length
        return self._sound[start : start + FRAME_BYTES]


class Recording:
    """A WAV file that grows, 16 kHz, mono or stereo; a thread of its own does the writing."""

    def __init__(self, path: Path, *, channels: int = 1, new: bool = False) -> None:
        """``new``: the file must not be there yet, and is made for our own user alone. Raise AudioError."""
        self.path = path
        self._channels = channels
        try:
            descriptor = os.open(
                path, os.O_CREAT | os.O_WRONLY | (os.O_EXCL if new else os.O_TRUNC), 0o600 if new else 0o666
            )
            with open(descriptor, "wb") as file:
                file.write(_header(0, channels))
        except OSError as error:
            raise AudioError(f"{path} cannot be written: {error.strerror}.") from error
        self._written = 0
        self._frames: deque[bytes] = deque(maxlen=MOST_QUEUED)
        self._turn = threading.Lock()
        """Held by the thread that writes."""
        self._stopping: threading.Event | None = None
        self._written_out = threading.Event()
        """The thread that was started last has written everything."""
        self._written_out.set()

    def start(self) -> None:
        """Start the writer."""
        if self._stopping is None:
            self._stopping, self._written_out = threading.Event(), threading.Event()
            # no daemon: the process does not end before the rest is written
            threading.Thread(
                target=self._run, args=(self._stopping, self._written_out), name="recording"
            ).start()

    def stop(self) -> None:
        """Let the writer write what is left, and end; nobody waits for the disk."""
        if self._stopping is not None:
            self._stopping.set()
            self._stopping = None

    def wait_written(self, seconds: float) -> None:
        """After ``stop``: wait until all of it is written, but no longer than this."""
        self._written_out.wait(seconds)

    def write(self, frame: bytes) -> None:
        """Queue a frame; nothing blocks."""
        self._frames.append(frame)

    def _run(self, stopping: threading.Event, written_out: threading.Event) -> None:
        try:
            with self._turn, self.path.open("r+b", buffering=0) as file:
                while not stopping.wait(WRITE_INTERVAL_S) and threading.main_thread().is_alive():
                    self._write_queued(file)
                self._write_queued(file)
        except OSError as error:
            _log.warning("%s is no longer written: %s", self.path, error.strerror)
        finally:
            written_out.set()

    def _write_queued(self, file: FileIO) -> None:
        chunk = b"".join(self._frames.popleft() for _ in range(len(self._frames)))
        chunk = chunk[: MOST_BYTES - self._written]
        if chunk:
            # the header follows the sound, so it never promises what is not there
            file.seek(HEADER_BYTES + self._written)
            file.write(chunk)
            self._written += len(chunk)
            file.seek(0)
            file.write(_header(self._written, self._channels))


def _header(sound_bytes: int, channels: int) -> bytes:
    """Return the header of a PCM WAV file (RIFF chunk, ``fmt ``, ``data``)."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        HEADER_BYTES - 8 + sound_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        RATE,
        RATE * 2 * channels,
        2 * channels,
        16,
        b"data",
        sound_bytes,
    )
