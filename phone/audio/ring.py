"""A buffer between two clocks."""

from __future__ import annotations

import array
import threading
import time
from collections import deque
from collections.abc import Callable

from phone.audio.interface import RATE
from phone.audio.resampling import Resampler

_SAMPLE = 2
"""Bytes."""
_MS = RATE // 1000 * _SAMPLE
"""Bytes in a millisecond."""

TARGET_MS = 35
"""What waits on average over time: half a frame of the writer's and half of the reader's are in it."""
FIRST_MS = 25
"""What has to wait, when a read is done, before the first sound is let out."""
MOST_TARGET_MS = 90
UNDERRUN_MS = 10
"""How much more is to wait after each underrun."""
LEAST_TARGET_MS = 24
SCARCE_MS = 5
SCARCITY_MS = 2
"""When less than ``SCARCE_MS`` was left after a read, so much more is to wait, before it is too little."""
AMPLE_MS = 13
AMPLE_LOOKS = 20
PLENTY_MS = 0.2
"""When never less than ``AMPLE_MS`` was left in so many looks, so much less has to wait, again and again."""

LIMIT_MS = 200
"""Never more than this waits."""
EXCESS_MS = 25
"""So much beyond the target is not drawn out but cut."""
LOUD_CUT_MS = 20
"""What is cut at a time while something is said: a period or two of a voice."""
QUIET_PEAK = 300
"""-41 dB full scale."""

LOOK_MS = 500
"""Over so long the average is taken."""
SETTLING_LOOKS = 6
"""So often at the beginning what waits is put right at once: devices open in fits and starts, and little was
said yet."""
SETTLED_MS = 2.0
"""So far from the target is right."""

GAIN = 0.0001
"""Change of speed for each millisecond beyond the target: 0.1 % for 10 ms. Proportional only: an integral
part oscillates. Clocks that differ by 500 ppm are 5 ms away from the target."""
INERTIA = 0.2
"""How much of the way to its new value the speed goes at each look, so that late frames do not shake it."""
MOST_CHANGE = 0.002
"""Change of speed that nobody hears: a thirtieth of a semitone."""


class Ring:
    """Sound first in, first out; safe between two threads whose clocks differ.

    The reader never waits: what is missing is silence, and more is kept waiting afterwards. The writer never
    waits: what is too old is dropped. In between what is written is resampled, faster or slower by as much
    as it takes to keep ``TARGET_MS`` waiting on average over time, which does not depend on how the two
    sides' frames lie to each other.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """``now``: seconds of any clock."""
        self._now = now
        self._resampler: Resampler | None = None
        self._speed = 1.0
        """Samples that are written for each that is kept."""
        self._sound = bytearray()
        self._lock = threading.Lock()
        self._target_ms = float(TARGET_MS)
        """What is to wait on average."""
        self._left: deque[float] = deque([LIMIT_MS], maxlen=AMPLE_LOOKS)
        """The least that was left after a read, ms: since the last look, and between the looks before."""
        self._level = 0.0
        """What has waited since the last look: byte seconds."""
        self._weighed = self._looked = 0.0
        """When that was last added to, and when it was begun."""
        self._settling = 0
        """Looks that are left until the beginning is over."""
        self._filling = True
        """Silence until enough waits."""
        self._is_read = False
        """Somebody has read since sound was last dropped."""
        self.waiting_ms = 0.0
        """What waited on average over the last ``LOOK_MS``."""
        self.underruns = 0
        """Times that sound was missing."""
        self.overruns = 0
        """Times that sound was dropped while it was not quiet."""

    def __len__(self) -> int:
        return len(self._sound)

    @property
    def speed(self) -> float:
        """How many samples go in for each that comes out; 1.0: the clocks agree."""
        return self._speed

    def prepare(self) -> None:
        """Make ready to resample, which takes a library that takes 0.2 s to load; once, before it is used.

        What is written before is lost.
        """
        if self._resampler is None:
            self._resampler = Resampler()

    def write(self, sound: bytes) -> None:
        """Append ``sound``, 16 kHz mono, from one thread; drop the oldest beyond ``LIMIT_MS``."""
        if self._resampler is None:
            return
        sound = self._resampler.process(sound, self._speed)
        with self._lock:
            self._weigh()
            self._sound += sound
            excess = len(self._sound) - LIMIT_MS * _MS
            if excess > 0:
                # down to the target at once: one gap is better than many
                del self._sound[: max(excess, len(self._sound) - int(self._target_ms) * _MS)]
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
                if len(self._sound) < (FIRST_MS - TARGET_MS + self._target_ms) * _MS + length:
                    return bytes(length)
                self._filling = False
                self._settling = SETTLING_LOOKS
                self._level, self._weighed = 0.0, self._now()
                self._looked = self._weighed
            self._weigh()
            self._look()
            if len(self._sound) < length:
                return self._run_dry(length)
            sound = bytes(self._sound[:length])
            del self._sound[:length]
            self._left[-1] = min(self._left[-1], len(self._sound) / _MS)
            return sound

    def clear(self) -> None:
        """Forget everything in it, and how much had to wait."""
        with self._lock:
            self._sound.clear()
            self._filling = True
            self._target_ms = TARGET_MS
            self._speed = 1.0

    def _weigh(self) -> None:
        """Count what has waited up to now; before anything is added or taken."""
        now = self._now()
        self._level += (now - self._weighed) * len(self._sound)
        self._weighed = now

    def _look(self) -> None:
        """See now and then how much waits, and change the speed."""
        passed = self._weighed - self._looked
        if passed * 1000 < LOOK_MS:
            return
        self.waiting_ms = self._level / passed / _MS
        self._level, self._looked = 0.0, self._weighed
        self._aim()
        excess = self.waiting_ms - self._target_ms
        self._settling = max(0, self._settling - 1)
        if excess > (SETTLED_MS if self._settling else EXCESS_MS):
            self._cut(excess if self._settling or self._is_quiet() else LOUD_CUT_MS)
            return
        wanted = 1 + max(-MOST_CHANGE, min(MOST_CHANGE, GAIN * excess))
        self._speed += INERTIA * (wanted - self._speed)

    def _aim(self) -> None:
        """Let more wait where it nearly was too little, and less where it is too much."""
        if self._left[-1] < SCARCE_MS:
            self._target_ms = min(self._target_ms + SCARCITY_MS, MOST_TARGET_MS)
        elif len(self._left) == AMPLE_LOOKS and min(self._left) > AMPLE_MS:
            self._target_ms = max(self._target_ms - PLENTY_MS, LEAST_TARGET_MS)
        self._left.append(LIMIT_MS)

    def _is_quiet(self) -> bool:
        """Whether nothing is said in what waits."""
        samples = array.array("h", bytes(self._sound))
        return not samples or (max(samples) < QUIET_PEAK and min(samples) > -QUIET_PEAK)

    def _cut(self, milliseconds: float) -> None:
        """Leave out about so much of what waits, or as much as there is."""
        assert self._resampler is not None
        samples = round(milliseconds * RATE / 1000)
        self._sound[:] = self._resampler.shorten(bytes(self._sound), samples // 2, samples)

    def _run_dry(self, length: int) -> bytes:
        sound = bytes(self._sound[:length]).ljust(length, b"\0")
        self._sound.clear()
        self.underruns += 1
        self._filling = True
        self._target_ms = min(self._target_ms + UNDERRUN_MS, MOST_TARGET_MS)
        self._left.clear()
        self._left.append(LIMIT_MS)
        return sound
