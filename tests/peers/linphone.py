"""A real Linphone (Debian's linphone-cli) without screen or sound card: an independent ZRTP, bzrtp."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import REALM, Account
from tests.peers.process import Program, eventually, free_port, in_namespace
from tests.peers.tones import Recording

SETTINGS = {
    "hash": ("zrtp_hash_suites", "MS_ZRTP_HASH_"),
    "cipher": ("zrtp_cipher_suites", "MS_ZRTP_CIPHER_"),
    "auth_tag": ("zrtp_auth_suites", "MS_ZRTP_AUTHTAG_"),
    "key_agreement": ("zrtp_key_agreements_suites", "MS_ZRTP_KEY_AGREEMENT_"),
    "sas": ("zrtp_sas_suites", "MS_ZRTP_SAS_"),
}
"""What Linphone calls the kinds of algorithms, and what it writes before ZRTP's code of each algorithm."""

CODES = {
    "SHA-256": "S256",
    "SHA-384": "S384",
    "AES-128": "AES1",
    "AES-256": "AES3",
    "HMAC-SHA1-32": "HS32",
    "HMAC-SHA1-80": "HS80",
    "DHM-2048": "DH2k",
    "DHM-3072": "DH3k",
    "ECDH-255": "X255",
    "ECDH-448": "X448",
    "Base32": "B32",
    "PGP-WordList": "B256",
}
"""ZRTP's codes, by the words in Linphone's log."""

CODECS = (
    ("PCMU", 8000, 1),
    ("PCMA", 8000, 1),
    ("opus", 48000, 2),
    ("speex", 8000, 1),
    ("speex", 16000, 1),
    ("speex", 32000, 1),
    ("G722", 8000, 1),
)
"""All but one are switched off; what is not listed is on."""

ANSWER_S = 15
"""How long a step of a call may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Encryption:
    """What Linphone says of the keys of its call."""

    sas: str
    verified: bool
    """Both people had compared the code in an earlier call, and the retained secret fitted."""
    algorithms: dict[str, str]
    """ZRTP's codes, by the kinds of ``parley status``."""


def offer(**kinds: tuple[str, ...]) -> dict[str, str]:
    """Return the settings that make Linphone offer these, best first; kinds as in ``parley status``."""
    settings = {}
    for kind, codes in kinds.items():
        name, prefix = SETTINGS[kind]
        settings[name] = ",".join(prefix + code.upper() for code in codes)
    return settings


