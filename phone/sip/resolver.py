"""Host names to IPv4 addresses, before pjsua2 would block the reactor over them."""

from __future__ import annotations

import ipaddress
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from phone.sip.interface import SipError

TIMEOUT_S = 15.0
"""How long a name server may think."""


def is_address(host: str) -> bool:
    """Tell whether ``host`` is an IPv4 address already."""
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


@implementer(IResolutionReceiver)
class _Receiver:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.done: Deferred[None] = Deferred()

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        """Nothing to do yet."""

    def addressResolved(self, address: Any) -> None:
        self.found.append(address.host)

    def resolutionComplete(self) -> None:
        if not self.done.called:
            self.done.callback(None)


async def resolve(reactor: Any, host: str) -> tuple[str, ...]:
    """Return the IPv4 addresses of ``host``, at least one, without doubles. Raise SipError."""
    if is_address(host):
        return (host,)
    found = await _look_up(reactor, host, IPv4Address)
    if not found:
        raise SipError(f"{host} is not known: no such host, or no network to ask.")
    return found


async def resolve6(reactor: Any, host: str) -> tuple[str, ...]:
    """Return the IPv6 addresses of ``host``, without doubles; there may be none. Raise SipError."""
    return await _look_up(reactor, host, IPv6Address)


async def _look_up(reactor: Any, host: str, kind: type) -> tuple[str, ...]:
    receiver = _Receiver()
    reactor.nameResolver.resolveHostName(receiver, host, addressTypes=[kind])
    try:
        await receiver.done.addTimeout(TIMEOUT_S, reactor)
    except DeferredTimeout:
        raise SipError(f"{host} cannot be looked up: the name server does not answer.") from None
    return tuple(dict.fromkeys(receiver.found))
