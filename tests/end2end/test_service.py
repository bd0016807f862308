"""The unattended ends of the manual (docs/service.md), with the real Asterisk configured as it says."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import (
    ALICE,
    BOB,
    CAROL,
    DORA,
    MAX,
    REALM,
    SHIRLEY,
    Account,
    manual,
)
from tests.peers.parley import PARLEY, Fields, Parley, parley
from tests.peers.process import Loopback, Program, eventually
from tests.peers.tones import Recording, write_tone

pytestmark = pytest.mark.xdist_group("service")
"""All of them share one service, which takes a while to start."""

ECHO, HOURS, MAIL, PARK = "800", "801", "802", "803"
HOURS_HZ, GREETING_HZ = 610, 730
HZ = 430
AT_ONCE = 20


class Service:
    """``parley service run`` with the file of the manual."""

    def __init__(self, folder: Path, ip: str, asterisk: Asterisk) -> None:
        self.home = folder / "home"
        self._output = folder / "output"
        self.errors = folder / "errors"
        write_tone(folder / "hours.wav", HOURS_HZ, seconds=3)
        write_tone(folder / "greeting.wav", GREETING_HZ, seconds=1)
        secret = folder / "echo.secret"
        secret.write_text("a-secret-of-the-service\n")
        secret.chmod(0o600)
        file = folder / "service.toml"
        host = asterisk.uri("x").partition("@")[2]
        file.touch(mode=0o600)
        file.write_text(
            _with_named_callers(manual("toml"))
            .replace("pbx.example", host)
            .replace("/etc/asterisk", str(asterisk.configuration))
            .replace("[[account]]\n", f'[[account]]\nbind = "{ip}"\n')
            .replace("silence_s = 5 ", "silence_s = 1 ")
        )
        self._program = Program(
            [PARLEY, "--home", str(self.home), "service", "run", str(file)],
            output=self._output,
            errors=self.errors,
        )
        eventually(self._ready, within=90, what="all ends are ready")

    def _ready(self) -> bool:
        status = self._program.exit_status
        assert status is None, f"the service ended with {status}: {self.errors.read_text()}"
        return self._output.read_text().count("at once.") == 4

    def messages(self) -> list[Fields]:
        """Return what callers have left, as the command line tells it."""
        done = parley("--home", str(self.home), "messages", "list", "--json")
        assert done.status == 0, done.errors
        return done.lines

    def workers(self) -> list[int]:
        """Return the process ids of its workers."""
        return [int(line) for line in _children(self._program.pid)]

    def stop(self) -> int:
        """End it; return its exit status."""
        self._program.signal(signal.SIGTERM)
        return self._program.wait(30)

    def close(self) -> None:
        """End it if it still runs."""
        self._program.end(30)


def _with_named_callers(toml: str) -> str:
    """Return the file with two callers of the last end by name, in the place of all that Asterisk has."""
    named = "".join(
        f'[[account.caller]]\nnumber = "{account.extension}"\nuser = "{account.user}"\n'
        f'realm = "{REALM}"\nsecret = "{secret}"\n'
        for account, secret in ((ALICE, ALICE.password), (CAROL, "another one"))
    )
    before, pjsip_conf, after = toml.rpartition('pjsip_conf = "/etc/asterisk/pjsip.conf"')
    assert pjsip_conf
    assert not after.strip()
    return before + named


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.fixture(scope="module")
def service(
    _shared_asterisk: Asterisk, loopback: Loopback, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """All four ends of the manual."""
    running = Service(tmp_path_factory.mktemp("service"), loopback.address(), _shared_asterisk)
    yield running
    running.close()


def make_caller(
    make_parley: MakeParley, asterisk: Asterisk, account: Account, number: int = 0, policy: str = "require"
) -> Parley:
    """Return a phone that can prove its secret."""
    phone = make_parley(HZ + number, asterisk=asterisk, account=account, options=("--policy", policy))
    eventually(
        lambda: phone.status()["accounts"][0]["proves_to"] == REALM, within=30, what="the secret is prepared"
    )
    return phone


def test_twenty_calls_at_once_are_authenticated_and_one_more_is_busy(
    asterisk: Asterisk, service: Service, make_parley: MakeParley
) -> None:
    """Whatever the PBX keeps of the callers' secrets, with nobody touching anything."""
    accounts = (ALICE, MAX, SHIRLEY, BOB, CAROL)
    callers = [
        make_caller(make_parley, asterisk, account, number, "require_auth")
        for number, account in enumerate(accounts)
    ]
    for number in range(1, AT_ONCE // len(callers) + 1):
        for caller in callers:
            caller.do("call", ECHO)
        for caller in callers:
            call = caller.wait_call(id=str(number), state="connected", level="AUTHENTICATED")
            assert call["authenticated"] == f"Authenticated to {REALM}"
    for caller in callers:
        calls = caller.status()["calls"]
        assert [call["level"] for call in calls] == ["AUTHENTICATED"] * 4
        assert sum(call["statistics"]["plain_sent"] for call in calls) == 0
        caller.wait_heard(caller.hz)
    refused = make_caller(make_parley, asterisk, DORA, len(callers)).refuse("call", ECHO)
    assert "busy" in refused.lower()


def test_message_is_taken_listed_exported_and_deleted(
    asterisk: Asterisk, service: Service, make_parley: MakeParley, tmp_path: Path
) -> None:
    """Greeting, beep, and what the caller says until it is silent."""
    caller = make_caller(make_parley, asterisk, ALICE)
    caller.do("call", MAIL)
    caller.wait_heard(GREETING_HZ, seconds=0.5)
    caller.wait_heard(880, seconds=0.2)
    eventually(
        lambda: any(_seconds(path) > 2 for path in (service.home / "messages").glob("*.wav")),
        within=20,
        what="two seconds are recorded",
    )
    caller.do("mute")
    caller.wait_idle()  # the end hangs up once nobody speaks
    (message,) = eventually(service.messages, within=10, what="the message is there")
    assert message["level"] == "AUTHENTICATED"
    assert f"{ALICE.extension}@" in message["uri"]
    home = ("--home", str(service.home))
    copy = tmp_path / "copy.wav"
    assert parley(*home, "messages", "export", message["id"], str(copy)).status == 0
    assert Recording.read(copy).seconds_of(HZ) > 1.5
    assert copy.stat().st_mode & 0o777 == 0o600
    assert parley(*home, "messages", "delete", message["id"]).status == 0
    assert service.messages() == []
    assert list((service.home / "messages").iterdir()) == []
    assert parley(*home, "messages", "play").sentence == "parley: There is no message."


def test_announcement_ends_the_call_and_music_does_not(
    asterisk: Asterisk, service: Service, make_parley: MakeParley
) -> None:
    """One phone calls both."""
    caller = make_caller(make_parley, asterisk, ALICE)
    caller.do("call", HOURS)
    caller.wait_heard(HOURS_HZ)
    caller.wait_idle()
    caller.do("call", PARK)
    caller.wait_call(id="2", state="connected", level="AUTHENTICATED")
    start = caller.heard().seconds
    eventually(lambda: caller.heard().since(start).seconds_of_sound() > 3, within=20, what="music is heard")
    assert caller.call() is not None


def test_callers_with_another_secret_and_without_any_are_told(
    asterisk: Asterisk, service: Service, make_parley: MakeParley
) -> None:
    """The one in red; the other, whom this service authenticated before, is asked."""
    other = make_caller(make_parley, asterisk, CAROL, policy="prefer")
    other.do("call", PARK)
    call = other.wait_call(state="connected", alarm="Secrets differ")
    assert (call["level"], call["why"]["cause"]) == ("ENCRYPTED", "wrong_secret")
    missed = make_caller(make_parley, asterisk, MAX, 1, policy="prefer")
    missed.do("call", HOURS)
    missed.wait_call(state="connected", level="AUTHENTICATED")
    missed.wait_idle()
    missed.do("call", PARK)
    eventually(lambda: (missed.call() or {}).get("missing"), within=20, what="the user is asked")
    call = missed.wait_call(state="connected", level="ENCRYPTED")
    assert (call["authenticated"], call["why"]["cause"]) == (None, "protection_missing")
    assert call["pending"] is not None


def test_worker_that_dies_is_replaced_and_the_service_ends_well(
    asterisk: Asterisk, service: Service, make_parley: MakeParley
) -> None:
    """Its own call is lost, and the next one is taken."""
    caller = make_caller(make_parley, asterisk, ALICE)
    before = service.workers()
    os.kill(before[0], signal.SIGKILL)
    eventually(
        lambda: len(service.workers()) == len(before) and before[0] not in service.workers(),
        within=60,
        what="another one has started",
    )
    eventually(lambda: _answers(caller), within=60, what="a call is taken again")
    assert service.stop() == 0
    assert "Traceback" not in service.errors.read_text()
    eventually(
        lambda: "echo/sip:" not in asterisk.cli("pjsip show contacts"), within=10, what="it is unregistered"
    )


def _answers(caller: Parley) -> bool:
    done = caller.run("call", ECHO, "--json")
    if done.status != 0:
        return False
    call = json.loads(done.output.splitlines()[-1])
    caller.wait_call(id=call["id"], state="connected", level="AUTHENTICATED")
    return True


def _seconds(path: Path) -> float:
    return Recording.read(path).seconds
