"""An account's server: its name, its port, whether it takes the account, and what its answers tell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from twisted.internet.defer import TimeoutError as DeferredTimeout

from phone.calls.accounts import AccountBook
from phone.calls.findings import Check, Finding, Verdict
from phone.calls.values import AccountSnapshot
from phone.doctor import words
from phone.doctor.words import Words, because
from phone.sip.inquiry import Answered, NoAnswerError
from phone.sip.interface import CredentialKind, RegistrarAnswer, Registration, SipError, Transport
from phone.sip.reply import Challenge
from phone.sip.resolver import is_address
from phone.sip.uri import DEFAULT_PORT, SipUri

REGISTRATION_S = 20.0
"""How long the answer to a registration may take, once the port has answered."""

CLOCKS_AGREE = timedelta(minutes=2)

_DIGEST_NAMES = {CredentialKind.MD5_HA1.value: "MD5", CredentialKind.SHA256_HA1.value: "SHA-256"}


class Network(Protocol):
    """What is asked of the network; ``phone.sip.inquiry.Inquirer``."""

    async def addresses(self, host: str) -> tuple[str, ...]: ...
    async def addresses6(self, host: str) -> tuple[str, ...]: ...
    async def service(self, domain: str, transport: Transport) -> tuple[str, int] | None: ...
    async def ask(
        self, user: str, domain: str, address: str, port: int, transport: Transport
    ) -> Answered: ...


@dataclass(frozen=True, slots=True)
class ServerChecks:
    """Finds out how an account stands with its server."""

    accounts: AccountBook
    network: Network
    clock: Any
    """Twisted's reactor, or what has its clock."""
    today: Callable[[], datetime]
    """The time of this computer, with its time zone."""

    async def check(self, account: AccountSnapshot) -> AsyncIterator[Finding]:
        """Tell one thing after the other; what cannot be reached is not asked any further."""
        uri = SipUri.parse(account.uri)
        server = SipUri.parse(account.proxy) if account.proxy else uri
        transport = Transport(account.transport)
        try:
            address = (await self.network.addresses(server.host))[0]
        except SipError:
            yield await self._unknown(account.id, server, transport)
            return
        known = words.IS_ADDRESS if is_address(server.host) else words.RESOLVED
        yield known(account.id, host=server.host, addresses=address)
        where = f"{server.host}:{server.port or DEFAULT_PORT}"
        try:
            answered = await self.network.ask(
                uri.user, uri.host, address, server.port or DEFAULT_PORT, transport
            )
        except NoAnswerError as error:
            yield self._silent(account, error, where)
            if server.port is None and (elsewhere := await self._elsewhere(account.id, server, transport)):
                yield elsewhere
            yield words.NOT_REACHED(account.id)
            return
        name = answered.reply.server
        answers = words.ANSWERS if name else words.ANSWERS_ANONYMOUSLY
        yield answers(account.id, where=where, transport=transport.value.upper(), server=name)
        yield words.NO_TLS(account.id, transport=transport.value.upper())
        async for finding in self._login(account, answered):
            yield finding

    async def _unknown(self, account: str, server: SipUri, transport: Transport) -> Finding:
        """The name has no address that could be used."""
        try:
            others = await self.network.addresses6(server.host)
        except SipError:
            return words.NAME_SERVER_SILENT(account, host=server.host)
        if others:
            return words.ONLY_IPV6(account, host=server.host, addresses=", ".join(others))
        elsewhere = await self._elsewhere(account, server, transport)
        return elsewhere or words.NOT_RESOLVED(account, host=server.host, account=account)

    async def _elsewhere(self, account: str, server: SipUri, transport: Transport) -> Finding | None:
        """Return what is to be said where the name stands for another server."""
        if is_address(server.host):
            return None
        found = await self.network.service(server.host, transport)
        if found is None or found == (server.host, server.port or DEFAULT_PORT):
            return None
        target, port = found
        return words.SERVICE_ELSEWHERE(
            account, host=server.host, target=target, port=str(port), account=account
        )

    @staticmethod
    def _silent(account: AccountSnapshot, error: NoAnswerError, where: str) -> Finding:
        remedy = words.UNREACHED.get(error.words, words.NETWORK_REMEDY)
        said = Words(Check.PORT, Verdict.BROKEN, error.words, remedy)
        return said(account.id, where=where, transport=account.transport.upper())

    async def _login(self, account: AccountSnapshot, answered: Answered) -> AsyncIterator[Finding]:
        testing = self.accounts.test(account.id)
        try:
            now: AccountSnapshot = await testing.addTimeout(REGISTRATION_S, self.clock)
        except DeferredTimeout:
            yield words.NO_REGISTRATION(account.id)
            return
        answer = self.accounts.answer(account.id)
        accepted = now.state == Registration.REGISTERED.value
        yield _accepted(now, answer) if accepted else _refused(now, answer, answered.reply.challenges)
        if answer is not None and answer.reply.date is not None:
            yield self._clocks(account.id, answer.reply.date)
        yield _nat(account.id, answered)
        for why in now.health if accepted else ():
            yield because(Check.SECRET, account.id, why)

    def _clocks(self, account: str, theirs: datetime) -> Finding:
        apart = abs(self.today() - theirs)
        if apart <= CLOCKS_AGREE:
            return words.CLOCKS_AGREE(account)
        return words.CLOCKS_DIFFER(account, difference=str(timedelta(seconds=round(apart.total_seconds()))))


