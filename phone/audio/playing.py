"""Playing a file to its end, for a command that may wait."""

from __future__ import annotations

import threading
from pathlib import Path

from phone.audio.interface import RATE, AudioError
from phone.audio.native import miniaudio


def play_file(path: Path) -> None:
    """Play a sound file on the system's own loudspeaker; return when it is through. Raise AudioError."""
    through = threading.Event()
    try:
        stream = miniaudio.stream_file(
            str(path), output_format=miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE
        )
        sound = miniaudio.stream_with_callbacks(stream, end_callback=through.set)
        next(sound)
        with miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE
        ) as device:
            device.start(sound)
            through.wait()
    except miniaudio.MiniaudioError as error:
        raise AudioError(f"{path} cannot be played: {error}.") from error
