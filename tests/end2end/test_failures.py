"""What goes wrong: one clear sentence, the right exit status, nothing lost."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.end2end.conftest import MakeAsterisk, MakeNetwork, MakeParley
from tests.peers import asterisk_config
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB
from tests.peers.parley import STEP_S, Parley, parley
from tests.peers.process import Loopback, free_port

A_HZ, B_HZ = 430, 550

TIMEOUT_S = 60
"""Longer than a SIP transaction lasts when nobody answers (RFC 3261 timers B and F, 32 s)."""


def test_wrong_password_is_named(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """The account fails with the reason; the right password, given later, registers."""
    phone = make_parley(A_HZ)
    phone.add_account(asterisk.uri(ALICE.user), "not this")
    account = phone.wait_account("failed")
    assert "password" in account["reason"]
    assert "password" in phone.refuse("account", "test", account["id"])
    phone.do("account", "edit", account["id"], "--secret-stdin", typed=ALICE.password + "\n")
    phone.wait_account("registered")


def test_unknown_host_is_named(make_network: MakeNetwork, make_parley: MakeParley) -> None:
    """A name that no resolver knows (none can be asked here)."""
    network = make_network("a")
    phone = make_parley(A_HZ, host=network.hosts["a"])
    phone.add_account("sip:alice@nowhere.invalid", "secret")
    assert "nowhere.invalid" in phone.wait_account("failed", within=TIMEOUT_S)["reason"]
    phone.run("call", "sip:bob@elsewhere.invalid")
    assert "elsewhere.invalid" in phone.ended(within=TIMEOUT_S)["call"]["reason"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_closed_port_is_named(loopback: Loopback, make_parley: MakeParley, transport: str) -> None:
    """Nobody listens there."""
    phone = make_parley(A_HZ)
    host = f"{loopback.address()}:{free_port(phone.ip)}"
    phone.add_account(f"sip:alice@{host}", "secret", "--transport", transport)
    assert phone.wait_account("failed", within=TIMEOUT_S)["reason"]
    assert phone.refuse("account", "test")


def test_server_gone_in_mid_call(
    make_asterisk: MakeAsterisk, loopback: Loopback, make_parley: MakeParley
) -> None:
    """The call talks on, can be hung up, and the account registers when the server is back."""
    ip = loopback.address()
    asterisk = make_asterisk(ip=ip)
    caller = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    callee = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    caller.do("call", BOB.extension)
    callee.wait_call(state="incoming")
    callee.do("answer")
    caller.wait_call(level="ENCRYPTED")
    callee.wait_call(level="ENCRYPTED")
    asterisk.kill()
    caller.wait_heard(B_HZ)
    callee.wait_heard(A_HZ)
    caller.do("hangup")
    callee.do("hangup")
    caller.wait_idle(within=TIMEOUT_S)
    callee.wait_idle(within=TIMEOUT_S)
    assert caller.refuse("account", "test")
    make_asterisk(ip=ip, sip_port=asterisk.sip_port)
    caller.wait_account("registered", within=2 * TIMEOUT_S)


@pytest.mark.parametrize(
    "uri", ["sip:", "sip:bob@", "sip:bob@host:port", "http://bob", "bob@", "sip:b ob@host", ""]
)
def test_malformed_address_is_refused(make_parley: MakeParley, uri: str) -> None:
    """To call, and as an account."""
    phone = make_parley(A_HZ)
    assert phone.refuse("call", uri)
    assert phone.refuse("account", "add", uri, "--secret-stdin", typed="secret\n")
    assert phone.status() == {**phone.status(), "accounts": [], "calls": []}


def test_number_without_account_is_refused(make_parley: MakeParley) -> None:
    """There is nobody to ask what 102 means."""
    assert "account" in make_parley(A_HZ).refuse("call", "102")


@pytest.mark.parametrize(
    "arguments", [["answer"], ["hangup"], ["hold"], ["mute"], ["dtmf", "7", "1"], ["verify", "7", "abcd"]]
)
def test_command_without_a_call_is_refused(make_parley: MakeParley, arguments: list[str]) -> None:
    """There is no call to do that with."""
    assert "call" in make_parley(A_HZ).refuse(*arguments)


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["call"], ["account", "add"], ["status", "--what"]]
)
def test_wrong_usage_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    """Told on standard error, whether or not a backend runs."""
    done = parley("--home", str(tmp_path), *arguments)
    assert (done.status, done.output) == (2, "")
    assert "usage" in done.errors


def test_without_a_backend_commands_say_so(tmp_path: Path) -> None:
    """``parley serve`` is what is missing."""
    done = parley("--home", str(tmp_path / "home"), "status", "--json")
    assert (done.status, done.output) == (1, "")
    assert "parley serve" in done.sentence


def test_port_in_use_is_named(make_parley: MakeParley) -> None:
    """Another program has the SIP port."""
    first = make_parley(A_HZ)
    other = make_parley(B_HZ, start=False)
    other.ip, other.sip_port = first.ip, first.sip_port
    done = parley(*other.arguments())
    assert done.status == 1
    assert str(first.sip_port) in done.sentence


def test_second_serve_on_the_same_home_is_refused(make_parley: MakeParley) -> None:
    """The first goes on undisturbed."""
    phone = make_parley(A_HZ)
    phone_status = phone.status()
    port = phone.sip_port
    phone.sip_port = free_port(phone.ip)
    done = parley(*phone.arguments())
    phone.sip_port = port
    assert done.status == 1
    assert str(phone.home) in done.sentence
    assert phone.status() == phone_status


def databases(phone: Parley) -> list[Path]:
    """Return the SQLite files in its home."""
    return [
        path
        for path in phone.home.rglob("*")
        if path.is_file() and path.read_bytes().startswith(b"SQLite format 3\0")
    ]


def test_corrupt_database_is_named_and_kept(make_parley: MakeParley) -> None:
    """It is neither repaired behind one's back nor overwritten."""
    phone = make_parley(A_HZ)
    phone.signal(signal.SIGTERM)
    (database,) = databases(phone)
    garbage = b"SQLite format 3\0" + bytes(range(256)) * 64
    database.write_bytes(garbage)
    done = parley(*phone.arguments())
    assert done.status == 1
    assert str(database) in done.sentence
    assert database.read_bytes() == garbage


