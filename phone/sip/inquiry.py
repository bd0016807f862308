"""What can be learned of a server before anybody logs in: its name, its port, and what it asks for.

It is asked by a REGISTER without a Contact and without a login, which changes nothing (RFC 3261 §10.2.3),
from a socket of its own: pjsua2 shows neither what came back nor that nothing did.
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.error import ConnectError
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.internet.protocol import ClientCreator, Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.names import client as names
from twisted.names.error import DomainError, ResolverError
from twisted.python.failure import Failure

from phone.sip.interface import SipError, Transport
from phone.sip.reasons import NO_ANSWER, SYSTEM, transport_words
from phone.sip.reply import LONGEST, Reply
from phone.sip.resolver import resolve, resolve6
from phone.sip.stack import ANY
from phone.wire.errors import PacketError

SEND_AT_S = (0.0, 0.5, 1.5)
"""When the question is sent over UDP, seconds from the beginning (RFC 3261 §17.1.2.2)."""
PATIENCE_S = 4.0
"""How long an answer may take; a server that is there needs a hundredth of that."""
LOOK_S = 0.02
NAME_SERVER_S = (1, 2)
"""How long a name server is waited for, time by time."""

NOT_SIP = "{where} answers, but not as a SIP server does."


class NoAnswerError(SipError):
    """The server has not answered."""

    def __init__(self, words: str, where: str) -> None:
        """``words``: the sentence, with ``{where}`` in it."""
        super().__init__(words.format(where=where))
        self.words = words


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, and from where it was asked."""

    reply: Reply
    own: tuple[str, int]
    """Our side of the socket: IPv4 address and port."""


@dataclass(frozen=True, slots=True)
class Inquirer:
    """Asks servers and name servers."""

    reactor: Any
    bind: str
    """IPv4 address of our sockets; ``ANY``: every interface."""
    resolver: Any = None
    """Twisted's, for what the system's own does not look up; ``None``: as the system is set up."""

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IPv4 addresses of ``host``. Raise SipError."""
        return await resolve(self.reactor, host)

    async def addresses6(self, host: str) -> tuple[str, ...]:
        """Return its IPv6 addresses, which Parley cannot use; none if there are none."""
        return await resolve6(self.reactor, host)

    async def service(self, domain: str, transport: Transport) -> tuple[str, int] | None:
        """Return host and port of the SIP service of ``domain`` (RFC 3263 §4.2); ``None``: it has none.

        Calls and registrations do not ask for it.
        """
        resolver = self.resolver if self.resolver is not None else names.getResolver()  # type: ignore[no-untyped-call]
        try:
            answers, _, _ = await resolver.lookupService(f"_sip._{transport.value}.{domain}", NAME_SERVER_S)
        except (DomainError, ResolverError, DeferredTimeout, NotImplementedError, OSError, ValueError):
            return None
        records = [answer.payload for answer in answers if hasattr(answer.payload, "target")]
        if not records:
            return None
        first = min(records, key=lambda record: int(record.priority))
        return first.target.name.decode("ascii", "replace"), int(first.port)

    async def ask(self, user: str, domain: str, address: str, port: int, transport: Transport) -> Answered:
        """Ask the server at ``address`` who is registered as ``user``. Raise NoAnswerError."""
        where = f"{address}:{port}"
        try:
            if transport is Transport.TCP:
                return await self._ask_tcp(user, domain, address, port)
            return await self._ask_udp(user, domain, address, port)
        except PacketError:
            raise NoAnswerError(NOT_SIP, where) from None
        except ConnectTimeout:
            raise NoAnswerError(NO_ANSWER, where) from None
        except ConnectError as error:
            raise NoAnswerError(_network_words(error.osError), where) from error
        except OSError as error:
            raise NoAnswerError(_network_words(error.errno), where) from error

    async def _ask_udp(self, user: str, domain: str, address: str, port: int) -> Answered:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)
            asking.bind((self.bind, 0))
            # a connected socket is told of ICMP errors, and hears nobody else
            asking.connect((address, port))
            own = asking.getsockname()
            question = _question(user, domain, own, Transport.UDP)
            began, sent = self.reactor.seconds(), 0
            while (passed := self.reactor.seconds() - began) < PATIENCE_S:
                if sent < len(SEND_AT_S) and passed >= SEND_AT_S[sent]:
                    asking.send(question)
                    sent += 1
                await deferLater(self.reactor, LOOK_S)
                try:
                    return Answered(Reply.parse(asking.recv(LONGEST)), own)
                except BlockingIOError:
                    continue
        raise OSError(errno.ETIMEDOUT, "no answer")

    async def _ask_tcp(self, user: str, domain: str, address: str, port: int) -> Answered:
        bound = None if self.bind == ANY else (self.bind, 0)
        creator: Any = ClientCreator(self.reactor, _Connection)  # type: ignore[no-untyped-call]
        # no endpoint of Twisted's: they bring its TLS with them, and what that needs
        connection: _Connection = await creator.connectTCP(address, port, PATIENCE_S, bound)
        own = connection.transport.getHost()
        connection.transport.write(_question(user, domain, (own.host, own.port), Transport.TCP))
        try:
            answer = await connection.answer.addTimeout(PATIENCE_S, self.reactor)
        except DeferredTimeout:
            raise ConnectTimeout from None
        finally:
            connection.transport.abortConnection()
        return Answered(Reply.parse(answer), (own.host, own.port))


class _Connection(Protocol):
    """Waits for the headers of one answer."""

    transport: Any  # untyped in Twisted

    def __init__(self) -> None:
        self.answer: Deferred[bytes] = Deferred()
        self._heard = b""

    def dataReceived(self, data: bytes) -> None:  # Twisted's name
        self._heard += data
        if b"\r\n\r\n" in self._heard or len(self._heard) > LONGEST:
            self._end()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: ARG002  # Twisted's
        self._end()

    def _end(self) -> None:
        if not self.answer.called:
            self.answer.callback(self._heard)


def _network_words(number: int | None) -> str:
    """Return why nothing came back, from the system's ``errno``."""
    words = transport_words(SYSTEM + number) if number else NO_ANSWER
    return words.replace("{words}", os.strerror(number or 0))


def _question(user: str, domain: str, own: tuple[str, int], transport: Transport) -> bytes:
    """Return a REGISTER that asks and binds nothing (RFC 3261 §10.2.3)."""
    branch = f"z9hG4bK{secrets.token_hex(8)}"
    lines = (
        f"REGISTER sip:{domain} SIP/2.0",
        f"Via: SIP/2.0/{transport.value.upper()} {own[0]}:{own[1]};rport;branch={branch}",
        "Max-Forwards: 70",
        f"From: <sip:{user}@{domain}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{user}@{domain}>",
        f"Call-ID: {secrets.token_hex(12)}",
        "CSeq: 1 REGISTER",
        "User-Agent: Parley",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()
