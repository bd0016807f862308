"""pjsua2 aborts a process that ends it in the wrong order; ours ends with status 0, whatever it was doing."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.peers.process import Loopback, Program
from tests.sip.conftest import MakePeer, MakePhone
from tests.sip.phone import STEP_S, Phone

TIMES = 10


@pytest.mark.parametrize("turn", range(TIMES))
def test_in_a_call(make_phone: MakePhone, turn: int) -> None:
    """Caller and callee end in the middle of a call, the one or the other first."""
    phones = make_phone(hz=440), make_phone("--answer", hz=1000)
    phones[0].do("dial", uri=phones[1].uri)
    for phone in phones:
        phone.wait("dialog", state="connected")
    first, second = phones if turn % 2 else reversed(phones)
    assert first.quit() == 0
    second.wait("dialog", state="ended")
    assert second.quit() == 0


@pytest.mark.parametrize("turn", range(TIMES))
def test_on_sigterm_with_everything_going_on(make_phone: MakePhone, make_peer: MakePeer, turn: int) -> None:
    """A call held, one that rings, one that is being placed and two registrations under way."""
    phone, other, callee, silent = make_phone(), make_phone(), make_phone("--answer"), make_peer()
    phone.do("dial", uri=callee.uri)
    phone.wait("dialog", call="1", state="connected")
    phone.call("hold")
    other.do("dial", uri=phone.uri)
    phone.wait("incoming")
    phone.do("dial", uri=silent.uri)
    phone.do("account", name="a", uri=f"sip:a@{silent.host}:{silent.port}", auth_user="a", secret="x")
    phone.do("account", name="b", uri="sip:a@no-such-host.invalid", auth_user="a", secret="x")
    silent.receive("REGISTER")
    phone.program.signal(signal.SIGTERM)
    assert phone.program.wait(STEP_S) == 0


def test_idle(make_phone: MakePhone) -> None:
    """Right after the start."""
    assert make_phone().quit() == 0


def test_before_it_is_ready(tmp_path: Path, loopback: Loopback) -> None:
    """Standard input has ended before it began."""
    phone = Phone(tmp_path, loopback.address())
    phone.do("quit")
    assert phone.program.wait(STEP_S) == 0


def test_twice(make_phone: MakePhone) -> None:
    """Closing again is waiting for the same end."""
    phone = make_phone()
    phone.do("quit")
    phone.do("quit")
    assert phone.program.wait(STEP_S) == 0


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_port_in_use(loopback: Loopback, tmp_path: Path, transport: str) -> None:
    """A stack that could not start says why in one sentence and ends without an abort."""
    host = loopback.address()
    kind = socket.SOCK_STREAM if transport == "TCP" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind((host, 0))
        if transport == "TCP":
            taken.listen()
        port = taken.getsockname()[1]
        phone = Phone(tmp_path, host, "--port", str(port))
        text = f"{transport} port {port} of {host} is in use by another program."
        assert phone.program.wait(STEP_S) == 1
        assert phone.events() == [{"event": "error", "text": text}]


def test_address_that_is_not_ours(tmp_path: Path) -> None:
    """An address of another computer cannot be bound; it is named."""
    phone = Phone(tmp_path, "192.0.2.1")
    assert phone.program.wait(STEP_S) == 1
    assert "192.0.2.1" in phone.events()[0]["text"]


def test_endpoint_forgotten_without_closing(tmp_path: Path) -> None:
    """Whoever stops the reactor need not think of pjsua2."""
    code = """
from twisted.internet import reactor
from phone.audio.silent import NullCard
from phone.sip.endpoint import Endpoint
endpoint = Endpoint(bind="127.0.0.1", port=0, reactor=reactor, listener=None, sound=NullCard())
reactor.callLater(0.1, reactor.stop)
reactor.run()
"""
    program = Program([sys.executable, "-c", code], output=tmp_path / "output")
    assert program.wait(STEP_S) == 0
    assert (tmp_path / "output").read_text() == ""
