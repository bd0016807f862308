"""A private PulseAudio with null sinks: what is played to one can be recorded, and heard by its monitor."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.peers.process import Program, eventually

START_S = 20


class PulseAudio:
    """One PulseAudio, which no program uses but those that are given its ``environment``."""

    def __init__(self, folder: Path) -> None:
        """``folder``: for its log; its socket lies in a folder with a short name."""
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        self.log = folder / "pulseaudio"
        self._socket = self._folder / "native"
        script = self._folder / "default.pa"
        script.write_text(f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n")
        self._command = [
            *("pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1"),
            *("--use-pid-file=no", "--disable-shm=yes", "--high-priority=yes", "--realtime=yes"),
            "--log-level=info",
        ]
        home = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"), str(self._folder))
        self._environment = {**os.environ, **home}
        self.environment = {**os.environ, "PULSE_SERVER": f"unix:{self._socket}"}
        """Of programs that are to use it."""
        self._program: Program | None = None
        self._recorders: list[Program] = []
        self.start()

    def start(self) -> None:
        """Start it, without any device."""
        self._program = Program(self._command, output=self.log, environment=self._environment)
        eventually(self._answers, within=START_S, what="PulseAudio answers")

    def kill(self) -> None:
        """End it as a crash does."""
        assert self._program is not None
        self._program.signal(9)
        self._program.wait(10)

    def _answers(self) -> bool:
        return self._socket.exists() and self._run("info").returncode == 0

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *arguments], check=False, env=self.environment, capture_output=True, text=True
        )

    def do(self, *arguments: str) -> str:
        """Run a ``pactl`` command that has to succeed."""
        done = self._run(*arguments)
        assert done.returncode == 0, f"pactl {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def plug(self, name: str, *, rate: int = 48000, called: str = "") -> str:
        """Add a loudspeaker, and its monitor as a microphone; return what unplugs it."""
        described = f"sink_properties=device.description={called or name}"
        return self.do(
            "load-module", "module-null-sink", f"sink_name={name}", f"rate={rate}", "channels=1", described
        ).strip()

    def echo(self, speaker: str, microphone: str, *, delay_ms: int) -> None:
        """Let what is played to ``speaker`` be heard where ``microphone`` is listened to, later."""
        ends = (f"source={speaker}.monitor", f"sink={microphone}")
        self.do("load-module", "module-loopback", *ends, f"latency_msec={delay_ms}", "adjust_time=0")

    def unplug(self, plugged: str) -> None:
        """Take away what ``plug`` has added."""
        self.do("unload-module", plugged)

    def default(self, *, speaker: str, microphone: str) -> None:
        """Say what programs take that name none; ``microphone``: the sink whose monitor it is."""
        self.do("set-default-sink", speaker)
        self.do("set-default-source", f"{microphone}.monitor")

    def play(self, name: str, file: Path) -> Program:
        """Play a WAV file to ``name``: say it into the microphone that is its monitor."""
        command = ["paplay", f"--device={name}", "--latency-msec=200", str(file)]
        return self._helper(command)

    def record(self, name: str, file: Path, *, rate: int = 16000) -> Program:
        """Record what is played to ``name``, 16 bits mono, until the returned program ends."""
        shape = [f"--rate={rate}", "--channels=1", "--format=s16le", "--file-format=wav", "--latency-msec=20"]
        return self._helper(["parecord", f"--device={name}.monitor", *shape, str(file)])

    def _helper(self, command: Sequence[str]) -> Program:
        helper = Program(command, output=self.log, environment=self.environment)
        self._recorders.append(helper)
        return helper

    def close(self) -> None:
        """End it, and all that plays and records."""
        for helper in self._recorders:
            helper.end()
        if self._program is not None:
            self._program.end()
        shutil.rmtree(self._folder, ignore_errors=True)
