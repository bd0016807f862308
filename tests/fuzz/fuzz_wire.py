"""Feeds mutated datagrams and descriptions to every reader of ``phone.wire``: reads, or raises PacketError.

``python -m tests.fuzz.fuzz_wire [SECONDS] [SEED]``: 60 s by default; prints the seed, and an input that broke
the rule as hex before the traceback.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from phone.secret import Secret
from phone.wire import PacketError
from phone.wire.demux import classify
from phone.wire.description import Address, MediaDescription
from phone.wire.rtcp import empty_receiver_report, parse_compound
from phone.wire.rtp import HeaderExtension, RtpPacket
from phone.wire.sdp import read_audio, rewrite
from phone.wire.srtp import CAPACITY, AuthTag, PacketBuffer, SrtpReceiver

DESCRIPTION = MediaDescription(Address("192.0.2.7", 20000), Address("192.0.2.7", 20001), "1.10 " + "0a" * 32)
RECEIVER = SrtpReceiver(Secret(bytes(16)), Secret(bytes(14)), AuthTag.HS80)
BUFFER = PacketBuffer()

SEEDS = [
    *(path.read_bytes() for path in (Path(__file__).parents[1] / "wire" / "sdp").glob("*.sdp")),
    bytes(RtpPacket(0, 1, 2, 3, bytes(160), True, (1, 2), HeaderExtension(0xBEDE, bytes(8)), 4)),
    empty_receiver_report(1) + bytes.fromhex("81ca0003123456780103616263000000"),
    bytes.fromhex("1000000a5a525450deadbeef505a0003") + b"HelloACK" + bytes(4),
]


def read_datagram(data: bytes) -> None:
    """Classify ``data`` and open it as SRTP and SRTCP."""
    length = BUFFER.put(data)
    classify(BUFFER.view, length)
    for unprotect in (RECEIVER.unprotect, RECEIVER.unprotect_rtcp):
        try:
            unprotect(BUFFER, length)
        except PacketError:
            continue


READERS: list[Callable[[bytes], object]] = [
    read_datagram,
    RtpPacket.parse,
    parse_compound,
    lambda data: read_audio(data.decode("utf-8", "replace")),
    lambda data: rewrite(data.decode("utf-8", "replace"), DESCRIPTION, offer=True),
    lambda data: rewrite(data.decode("utf-8", "replace"), DESCRIPTION, offer=False),
]


def mutate(data: bytes, source: random.Random) -> bytes:
    """Return ``data`` with a few bytes changed, cut out, repeated or crossed with another seed."""
    mutated = bytearray(data)
    for _ in range(source.randint(1, 8)):
        at, end = sorted(source.randrange(len(mutated) + 1) for _ in range(2))
        match source.randrange(5):
            case 0:
                mutated[at:at] = source.randbytes(source.randint(1, 4))
            case 1:
                del mutated[at:end]
            case 2:
                mutated[at:at] = mutated[at:end]
            case 3:
                mutated[at:end] = source.choice(SEEDS)[at:end]
            case _:
                mutated[at : at + 1] = bytes([source.choice((0, 1, 0x7F, 0x80, 0xFF, source.randrange(256)))])
    return bytes(mutated[:CAPACITY])


def main(seconds: float, seed: int) -> None:
    """Fuzz for ``seconds``."""
    source, inputs, refused = random.Random(seed), 0, 0
    print(f"seed {seed}", flush=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutate(source.choice(SEEDS), source)
        for reader in READERS:
            try:
                reader(data)
            except PacketError:
                refused += 1
            except BaseException:
                print(data.hex())
                raise
        inputs += 1
    print(f"{inputs} inputs, {inputs * len(READERS)} readings, {refused} refused")


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    main(float(given.get(0, 60)), int(given.get(1, random.randrange(1 << 32))))