def test_database_of_a_later_version_is_refused(make_parley: MakeParley) -> None:
    """Downgrading must not lose what the later version has written."""
    phone = make_parley(A_HZ)
    phone.signal(signal.SIGTERM)
    (database,) = databases(phone)
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = database.read_bytes()
    done = parley(*phone.arguments())
    assert done.status == 1
    assert done.sentence
    assert database.read_bytes() == before


@pytest.mark.usefixtures("root")
def test_unreadable_home_is_named(make_parley: MakeParley) -> None:
    """Somebody else's folder. Root may read it all the same, so the powers to do so are taken away first."""
    phone = make_parley(A_HZ, start=False)
    phone.home.mkdir(mode=0o700)
    os.chown(phone.home, 65534, 65534)
    powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"]
    done = parley(*phone.arguments(), before=powerless)
    assert done.status == 1
    assert str(phone.home) in done.sentence


def test_home_that_cannot_be_made_is_named(make_parley: MakeParley) -> None:
    """A file stands where a folder has to be."""
    phone = make_parley(A_HZ, start=False)
    phone.home.write_text("")
    done = parley(*phone.arguments())
    assert done.status == 1
    assert str(phone.home) in done.sentence


@pytest.mark.parametrize("missing", ["--play", "--record"])
def test_sound_file_that_cannot_be_used_is_named(
    make_parley: MakeParley, tmp_path: Path, missing: str
) -> None:
    """A WAV that is not there, a recording into a folder that is not there."""
    phone = make_parley(A_HZ, start=False)
    arguments = phone.arguments()
    arguments[arguments.index(missing) + 1] = str(tmp_path / "nowhere" / "sound.wav")
    done = parley(*arguments)
    assert done.status == 1
    assert "sound.wav" in done.sentence


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_in_mid_call_ends_cleanly(
    asterisk: Asterisk, make_parley: MakeParley, number: signal.Signals
) -> None:
    """Exit 0, the peer is hung up on, the account is unregistered."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    other = make_parley(B_HZ, asterisk=asterisk, account=BOB)
    phone.do("call", BOB.extension)
    other.wait_call(state="incoming")
    other.do("answer")
    phone.wait_call(level="ENCRYPTED")
    other.wait_call(level="ENCRYPTED")
    assert phone.signal(number) == 0
    other.wait_idle()
    assert not asterisk.is_registered(ALICE)


def test_killed_backend_starts_again_without_repair(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """After ``kill -9`` in mid-call: same home, same account, calls work."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    phone.do("call", asterisk_config.ECHO)
    phone.wait_call(state="connected")
    phone.signal(signal.SIGKILL)
    phone.start()
    phone.wait_account("registered", within=2 * STEP_S)
    phone.do("call", asterisk_config.ECHO)
    phone.wait_call(state="connected")
    phone.wait_heard(A_HZ)


def test_no_secret_is_readable_by_others(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """The home and everything with a secret in it belong to their owner alone; logs and events hold none."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    assert phone.home.stat().st_mode & 0o077 == 0
    holders = [
        path
        for path in phone.home.rglob("*")
        if path.is_file() and re.search(ALICE.password.encode(), path.read_bytes())
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in holders)
    for said in (phone.errors, phone.happened):
        assert ALICE.password not in said.read_text()
