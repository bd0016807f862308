"""Two phones with sound devices on one PulseAudio, what they cost, and how long a word takes between them."""

from __future__ import annotations

import array
import os
import statistics
import sys
import time
import wave
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from phone.audio.devices import enumerate_devices
from phone.audio.interface import Direction
from phone.audio.line import Line
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import Account
from tests.peers.linphone import Linphone
from tests.peers.parley import PARLEY, Parley
from tests.peers.process import Loopback
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import Recording, write_tone

RATE = 16_000
CLICK_EVERY_S = 0.73
"""No multiple of any frame."""
PITCH_HZ, CLICK_S = 1500, 0.02
LOUD = 3000
MOST_DELAY_S = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """A call whose caller's microphone is ``NAME-mouth``."""

    name: str
    caller: Parley | Linphone
    callee: Parley | Linphone
    ear: str
    """The sink that is the callee's speaker."""


class Rig:
    """A PulseAudio, and what talks by it."""

    def __init__(self, folder: Path, running: ExitStack, *, cancel_echo: str = "off") -> None:
        self.folder = folder
        self.running = running
        self._cancel_echo = cancel_echo
        self.loopback = Loopback()
        self.pulse = PulseAudio(folder)
        running.callback(self.pulse.close)
        self.pulse.plug("desk")
        self.pulse.default(speaker="desk", microphone="desk")
        os.environ.update(self.pulse.environment)
        self._asterisk: Asterisk | None = None
        self._phones = 0

    @property
    def asterisk(self) -> Asterisk:
        """An Asterisk, started when it is first asked for."""
        if self._asterisk is None:
            self._asterisk = Asterisk(self.loopback.address())
            self.running.callback(self._asterisk.close)
        return self._asterisk

    def parleys(
        self,
        name: str,
        accounts: Sequence[Account] = (),
        *,
        ppm: tuple[int, int] = (0, 0),
        codec: str = "G722",
    ) -> Pair:
        """Make a secured call of two Parleys, by their addresses or by Asterisk's ``accounts``.

        ``ppm``: how much too fast the clocks of the caller's devices are, and of the callee's.
        """
        phones = []
        for end, (microphone, speaker) in enumerate(
            ((f"{name}-mouth", f"{name}-back"), (f"{name}-talk", f"{name}-ear"))
        ):
            self.pulse.plug(microphone)
            self.pulse.plug(speaker)
            folder = self.new_folder()
            phone = Parley(
                folder,
                self.loopback.address(),
                430 + 120 * end,
                pulse=self.pulse,
                program=drifting(ppm[end]),
            )
            phone.start()
            self.running.callback(phone.close)
            phone.do("devices", "use", "microphone", f"Monitor of {microphone}")
            phone.do("devices", "use", "speaker", speaker)
            phone.do("devices", "cancel-echo", self._cancel_echo)
            phone.do("codecs", "set", codec)
            if accounts:
                account = accounts[end]
                phone.add_account(self.asterisk.uri(account.user), account.password)
                phone.wait_account("registered")
            phones.append(phone)
        caller, callee = phones
        caller.do("call", accounts[1].extension if accounts else callee.uri)
        callee.wait_call(state="incoming")
        callee.do("answer")
        made, _ = [phone.wait_call(state="connected", pending=None) for phone in phones]
        print(f"{name}: {made['codec']}, {made['level']}", flush=True)
        return Pair(name, caller, callee, f"{name}-ear")

    def linphones(self, name: str) -> Pair:
        """Make a secured call of two Linphones, by G722 and by PulseAudio as well."""
        phones = []
        for microphone in (f"{name}-mouth", f"{name}-talk"):
            self.pulse.plug(microphone)
            # it takes no other speaker than the first that it finds, which is the desk
            own = {"PULSE_SOURCE": f"{microphone}.monitor"}
            folder = self.new_folder()
            phone = Linphone(
                folder,
                self.loopback.address(),
                folder / "none",
                environment=self.pulse.environment | own,
                codec="G722",
            )
            self.running.callback(phone.close)
            phones.append(phone)
        caller, callee = phones
        caller.call(callee.uri)
        caller.wait_connected()
        caller.wait_secure()
        print(f"{name}: G722, ZRTP")
        return Pair(name, caller, callee, "desk")

    def new_folder(self) -> Path:
        """Return an empty folder."""
        self._phones += 1
        folder = self.folder / str(self._phones)
        folder.mkdir()
        return folder


def drifting(ppm: int) -> tuple[str, ...]:
    """Return the command ``parley`` for a machine whose sound devices are ``ppm`` too fast.

    PulseAudio's null sinks go by the computer's clock whatever their rate, and are resampled for who opens
    them at another one. So the devices are opened at a rate that is a little off, and what comes is taken for
    16 kHz.
    """
    if not ppm:
        return (PARLEY,)
    rate = round(RATE * (1 + ppm / 1e6))
    script = f"import phone.audio.line as line; line.RATE = {rate}; from phone.cli import main; exit(main())"
    return (sys.executable, "-c", script)


class Ear:
    """Hears clicks at the monitor of a sink, and notes when."""

    def __init__(self, sink: str) -> None:
        self.heard: list[float] = []
        """When each click began, seconds of the monotonic clock."""
        self._line = Line(Direction.CAPTURE, self._hear)
        self._line.wanted = f"Monitor of {sink}"
        self._line.tend(enumerate_devices())
        assert self._line.name == self._line.wanted

    def _hear(self, sound: bytes) -> None:
        now = time.monotonic()
        samples = array.array("h", bytes(sound))
        if not samples or max(samples) < LOUD:
            return
        first = next(number for number, sample in enumerate(samples) if sample >= LOUD)
        began = now - (len(samples) - first) / RATE
        if not self.heard or began - self.heard[-1] > CLICK_EVERY_S / 2:
            self.heard.append(began)

    def close(self) -> None:
        """Hear no more."""
        self._line.close()


def write_clicks(path: Path, seconds: float) -> Path:
    """Write short beeps, ``CLICK_EVERY_S`` apart, to a WAV file."""
    tone = Recording.read(write_tone(path, PITCH_HZ, seconds=CLICK_S, rate=RATE)).samples
    pause = array.array("h", bytes(2 * (round(CLICK_EVERY_S * RATE) - len(tone))))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((tone + pause).tobytes() * round(seconds / CLICK_EVERY_S))
    return path


def cpu_s(process: Path) -> float:
    """Return the CPU seconds that a process or a thread has used; ``process``: its folder in ``/proc``."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads_s(pid: int) -> dict[str, float]:
    """Return the CPU seconds that each thread of a process has used, by its number and name."""
    return {
        f"{task.name} {(task / 'comm').read_text().strip()}": cpu_s(task)
        for task in Path(f"/proc/{pid}/task").iterdir()
    }


def memory_mb(pid: int, kind: Literal["Rss", "Pss"]) -> float:
    """Return the memory of a process with all that it shares (RSS), or with its part of that (PSS), MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def delays_ms(said: list[float], heard: list[float]) -> list[float]:
    """Pair clicks, and return how long they took, shortest first."""
    found = []
    for at in said:
        following = [later - at for later in heard if 0 <= later - at < MOST_DELAY_S]
        found += following[:1]
    return sorted(1000 * delay for delay in found)


def summary(delays: list[float], said: int) -> str:
    """Return what there is to say of how long clicks took."""
    if not delays:
        return "no click was heard"
    worst = delays[min(len(delays) - 1, int(0.95 * len(delays)))]
    median = statistics.median(delays)
    return f"median {median:.0f} ms, 95 % under {worst:.0f} ms, {len(delays)} of {said} clicks"
