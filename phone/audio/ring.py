"""A buffer between two clocks."""

from __future__ import annotations

import array
import threading

from phone.audio.interface import RATE

_SAMPLE = 2
"""Bytes."""
_MS = RATE // 1000 * _SAMPLE
"""Bytes in a millisecond."""

TARGET_MS = 25
"""What has to wait, when a read is done, before the first sound is let out."""
PHASE_MS = 10
"""How much more waits on average: a frame of the writer's comes some time within one of the reader's."""
SLACK_MS = 10
"""So far from that average nothing is done: clocks that agree leave the sound untouched."""
MOST_TARGET_MS = 80
UNDERRUN_MS = 10
"""How much more is to wait after each underrun."""

LIMIT_MS = 200
"""Never more than this waits."""
EXCESS_MS = 60
"""So much beyond the average is dropped as soon as it is quiet."""
SETTLING_MS = 3000
"""And at once for so long after the beginning: devices open in fits and starts, and little was said yet."""
QUIET_MS = 10
QUIET_PEAK = 300
"""-41 dB full scale."""

GAIN = 0.0001
"""Change of speed for each millisecond beyond the slack: 0.1 % for 10 ms. Proportional only: an integral
part oscillates."""
MOST_CHANGE = 0.005
"""Change of speed that nobody hears: a twelfth of a semitone."""
SMOOTHING_MS = 1000

_HISTORY = 1
_LOOKAHEAD = 2
"""Samples before and after a stretch that interpolation needs."""


class Ring:
    """Sound first in, first out; safe between two threads whose clocks differ.

    The reader never waits: what is missing is silence, and more is kept waiting afterwards. The writer never
    waits: what is too old is dropped. In between the reader takes a sample more or less than it was asked
    for, interpolated over the whole stretch, as often as it takes to keep ``TARGET_MS`` waiting.
    """

    def __init__(self) -> None:
        self._sound = bytearray()
        self._lock = threading.Lock()
        self._target = float(TARGET_MS * _MS)
        self._mean = 0.0
        self._settling = 0
        """Bytes that are still to be read until the beginning is over."""
        self._debt = 0.0
        """Samples that are still to be skipped; negative: to be put in."""
        self._before = 0
        """The sample that was read last."""
        self._filling = True
        """Silence until enough waits."""
        self._is_read = False
        """Somebody has read since sound was last dropped."""
        self.underruns = 0
        """Times that sound was missing."""
        self.overruns = 0
        """Times that sound was dropped while it was not quiet."""

    def __len__(self) -> int:
        return len(self._sound)

    @property
    def waiting_ms(self) -> float:
        """Milliseconds that wait after a read, on average."""
        return self._mean / _MS

    def write(self, sound: bytes) -> None:
        """Append ``sound``, 16 kHz mono; drop the oldest beyond ``LIMIT_MS``."""
        with self._lock:
            self._sound += sound
            excess = len(self._sound) - LIMIT_MS * _MS
            if excess > 0:
                # down to the target at once: one gap is better than many
                del self._sound[: max(excess, len(self._sound) - int(self._target) // _SAMPLE * _SAMPLE)]
                if self._is_read and not self._filling:
                    self.overruns += 1
                elif not self._is_read:
                    self._filling = True  # nobody reads any more, as when a device has gone
                self._is_read = False

    def read(self, length: int) -> bytes:
        """Take ``length`` bytes, whole samples; if there are too few, silence follows them."""
        with self._lock:
            self._is_read = True
            if self._filling:
                if len(self._sound) < self._target + length:
                    return bytes(length)
                self._filling = False
                self._mean, self._debt = self._usual, 0.0
                self._settling = SETTLING_MS * _MS
            self._steer(length)
            skipped = round(self._debt) if abs(self._debt) >= 1 else 0
            taken = length + skipped * _SAMPLE
            if len(self._sound) < taken:
                return self._run_dry(length)
            self._debt -= skipped
            sound = self._stretch(taken, length) if skipped else bytes(self._sound[:taken])
            if taken:
                self._before = _samples(self._sound[taken - _SAMPLE : taken])[0]
            del self._sound[:taken]
            return sound

    def clear(self) -> None:
        """Forget everything in it, and how much had to wait."""
        with self._lock:
            self._sound.clear()
            self._filling = True
            self._target = float(TARGET_MS * _MS)

    @property
    def _usual(self) -> float:
        """Bytes that should wait on average."""
        return self._target + PHASE_MS * _MS

    def _steer(self, length: int) -> None:
        """Decide how fast the next ``length`` bytes go by."""
        waiting = len(self._sound) - length
        self._settling = max(0, self._settling - length)
        if waiting - self._usual > EXCESS_MS * _MS and (self._settling or self._is_quiet()):
            del self._sound[: QUIET_MS * _MS]
            return
        self._mean += (waiting - self._mean) * min(1.0, length / _MS / SMOOTHING_MS)
        excess = (self._mean - self._usual) / _MS
        change = GAIN * (excess - max(-SLACK_MS, min(SLACK_MS, excess)))
        self._debt += max(-MOST_CHANGE, min(MOST_CHANGE, change)) * length / _SAMPLE

    def _is_quiet(self) -> bool:
        samples = _samples(self._sound[: QUIET_MS * _MS])
        return max(samples) < QUIET_PEAK and min(samples) > -QUIET_PEAK

    def _run_dry(self, length: int) -> bytes:
        sound = bytes(self._sound[:length]).ljust(length, b"\0")
        self._sound.clear()
        self._before = 0
        self.underruns += 1
        self._filling = True
        self._target = min(self._target + UNDERRUN_MS * _MS, MOST_TARGET_MS * _MS)
        return sound

    def _stretch(self, taken: int, length: int) -> bytes:
        """Return the first ``taken`` bytes as ``length`` bytes (Catmull-Rom splines)."""
        following = _samples(self._sound[: taken + _LOOKAHEAD * _SAMPLE])
        points = array.array("h", [self._before]) + following
        missing = _HISTORY + taken // _SAMPLE + _LOOKAHEAD - len(points)
        points.extend(points[-1:] * missing)
        count = length // _SAMPLE
        step = taken / length
        out = array.array("h", bytes(length))
        for number in range(count):
            position = number * step
            at = int(position)
            t = position - at
            a, b, c, d = points[at : at + 4]
            value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
            out[number] = max(-32768, min(32767, round(value)))
        return out.tobytes()


def _samples(sound: bytes | bytearray) -> array.array[int]:
    return array.array("h", bytes(sound))
