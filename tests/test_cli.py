"""The command line, against a real control socket: what it prints, where, and how it ends."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from phone.cli import parser as commands
from phone.control.contract import ControlError
from phone.media.encryption import LegState, Protection
from phone.secret import Secret
from phone.sip.interface import Dialog, Registration
from phone.zrtp.cache import CacheEntry, RetainedSecret
from tests.control.backend import BEN_ZID, SAS, SECURED, SIP_ADDRESS, Backend
from tests.fakes import IDLE
from tests.peers.process import eventually

ALICE = "sip:alice@pbx.example"
BEN = "sip:ben@192.0.2.7"
PASSWORD = "Word-of-Alice"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to."""

    status: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        """Its output, which has to be one line of JSON."""
        assert self.output.endswith("\n")
        assert self.output.count("\n") == 1
        return json.loads(self.output)

    @property
    def sentence(self) -> str:
        """What it says when it has failed: one sentence on standard error, nothing on standard output."""
        assert (self.status, self.output) == (1, "")
        assert self.errors.startswith("parley: ")
        assert self.errors.endswith("\n")
        assert self.errors.count("\n") == 1
        return self.errors[len("parley: ") : -1]


class Shell:
    """Runs commands for the home of a backend."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._capture = capture

    def __call__(self, *arguments: str) -> Said:
        """Run one command in this process."""
        self._capture.readouterr()
        try:
            status = commands.main(["--home", str(self._home), *arguments])
        except SystemExit as exited:  # argparse's way to end
            status = int(exited.code or 0)
        return Said(status, *self._capture.readouterr())


def command(home: Path, *arguments: str) -> list[str]:
    """Return a command for a process of its own."""
    return [sys.executable, "-m", "phone.cli", "--home", str(home), *arguments]


def wait_for_subscriber(backend: Backend) -> None:
    """Wait until ``parley events`` listens."""
    eventually(
        lambda: backend.do(lambda: set(backend.control._subscribers)),
        within=20,
        what="events are listened to",
    )


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """A running backend."""
    with contextlib.closing(Backend(tmp_path / "home")) as running:
        yield running


@pytest.fixture
def parley(backend: Backend, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line of that backend."""
    return Shell(backend.home.folder, capsys)


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    """A password in a file, as an editor leaves it."""
    file = tmp_path / "password.txt"
    file.write_text(PASSWORD + "\n")
    return str(file)


@pytest.fixture
def talking(backend: Backend, parley: Shell) -> Backend:
    """A secure call with Ben."""
    parley("call", BEN)
    backend.connect()
    backend.secure()
    return backend


@pytest.fixture
def met(backend: Backend) -> Backend:
    """Ben's phone is known and verified."""

    def meet() -> None:
        backend.trust.met(BEN_ZID, BEN)
        backend.trust.save(BEN_ZID, CacheEntry(RetainedSecret(Secret(b"r" * 32)), sas_verified=True))
        backend.trust.set_name(BEN_ZID, "Ben")

    backend.do(meet)
    return backend


def test_status_of_an_idle_backend(parley: Shell) -> None:
    """As JSON, one object; for people, two sentences."""
    assert parley("status", "--json").json == {"sip": SIP_ADDRESS, "accounts": [], "calls": []}
    assert parley("status").output == "No accounts.\nNo calls.\n"


def test_status_shows_how_far_a_call_can_be_trusted(talking: Backend, parley: Shell) -> None:
    """In the words that are the same everywhere, with the code, the reason and the remedy."""
    assert parley("status").output == (
        "No accounts.\n"
        f"call 1   connected   {BEN}   G722\n"
        f"         Encrypted, not verified. Code: {SAS}\n"
        "         The call is encrypted, but nobody has checked yet who is at the other end.\n"
        "         Read the code to each other and type what you hear.\n"
    )


