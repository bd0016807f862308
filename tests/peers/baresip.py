"""A real baresip (Debian's, built without ZRTP): it cannot secure its calls, and answers them all."""

from __future__ import annotations

from pathlib import Path

from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import Account
from tests.peers.process import Program, eventually, free_port, in_namespace

READY_S = 20


class Baresip:
    """One baresip on ``ip`` that plays ``play`` into each call."""

    def __init__(
        self,
        folder: Path,
        ip: str,
        play: Path,
        *,
        account: Account | None = None,
        asterisk: Asterisk | None = None,
        namespace: str | None = None,
    ) -> None:
        self.ip = ip
        self.sip_port = 5060 if namespace else free_port(ip)
        self.output = folder / "console"
        (folder / "config").write_text(f"""sip_listen {ip}:{self.sip_port}
net_interface {ip}
audio_source aufile,{play}
module_path /usr/lib/baresip/modules
module stdio.so
module g711.so
module aufile.so
module_tmp account.so
module_app menu.so
""")
        if account and asterisk:
            login = f"sip:{account.user}@{asterisk.ip}:{asterisk.sip_port}"
            options = f"auth_user={account.user};auth_pass={account.password}"
        else:
            login, options = self.uri, "regint=0"
        (folder / "accounts").write_text(f"<{login}>;{options};answermode=auto;audio_codecs=PCMU\n")
        (folder / "contacts").touch()
        self._program = Program(in_namespace(namespace, ["baresip", "-f", str(folder)]), output=self.output)
        ready = "200 OK" if account else "baresip is ready"
        eventually(lambda: ready in self._said(), within=READY_S, what=f"baresip is up; see {self.output}")

    @property
    def uri(self) -> str:
        """Its address for calls without a server."""
        return f"sip:baresip@{self.ip}:{self.sip_port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._program.pid

    def _said(self) -> str:
        assert self._program.exit_status is None, f"baresip ended: {self.output.read_text()}"
        return self.output.read_text(errors="replace")

    def wait_ended(self) -> None:
        """Wait until the call is over."""
        eventually(lambda: "terminated (duration" in self._said(), within=READY_S, what="baresip's call ends")

    def close(self) -> None:
        """End it."""
        self._program.end()
