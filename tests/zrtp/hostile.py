"""A peer that signs and encrypts as it should, whatever its messages say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from phone.zrtp.algorithms import Configuration
from phone.zrtp.events import Role
from phone.zrtp.fragments import Reassembly, packets_of
from phone.zrtp.hashchain import sign
from phone.zrtp.messages import Confirm1, Confirm2
from phone.zrtp.packet import Packet
from tests.zrtp.link import End, Interceptor, Link, Party

Change = Callable[[bytes], bytes]
"""Returns another message, or another content of a Confirm; the length stays a multiple of four bytes."""


def hostile_call(
    offer: Configuration, hostile_role: Role, change: Callable[[], Change | None], keep: Callable[[], bool]
) -> tuple[Party, Party]:
    """Run two streams of a call, one by one, and return both parties; Bob is the hostile one.

    He says something else whenever ``change`` has a change, and the original too if ``keep`` says so.
    """
    hostile_begins = hostile_role is Role.INITIATOR
    a = Party("alice", 1, configuration=replace(offer, passive=hostile_begins))
    b = Party("bob", 2, configuration=replace(offer, passive=not hostile_begins))
    link = Link(a, b, intercept=_changing(b, change, keep))
    link.start()
    for _ in range(2):
        link.run(link.now + 60.0)
        for party in (a, b):
            party.session.restart_discovery(link.now)
            link.flush(party)
    return a, b


def _changing(author: Party, change: Callable[[], Change | None], keep: Callable[[], bool]) -> Interceptor:
    joined = Reassembly()

    def intercept(sender: End, datagram: bytes) -> Sequence[bytes]:
        whole = joined.put(Packet.parse(datagram)) if sender is author else []
        wanted = change() if whole else None
        if wanted is None:
            return [datagram]
        packet = whole[0]
        message = _rewritten(author, packet.message, wanted)
        parts = packets_of(message, packet.sequence_number, packet.ssrc)
        return [*map(bytes, parts), *([datagram] if keep() else [])]

    return intercept


def _rewritten(author: Party, message: bytes, change: Change) -> bytes:
    """Return ``message`` with another content, which ``author`` itself stands for."""
    stream = next(reversed(author.session._streams.values()))
    chain = stream.announcement.chain
    match message[4:12]:
        case b"Hello   ":
            return sign(change(message), chain.h2)
        case b"Commit  ":
            return sign(change(message), chain.h1)
        case b"DHPart1 " | b"DHPart2 ":
            return sign(change(message), chain.h0)
        case b"Confirm1" | b"Confirm2" if stream._exchange is not None and stream._exchange._agreement:
            agreed = stream._exchange._agreement
            kind = Confirm1 if agreed.role is Role.RESPONDER else Confirm2
            confirm = kind.parse(message)
            plaintext = change(agreed.own.decrypt(confirm.iv, confirm.encrypted))
            encrypted = agreed.own.encrypt(confirm.iv, plaintext)
            return bytes(kind(agreed.own.mac(encrypted), confirm.iv, encrypted))
        case _:
            return change(message)