def _accepted(account: AccountSnapshot, answer: RegistrarAnswer | None) -> Finding:
    if answer is None or not answer.algorithm:
        return words.REGISTERED_FREELY(account.id)
    return words.REGISTERED(account.id, algorithm=answer.algorithm, realm=answer.realm)


def _refused(
    account: AccountSnapshot, answer: RegistrarAnswer | None, challenges: tuple[Challenge, ...]
) -> Finding:
    """Return why the server does not take an account that it has answered."""
    if answer is None:
        return words.NO_REGISTRATION(account.id)
    status = answer.reply.status
    about = {"account": account.id, "user": account.auth_user}
    if status in (401, 407):
        if not answer.algorithm:
            return _unanswerable(account, challenges or answer.reply.challenges)
        return words.WRONG_PASSWORD(account.id, **about, realm=answer.realm)
    if status == 403:
        return words.FORBIDDEN(account.id, **about)
    if status in (404, 410):
        return words.UNKNOWN_USER(account.id, user=SipUri.parse(account.uri).user)
    return Words(Check.DIGEST, Verdict.BROKEN, account.reason, words.REFUSED_REMEDY_LOG)(account.id)


def _unanswerable(account: AccountSnapshot, challenges: tuple[Challenge, ...]) -> Finding:
    """Return why no digest was sent at all."""
    kind = _DIGEST_NAMES.get(account.credential)
    if kind is None:
        return words.NO_SECRET(account.id, account=account.id)
    realms = sorted({challenge.realm for challenge in challenges})
    if account.realm is not None and account.realm not in realms:
        ours, theirs = account.realm, ", ".join(realms)
        return words.OTHER_REALM(account.id, account=account.id, ours=ours, theirs=theirs)
    theirs = ", ".join(sorted({challenge.algorithm for challenge in challenges}))
    return words.OTHER_DIGEST(account.id, account=account.id, ours=kind, theirs=theirs)


def _nat(account: str, answered: Answered) -> Finding:
    host, port = answered.own
    seen_host, seen_port = answered.reply.received or host, answered.reply.rport or port
    own = f"{host}:{port}"
    if (seen_host, seen_port) == (host, port):
        return words.NO_NAT(account, own=host)
    return words.NAT(account, seen=f"{seen_host}:{seen_port}", own=own)