def test_status_shows_accounts(backend: Backend, parley: Shell) -> None:
    """In columns, with the reason of a failure."""
    parley("account", "add", ALICE)
    backend.registrar.state = Registration.FAILED
    backend.registrar.reason = "The server refused the password."
    parley("account", "add", "sip:bo@pbx.example")
    parley("account", "test", "bo@pbx.example")
    assert parley("status").output == (
        "alice@pbx.example   registered\n"
        "bo@pbx.example      failed: The server refused the password.\n"
        "No calls.\n"
    )


def test_without_a_backend_commands_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And what to do about it; nothing is made on the way."""
    assert "parley serve" in Shell(tmp_path / "home", capsys)("status", "--json").sentence
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_account_is_added_with_a_secret(
    backend: Backend, parley: Shell, secret_file: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """From a file or standard input, without the end of its line; no output has it."""
    if way == "file":
        added = parley("account", "add", ALICE, "--secret-file", secret_file, "--transport", "tcp", "--json")
    else:
        with open(secret_file, encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            added = parley("account", "add", ALICE, "--secret-stdin", "--transport", "tcp", "--json")
    assert (added.json["id"], added.json["transport"]) == ("alice@pbx.example", "tcp")
    assert backend.sip_accounts[0].settings.secret == Secret(PASSWORD.encode())
    for arguments in (["list"], ["show"], ["list", "--json"], ["show", "--json"], ["test"]):
        said = parley("account", *arguments)
        assert PASSWORD not in added.output + added.errors + said.output + said.errors


def test_digest_instead_of_the_password(backend: Backend, parley: Shell, tmp_path: Path) -> None:
    """With its realm."""
    digest = tmp_path / "ha1"
    digest.write_text("0123456789abcdef" * 2)
    options = ["--credential", "md5", "--realm", "asterisk", "--secret-file", str(digest)]
    assert parley("account", "add", ALICE, *options, "--json").json["credential"] == "md5"
    assert backend.sip_accounts[0].settings.realm == "asterisk"


def test_terminal_is_asked_for_the_secret(backend: Backend) -> None:
    """Without showing what is typed."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        command(backend.home.folder, "account", "add", ALICE),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        close_fds=True,
    ) as process:
        os.close(follower)
        shown = b""
        while b"Secret of" not in shown or not shown.endswith(b": "):
            shown += os.read(leader, 1000)
        os.write(leader, PASSWORD.encode() + b"\n")
        with contextlib.suppress(OSError):  # the terminal closes with its last user
            while received := os.read(leader, 1000):
                shown += received
    os.close(leader)
    assert process.returncode == 0, shown
    assert backend.sip_accounts[0].settings.secret == Secret(PASSWORD.encode())
    assert PASSWORD.encode() not in shown


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\n"])
def test_secret_that_is_none_is_refused(parley: Shell, tmp_path: Path, content: bytes) -> None:
    """Empty, or no text."""
    file = tmp_path / "secret"
    file.write_bytes(content)
    assert "secret" in parley("account", "add", ALICE, "--secret-file", str(file)).sentence


def test_secret_file_that_is_missing_is_named(parley: Shell, tmp_path: Path) -> None:
    """And no account is added."""
    missing = str(tmp_path / "nowhere")
    assert missing in parley("account", "add", ALICE, "--secret-file", missing).sentence
    assert parley("account", "list", "--json").output == ""


def test_account_is_edited_and_removed(backend: Backend, parley: Shell, secret_file: str) -> None:
    """What is not named stays."""
    parley("account", "add", ALICE, "--name", "Alice", "--policy", "require")
    edited = parley("account", "edit", "--secret-file", secret_file, "--auth-user", "al", "--json").json
    assert (edited["name"], edited["policy"], edited["auth_user"]) == ("Alice", "require", "al")
    assert backend.sip_accounts[-1].settings.secret == Secret(PASSWORD.encode())
    assert parley("account", "remove", "alice@pbx.example") == Said(0, "", "")
    assert parley("account", "list").output == "No accounts.\n"


