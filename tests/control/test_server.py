"""The control socket: private, one backend a home, and no client can harm it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from phone.calls.values import Happened
from phone.config import Home
from phone.control import jsonrpc, server
from phone.control.client import Client, NotRunningError
from phone.control.contract import HAPPENED, LINE_BYTES, SUBSCRIBE, ControlError
from tests.control.backend import Backend
from tests.peers.process import eventually

BEN = "sip:ben@192.0.2.7"


@contextlib.contextmanager
def connected(backend: Backend) -> Iterator[socket.socket]:
    """A client that speaks in bytes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as raw:
        raw.settimeout(20)
        raw.connect(str(backend.home.socket))
        yield raw


def ask(raw: socket.socket, line: bytes) -> Any:
    """Send a line; return the answer to it."""
    raw.sendall(line + b"\n")
    return json.loads(read_line(raw))


def read_line(raw: socket.socket) -> bytes:
    """Return the next line; what there is of it when the connection ends."""
    line = b""
    while not line.endswith(b"\n"):
        try:
            received = raw.recv(1)
        except ConnectionResetError:
            break
        if not received:
            break
        line += received
    return line


def test_socket_belongs_to_its_owner_alone(backend: Backend) -> None:
    """The folder keeps others out before the socket is there."""
    assert backend.home.folder.stat().st_mode & 0o777 == 0o700
    assert backend.home.socket.stat().st_mode & 0o777 == 0o600


def test_second_backend_is_refused(backend: Backend) -> None:
    """The sentence names the home; the first goes on undisturbed."""
    with pytest.raises(ControlError, match=f"already running with the home {backend.home.folder}"):
        Backend(backend.home.folder)
    with backend.client() as client:
        assert client.request("status")["calls"] == []


