"""How long a word takes from mouth to ear, and what a call costs, beside Linphone in one run.

    python -m bench.sound [SECONDS [ROUNDS [CANCEL_ECHO]]]

``CANCEL_ECHO``: ``on`` to see what that costs; clicks are noise to it.
Needs what ``tests/run`` installs, and root. All phones are on loopback and use null sinks of one PulseAudio.
Prints, for each round:

- *CPU*: seconds of CPU per minute of call: of a Parley in a call secured by ZRTP, by G722, with sound
  devices, and of a linphonec in just such a call, both measured over the same time; of a linphonec and a
  baresip that call each other by G.711 in the clear, and play and record files; and how much of Parley's
  each of its threads takes.
- *mouth to ear*: clicks into the microphone of one phone, found again at the speaker of the other, from
  phone to phone and, for Parley, with Asterisk in between. PulseAudio's part is in it. Both ends are heard
  by this process, so what that adds is taken off again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig import Ear, Pair, Rig, cpu_s, delays_ms, summary, threads_s, write_clicks
from tests.peers.asterisk_config import IDA, IVAN
from tests.peers.baresip import Baresip
from tests.peers.linphone import Linphone
from tests.peers.parley import Parley
from tests.peers.tones import write_tone

SETTLE_S = 10.0


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    cancel_echo = sys.argv[3] if len(sys.argv) > 3 else "off"
    for _ in range(rounds):
        with ExitStack() as running, tempfile.TemporaryDirectory() as name:
            rig = Rig(Path(name), running, cancel_echo=cancel_echo)
            ours, theirs = rig.parleys("Parley"), rig.linphones("linphonec")
            linphone, baresip = _with_files(rig)
            linphone.call(baresip.uri)
            linphone.wait_connected()
            pids = {"Parley": ours.caller.pid, "linphonec": theirs.caller.pid}
            pids |= {"linphonec, files": linphone.pid, "baresip, files": baresip.pid}
            _measure(rig, (ours, theirs), pids, seconds)
        with ExitStack() as running, tempfile.TemporaryDirectory() as name:
            rig = Rig(Path(name), running, cancel_echo=cancel_echo)
            _measure(rig, (rig.parleys("Asterisk", (IDA, IVAN)),), {}, seconds)


def _with_files(rig: Rig) -> tuple[Linphone, Baresip]:
    """Return a Linphone and a baresip that touch no device."""
    peers = []
    for kind in (Linphone, Baresip):
        folder = rig.new_folder()
        peer = kind(folder, rig.loopback.address(), write_tone(folder / "speech.wav", 430, seconds=600))
        rig.running.callback(peer.close)
        peers.append(peer)
    linphone, baresip = peers
    assert isinstance(linphone, Linphone)
    assert isinstance(baresip, Baresip)
    return linphone, baresip


def _measure(rig: Rig, pairs: tuple[Pair, ...], pids: dict[str, int], seconds: float) -> None:
    """Print what the processes cost and how long clicks take, measured over the same ``seconds``."""
    clicks = write_clicks(rig.folder / "clicks.wav", SETTLE_S + seconds + 20)
    for pair in pairs:
        rig.pulse.play(f"{pair.name}-mouth", clicks)
    time.sleep(SETTLE_S)
    ears = [(Ear(f"{pair.name}-mouth"), Ear(pair.ear)) for pair in pairs]
    before = {name: cpu_s(Path(f"/proc/{pid}")) for name, pid in pids.items()}
    by_thread = threads_s(pids["Parley"]) if pids else {}
    time.sleep(seconds)
    costs = {name: (cpu_s(Path(f"/proc/{pid}")) - before[name]) * 60 / seconds for name, pid in pids.items()}
    for name, cost in costs.items():
        print(
            f"{name:17} {cost:5.2f} s of CPU per minute, of which Parley takes {costs['Parley'] / cost:.2f}"
        )
    if pids:
        after = threads_s(pids["Parley"])
        shares = ((after[name] - by_thread.get(name, 0)) * 60 / seconds for name in after)
        print(
            "Parley by thread:",
            ", ".join(f"{share:.2f} {name}" for name, share in zip(after, shares, strict=True)),
        )
    for pair, (mouth, ear) in zip(pairs, ears, strict=True):
        mouth.close()
        ear.close()
        print(f"{pair.name}, mouth to ear:", summary(delays_ms(mouth.heard, ear.heard), len(mouth.heard)))
        for end in (pair.caller, pair.callee):
            if isinstance(end, Parley):
                (sound,) = end.do("devices", "list")
                print(f"missing {sound['underruns']}, dropped {sound['overruns']}", flush=True)


if __name__ == "__main__":
    main()