@pytest.mark.usefixtures("cheap_scrypt")
def test_secret_is_weighed_and_replaced(backend: Backend, parley: Shell, secret_file: str) -> None:
    """The account says what is wrong with it; what Asterisk needs of the new one can go into its file."""
    parley("account", "add", ALICE, "--secret-file", secret_file, "--realm", "pbx")
    assert "A graphics card would need" in parley("account", "show").output
    shown = parley("account", "new-secret").output
    secret = shown.partition("; The secret: ")[2].splitlines()[0]
    digest = hashlib.md5(f"alice:pbx:{secret}".encode()).hexdigest()
    assert [line for line in shown.splitlines() if not line.startswith(";")] == [
        *("[alice]", "type=auth", "auth_type=digest", "username=alice", "realm=pbx"),
        f"password_digest=MD5:{digest}",
        f"password_digest=SHA-256:{hashlib.sha256(f'alice:pbx:{secret}'.encode()).hexdigest()}",
    ]
    assert backend.sip_accounts[-1].settings.secret == Secret(PASSWORD.encode())
    used = parley("account", "new-secret", "--use", "--plain", "--json").json
    assert used["secret"] is None
    secret = used["pjsip_conf"].rstrip("\n").rpartition("password=")[2]
    assert backend.sip_accounts[-1].settings.secret == Secret(secret.encode())
    assert "graphics card" not in parley("account", "show").output
    assert secret not in parley("account", "new-secret", "--use").output


def test_random_keys(parley: Shell, tmp_path: Path) -> None:
    """Made here and given there; neither the list nor the account shows them."""
    parley("account", "add", ALICE)
    key = parley("account", "key", "proof", "--make").output.strip()
    file = tmp_path / "key"
    file.write_text(key)
    shown = parley("account", "key", "aux", "--secret-file", str(file)).output
    assert "aux, proof" in shown
    assert key not in shown
    assert "aux, proof" not in parley("account", "key", "aux", "--remove").output
    assert parley("account", "key", "aux").status == 2


@pytest.mark.usefixtures("cheap_scrypt")
def test_secrets_of_callers(parley: Shell, secret_file: str) -> None:
    """They are kept, shown without the secret, and forgotten."""
    assert parley("secret", "list").output == "No secrets are kept.\n"
    assert "--secret-stdin" in parley("secret", "keep", "ben", "--realm", "pbx").errors
    keep = ("secret", "keep", "ben", "--realm", "pbx", "--caller", "102")
    shown = parley(*keep, "--secret-file", secret_file).output
    assert shown.split() == ["102", "without", "a", "server", "ben", "at", "pbx", "md5,", "sha-256"]
    assert parley("secret", "list").output == shown
    assert parley("secret", "list", "--json").json["caller"] == "102"
    assert parley("secret", "forget", "102") == Said(0, "", "")
    assert "No secret is kept for '102'" in parley("secret", "forget", "102").sentence


def test_account_that_does_not_register_fails_its_test(backend: Backend, parley: Shell) -> None:
    """Exit 1, the reason, and who knows more."""
    parley("account", "add", ALICE)
    backend.registrar.state = Registration.FAILED
    backend.registrar.reason = "The server refused the password."
    said = parley("account", "test", "--json")
    assert said.sentence == (
        "alice@pbx.example did not register: The server refused the password."
        " What would cure it: parley doctor alice@pbx.example"
    )
    backend.registrar.state = Registration.UNREGISTERED
    backend.registrar.reason = ""
    assert parley("account", "test", "--json").sentence.startswith("alice@pbx.example is unregistered. What")


def test_call_returns_when_the_other_side_rings(parley: Shell) -> None:
    """With the call as it is then."""
    call = parley("call", BEN, "--json").json
    assert (call["state"], call["remote_uri"], call["direction"]) == ("ringing", BEN, "outgoing")


def test_call_that_is_refused_fails(backend: Backend, parley: Shell) -> None:
    """With the reason in words; somebody else's call that ends meanwhile is not meant."""
    backend.ring()
    backend.invited = (Dialog.ENDED, 486, "Busy Here")
    assert parley("call", BEN).sentence == "Busy."


