"""A server is asked before anybody logs in, over UDP and TCP."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred, ensureDeferred, fail, succeed
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.selectreactor import SelectReactor
from twisted.internet.threads import blockingCallFromThread
from twisted.names import dns as twisted_dns
from twisted.names.error import DNSNameError

from phone.sip import inquiry
from phone.sip.inquiry import NOT_SIP, Answered, Inquirer, NoAnswerError
from phone.sip.interface import Transport
from phone.sip.reasons import NO_ANSWER, REFUSED
from tests.peers.process import Loopback, free_port
from tests.sip.test_reply import ANSWER

Ask = Callable[[str, int, Transport], Answered]


@pytest.fixture
def ask(loopback: Loopback) -> Iterator[Ask]:
    """Ask a server from an address of ours, and wait for what comes back."""
    reactor = SelectReactor()
    thread = threading.Thread(target=reactor.run, args=(False,))
    thread.start()
    inquirer = Inquirer(reactor, loopback.address())

    def wait(host: str, port: int, transport: Transport) -> Answered:
        def begin() -> Deferred[Any]:
            return ensureDeferred(inquirer.ask("alice", "pbx.example", host, port, transport))

        answered: Any = blockingCallFromThread(reactor, begin)
        assert isinstance(answered, Answered)
        return answered

    yield wait
    reactor.callFromThread(reactor.stop)
    thread.join()


@contextlib.contextmanager
def serving(host: str, transport: Transport, says: bytes) -> Iterator[tuple[int, list[str]]]:
    """Answer one question; yield the port, and what will have been asked."""
    kind = socket.SOCK_DGRAM if transport is Transport.UDP else socket.SOCK_STREAM
    asked: list[str] = []
    with socket.socket(socket.AF_INET, kind) as server:
        server.bind((host, 0))
        server.settimeout(20)

        def serve() -> None:
            if transport is Transport.UDP:
                question, source = server.recvfrom(4096)
                server.sendto(says, source)
            else:
                connection, _ = server.accept()
                with connection:
                    question = connection.recv(4096)
                    connection.sendall(says)
            asked.append(question.decode())

        if transport is Transport.TCP:
            server.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], asked
        thread.join()


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_question_changes_nothing(ask: Ask, loopback: Loopback, transport: Transport) -> None:
    """No Contact, no login, nothing secret; what it answers is read."""
    host = loopback.address()
    with serving(host, transport, ANSWER.encode()) as (port, asked):
        answered = ask(host, port, transport)
    assert answered.reply.challenges[0].realm == "asterisk"
    assert answered.own[0].startswith("127.")
    (question,) = asked
    assert question.startswith("REGISTER sip:pbx.example SIP/2.0\r\n")
    assert f"SIP/2.0/{transport.value.upper()} {answered.own[0]}:{answered.own[1]};rport" in question
    assert not {"contact", "authorization", "expires"} & {
        line.partition(":")[0].lower() for line in question.splitlines()
    }


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_another_program_on_that_port(ask: Ask, loopback: Loopback, transport: Transport) -> None:
    """It is told as such."""
    host = loopback.address()
    with (
        serving(host, transport, b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, _),
        pytest.raises(NoAnswerError) as caught,
    ):
        ask(host, port, transport)
    assert caught.value.words == NOT_SIP


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_closed_port(ask: Ask, loopback: Loopback, transport: Transport) -> None:
    """It is told at once."""
    host = loopback.address()
    port = free_port(host)
    with pytest.raises(NoAnswerError) as caught:
        ask(host, port, transport)
    assert caught.value.words == REFUSED
    assert str(caught.value) == f"{host}:{port} refuses the connection: nothing listens on that port."


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_server_that_says_nothing(
    ask: Ask, loopback: Loopback, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience has an end."""
    monkeypatch.setattr(inquiry, "PATIENCE_S", 0.3)
    host = loopback.address()
    kind = socket.SOCK_DGRAM if transport is Transport.UDP else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as server:
        server.bind((host, 0))
        if transport is Transport.TCP:
            server.listen()
        with pytest.raises(NoAnswerError) as caught:
            ask(host, server.getsockname()[1], transport)
    assert caught.value.words == NO_ANSWER


def test_network_that_is_not_there(ask: Ask) -> None:
    """From loopback no way leads to TEST-NET (RFC 5737)."""
    with pytest.raises(NoAnswerError, match=r"192\.0\.2\.1:5060 cannot be reached"):
        ask("192.0.2.1", 5060, Transport.UDP)


class NameServer:
    """Answers with these records, or fails with this error."""

    def __init__(self, *records: tuple[int, int, str], failure: Exception | None = None) -> None:
        """Of each record: priority, port, and host."""
        self._records = records
        self._failure = failure
        self.asked: list[str] = []

    def lookupService(self, name: str, timeout: object) -> Deferred[Any]:  # noqa: N802  # Twisted's
        self.asked.append(name)
        if self._failure is not None:
            return fail(self._failure)
        dns: Any = twisted_dns  # untyped in Twisted
        answers = [
            dns.RRHeader(name, dns.SRV, payload=dns.Record_SRV(priority, 1, port, host))
            for priority, port, host in self._records
        ]
        alias = dns.RRHeader(name, dns.CNAME, payload=dns.Record_CNAME("other.example"))
        return succeed(([alias, *answers], [], []))


@pytest.mark.parametrize(
    ("server", "found"),
    [
        (NameServer((20, 5060, "b.example"), (10, 5080, "a.example")), ("a.example", 5080)),
        (NameServer(), None),
        (NameServer(failure=DNSNameError()), None),
        (NameServer(failure=DeferredTimeout()), None),
    ],
    ids=["two", "none", "no such name", "silence"],
)
def test_service_of_a_domain(server: NameServer, found: tuple[str, int] | None) -> None:
    """The first by priority (RFC 2782), or none."""
    asking = ensureDeferred(Inquirer(None, "", server).service("pbx.example", Transport.TCP))
    outcome: list[object] = []
    asking.addBoth(outcome.append)
    assert outcome == [found]
    assert server.asked == ["_sip._tcp.pbx.example"]