def test_killed_backend_is_replaced(tmp_path: Path) -> None:
    """Its socket is still there after kill -9, and in nobody's way."""
    home = tmp_path / "home"
    command = [sys.executable, "-m", "tests.control.backend", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"ready\n"
        killed.send_signal(signal.SIGKILL)
    assert Home(home).socket.is_socket()
    with pytest.raises(NotRunningError):
        Client(Home(home).socket)
    with contextlib.closing(Backend(home)) as successor, successor.client() as client:
        assert client.request("status")["calls"] == []


def test_closed_backend_leaves_no_socket(backend: Backend) -> None:
    """And another one can have the home."""
    backend.close()
    assert not backend.home.socket.exists()
    with contextlib.closing(Backend(backend.home.folder)) as successor:
        assert successor.home.socket.is_socket()


def test_home_deeper_than_a_socket_address_is_long(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Served and reached all the same, and nothing is left behind."""
    # the folder of the run: that of the test may be too long a name by itself
    links = tmp_path_factory.mktemp("links")
    monkeypatch.setattr(tempfile, "tempdir", str(links))
    home = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
    assert len(os.fsencode(Home(home).socket)) > 108
    with contextlib.closing(Backend(home)) as backend, backend.client() as client:
        assert client.request("status")["calls"] == []
        assert backend.home.socket.is_socket()
    assert not backend.home.socket.exists()
    assert list(links.iterdir()) == []


def test_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(ControlError, match=str(tmp_path / "nowhere")):
        server.ControlServer(None, tmp_path / "nowhere" / "control.sock")


def test_one_line_is_one_request(backend: Backend) -> None:
    """Several may come at once, and one in pieces."""
    request = b'{"jsonrpc":"2.0","method":"status","id":%d}\n'
    with connected(backend) as raw:
        raw.sendall(request % 1 + request % 2 + (request % 3)[:10])
        raw.sendall((request % 3)[10:])
        assert [json.loads(read_line(raw))["id"] for _ in range(3)] == [1, 2, 3]


def test_batch_is_one_line(backend: Backend) -> None:
    """Both ways."""
    requests = [{"jsonrpc": "2.0", "method": "status", "id": number} for number in (1, 2)]
    with connected(backend) as raw:
        assert [one["id"] for one in ask(raw, json.dumps(requests).encode())] == [1, 2]


def test_nonsense_is_answered_and_the_connection_goes_on(backend: Backend) -> None:
    """Text that is no JSON, and bytes that are no text."""
    with connected(backend) as raw:
        for nonsense in (b"hello", b"\xff\xfe", b"", b'{"method": "\xff"}'):
            assert "error" in ask(raw, nonsense)
        invalid = b'{"jsonrpc":"2.0","method":"call.dial","params":{"target":"\xff"},"id":1}'
        assert ask(raw, invalid)["error"]["code"] == jsonrpc.INVALID_PARAMS
        assert "result" in ask(raw, b'{"jsonrpc":"2.0","method":"status","id":1}')


def test_endless_line_is_cut_off(backend: Backend) -> None:
    """Its sender is dropped; others are served."""
    with connected(backend) as raw:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            raw.sendall(b"x" * (LINE_BYTES + (1 << 20)))
        assert read_line(raw) == b""
    with backend.client() as client:
        assert client.request("status")["calls"] == []


def test_only_subscribers_are_told(backend: Backend) -> None:
    """A client that has not asked gets nothing but its answers."""
    with connected(backend) as listener, connected(backend) as other:
        assert ask(listener, b'{"jsonrpc":"2.0","method":"%s","id":1}' % SUBSCRIBE.encode())["result"] is None
        backend.ring()
        told = json.loads(read_line(listener))
        assert (told["method"], told["params"]["event"]) == (HAPPENED, "call.incoming")
        assert "id" not in told
        assert ask(other, b'{"jsonrpc":"2.0","method":"status","id":2}')["id"] == 2


def test_subscribing_twice_tells_once(backend: Backend) -> None:
    """Every event comes once."""
    subscribe = b'{"jsonrpc":"2.0","method":"%s","id":1}' % SUBSCRIBE.encode()
    with connected(backend) as raw:
        ask(raw, subscribe)
        ask(raw, subscribe)
        backend.ring()
        assert json.loads(read_line(raw))["method"] == HAPPENED
        assert ask(raw, b'{"jsonrpc":"2.0","method":"status","id":2}')["id"] == 2


def test_subscriber_who_does_not_read_is_dropped(backend: Backend) -> None:
    """Instead of remembering for it what it will never read; those who read miss nothing."""
    backend.ring()
    (call,) = backend.switchboard.calls()
    long = replace(call, remote_name="x" * 10_000)
    with backend.client() as listener, connected(backend) as idle:
        ask(idle, b'{"jsonrpc":"2.0","method":"%s","id":1}' % SUBSCRIBE.encode())
        happened = listener.events()
        for number in range(2 * server.MOST_WAITING // 10_000):
            event = Happened("call", replace(long, dtmf=str(number)))
            backend.do(backend.switchboard.publish, event)
            assert next(happened)["call"]["dtmf"] == str(number)
        received = b"".join(iter(lambda: idle.recv(1 << 16), b""))
    assert len(received) < server.MOST_WAITING + (1 << 20)


def test_requests_are_not_read_while_answers_are_not(backend: Backend) -> None:
    """A client that only asks fills its own buffers, not the backend's memory."""
    requests = b'{"jsonrpc":"2.0","method":"status","id":1}\n' * 1000
    with connected(backend) as raw:
        raw.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 64 << 20:
                sent += raw.send(requests)
                with backend.client() as other:  # time for the backend to read
                    other.request("status")
        assert sent < 64 << 20
    with backend.client() as client:
        assert client.request("status")["calls"] == []


def test_mistake_of_ours_does_not_reach_the_client(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told that there was one; the log has the rest."""
    monkeypatch.setattr(backend.switchboard, "calls", lambda: 1 / 0)
    with backend.client() as client, pytest.raises(ControlError) as raised:
        client.request("status")
    assert raised.value.code == jsonrpc.INTERNAL_ERROR
    assert "ZeroDivision" not in str(raised.value)
    assert any(record.levelno == logging.ERROR and record.exc_info for record in caplog.records)


def test_client_that_goes_away_is_forgotten(backend: Backend) -> None:
    """Also in the middle of a request, and while it is being told things."""
    with connected(backend) as raw:
        ask(raw, b'{"jsonrpc":"2.0","method":"%s","id":1}' % SUBSCRIBE.encode())
        raw.sendall(b'{"jsonrpc":"2.0",')
    eventually(lambda: not backend.control._clients, within=20, what="the client is forgotten")
    backend.ring()
    with backend.client() as client:
        assert len(client.request("status")["calls"]) == 1


def test_client_is_told_when_nobody_serves(tmp_path: Path) -> None:
    """What to do about it, too."""
    with pytest.raises(NotRunningError, match="parley serve"):
        Client(tmp_path / "control.sock")


def test_client_is_told_when_the_backend_ends(backend: Backend) -> None:
    """One that waits for events, and one that asks."""
    with backend.client() as listener, backend.client() as other:
        happened = listener.events()
        backend.close()
        with pytest.raises(ControlError, match="has gone"):
            next(happened)
        with pytest.raises(ControlError, match="has gone"):
            other.request("status")
