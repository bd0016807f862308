"""Long runs of the ZRTP parsers and of whole sessions under atheris; see ``docs/fuzzing.md``.

Not collected by pytest; it needs ``pip install atheris``. Run it as

    python tests/fuzz/fuzz_zrtp.py TARGET [CORPUS] [-max_total_time=SECONDS]

``TARGET`` is one of ``TARGETS``. The rule is one sentence: bytes parse or raise ``MessageError``, and a
session never raises and never holds more than a bounded number of peers.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["phone"]):
    from phone.secret import Secret
    from phone.zrtp.algorithms import AES1, S256, Configuration
    from phone.zrtp.confirm import Confirmation, seal, unseal
    from phone.zrtp.dh import DH3K, EC38, MULT, PRSH, X255
    from phone.zrtp.errors import MessageError
    from phone.zrtp.events import Role
    from phone.zrtp.fragments import MAX_WAITING, Fragment, Reassembly, packets_of
    from phone.zrtp.keys import KeySchedule
    from phone.zrtp.messages import PARSERS, Confirm1, frame, parse
    from phone.zrtp.packet import Packet, crc32c
    from phone.zrtp.session import MAX_STREAMS
    from phone.zrtp.states import State
    from phone.zrtp.stream import _MAX_HELLOS
    from tests.zrtp.hostile import hostile_call
    from tests.zrtp.link import Party
    from tests.zrtp.test_states import in_state

_TYPES: Final = sorted(PARSERS)
_STATES: Final = list(State)
_KEYS: Final = KeySchedule(S256, Secret(bytes(32)), b"context").confirm_keys(Role.RESPONDER, AES1)
_OFFERS: Final = [
    Configuration(),
    Configuration(key_agreements=(X255, MULT), allow_clear=True),
    Configuration(key_agreements=(EC38, DH3K, PRSH)),
]
_CRC_SIZE: Final = 4
_HEADER_SIZE: Final = 12


def fuzz_packet(data: bytes) -> None:
    """Packets as they come, and with a right checksum so that what lies behind it is read too."""
    with suppress(MessageError):
        assert len(bytes(Packet.parse(data))) == len(data)
    with suppress(MessageError):
        packet = Packet.parse(data + crc32c(data).to_bytes(_CRC_SIZE, "little"))
        assert Packet.parse(bytes(packet)) == packet


def fuzz_fragments(data: bytes) -> None:
    """Fragments of anything, and parts of two messages among them, altered or not, in any order."""
    source = atheris.FuzzedDataProvider(data)
    messages = [bytes([number]) * (4 * source.ConsumeIntInRange(297, 530)) for number in (1, 2)]
    parts = [part for message in messages for part in packets_of(message, 1, 1)]
    reassembly = Reassembly()
    for _ in range(source.ConsumeIntInRange(0, 80)):
        genuine = source.PickValueInList(parts).message
        content = _mutated(source, genuine) if source.ConsumeBool() else source.ConsumeBytes(64).ljust(8)
        packet = Packet(1, source.ConsumeIntInRange(1, 2), content, is_fragment=True)
        with suppress(MessageError):
            assert bytes(Fragment.parse(packet)) == content
            for whole in reassembly.put(packet):
                assert hashlib.sha256(whole.message).digest()[:2] == content[:2]
        assert len(reassembly._waiting) <= MAX_WAITING


def fuzz_message(data: bytes) -> None:
    """Messages as they come, and behind a right preamble for every type."""
    with suppress(MessageError):
        assert len(bytes(parse(data))) == len(data)
    body = data[1 : 1 + (len(data) - 1) // 4 * 4]
    message = frame(_TYPES[data[0] % len(_TYPES)], body) if data else b""
    with suppress(MessageError):
        parsed = parse(message)
        assert parse(bytes(parsed)) == parsed


def fuzz_confirm(data: bytes) -> None:
    """The encrypted part of a Confirm, as an end that has the keys may have written it."""
    encrypted = _KEYS.encrypt(bytes(16), data)
    message = frame(b"Confirm1", _KEYS.mac(encrypted) + bytes(16) + encrypted[: len(encrypted) // 4 * 4])
    if len(data) % 4:
        return
    with suppress(MessageError):
        confirm = Confirm1.parse(message)
        confirmation = unseal(confirm, _KEYS)
        assert Confirmation.parse(bytes(confirmation)) == confirmation
        assert len(seal(confirmation, _KEYS, Role.RESPONDER, bytes(16))) == len(message)


def fuzz_session(data: bytes) -> None:
    """Datagrams of somebody on the way, to a call in any state; then it goes on."""
    source = atheris.FuzzedDataProvider(data)
    link = in_state(source.PickValueInList(_STATES))
    genuine = [*link.b.sent, *link.a.sent]
    for _ in range(source.ConsumeIntInRange(1, 4)):
        link.a.session.receive_datagram(_arriving(source, genuine), link.now)
        link.flush(link.a)
    link.run(60.0)
    _check_bounds(link.a)


def fuzz_peer(data: bytes) -> None:
    """A peer that signs and encrypts as it should, whatever its messages say; two streams, one by one."""
    source = atheris.FuzzedDataProvider(data)
    offer, role = source.PickValueInList(_OFFERS), source.PickValueInList(list(Role))
    a, _ = hostile_call(
        offer,
        role,
        lambda: None if source.ConsumeIntInRange(0, 3) else lambda message: _mutated(source, message),
        source.ConsumeBool,
    )
    _check_bounds(a)


def _check_bounds(party: Party) -> None:
    """What strangers sent has left no more than a bounded amount behind."""
    streams = party.session._streams.values()
    assert len(streams) <= MAX_STREAMS
    assert all(len(stream._heard) <= _MAX_HELLOS for stream in streams)
    assert not party.session._endpoint.outgoing
    assert not party.session._endpoint.events


def _arriving(source: atheris.FuzzedDataProvider, genuine: list[bytes]) -> bytes:
    if genuine and source.ConsumeBool():
        datagram = source.PickValueInList(genuine)
        return _reframed(datagram, _mutated(source, datagram[_HEADER_SIZE:-_CRC_SIZE]))
    body = source.ConsumeBytes(4 * source.ConsumeIntInRange(0, 120))
    message = frame(source.PickValueInList(_TYPES), body.ljust(-(-len(body) // 4) * 4, b"\0"))
    return bytes(Packet(source.ConsumeIntInRange(0, 0xFFFF), source.ConsumeIntInRange(0, 3), message))


def _mutated(source: atheris.FuzzedDataProvider, message: bytes) -> bytes:
    changed = bytearray(message)
    for _ in range(source.ConsumeIntInRange(0, 4)):
        changed[source.ConsumeIntInRange(0, len(changed) - 1)] = source.ConsumeIntInRange(0, 255)
    added: bytes = source.ConsumeBytes(4 * source.ConsumeIntInRange(0, 4))
    return bytes(changed) + added[: len(added) // 4 * 4]


def _reframed(datagram: bytes, message: bytes) -> bytes:
    covered = datagram[:_HEADER_SIZE] + message
    return covered + crc32c(covered).to_bytes(_CRC_SIZE, "little")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "packet": fuzz_packet,
    "fragments": fuzz_fragments,
    "message": fuzz_message,
    "confirm": fuzz_confirm,
    "session": fuzz_session,
    "peer": fuzz_peer,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
