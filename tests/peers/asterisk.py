"""A real Asterisk 22 out of Debian sid, in a chroot, configured for the tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.peers import asterisk_config
from tests.peers.asterisk_config import Account
from tests.peers.process import Program, eventually, free_port, in_namespace
from tests.peers.tones import write_tone

CHROOT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parley-tests" / "asterisk"
"""Where ``tests/setup/machine`` puts it."""

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/"}
"""Nothing of the machine's own environment, such as LD_LIBRARY_PATH, reaches into the chroot."""


class Asterisk:
    """One running Asterisk on ``ip``; inside ``namespace`` when given. Needs root."""

    def __init__(self, ip: str, *, namespace: str | None = None, sip_port: int | None = None) -> None:
        self.ip = ip
        self.sip_port = sip_port or (5060 if namespace else free_port(ip))
        self._namespace = namespace
        self._folder = Path(tempfile.mkdtemp(prefix="parley-", dir=CHROOT / "tmp"))
        self._write_configuration()
        self._program = Program(
            in_namespace(namespace, self._asterisk("-U", "asterisk", "-f")),
            output=self._folder / "console",
            environment=ENVIRONMENT,
        )
        eventually(self._booted, within=60, what=f"Asterisk is up; see {self._folder}/console")
        self.cli("pjsip set logger on")

    def _asterisk(self, *arguments: str) -> list[str]:
        return ["chroot", str(CHROOT), "asterisk", "-C", f"{self._inside}/etc/asterisk.conf", *arguments]

    @property
    def _inside(self) -> str:
        return f"/{self._folder.relative_to(CHROOT)}"

    def _write_configuration(self) -> None:
        for name in ("etc", "var", "spool", "run", "log", "music"):
            (self._folder / name).mkdir()
        (libraries,) = CHROOT.glob("usr/lib/*/asterisk/modules")
        configuration = asterisk_config.files(
            folder=self._inside,
            libraries=f"/{libraries.relative_to(CHROOT)}",
            ip=self.ip,
            sip_port=self.sip_port,
        )
        for name, text in configuration.items():
            (self._folder / "etc" / name).write_text(text)
        write_tone(self._folder / "music" / "hold.wav", asterisk_config.MUSIC_HZ, seconds=10)
        # Asterisk looks up its own host name when it offers direct media: answered here, and at once
        (CHROOT / "etc/hosts").write_text(f"127.0.0.1 localhost {os.uname().nodename}\n")
        (CHROOT / "etc/resolv.conf").write_text("")
        subprocess.run(["chroot", CHROOT, "chown", "-R", "asterisk:", self._inside], check=True)
        self._folder.chmod(0o755)

    def _booted(self) -> bool:
        status = self._program.exit_status
        assert status is None, f"Asterisk ended with {status}: {(self._folder / 'console').read_text()}"
        return "fully booted" in self.cli("core waitfullybooted")

    def cli(self, command: str) -> str:
        """Return what Asterisk's console answers."""
        answer = subprocess.run(
            self._asterisk("-rx", command),
            check=False,  # not up yet, or ended: there is no answer then
            capture_output=True,
            text=True,
            timeout=30,
            env=ENVIRONMENT,
        )
        return answer.stdout

    @property
    def log(self) -> Path:
        """The full log."""
        return self._folder / "log" / "full"

    @property
    def configuration(self) -> Path:
        """The folder of the configuration that it has loaded."""
        return self._folder / "etc"

    def auth(self, name: str) -> dict[str, str]:
        """Return what it has understood of an ``auth`` section."""
        rows = re.findall(r"^ (\w+) +: ?(.*?) *$", self.cli(f"pjsip show auth {name}"), re.MULTILINE)
        return dict(rows)

    def add(self, account: Account, auth: str) -> None:
        """Add or change an account whose ``auth`` section is ``auth``, as an administrator does."""
        before = self.auth(account.user)
        added = self.configuration / f"pjsip_more_{account.user}.conf"
        added.write_text(asterisk_config.phone(account, self.ip, auth))
        self.cli("module reload res_pjsip.so")
        eventually(
            lambda: self.auth(account.user) not in ({}, before),
            within=20,
            what=f"Asterisk has loaded {account.user}",
        )

    def uri(self, user: str) -> str:
        """Return the SIP URI of an account or extension here."""
        port = "" if self.sip_port == 5060 else f":{self.sip_port}"
        return f"sip:{user}@{self.ip}{port}"

    def is_registered(self, account: Account) -> bool:
        """Tell whether a phone is registered as ``account``."""
        return f"{account.user}/sip:" in self.cli("pjsip show contacts")

    def last_digits(self) -> str:
        """Return the DTMF digits that the last caller of ``DTMF`` sent, as Asterisk heard them."""
        found = re.search(r"Value: (\S+)", self.cli("database get dtmf last"))
        return found[1] if found else ""

    def forget_digits(self) -> None:
        """Make ``last_digits`` empty."""
        self.cli("database del dtmf last")

    def voicemails(self) -> list[Path]:
        """Return the voicemail recordings that callers have left."""
        return sorted(self._folder.glob("spool/voicemail/lab/*/INBOX/*.wav"))

    def takes_voicemail(self) -> bool:
        """Tell whether a caller is speaking a message just now, after the greeting and the beep."""
        return any(self._folder.glob("spool/voicemail/lab/*/tmp/*.wav"))

    def kill(self) -> None:
        """End it as a power cut would: nobody is told."""
        self._program.signal(9)
        self._program.wait(10)

    def close(self) -> None:
        """End it and remove its files."""
        self._program.end()
        shutil.rmtree(self._folder)
