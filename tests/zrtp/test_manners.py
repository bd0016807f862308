"""Floods of well-formed packets from somebody who is not the peer (RFC 6189 §9).

They cost a bounded amount of memory and Diffie-Hellman, bring no alarm and do not keep the peer out. Floods
of Hellos and whole exchanges after the call is secure are in ``test_streams``, of fragments in
``test_fragments``; altered copies of the peer's own packets in ``test_forgeries``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import Zid
from phone.zrtp.dh import DH3K, EC25, X255, KeyAgreement, KeyPair
from phone.zrtp.events import Failed, Secured, Suspicion
from phone.zrtp.hybrid import PQ25
from phone.zrtp.messages import Hello
from phone.zrtp.packet import Packet
from phone.zrtp.randomness import Randomness
from phone.zrtp.states import State
from tests.zrtp.link import End, Link, Party
from tests.zrtp.reachable import reachable
from tests.zrtp.test_messages import SAMPLES

AGREEMENTS: Final = (PQ25, X255, EC25, DH3K)
ROWS: Final = [row.code for row in AGREEMENTS]
PREAMBLE_SIZE: Final = 12


@dataclass
class Work:
    """Diffie-Hellman computations of one party."""

    pairs: int = 0
    results: int = 0

    def counted(self, agreement: KeyAgreement) -> KeyAgreement:
        """Return ``agreement``, which counts here from now on."""

        def key_pair(private: bytes) -> KeyPair:
            self.pairs += 1
            return CountedPair(agreement.key_pair(private), self)

        def respond(committed: bytes, randomness: Randomness) -> KeyPair:
            assert agreement.respond is not None
            self.pairs += 1
            return CountedPair(agreement.respond(committed, randomness), self)

        return replace(agreement, key_pair=key_pair, respond=agreement.respond and respond)


class CountedPair:
    """A key pair that counts its results."""

    def __init__(self, pair: KeyPair, work: Work) -> None:
        self._pair, self._work = pair, work
        self.committed, self.pv = pair.committed, pair.pv

    def agree(self, pv: bytes) -> Secret:
        self._work.results += 1
        return self._pair.agree(pv)


Forger = Callable[[random.Random], bytes]


def forged_hello(source: random.Random) -> bytes:
    """Somebody with another ZID and other wishes every time."""
    hello = Hello(
        b"1.10",
        source.randbytes(16),
        source.randbytes(32),
        Zid(source.randbytes(12)),
        (b"S256",),
        (b"AES1",),
        (b"HS80",),
        tuple(source.sample(ROWS, source.randint(0, len(ROWS)))),
        (b"B32 ",),
        mac=source.randbytes(8),
    )
    return bytes(hello)


def forged(sample: bytes) -> Forger:
    """Return what makes messages of the type and size of ``sample`` with any content."""
    return lambda source: sample[:PREAMBLE_SIZE] + source.randbytes(len(sample) - PREAMBLE_SIZE)


FLOODS: Final[Mapping[str, Forger]] = {
    kind.decode().strip(): forged_hello if kind == Hello.TYPE else forged(sample)
    for kind, sample in SAMPLES.items()
}


@dataclass
class Flooded:
    """A call through which one of the floods went, to both sides."""

    a: Party
    b: Party
    work: Work
    """That of ``a``."""
    bytes_in: int
    """What the flood brought to each side."""


def flooded(forge: Forger, count: int, agreement: KeyAgreement = X255) -> Flooded:
    """Run a call; ``count`` forged packets follow every message of it, with its SSRC.

    They follow no acknowledgement and no repetition: what a forgery provokes must not bring more of them.
    """
    source, work, seen, followed = random.Random(count), Work(), 0, set[bytes]()
    wanted = (agreement, *(row for row in AGREEMENTS if row is not agreement))
    a = Party("alice", 1, configuration=Configuration(key_agreements=tuple(map(work.counted, wanted))))
    b = Party("bob", 2, configuration=Configuration(key_agreements=wanted))

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        nonlocal seen
        message = datagram[12:-4]
        if message in followed or message[4:12].rstrip().endswith(b"ACK"):
            return [datagram]
        followed.add(message)
        ssrc = int.from_bytes(datagram[8:12], "big")
        forgeries = [bytes(Packet(7, ssrc, forge(source))) for _ in range(count)]
        seen += sum(map(len, forgeries)) if sender is b else 0
        return [datagram, *forgeries]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run(3.0)
    return Flooded(a, b, work, seen)


def weight(root: object) -> int:
    """Return the bytes that ``root`` and all that hangs on it take."""
    return sum(map(sys.getsizeof, reachable(root)))


@pytest.mark.parametrize("agreement", [X255, PQ25], ids=["DH mode", "KEM mode"])
@pytest.mark.parametrize("kind", FLOODS)
def test_flood_does_not_keep_the_peer_out(kind: str, agreement: KeyAgreement) -> None:
    """Twenty forged packets follow each of a call: secured as ever, and nobody is alarmed."""
    call = flooded(FLOODS[kind], 20, agreement)
    ours, theirs = call.a.told(Secured)[0], call.b.told(Secured)[0]
    assert ours.keys.local_key == theirs.keys.remote_key
    assert ours.sas == theirs.sas
    assert ours.algorithms.key_agreement == agreement.code.decode()
    for party in (call.a, call.b):
        assert party.states[0] is State.SECURE
        assert not party.told(Failed)
        assert not party.told(Suspicion)


@pytest.mark.parametrize("kind", FLOODS)
def test_flood_costs_no_diffie_hellman(kind: str) -> None:
    """The one key pair and the one result of the call.

    A Hello that nobody knows may be a new peer's, three times at most: then there is one more exchange each
    time, and a key pair for each key agreement that somebody wants.
    """
    streams = 4 if kind == "Hello" else 1
    call = flooded(FLOODS[kind], 100)
    assert 1 <= call.work.results <= streams
    assert call.work.pairs <= (streams * len(AGREEMENTS) if kind == "Hello" else 1)


@pytest.mark.parametrize("kind", FLOODS)
def test_flood_leaves_nothing_behind(kind: str) -> None:
    """Three times as many packets make no session heavier; of Hellos, a hundred bring all that are kept."""
    light, heavy = (weight(flooded(FLOODS[kind], count).a.session) for count in (100, 300))
    assert heavy < light * 1.1


@pytest.mark.parametrize("kind", FLOODS)
def test_flood_is_not_amplified(kind: str) -> None:
    """What we send because of it is not much more than what came: nobody is attacked by way of us."""
    sizes = [sum(map(len, flooded(forge, 100).a.sent)) for forge in (FLOODS[kind], FLOODS["ErrorACK"])]
    assert sizes[0] - sizes[1] <= 1.5 * flooded(FLOODS[kind], 100).bytes_in
