"""SIP stacks and an Asterisk for the tests of ``phone.sip``."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.asterisk import CHROOT, Asterisk
from tests.peers.process import Evidence, Loopback, free_port
from tests.peers.tones import write_tone
from tests.sip.peer import Peer
from tests.sip.phone import STEP_S, Phone

MakePhone = Callable[..., Phone]
MakePeer = Callable[[], Peer]


@pytest.fixture(scope="session")
def loopback() -> Loopback:
    """Loopback addresses of this run's own."""
    return Loopback()


@pytest.fixture(scope="session")
def _asterisk(loopback: Loopback) -> Iterator[Asterisk]:
    if os.geteuid() != 0:
        pytest.skip("needs root: Asterisk runs in a chroot")
    if not CHROOT.is_dir():
        pytest.skip(f"there is no Asterisk in {CHROOT}: tests/run, as root, builds it")
    with contextlib.closing(Asterisk(loopback.address())) as asterisk:
        yield asterisk


@pytest.fixture
def asterisk(_asterisk: Asterisk, evidence: Evidence) -> Asterisk:
    """A real Asterisk."""
    evidence.add_file("Asterisk", _asterisk.log, since=_asterisk.log.stat().st_size)
    return _asterisk


@pytest.fixture
def make_phone(tmp_path: Path, loopback: Loopback, evidence: Evidence) -> Iterator[MakePhone]:
    """Start a phone that speaks the tone ``hz``, with options of ``tests.sip.agent``."""
    phones: list[Phone] = []

    def make(*options: str, hz: float = 0, bind: str = "") -> Phone:
        folder = tmp_path / f"phone-{len(phones)}"
        folder.mkdir()
        if hz:
            options += ("--play", str(write_tone(folder / "speech.wav", hz)))
        phone = Phone(folder, bind or loopback.address(), *options)
        evidence.add_file(f"phone {len(phones)}, events", phone.output)
        evidence.add_file(f"phone {len(phones)}, errors", phone.errors)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        if phone.program.exit_status is None:
            phone.program.signal(signal.SIGTERM)
    try:
        statuses = [phone.program.wait(STEP_S) for phone in phones]
    finally:
        for phone in phones:
            phone.program.end()
    assert statuses == [0] * len(phones)
    assert [phone.errors.read_text().count("Traceback") for phone in phones] == [0] * len(phones)


@pytest.fixture
def make_peer(loopback: Loopback) -> Iterator[MakePeer]:
    """Open a peer that says what the test wants."""
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(contextlib.closing(Peer(loopback.address())))


@pytest.fixture
def closed_port(loopback: Loopback) -> str:
    """``HOST:PORT`` where nobody listens."""
    host = loopback.address()
    return f"{host}:{free_port(host)}"
