"""Ports for media."""

from __future__ import annotations

import errno
import socket

import pytest

from phone.media import sockets
from phone.media.sockets import EXPEDITED_FORWARDING, RtpSocketPair, disconnect

HOST = "127.77.4.1"


def test_pair_is_even_and_odd() -> None:
    """RTP has an even port and RTCP the next, on the address that was asked for."""
    pair = RtpSocketPair(HOST)
    assert pair.port % 2 == 0
    assert pair.rtp.getsockname() == (HOST, pair.port)
    assert pair.rtcp.getsockname() == (HOST, pair.port + 1)
    pair.close()


def test_packets_are_marked_as_voice() -> None:
    """Routers that look at DSCP see expedited forwarding."""
    pair = RtpSocketPair(HOST)
    for opened in (pair.rtp, pair.rtcp):
        assert opened.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == EXPEDITED_FORWARDING
    pair.close()


@pytest.mark.parametrize("taken", [20000, 20001])
def test_taken_port_is_passed_over(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """When one of two ports is in use another pair is found, and nothing is left open."""
    monkeypatch.setattr(sockets, "PORTS", range(20000, 20004, 2))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HOST, taken))
        for _ in range(20):
            pair = RtpSocketPair(HOST)
            assert pair.port == 20002
            pair.close()


def test_exhausted_ports_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no pair left the error says that addresses are in use."""
    monkeypatch.setattr(sockets, "PORTS", range(20010, 20012, 2))
    first = RtpSocketPair(HOST)
    with pytest.raises(OSError, match="in use") as failure:
        RtpSocketPair(HOST)
    assert failure.value.errno == errno.EADDRINUSE
    first.close()


def test_foreign_address_is_reported_at_once() -> None:
    """An address that is not this host's cannot be bound; no other port would help."""
    with pytest.raises(OSError, match="assign") as failure:
        RtpSocketPair("192.0.2.1")
    assert failure.value.errno == errno.EADDRNOTAVAIL


def test_disconnected_socket_hears_everybody_on_the_same_port() -> None:
    """After ``disconnect`` the port is the same, and other sources come through."""
    pair, other = RtpSocketPair(HOST), RtpSocketPair(HOST)
    pair.rtp.connect((HOST, 9))
    other.rtp.sendto(b"too early", pair.rtp.getsockname())
    address = pair.rtp.getsockname()
    assert disconnect(pair.rtp)
    assert pair.rtp.getsockname() == address
    other.rtp.sendto(b"in time", address)
    pair.rtp.settimeout(5)
    assert pair.rtp.recv(100) == b"in time"
    pair.close()
    other.close()


def test_other_systems_cannot_disconnect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not known to work it is not tried."""
    monkeypatch.setattr("sys.platform", "win32")
    pair = RtpSocketPair(HOST)
    assert not disconnect(pair.rtp)
    pair.close()
