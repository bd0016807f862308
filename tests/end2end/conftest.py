"""The peers of the end-to-end tests as fixtures; what they need and is missing is named in the skip."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.peers.asterisk import CHROOT, Asterisk
from tests.peers.asterisk_config import Account
from tests.peers.baresip import Baresip
from tests.peers.linphone import Linphone
from tests.peers.network import Host, Network
from tests.peers.parley import Parley
from tests.peers.process import Evidence, Loopback
from tests.peers.pulseaudio import PulseAudio
from tests.peers.tones import write_tone

if TYPE_CHECKING:
    from tests.peers.window import Window

MakeAsterisk = Callable[..., Asterisk]
MakeBaresip = Callable[..., Baresip]
MakeLinphone = Callable[..., Linphone]
MakeParley = Callable[..., Parley]
MakeWindow = Callable[[Parley], "Window"]
MakeNetwork = Callable[..., Network]


@pytest.fixture(scope="session")
def loopback() -> Loopback:
    """Loopback addresses of this run's own."""
    return Loopback()


@pytest.fixture(scope="session")
def root() -> None:
    """Skip what needs root."""
    if os.geteuid() != 0:
        pytest.skip("needs root: a chroot, network namespaces or another user")


@pytest.fixture(scope="session")
def asterisk_installed(root: None) -> None:
    """Skip what needs Asterisk."""
    if not CHROOT.is_dir():
        pytest.skip(f"there is no Asterisk in {CHROOT}: tests/run, as root, builds it")


@pytest.fixture(scope="session")
def _shared_asterisk(asterisk_installed: None, loopback: Loopback) -> Iterator[Asterisk]:
    with contextlib.closing(Asterisk(loopback.address())) as asterisk:
        yield asterisk


@pytest.fixture
def asterisk(_shared_asterisk: Asterisk, evidence: Evidence) -> Asterisk:
    """The Asterisk that all tests of the run share."""
    evidence.add_file("Asterisk", _shared_asterisk.log, since=_shared_asterisk.log.stat().st_size)
    return _shared_asterisk


@pytest.fixture
def make_asterisk(asterisk_installed: None, loopback: Loopback, evidence: Evidence) -> Iterator[MakeAsterisk]:
    """Start an Asterisk for this test alone: on ``host``, or on a loopback address."""
    with contextlib.ExitStack() as running:

        def make(*, host: Host | None = None, ip: str | None = None, sip_port: int | None = None) -> Asterisk:
            address = host.ip if host else ip or loopback.address()
            asterisk = Asterisk(address, namespace=host.namespace if host else None, sip_port=sip_port)
            running.callback(asterisk.close)
            evidence.add_file("Asterisk", asterisk.log)
            return asterisk

        yield make


@pytest.fixture
def make_linphone(tmp_path: Path, loopback: Loopback, evidence: Evidence) -> Iterator[MakeLinphone]:
    """Start a Linphone that speaks ``hz``: on ``host``, or on a loopback address."""
    if shutil.which("linphonec") is None:
        pytest.skip("linphonec is missing: tests/run, as root, installs it (package linphone-cli)")
    with contextlib.ExitStack() as running:

        def make(
            hz: float, *, host: Host | None = None, asterisk: Asterisk | None = None, **options: object
        ) -> Linphone:
            folder = tmp_path / f"linphone-{hz:g}"
            folder.mkdir()
            linphone = Linphone(
                folder,
                host.ip if host else loopback.address(),
                write_tone(folder / "speech.wav", hz),
                namespace=host.namespace if host else None,
                asterisk=asterisk,
                **options,  # type: ignore[arg-type]
            )
            running.callback(linphone.close)
            evidence.add_file(f"Linphone {hz:g} Hz", linphone.log)
            if asterisk:
                linphone.wait_registered()
            return linphone

        yield make


@pytest.fixture
def make_baresip(tmp_path: Path, loopback: Loopback, evidence: Evidence) -> Iterator[MakeBaresip]:
    """Start a baresip, which has no ZRTP, that speaks ``hz``: on ``host``, or on a loopback address."""
    if shutil.which("baresip") is None:
        pytest.skip("baresip is missing: tests/run, as root, installs it (package baresip-core)")
    with contextlib.ExitStack() as running:

        def make(
            hz: float,
            *,
            host: Host | None = None,
            asterisk: Asterisk | None = None,
            account: Account | None = None,
        ) -> Baresip:
            folder = tmp_path / f"baresip-{hz:g}"
            folder.mkdir()
            evidence.add_file(f"baresip {hz:g} Hz", folder / "console")
            baresip = Baresip(
                folder,
                host.ip if host else loopback.address(),
                write_tone(folder / "speech.wav", hz, seconds=60),
                namespace=host.namespace if host else None,
                asterisk=asterisk,
                account=account,
            )
            running.callback(baresip.close)
            return baresip

        yield make


@pytest.fixture
def make_parley(tmp_path: Path, loopback: Loopback, evidence: Evidence) -> Iterator[MakeParley]:
    """Start a Parley that speaks ``hz``: on ``host``, or on a loopback address; registered as ``account``."""
    with contextlib.ExitStack() as running:

        def make(
            hz: float,
            *,
            host: Host | None = None,
            asterisk: Asterisk | None = None,
            account: Account | None = None,
            options: tuple[str, ...] = (),
            policy: str = "prefer",
            start: bool = True,
            pulse: PulseAudio | None = None,
        ) -> Parley:
            folder = tmp_path / f"parley-{hz:g}"
            folder.mkdir()
            phone = Parley(
                folder,
                host.ip if host else loopback.address(),
                hz,
                namespace=host.namespace if host else None,
                policy=policy,
                pulse=pulse,
            )
            running.callback(phone.close)
            evidence.add_file(f"Parley {hz:g} Hz, errors", phone.errors)
            evidence.add_file(f"Parley {hz:g} Hz, log", phone.home / "parley.log")
            evidence.add(f"Parley {hz:g} Hz, events", phone.story)
            if start:
                phone.start()
            if asterisk and account:
                phone.add_account(asterisk.uri(account.user), account.password, *options)
                phone.wait_account("registered")
            return phone

        yield make


@pytest.fixture
def make_window(application: object, evidence: Evidence) -> Iterator[MakeWindow]:
    """Open the window of a running Parley."""
    from tests.peers.window import Window  # noqa: PLC0415  # Qt, which most tests do without

    with contextlib.ExitStack() as opened:

        def make(phone: Parley) -> Window:
            window = Window(phone.home)
            opened.callback(window.close)
            evidence.add("the window", lambda: "\n".join(window.texts()))
            return window

        yield make


@pytest.fixture
def pulse(tmp_path: Path, evidence: Evidence) -> Iterator[PulseAudio]:
    """A sound system without any device."""
    if shutil.which("pulseaudio") is None or shutil.which("pactl") is None:
        pytest.skip("pulseaudio is missing: tests/run, as root, installs it (package pulseaudio)")
    with contextlib.closing(PulseAudio(tmp_path)) as pulse:
        evidence.add_file("PulseAudio", tmp_path / "pulseaudio")
        yield pulse


@pytest.fixture
def make_network(root: None, tmp_path: Path) -> Iterator[MakeNetwork]:
    """Build a network of hosts with these names."""
    with contextlib.ExitStack() as built:

        def make(*names: str) -> Network:
            network = Network(tmp_path, names)
            built.callback(network.close)
            return network

        yield make