def test_call_by_an_account(backend: Backend, parley: Shell) -> None:
    """A number is completed at its server."""
    parley("account", "add", ALICE)
    parley("account", "add", "sip:bob@other.example")
    assert parley("call", "102", "--account", "bob@other.example", "--json").json["remote_uri"] == (
        "sip:102@other.example"
    )


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["answer"], "answer"),
        (["answer", "1"], "answer"),
        (["reject"], "reject 486"),
        (["hangup"], "hang up"),
    ],
)
def test_incoming_call(backend: Backend, parley: Shell, arguments: list[str], asked: str) -> None:
    """The call may be named, or left out where there is only one."""
    backend.ring()
    assert parley(*arguments, "--json").json["id"] == "1"
    assert backend.sip_call.asked == [asked]


def test_hold_and_mute(talking: Backend, parley: Shell) -> None:
    """And back; both show."""
    assert parley("hold", "--json").json["held"] is True
    assert "on hold" in parley("status").output
    assert parley("resume", "1", "--json").json["held"] is False
    assert parley("mute", "--json").json["muted"] is True
    assert "muted" in parley("status").output
    assert parley("unmute", "--json").json["muted"] is False


@pytest.mark.parametrize("arguments", [["42#"], ["1", "42#"]])
def test_keys(talking: Backend, parley: Shell, arguments: list[str]) -> None:
    """The call may be left out before them."""
    assert parley("dtmf", *arguments).status == 0
    assert talking.sip_call.asked == ["dtmf 42#"]


@pytest.mark.parametrize("arguments", [[SAS], ["1", "B7 XQ"]])
def test_right_code_verifies(talking: Backend, parley: Shell, arguments: list[str]) -> None:
    """The output says with whom and since when."""
    said = parley("verify", *arguments, "--name", "Benjamin")
    assert said.status == 0
    assert "Verified with Benjamin since 20" in said.output


def test_wrong_code_fails(talking: Backend, parley: Shell) -> None:
    """One sentence; status raises the alarm."""
    assert "do not match" in parley("verify", "yyyy").sentence
    assert "Codes do not match!" in parley("status").output


@pytest.mark.parametrize(
    ("command", "fallen", "answer"),
    [
        ("clear", replace(IDLE, protection=Protection.SUSPENDED, no_zrtp=True), "clear_allowed"),
        ("proceed", replace(IDLE, protection=Protection.HELD, secured=SECURED), "proceeded"),
    ],
)
def test_question_is_answered_once_or_for_all_calls_to_come(
    talking: Backend, parley: Shell, command: str, fallen: LegState, answer: str
) -> None:
    """Each call asks again, until the answer is ``--always``; that is refused where nothing is asked."""
    parley("verify", SAS)
    assert "asks nothing" in parley(command, "--always").sentence
    for options, expected in (((), True), (("--always",), True), ((), False)):
        talking.end()
        parley("call", BEN)
        talking.connect()
        talking.become(fallen)
        missing = parley("status", "--json").json["calls"][0]["missing"]
        assert (missing is not None) is expected
        assert parley(command, *options).status == 0
        assert getattr(talking.leg, answer)


def test_peers(met: Backend, parley: Shell) -> None:
    """Listed, shown, renamed, unverified, forgotten."""
    assert f"{BEN_ZID.hex()}   Ben   verified since 20" in parley("peers", "list").output
    assert parley("peers", "show", "Ben", "--json").json["zid"] == BEN_ZID.hex()
    met.do(met.trust.proved, "alice@pbx.example", BEN_ZID, 2)
    shown = parley("peers", "show", "Ben").output
    assert f"ZID              {BEN_ZID.hex()}\n" in shown
    assert "has proved       the secret of alice@pbx.example (PAKE), last 20" in shown
    assert "proved 20" in parley("peers", "list").output
    assert parley("peers", "rename", "Ben", "Benjamin", "--json").json["name"] == "Benjamin"
    assert "not verified" in parley("unverify", "Benjamin").output
    assert parley("peers", "forget", BEN_ZID.hex()) == Said(0, "", "")
    assert parley("peers", "list", "--json") == Said(0, "", "")