class Linphone:
    """One Linphone on ``ip``: answers by itself if it ``answers``, and plays ``play`` into each call."""

    def __init__(
        self,
        folder: Path,
        ip: str,
        play: Path,
        *,
        account: Account | None = None,
        asterisk: Asterisk | None = None,
        encryption: str = "zrtp",
        zrtp: Mapping[str, str] | None = None,
        answers: bool = True,
        namespace: str | None = None,
        environment: Mapping[str, str] | None = None,
        codec: str = "PCMU",
    ) -> None:
        """``environment``: that of a PulseAudio, whose devices it is to use, and no files."""
        self.ip = ip
        self.sip_port = free_port(ip) if namespace is None else 5060
        self.recording = folder / "heard.wav"
        self.output = folder / "console"
        self.log = folder / "log"
        self._cache = folder / ".linphone-zidcache"
        self._seen = ""
        self._size = self._position = 0
        # without this folder Linphone has no database, and then no SIP port and no error either
        (folder / ".local/share/linphone").mkdir(parents=True)
        (folder / ".config/linphone").mkdir(parents=True)
        configuration = folder / "linphonerc"
        self._codec = codec
        configuration.write_text(self._configuration(folder, encryption, zrtp or {}, account, asterisk))
        uses_files = environment is None
        environment = dict(environment or os.environ)
        environment.pop("DISPLAY", None)
        command = ["linphonec", "-S", "-d", "6", "-l", str(self.log), "-c", str(configuration)]
        self._program = Program(
            in_namespace(namespace, [*command, "-a"] if answers else command),
            output=self.output,
            environment=environment | {"HOME": str(folder), "TERM": "dumb"},
            folder=folder,
        )
        if uses_files:
            self._program.say("soundcard use files")
            self._program.say(f"play {play}")
            self._program.say(f"record {self.recording}")
        eventually(self._is_up, within=30, what=f"Linphone is up; see {self.log}")

    def _configuration(
        self,
        folder: Path,
        encryption: str,
        zrtp: Mapping[str, str],
        account: Account | None,
        asterisk: Asterisk | None,
    ) -> str:
        user = account.user if account else "linphone"
        sections = [
            f"""[sip]
sip_port={self.sip_port}
sip_tcp_port=0
sip_tls_port=0
bind_address={self.ip}
contact=sip:{user}@{self.ip}:{self.sip_port}
guess_hostname=0
media_encryption={encryption}
use_ipv6=0
ipv6_migration_done=1
keepalive_period=0
publish_presence=0
use_rfc2833=1
{"default_proxy=0" if account else ""}
""",
            "".join(f"{name}={value}\n" for name, value in zrtp.items()),
            f"""[rtp]
bind_address={self.ip}
audio_rtp_port={free_port(self.ip) if self.sip_port != 5060 else 7100}
nortp_timeout=60
symmetric=1
[sound]
echocancellation=0
[video]
enabled=0
capture=0
display=0
[net]
firewall_policy=0
""",
            "".join(
                f"[audio_codec_{index}]\nmime={mime}\nrate={rate}\nchannels={channels}\n"
                f"enabled={int(mime == self._codec)}\n"
                for index, (mime, rate, channels) in enumerate(CODECS)
            ),
        ]
        if account and asterisk:
            sections.append(
                f"""[proxy_0]
reg_proxy=<sip:{asterisk.ip}:{asterisk.sip_port};transport=udp>
reg_identity=sip:{account.user}@{asterisk.ip}:{asterisk.sip_port}
reg_expires=300
reg_sendregister=1
publish=0
[auth_info_0]
username={account.user}
passwd={account.password}
realm={REALM}
domain={asterisk.ip}
"""
            )
        return "".join(sections)

    @property
    def uri(self) -> str:
        """Its address for calls without a server."""
        return f"sip:linphone@{self.ip}:{self.sip_port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._program.pid

    def _read(self) -> str:
        """Return the whole log up to now."""
        if self.log.exists():
            with self.log.open("rb") as file:
                file.seek(self._size)
                new = file.read()
            self._size += len(new)
            self._seen += new.decode("utf-8", "replace")
        return self._seen

    def _is_up(self) -> bool:
        assert self._program.exit_status is None, f"Linphone ended: {self.output.read_text()}"
        return "reachability state is now [UP]" in self._read()

    def _expect(self, pattern: str, what: str, within: float = ANSWER_S) -> re.Match[str]:
        """Return the next match in the log after the one returned before, or after the last command."""
        expression = re.compile(pattern)
        found = eventually(
            lambda: expression.search(self._read(), self._position),
            within=within,
            what=f"Linphone on {self.ip} {what}; see {self.log}",
        )
        assert found is not None
        self._position = found.end()
        return found

    def _command(self, line: str) -> None:
        self._position = len(self._read())
        self._program.say(line)

    def wait_registered(self) -> None:
        """Wait until Asterisk has accepted its registration."""
        self._expect(r"to \[LinphoneRegistrationOk\]", "registers")

    def call(self, uri: str) -> None:
        """Call ``uri``."""
        self._command(f"call {uri}")

    def answer(self) -> None:
        """Answer the call that rings."""
        self._command("answer")

    def hold(self) -> None:
        """Put the call on hold."""
        self._command("pause")

    def resume(self) -> None:
        """Take the call back from hold."""
        self._command("resume")

    def transfer(self, uri: str) -> None:
        """Send the far end of the call to ``uri`` and leave (blind transfer)."""
        self._command(f"transfer {uri}")

    def hang_up(self) -> None:
        """Hang up, or decline what rings."""
        self._command("terminate")

    def wait_state(self, *states: str) -> None:
        """Wait until its call moves to one of Linphone's own states, such as ``Connected``."""
        self._expect(rf"to LinphoneCall({'|'.join(states)})\b", f"has its call in {' or '.join(states)}")

    def wait_incoming(self) -> None:
        """Wait for a call to ring."""
        self.wait_state("IncomingReceived")

    def wait_connected(self) -> None:
        """Wait until the call stands."""
        self.wait_state("StreamsRunning")

    def wait_ended(self) -> None:
        """Wait until the call is over and its recording is complete."""
        self.wait_state("Released")

    def wait_secure(self) -> str:
        """Wait until ZRTP has keyed the call, and return the SAS that it shows."""
        return self._expect(r"ZRTP secrets on: SAS is (\S+)", "secures its call")[1]

    def wait_encryption(self) -> Encryption:
        """Wait until ZRTP has keyed the call, and return all that it says of it."""
        keyed = self._expect(
            r"ZRTP secrets on: SAS is (\S+) previously verified (yes|no)", "secures its call"
        )
        algorithms = self._expect(
            r"ZRTP algo used during negotiation: Cipher: (\S+) - KeyAgreement: (\S+) - Hash: (\S+)"
            r" - AuthTag: (\S+) - Sas Rendering: (\S+)",
            "names its algorithms",
        )
        kinds = ("cipher", "key_agreement", "hash", "auth_tag", "sas")
        codes = (CODES[word] for word in algorithms.groups())
        return Encryption(keyed[1], keyed[2] == "yes", dict(zip(kinds, codes, strict=True)))

    def verify(self) -> None:
        """Say that its user has compared the code; done before the next command to it."""
        self._command("zrtp-set-verified")

    def forget_secrets(self) -> None:
        """Lose the retained secrets of its only peer, between two calls; the ZID stays."""
        with closing(sqlite3.connect(self._cache, timeout=ANSWER_S, isolation_level=None)) as cache:
            assert cache.execute("DELETE FROM zrtp").rowcount == 1

    def heard(self) -> Recording:
        """Return what it has heard in all its calls; Linphone writes that down at the end of each."""
        return Recording.read(self.recording)

    def close(self) -> None:
        """End it."""
        self._program.end()
