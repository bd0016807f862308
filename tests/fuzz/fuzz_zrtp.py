"""Long run of the ZRTP parsers and of whole sessions under atheris.

Not collected by pytest; it needs ``pip install atheris``. Run it as

    python tests/fuzz/fuzz_zrtp.py [CORPUS] [-max_total_time=SECONDS]

The rule is one sentence: bytes parse or raise ``MessageError``, and a session never raises.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["phone"]):
    from phone.zrtp.algorithms import Configuration
    from phone.zrtp.confirm import Confirmation
    from phone.zrtp.errors import MessageError
    from phone.zrtp.messages import PARSERS, frame, parse
    from phone.zrtp.packet import Packet, crc32c
    from tests.zrtp.link import Link, Party

_TYPES = sorted(PARSERS)
_MOMENTS = 12
"""Datagrams after which a call is interrupted, so that every state is met."""


def fuzz_parsers(data: bytes) -> None:
    """Packets, messages and confirmations as they come from the network."""
    with suppress(MessageError):
        Packet.parse(data)
    with suppress(MessageError):
        assert len(bytes(parse(data))) == len(data)
    if len(data) >= 40:
        with suppress(MessageError):
            assert len(bytes(Confirmation.parse(data))) == len(data)


def fuzz_session(data: bytes) -> None:
    """A call, interrupted by one changed datagram of the peer or by one of any type; then it goes on."""
    source = atheris.FuzzedDataProvider(data)
    passive = Configuration(passive=True)
    waiting = source.ConsumeBool()
    a = Party("alice", 1, configuration=passive if waiting else None)
    b = Party("bob", 2, configuration=None if waiting else passive)
    moment = source.ConsumeIntInRange(0, _MOMENTS)
    link = Link(a, b)
    link.start()
    link.run(5.0, stop=lambda: len(a.sent) + len(b.sent) >= moment)
    before = len(a.session._streams)
    for _ in range(source.ConsumeIntInRange(1, 3)):
        a.session.receive_datagram(_arriving(source, b.sent), link.now)
        link.flush(a)
    link.run(30.0)
    assert len(a.session._streams) <= before + 3


def _arriving(source: atheris.FuzzedDataProvider, genuine: list[bytes]) -> bytes:
    if genuine and source.ConsumeBool():
        datagram = bytearray(source.PickValueInList(genuine)[:-4])
        for _ in range(source.ConsumeIntInRange(1, 4)):
            datagram[source.ConsumeIntInRange(0, len(datagram) - 1)] = source.ConsumeIntInRange(0, 255)
        return bytes(datagram) + crc32c(bytes(datagram)).to_bytes(4, "little")
    body = source.ConsumeBytes(4 * source.ConsumeIntInRange(0, 120))
    message = frame(source.PickValueInList(_TYPES), body.ljust(-(-len(body) // 4) * 4, b"\0"))
    return bytes(Packet(source.ConsumeIntInRange(0, 0xFFFF), source.ConsumeIntInRange(0, 3), message))


def fuzz(data: bytes) -> None:
    """The first byte chooses what is fuzzed."""
    if data[:1] < b"\x80":
        fuzz_parsers(data[1:])
    else:
        fuzz_session(data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