def test_exported_peers_are_private_and_come_back(met: Backend, parley: Shell, tmp_path: Path) -> None:
    """The file is for its owner alone, also when it was there before; the output says what it holds."""
    file = tmp_path / "peers.json"
    file.touch(mode=0o644)
    said = parley("peers", "export", str(file))
    assert "no key" in said.output
    assert file.stat().st_mode & 0o777 == 0o600
    parley("peers", "forget", "Ben")
    assert parley("peers", "import", str(file), "--json").json == {"imported": 1}
    assert parley("peers", "show", "Ben", "--json").json["verified_since"] is None


def test_peers_can_be_exported_to_standard_output(met: Backend, parley: Shell) -> None:
    """For people over several lines, as JSON on one."""
    assert json.loads(parley("peers", "export").output)["peers"][0]["name"] == "Ben"
    assert parley("peers", "export", "--json").json["peers"][0]["name"] == "Ben"


@pytest.mark.parametrize("arguments", [["export", "/nowhere/peers"], ["import", "/nowhere/peers"]])
def test_peers_file_that_cannot_be_used_is_named(parley: Shell, arguments: list[str]) -> None:
    """One sentence."""
    assert "/nowhere/peers" in parley("peers", *arguments).sentence


def test_devices_and_volume(parley: Shell) -> None:
    """Chosen by a part of the name, and shown to people and programs."""
    assert parley("devices", "use", "speaker", "head", "--json").json["speaker"] == "Headset"
    shown = parley("devices", "volume", "microphone", "120").output
    assert "speaker there      Headset (headset)\n" in shown
    assert "speaker            Headset\n" in shown
    assert "microphone 120 %, speaker 100 %" in shown
    assert parley("devices", "use", "speaker", "--json").json["speaker"] is None
    assert parley("devices", "use", "ringer", "radio").sentence.startswith("No device")
    assert "0 to 200" in parley("devices", "volume", "speaker", "201").sentence


def test_echo_is_cancelled_or_not(parley: Shell) -> None:
    """As the user says, and the list says so too."""
    assert parley("devices", "list", "--json").json["cancel_echo"] == "auto"
    assert "cancels echo       off: " in parley("devices", "cancel-echo", "off").output
    assert parley("devices", "cancel-echo", "auto", "--json").json["cancel_echo"] == "auto"
    assert "evens out          on: " in parley("devices", "even-out", "on").output
    assert parley("devices", "even-out", "off", "--json").json["even_out"] is False


def test_codecs(parley: Shell) -> None:
    """The user's order, and Parley's own again."""
    assert parley("codecs", "set", "pcmu", "g722").output == "PCMU/8000\nG722/16000\n"
    assert parley("codecs", "list").output == "PCMU/8000\nG722/16000\n"
    assert parley("codecs", "set").output == "G722/16000\nPCMA/8000\nPCMU/8000\n"
    assert "no codec 'opus'" in parley("codecs", "set", "opus").sentence


def test_recording_is_announced(parley: Shell) -> None:
    """In words, both ways."""
    assert "are told" in parley("announce-recording", "on").output
    assert "told nothing" in parley("announce-recording", "off").output


def test_algorithms(parley: Shell) -> None:
    """Listed in words and as JSON, chosen, and taken back."""
    by_default = parley("algorithms", "list").output
    assert "ciphers          AES1 (always), AES3   by default\n" in by_default
    assert parley("algorithms", "set", "ciphers", "AES3", "--json").json["offered"] == ["AES3", "AES1"]
    assert "ciphers          AES3, AES1 (always)\n" in parley("algorithms", "list").output
    assert parley("algorithms", "set", "auth_tags", "GCM", "HS80").output == (
        "auth_tags   GCM, HS80 (always), HS32 (always)\n"
    )
    assert parley("algorithms", "reset").output == by_default


def test_algorithm_that_cannot_be_offered_is_named(parley: Shell) -> None:
    """So that one knows what to write instead."""
    assert parley("algorithms", "set", "ciphers", "AES2").sentence == (
        "'AES2' is none of the ciphers that can be offered: AES1, AES3."
    )


