"""Key derivation (RFC 6189 §4.4.1.4, §4.5)."""

from __future__ import annotations

import hmac
from typing import Any

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import AES1, AES3, GCM, HS32, HS80, S256, S384, AuthTag
from phone.zrtp.cache import Zid
from phone.zrtp.events import Role
from phone.zrtp.keys import KeySchedule, dh_mode_s0, kdf, kdf_context
from tests.zrtp.recording import Recording, vectors
from tests.zrtp.test_replay import REPLAYED

HASHES = {"S256": S256, "S384": S384}
CIPHERS = {"AES1": AES1, "AES3": AES3}


@pytest.mark.parametrize("hash_name", ["S256", "S384"])
def test_kdf_is_the_recorded_one(hash_name: str) -> None:
    """Every recorded call of the key derivation function gives the recorded output."""
    cases: list[dict[str, Any]] = [case for case in vectors("kat_kdf")["cases"] if case["hash"] == hash_name]
    assert len(cases) > 10
    for case in cases:
        key, context = Secret(bytes.fromhex(case["key"])), bytes.fromhex(case["context"])
        output = kdf(HASHES[hash_name], key, case["label"].encode(), context, case["bits"])
        assert output.hex() == case["out"]


class RecordedSchedule:
    """The keys of one recorded exchange, computed by us from its messages and its DHResult."""

    def __init__(self, name: str) -> None:
        initiator = Recording(name, 0, "A")
        if initiator.role is Role.RESPONDER:
            initiator = Recording(name, 0, "B")
        responder = Recording(name, 0, initiator.peer)
        self.expected = initiator.recomputed
        self.hash = HASHES[self.expected["hash"]]
        messages = [
            responder.message(b"Hello   "),
            initiator.message(b"Commit  "),
            responder.message(b"DHPart1 "),
            initiator.message(b"DHPart2 "),
        ]
        self.context = kdf_context(
            self.hash, initiator.zid, responder.zid, [message for message in messages if message]
        )
        dh_result = initiator.data[initiator.side]["internals"]["key_agreement"][0]["dh_result"]
        shared = [bytes.fromhex(self.expected[name]) for name in ("s1", "s2", "s3")]
        self.s0 = dh_mode_s0(
            self.hash,
            Secret(bytes.fromhex(dh_result)),
            self.context,
            [Secret(secret) if secret else None for secret in shared],
        )
        self.keys = KeySchedule(self.hash, self.s0, self.context)
        self.cipher = CIPHERS[self.expected["cipher"]]


@pytest.mark.parametrize("name", REPLAYED)
def test_total_hash_and_s0_are_the_recorded_ones(name: str) -> None:
    """total_hash covers the responder's Hello, Commit, DHPart1, DHPart2; s0 follows from it and DHResult."""
    recorded = RecordedSchedule(name)
    assert recorded.context[24:].hex() == recorded.expected["total_hash"]
    assert recorded.s0.reveal().hex() == recorded.expected["s0"]


@pytest.mark.parametrize("name", REPLAYED)
def test_derived_keys_are_the_recorded_ones(name: str) -> None:
    """MAC keys, Confirm keys, ZRTPSess and the new rs1."""
    recorded = RecordedSchedule(name)
    keys, expected = recorded.keys, recorded.expected
    for role, letter in ((Role.INITIATOR, "i"), (Role.RESPONDER, "r")):
        confirm_keys = keys.confirm_keys(role, recorded.cipher)
        assert confirm_keys.mac_key.reveal().hex() == expected[f"mackey{letter}"]
        assert confirm_keys.zrtp_key.reveal().hex() == expected[f"zrtpkey{letter}"]
    assert keys.zrtp_session().reveal().hex() == expected["zrtpsess"]
    assert keys.retained_secret().reveal().hex() == expected["new_rs1"]


def test_each_shared_secret_changes_s0() -> None:
    """s1, s2 and s3 stand in s0 at different places."""
    secret, context = Secret(bytes(32)), bytes(56)
    choices = [(None, None, None), (secret, None, None), (None, secret, None), (None, None, secret)]
    values = [dh_mode_s0(S256, secret, context, choice).reveal() for choice in choices]
    assert len(set(values)) == 4


@pytest.mark.parametrize(("cipher", "size"), [(AES1, 16), (AES3, 32)])
def test_srtp_key_is_as_long_as_the_cipher_wants(cipher: Any, size: int) -> None:
    """16 or 32 bytes of key, different for both directions."""
    keys = KeySchedule(S256, Secret(bytes(32)), bytes(56))
    both = [keys.srtp_key(role, cipher) for role in Role]
    assert [len(key) for key in both] == [size, size]
    assert both[0] != both[1]


@pytest.mark.parametrize(
    ("auth_tag", "bits"), [(HS32, b"\0\0\0\x70"), (HS80, b"\0\0\0\x70"), (GCM, b"\0\0\0\x60")]
)
def test_srtp_salt_is_as_long_as_the_auth_tag_wants(auth_tag: AuthTag, bits: bytes) -> None:
    """112 bits, 96 for AES-GCM (RFC 7714 §8.1), and the KDF's length field says so (§4.5.1)."""
    keys = KeySchedule(S256, Secret(b"s" * 32), b"c" * 56)
    data = b"\0\0\0\1" + b"Responder SRTP master salt" + b"\0" + b"c" * 56 + bits
    expected = hmac.digest(b"s" * 32, data, "sha256")[: int.from_bytes(bits, "big") // 8]
    assert keys.srtp_salt(Role.RESPONDER, auth_tag).reveal() == expected


def test_context_names_the_initiator_first() -> None:
    """ZIDi || ZIDr || total_hash."""
    context = kdf_context(S256, Zid(b"i" * 12), Zid(b"r" * 12), [b"message"])
    assert context[:24] == b"i" * 12 + b"r" * 12
    assert context[24:] == S256.digest(b"message")
