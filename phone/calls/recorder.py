"""Recording one call to a file, with the other side's knowledge."""

from __future__ import annotations

from pathlib import Path

from phone.audio.interface import AudioError
from phone.audio.wav import Recording
from phone.calls.values import CallError
from phone.media.leg import MediaLeg
from phone.sip.interface import SipCall


class Recorder:
    """At most one recording at a time."""

    def __init__(self, call: str, leg: MediaLeg) -> None:
        """``call``: its id, for people."""
        self._call = call
        self._leg = leg
        self._recording: Recording | None = None

    @property
    def file(self) -> str | None:
        """Where it is being written to."""
        return None if self._recording is None else str(self._recording.path)

    def start(self, path: Path, sip: SipCall) -> None:
        """Write both sides to a new WAV file, until ``stop``. Raise CallError."""
        if self._recording is not None:
            raise CallError(f"Call {self._call} is already recorded, to {self._recording.path}.")
        if self._leg.state.secured is not None and not self._leg.discloses:
            raise CallError(
                "The other phone was not told that this call may be recorded; it is told when the keys are"
                " agreed. Switch that on before you call: parley announce-recording on."
            )
        try:
            recording = Recording(path, channels=2, new=True)
        except AudioError as error:
            raise CallError(str(error)) from error
        recording.start()
        self._recording = recording
        sip.record(recording)

    def stop(self, sip: SipCall) -> bool:
        """Close the file; return whether there was one."""
        recording, self._recording = self._recording, None
        if recording is None:
            return False
        sip.record(None)
        recording.stop()
        return True