def test_history(backend: Backend, parley: Shell) -> None:
    """Past calls, the latest first, as many as asked for."""
    assert parley("history").output == "No calls yet.\n"
    for status in (486, 603):
        parley("call", BEN)
        backend.end(status, "No")
    assert [json.loads(line)["reason"] for line in parley("history", "--json").output.splitlines()] == [
        "Declined.",
        "Busy.",
    ]
    (line,) = parley("history", "--count", "1").output.splitlines()
    assert line.endswith("Declined.")
    assert "not answered" in line


def test_history_is_cleared(backend: Backend, parley: Shell) -> None:
    """Nothing is printed, and nothing is left."""
    parley("call", BEN)
    backend.end()
    assert parley("history", "clear").output == ""
    assert parley("history").output == "No calls yet.\n"


def test_contacts_in_words(parley: Shell) -> None:
    """One line each."""
    assert parley("contacts", "list").output == "No contacts.\n"
    assert parley("contacts", "add", "Ben", BEN, "--policy", "require").output == f"Ben   {BEN}   require\n"
    assert parley("contacts", "export").output == f"name,address,policy\nBen,{BEN},require\n"
    assert parley("suggest", "be").output == f"Ben   {BEN}\n"
    assert parley("suggest", "x").output == "Nobody.\n"
    assert parley("messages").output == "No account has told of a mailbox.\n"


def test_transfer_that_fails_is_told(talking: Backend, parley: Shell) -> None:
    """In the words of the answer, as soon as it comes."""
    timer = threading.Timer(1, lambda: talking.refer_answered(486, "Busy Here"))
    timer.start()
    assert parley("transfer", BEN).sentence == "Busy."
    timer.join()
    assert "Busy." in parley("status").output


