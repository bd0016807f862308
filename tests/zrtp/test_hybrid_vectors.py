"""Our published vectors of KEM mode: repeated from both sides, and computed again without the engine."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM1024PrivateKey
from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey, X448PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import Zid
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Event, Role, Secured
from phone.zrtp.randomness import EncapsulationKey
from phone.zrtp.sas import B32
from phone.zrtp.session import Session
from tests.zrtp.memory import MemoryCache
from tests.zrtp.recording import vectors

NAMES: Final = ("parley_pq25", "parley_pq44")
_LATENCY: Final = 0.01
"""Seconds from one side to the other."""


class RepeatedRandomness:
    """Draws what one end of a vector drew, purpose by purpose."""

    def __init__(self, end: dict[str, Any]) -> None:
        self._number: int = end["sequence_number"]
        self._draws = {purpose: iter(values) for purpose, values in end["draws"].items()}

    def _next(self, purpose: str) -> bytes:
        return bytes.fromhex(next(self._draws[purpose]))

    def h0(self) -> bytes:
        return self._next("h0")

    def private_value(self, size: int) -> bytes:
        value = self._next("private_value")
        assert len(value) == size
        return value

    def encapsulate(self, key: EncapsulationKey) -> tuple[Secret, bytes]:
        drawn = next(self._draws["encapsulate"])
        return Secret(bytes.fromhex(drawn["secret"])), bytes.fromhex(drawn["ciphertext"])

    def secret_id(self, secret: str, sender: Role) -> bytes:
        return self._next("secret_id")

    def confirm_iv(self) -> bytes:
        return self._next("confirm_iv")

    def nonce(self) -> bytes:
        raise AssertionError("only Multistream and Preshared mode draw one")

    def sequence_number(self) -> int:
        return self._number


@pytest.mark.parametrize("name", ["alice", "bob"])
@pytest.mark.parametrize("vector", NAMES)
def test_each_side_is_repeated_byte_for_byte(vector: str, name: str) -> None:
    """Every datagram, in order, and the same keys and SAS at the end."""
    data = vectors(vector)
    end = data["ends"][name]
    session = Session(
        ssrc=end["ssrc"],
        cache=MemoryCache(Zid(bytes.fromhex(end["zid"]))),
        configuration=configuration_of(data),
        randomness=RepeatedRandomness(end),
    )
    session.start(0.0)
    sent = session.datagrams_to_send()
    events: list[tuple[StreamId, Event]] = []
    for packet in data["packets"]:
        if packet["from"] != name:
            session.receive_datagram(bytes.fromhex(packet["packet"]), packet["t_ms"] / 1000 + _LATENCY)
            sent += session.datagrams_to_send()
            while (event := session.next_event()) is not None:
                events.append(event)
    assert sent == [bytes.fromhex(one["packet"]) for one in data["packets"] if one["from"] == name]
    (secured,) = [event for _, event in events if isinstance(event, Secured)]
    assert secured.role.value == end["role"]
    assert secured.keys.local_key.reveal().hex() == end["srtp_key"]
    assert secured.keys.local_salt.reveal().hex() == end["srtp_salt"]
    assert secured.sas.text == end["sas"]


def configuration_of(data: dict[str, Any]) -> Configuration:
    own = Configuration.of_names(data["configuration"])
    return replace(own, client_identifier=data["client_identifier"].encode())


def messages_of(data: dict[str, Any]) -> dict[tuple[str, bytes], bytes]:
    """Return the messages by sender and type, the fragments joined, as docs/zrtp-pq.md says."""
    messages: dict[tuple[str, bytes], bytes] = {}
    begun: dict[bytes, bytes] = {}
    for packet in data["packets"]:
        datagram = bytes.fromhex(packet["packet"])
        message = datagram[12:-4]
        if datagram[0] == 0x11:
            message_id, total, offset, length = (message[at : at + 2] for at in (0, 2, 4, 6))
            part = message[8:]
            assert len(part) == 4 * int.from_bytes(length, "big")
            if offset == b"\0\0":
                begun[message_id] = part
                continue
            message = begun[message_id] + part
            assert len(message) == 4 * int.from_bytes(total, "big")
            assert hashlib.sha256(message).digest()[:2] == message_id
        messages[packet["from"], message[4:12]] = message
    return messages


def x25519(private: bytes, public: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))


def x448(private: bytes, public: bytes) -> bytes:
    return X448PrivateKey.from_private_bytes(private).exchange(X448PublicKey.from_public_bytes(public))


class Parts(NamedTuple):
    """What one vector is made of."""

    code: bytes
    hash_name: str
    ecdh: Callable[[bytes, bytes], bytes]
    ecdh_size: int
    kem: type[MLKEM768PrivateKey | MLKEM1024PrivateKey]


PARTS: Final = {
    "parley_pq25": Parts(b"PQ25", "sha256", x25519, 32, MLKEM768PrivateKey),
    "parley_pq44": Parts(b"PQ44", "sha384", x448, 56, MLKEM1024PrivateKey),
}


@pytest.mark.parametrize("vector", NAMES)
def test_keys_follow_from_the_description(vector: str) -> None:
    """Nothing of the engine but the rendering of the SAS: what docs/zrtp-pq.md and RFC 6189 §4.4.1.4 say."""
    data = vectors(vector)
    code, hash_name, ecdh, ecdh_size, kem = PARTS[vector]
    ends = data["ends"]
    initiator, responder = sorted(ends, key=lambda name: ends[name]["role"])
    assert [ends[name]["role"] for name in (initiator, responder)] == ["initiator", "responder"]
    messages = messages_of(data)
    commit, dhpart2 = messages[initiator, b"Commit  "], messages[initiator, b"DHPart2 "]
    dhpart1, hello = messages[responder, b"DHPart1 "], messages[responder, b"Hello   "]
    digest = hashlib.new(hash_name, dhpart2 + hello).digest()
    committed, pv = commit[108:-8], dhpart1[76:-8]
    assert commit[68:72] == code
    assert commit[76:108] == digest[:32]

    private = bytes.fromhex(ends[initiator]["draws"]["private_value"][0])
    answer = bytes.fromhex(ends[responder]["draws"]["private_value"][-1])
    decapsulation_key = kem.from_seed_bytes(private[ecdh_size : ecdh_size + 64])
    assert committed[ecdh_size:] == decapsulation_key.public_key().public_bytes_raw()
    assert dhpart2[76:-8] == private[ecdh_size + 64 :]
    ecdh_secret = ecdh(private[:ecdh_size], pv[:ecdh_size])
    assert ecdh_secret == ecdh(answer, committed[:ecdh_size])
    kem_secret = decapsulation_key.decapsulate(pv[ecdh_size:])
    (encapsulated,) = ends[responder]["draws"]["encapsulate"]
    assert kem_secret.hex() == encapsulated["secret"]

    dh_result = hashlib.sha3_512(ecdh_secret + kem_secret + committed + pv + code).digest()
    total_hash = hashlib.new(hash_name, hello + commit + dhpart1 + dhpart2).digest()
    context = bytes.fromhex(ends[initiator]["zid"] + ends[responder]["zid"]) + total_hash
    no_secrets = bytes(12)
    s0 = hashlib.new(hash_name, b"\0\0\0\1" + dh_result + b"ZRTP-HMAC-KDF" + context + no_secrets).digest()

    def derived(label: bytes, bits: int) -> bytes:
        text = b"\0\0\0\1" + label + b"\0" + context + bits.to_bytes(4, "big")
        return hmac.digest(s0, text, hash_name)[: bits // 8]

    for name, label in ((initiator, b"Initiator"), (responder, b"Responder")):
        assert derived(label + b" SRTP master key", 128).hex() == ends[name]["srtp_key"]
        assert derived(label + b" SRTP master salt", 112).hex() == ends[name]["srtp_salt"]
        assert B32.render(derived(b"SAS", 256)).text == ends[name]["sas"]
