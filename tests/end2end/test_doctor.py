"""``parley doctor`` against a real Asterisk: what works, what does not, and what cures it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end2end.conftest import MakeParley
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB, DORA, DUNCAN, ECHO, MAX, REALM, Account
from tests.peers.parley import PARLEY, Fields, Finished, Parley, parley
from tests.peers.process import Program, free_port
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import write_tone

A_HZ, B_HZ = 430, 550


def findings(done: Finished) -> dict[str, dict[str, Fields]]:
    """Return what was found, by account and check; those about secrets are others' business."""
    found: dict[str, dict[str, Fields]] = {}
    for line in done.lines:
        if line["check"] != "secret":
            found.setdefault(line["account"] or "", {})[line["check"]] = line
    return found


def test_account_that_works(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Everything of it is fine, a call's sound comes back, and what the PBX hears is said with its cure."""
    phone = make_parley(A_HZ, asterisk=asterisk, account=ALICE)
    done = phone.run("doctor", "--call", ECHO, "--json")
    assert done.status == 0, done
    found = findings(done)
    (alice,) = (about for account, about in found.items() if account)
    sound = alice.pop("rtp")  # a busy machine may lose some of it
    assert sound["verdict"] in ("fine", "warning")
    assert "both ways" in sound["found"]
    assert {check: finding["verdict"] for check, finding in alice.items()} == {
        "dns": "fine",
        "port": "fine",
        "tls": "not checked",
        "digest": "fine",
        "clock": "fine",
        "nat": "fine",
        "call": "fine",
        "direct_media": "warning",
    }
    assert "Asterisk" in alice["port"]["found"]
    assert REALM in alice["digest"]["found"]
    for setting in ("direct_media=yes", "media_encryption=no", "Dial()"):
        assert setting in alice["direct_media"]["remedy"]
    assert found[""]["versions"]["verdict"] == "fine"
    assert found[""]["devices"]["verdict"] == "not checked"
    phone.wait_idle()
    assert ALICE.password not in done.output + done.errors


def test_what_is_wrong_is_named(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Wrong password, unknown user, wrong port, unknown name, a digest of another realm: each with a cure."""
    phone = make_parley(A_HZ)
    closed = f"{asterisk.ip}:{free_port(asterisk.ip)}"
    wrong = "not-the-password"
    phone.add_account(asterisk.uri(ALICE.user), wrong)
    phone.add_account(asterisk.uri("nobody"), wrong)
    phone.add_account(f"sip:u@{closed}", wrong)
    phone.add_account(f"sip:t@{closed}", wrong, "--transport", "tcp")
    phone.add_account("sip:a@no-such-host.invalid", wrong)
    digest = ("--credential", "md5", "--realm", "elsewhere")
    phone.add_account(asterisk.uri(MAX.user), MAX.ha1("md5"), *digest)
    done = phone.run("doctor", "--json")
    assert done.status == 1
    found = findings(done)
    broken = {
        account.partition("@")[0]: (check, finding["found"], finding["remedy"])
        for account, about in found.items()
        for check, finding in about.items()
        if finding["verdict"] == "broken"
    }
    expected = {
        "alice": ("digest", "refuses the password", "type the password anew"),
        "nobody": ("digest", "no user nobody", "auth section"),
        "u": ("port", f"{closed} refuses the connection", "takes UDP"),
        "t": ("port", f"{closed} refuses the connection", "takes TCP"),
        "a": ("dns", "no-such-host.invalid has no address", "spelling"),
        "max": ("digest", f"for the realm elsewhere, and the server asks for {REALM}", "--realm"),
    }
    assert broken.keys() == expected.keys()
    for user, (check, word, cure) in expected.items():
        assert (broken[user][0], word in broken[user][1], cure in broken[user][2]) == (check, True, True), (
            user
        )
    assert wrong not in done.output + done.errors
    told = phone.run("doctor", f"alice@{asterisk.uri('').partition('@')[2]}", "--call", ECHO)
    assert "BROKEN" in told.output
    assert "the account has to work first" in told.output
    assert phone.refuse("doctor", "ghost") == "parley: There is no account 'ghost'."


def call_directly(caller: Parley, callee: Parley, account: Account, other: Account) -> dict[str, Fields]:
    """Let the doctor call ``other`` by ``account``, and a person answer; return what it tells of the call."""
    output = caller.home / f"{account.user}.json"
    host = caller.status()["accounts"][0]["uri"].partition("@")[2]
    command = ["doctor", f"{account.user}@{host}", "--call", other.extension, "--json"]
    doctor = Program([PARLEY, "--home", str(caller.home), *command], output=output)
    number = callee.wait_call(state="incoming")["id"]
    callee.do("answer", number)
    assert doctor.wait(60) == 0
    callee.wait_idle()
    return {line["check"]: line for line in map(json.loads, output.read_text().splitlines())}


def test_way_of_the_sound(asterisk: Asterisk, make_parley: MakeParley) -> None:
    """Straight to the other phone, and encrypted; or, under direct_media=no, by way of the PBX."""
    caller, callee = make_parley(A_HZ), make_parley(B_HZ)
    for phone, accounts in ((caller, (ALICE, DORA)), (callee, (BOB, DUNCAN))):
        for account in accounts:
            phone.add_account(asterisk.uri(account.user), account.password)
            assert phone.do("account", "test", f"{account.user}@{asterisk.uri('').partition('@')[2]}")
    direct = call_directly(caller, callee, ALICE, BOB)
    assert direct["direct_media"]["verdict"] == "fine"
    assert "encrypted" in direct["direct_media"]["found"]
    assert "both ways" in direct["rtp"]["found"]
    by_the_pbx = call_directly(caller, callee, DORA, DUNCAN)
    assert by_the_pbx["direct_media"]["verdict"] == "warning"
    assert "direct_media=yes" in by_the_pbx["direct_media"]["remedy"]


def test_devices_without_a_backend(pulse: PulseAudio, tmp_path: Path) -> None:
    """A backend is there for as long as it takes; a muted microphone is told from one that hears."""
    pulse.plug("desk")
    pulse.plug("air")
    pulse.default(speaker="desk", microphone="air")
    home = tmp_path / "home"

    def examine() -> dict[str, Fields]:
        done = parley(
            "--home",
            str(home),
            "doctor",
            "--json",
            before=["env", f"PULSE_SERVER={pulse.environment['PULSE_SERVER']}"],
        )
        return findings(done)[""]

    muted = examine()
    assert (muted["account"]["verdict"], muted["devices"]["verdict"]) == ("not checked", "fine")
    assert (muted["microphone"]["verdict"], muted["speaker"]["verdict"]) == ("warning", "fine")
    assert "muted" in muted["microphone"]["found"]
    assert "not running" in parley("--home", str(home), "status").errors
    playing = pulse.play("air", write_tone(tmp_path / "tone.wav", A_HZ, seconds=60))
    try:
        hearing = examine()
    finally:
        playing.end()
    assert hearing["microphone"]["verdict"] == "fine"