def test_events_in_words(talking: Backend) -> None:
    """Keys, alarms, accounts and the end of a call, each in its own."""
    with (
        subprocess.Popen(
            command(talking.home.folder, "events"), stdout=subprocess.PIPE, text=True
        ) as process,
        talking.client() as client,
    ):
        assert process.stdout is not None
        wait_for_subscriber(talking)
        talking.press("4")
        with pytest.raises(ControlError):
            client.request("call.verify", {"code": "yyyy"})
        client.request("account.add", {"uri": ALICE})
        talking.end()
        lines: list[str] = []
        while not lines or "The other side hung up." not in lines[-1]:
            lines.append(process.stdout.readline().rstrip("\n"))
        process.send_signal(signal.SIGINT)
    assert "call 1   keys pressed: 4" in lines
    assert "call 1   ALARM: Codes do not match" in lines
    assert "alice@pbx.example   registered" in lines
    assert "accounts edited" in lines


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "words"])
def test_events_are_printed_until_interrupted(backend: Backend, as_json: bool) -> None:
    """Each at once, although the output is no terminal; Ctrl-C is the way to end it."""
    options = ["--json"] if as_json else []
    with subprocess.Popen(
        command(backend.home.folder, "events", *options), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        wait_for_subscriber(backend)
        backend.ring()
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
    assert process.returncode == 0
    if as_json:
        event = json.loads(line)
        assert (event["event"], event["call"]["state"]) == ("call.incoming", "incoming")
    else:
        assert line == "call 1   incoming   Ben <sip:ben@192.0.2.7>\n"


def test_events_end_with_the_backend(backend: Backend) -> None:
    """Exit 1 and one sentence."""
    with subprocess.Popen(
        command(backend.home.folder, "events", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for_subscriber(backend)
        backend.close()
        output, errors = process.communicate()
    assert (process.returncode, output, errors) == (1, "", "parley: The backend has gone.\n")


def test_reader_that_goes_away_ends_events(backend: Backend) -> None:
    """No traceback, as in ``parley events | head -1``."""
    with subprocess.Popen(
        command(backend.home.folder, "events"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        wait_for_subscriber(backend)
        process.stdout.close()
        backend.ring()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_output_that_cannot_be_written_is_a_failure(backend: Backend) -> None:
    """One sentence, and no traceback when the interpreter ends."""
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            command(backend.home.folder, "status"),
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (1, "parley: No space left on device.\n")


def test_closed_output_is_no_failure(backend: Backend) -> None:
    """As under some service managers."""
    shell = ["sh", "-c", '"$@" >&-', "sh", *command(backend.home.folder, "status")]
    done = subprocess.run(shell, check=False, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_names_from_strangers_cannot_steer_the_terminal(backend: Backend, parley: Shell) -> None:
    """Escape sequences and line ends in a caller's name are shown, not obeyed."""
    backend.ring()
    backend.do(backend._listener.remote_identity_changed, BEN, "\x1b[2JBen\r\ncall 2   connected\u202e")
    shown = parley("status").output
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("\n") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["account"],
        ["account", "add"],
        ["account", "add", ALICE, "--secret", PASSWORD],
        ["account", "add", ALICE, "--secret-stdin", "--secret-file", "f"],
        ["account", "add", ALICE, "--transport", "pigeon"],
        ["call"],
        ["dtmf"],
        ["verify", "1", "2", "3"],
        ["peers", "rename", "Ben"],
        ["status", "--js"],
        ["status", "--what"],
        ["serve", "--sip-port", "65536"],
        ["serve", "--sip-port", "-1"],
        ["--what", "status"],
        ["--home", "", "status"],
        ["transfer"],
        ["transfer", "1", BEN, "--to", "2"],
        ["transfer", "--to", "2"],
        ["conference"],
        ["reject", "--decline", "--to", BEN],
        ["contacts"],
        ["contacts", "add", "Ben"],
        ["contacts", "edit", "Ben", "--policy", "require", "--no-policy"],
    ],
)
def test_wrong_usage_exits_2(parley: Shell, arguments: list[str]) -> None:
    """Told on standard error, with the usage."""
    said = parley(*arguments)
    assert (said.status, said.output) == (2, "")
    assert "usage: parley" in said.errors


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["answer"],
            ["hangup"],
            ["hold", "7"],
            ["mute"],
            ["dtmf", "7", "1"],
            ["verify", "7", SAS],
            ["call", ""],
        ),
        *(["transfer", "7", BEN], ["conference", "7", "8"], ["redial"], ["contacts", "remove", "Ben"]),
    ],
)
def test_what_cannot_be_done_exits_1(parley: Shell, arguments: list[str]) -> None:
    """One sentence, with --json too."""
    assert parley(*arguments).sentence == parley(*arguments, "--json").sentence


def test_window_without_qt_is_one_sentence(parley: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """``parley`` alone, where PySide6 is not installed, says how to get it."""
    monkeypatch.setattr("ui.starting.find_spec", lambda name: None)
    assert "pip install 'parley[desktop]'" in parley().sentence


def test_version(parley: Shell) -> None:
    """One line, and no backend is needed."""
    said = parley("--version")
    assert said.status == 0
    assert said.output.startswith("parley ")


def test_every_command_takes_json() -> None:
    """It is part of every help text."""
    parser = commands.make_parser()
    found = list(commands_of(parser))
    assert len(found) > 25
    assert [name for name, help_text in found if "--json" not in help_text] == []


def commands_of(parser: Any) -> Iterator[tuple[str, str]]:
    """Yield every command with its help."""
    (commands,) = (
        action for action in parser._actions if hasattr(action, "choices") and action.nargs == "A..."
    )
    for name, inner in commands.choices.items():
        if any(action.nargs == "A..." for action in inner._actions):
            yield from commands_of(inner)
        else:
            yield name, inner.format_help()


def test_clients_load_no_backend() -> None:
    """Twisted and the crypto would make every command slow."""
    script = "import sys, phone.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.split()
    heavy = {"twisted", "pjsua2", "cryptography", "sqlite3", "keyring", "platformdirs", "asyncio", "ssl"}
    assert heavy.isdisjoint(loaded)
