"""How long a word takes from mouth to ear, and what a call costs, beside Linphone and baresip in one run.

    python -m bench.sound [SECONDS [CANCEL_ECHO]]

``CANCEL_ECHO``: ``on`` to see what that costs; clicks are noise to it. Needs what ``tests/run`` installs.
Prints:

- *mouth to ear*: clicks into the microphone of one phone, a null sink's monitor, found again at the speaker
  of the other, over a secured G722 call on loopback; PulseAudio's part is in it. Median and 95th percentile.
  Both monitors are heard by this process, so what they add is taken off again.
- *CPU*: seconds of CPU per minute of call of one Parley with sound devices, in a secured G722 call, and how
  much of it each of its threads takes; of a linphonec and a baresip that call each other by G.711, and play
  and record files.
"""

from __future__ import annotations

import array
import os
import statistics
import sys
import tempfile
import time
import wave
from contextlib import ExitStack
from pathlib import Path

from phone.audio.devices import enumerate_devices
from phone.audio.interface import Direction
from phone.audio.line import Line
from tests.peers.baresip import Baresip
from tests.peers.linphone import Linphone
from tests.peers.parley import Parley
from tests.peers.process import Loopback
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import Recording, write_tone

RATE = 16_000
CLICK_EVERY_S = 0.73
"""No multiple of any frame."""
PITCH_HZ, CLICK_S = 1500, 0.02
LOUD = 3000
SETTLE_S = 6.0


def write_clicks(path: Path, seconds: float) -> None:
    """Write short beeps, ``CLICK_EVERY_S`` apart, to a WAV file."""
    tone = Recording.read(write_tone(path, PITCH_HZ, seconds=CLICK_S, rate=RATE)).samples
    pause = array.array("h", bytes(2 * (round(CLICK_EVERY_S * RATE) - len(tone))))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((tone + pause).tobytes() * round(seconds / CLICK_EVERY_S))


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


def cpu_s(process: Path) -> float:
    """Return the CPU seconds that a process or a thread has used; ``process``: its folder in ``/proc``."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads_s(pid: int) -> dict[int, float]:
    """Return the CPU seconds that each thread of a process has used; the first is that of the reactor."""
    return {int(task.name): cpu_s(task) for task in Path(f"/proc/{pid}/task").iterdir()}


def per_minute(pids: dict[str, int], seconds: float) -> dict[str, float]:
    """Return CPU seconds per minute of each process, measured over the same ``seconds``."""
    before = {name: cpu_s(Path(f"/proc/{pid}")) for name, pid in pids.items()}
    time.sleep(seconds)
    return {name: (cpu_s(Path(f"/proc/{pid}")) - before[name]) * 60 / seconds for name, pid in pids.items()}


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    loopback = Loopback()
    with ExitStack() as running, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pulse = PulseAudio(folder)
        running.callback(pulse.close)
        for sink in ("desk", "mouth", "ear"):
            pulse.plug(sink)
        pulse.default(speaker="desk", microphone="desk")
        phones = []
        for hz, microphone, speaker in ((430, "mouth", "desk"), (550, "desk", "ear")):
            (folder / str(hz)).mkdir()
            phone = Parley(folder / str(hz), loopback.address(), hz, pulse=pulse)
            phone.start()
            running.callback(phone.close)
            phone.do("devices", "use", "microphone", f"Monitor of {microphone}")
            phone.do("devices", "use", "speaker", speaker)
            phone.do("devices", "cancel-echo", sys.argv[2] if len(sys.argv) > 2 else "off")
            phones.append(phone)
        caller, callee = phones
        call(caller, callee)

        linphone, baresip = make_peers(folder, loopback, running)
        linphone.call(baresip.uri)
        linphone.wait_connected()
        clicked = folder / "clicks.wav"
        write_clicks(clicked, SETTLE_S + seconds + 20)
        pulse.play("mouth", clicked)
        time.sleep(SETTLE_S)
        os.environ.update(pulse.environment)
        mouth, ear = Ear("mouth"), Ear("ear")
        before = threads_s(caller.pid)
        costs = per_minute({"Parley": caller.pid, "linphonec": linphone.pid, "baresip": baresip.pid}, seconds)
        after = threads_s(caller.pid)
        mouth.close()
        ear.close()
        print_delays(mouth.heard, ear.heard)
        for kind, cost in costs.items():
            print(f"{kind:10} {cost:6.2f} s of CPU per minute")
        shares = {task: (after[task] - before.get(task, 0)) * 60 / seconds for task in after}
        print("of it, by thread:", ", ".join(f"{share:.2f}" for _, share in sorted(shares.items())))
        (sound,) = callee.do("devices", "list")
        print(f"missing {sound['underruns']}, dropped {sound['overruns']}")


def make_peers(folder: Path, loopback: Loopback, running: ExitStack) -> tuple[Linphone, Baresip]:
    """Return a Linphone and a baresip, which will talk to each other."""
    peers = []
    for kind in (Linphone, Baresip):
        own = folder / kind.__name__
        own.mkdir()
        peer = kind(own, loopback.address(), write_tone(own / "speech.wav", 430, seconds=600))
        running.callback(peer.close)
        peers.append(peer)
    linphone, baresip = peers
    assert isinstance(linphone, Linphone)
    assert isinstance(baresip, Baresip)
    return linphone, baresip


def call(caller: Parley, callee: Parley) -> None:
    """Make a secured call."""
    caller.do("call", callee.uri)
    callee.wait_call(state="incoming")
    callee.do("answer")
    for phone in (caller, callee):
        phone.wait_call(state="connected", level="ENCRYPTED")


def print_delays(said: list[float], heard: list[float]) -> None:
    """Pair the clicks and print how long they took."""
    delays = []
    for at in said:
        following = [later - at for later in heard if 0 <= later - at < CLICK_EVERY_S]
        delays += following[:1]
    if not delays:
        print("no click was heard")
        return
    milliseconds = sorted(1000 * delay for delay in delays)
    worst = milliseconds[min(len(milliseconds) - 1, int(0.95 * len(milliseconds)))]
    print(
        f"mouth to ear {statistics.median(milliseconds):.0f} ms, 95 % under {worst:.0f} ms,"
        f" {len(milliseconds)} of {len(said)} clicks"
    )


if __name__ == "__main__":
    main()
