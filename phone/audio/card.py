"""A microphone and a loudspeaker, through miniaudio."""

from __future__ import annotations

from phone.audio.canceller import EchoCanceller
from phone.audio.interface import FRAME_BYTES, Direction, Health, Wish
from phone.audio.line import Line
from phone.audio.ring import Ring
from phone.audio.watchdog import Watchdog


class DeviceCard:
    """The devices of the user's choice, open while a call needs them.

    A device that vanishes ends no call: without a microphone the other side hears silence, without a
    loudspeaker one can still talk, and what comes back is taken up again.
    """

    def __init__(self, canceller: EchoCanceller | None = None) -> None:
        """``canceller``: a stand-in for tests."""
        self._canceller = canceller or EchoCanceller()
        self._captured = Ring()
        self._played = Ring()
        self._microphone = Line(Direction.CAPTURE, self._hear)
        self._speaker = Line(Direction.PLAYBACK, self._speak, steadfast=True)
        lines = (self._microphone, self._speaker)
        self._watchdog = Watchdog(lines, "sound devices", prepare=self._prepare, tended=self._tended)

    def start(self) -> None:
        """Open the devices in the background."""
        self._captured.clear()
        self._played.clear()
        self._watchdog.start()

    def stop(self) -> None:
        """Close the devices in the background."""
        self._watchdog.stop()

    def _prepare(self) -> None:
        self._captured.prepare()
        self._played.prepare()

    def capture(self) -> bytes:
        """Return the next frame of the microphone."""
        return self._captured.read(FRAME_BYTES)

    def playback(self, frame: bytes) -> None:
        """Queue a frame for the loudspeaker."""
        self._played.write(frame)

    def wish(self, wish: Wish) -> None:
        """Take these devices; that others may hear the call is then the user's wish as well."""
        self._microphone.wanted = wish.microphone
        self._speaker.wanted = wish.speaker
        self._canceller.mode = wish.echo
        self._canceller.evens_out = wish.even_out
        self._speaker.release()
        self._watchdog.nudge()

    def health(self) -> Health:
        """Return which devices are open and what went wrong."""
        return Health(
            microphone=self._microphone.name,
            speaker=self._speaker.name,
            waits_for_word=self._speaker.waits_for_word,
            lacks=tuple(line.direction for line in (self._microphone, self._speaker) if line.lacks_device),
            underruns=self._captured.underruns + self._played.underruns,
            overruns=self._captured.overruns + self._played.overruns,
            echo=self._canceller.state,
        )

    def _hear(self, sound: bytes) -> None:
        self._captured.write(self._canceller.hear(sound))

    def _speak(self, length: int) -> bytes:
        sound = self._played.read(length)
        self._canceller.say(sound)
        return sound

    def _tended(self) -> None:
        self._canceller.settle(self._microphone.device, self._speaker.device)
