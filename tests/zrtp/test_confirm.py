"""The encrypted part of Confirm (RFC 6189 §5.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.secret import Secret
from phone.zrtp.algorithms import AES1, S256
from phone.zrtp.confirm import Confirmation, seal, unseal
from phone.zrtp.errors import ErrorCode, MessageError, ProtocolError
from phone.zrtp.events import Cause, Role
from phone.zrtp.keys import KeySchedule
from phone.zrtp.messages import Confirm1, Confirm2
from tests.zrtp.recording import Recording
from tests.zrtp.test_keys import RecordedSchedule
from tests.zrtp.test_replay import REPLAYED

SCHEDULE: Final = KeySchedule(S256, Secret(b"s0" * 16), bytes(56))
KEYS: Final = {role: SCHEDULE.confirm_keys(role, AES1) for role in Role}
RESPONDER: Final = KEYS[Role.RESPONDER]
IV: Final = bytes(range(16))
confirmations = st.builds(
    Confirmation,
    h0=st.binary(min_size=32, max_size=32),
    expiry=st.integers(0, 0xFFFFFFFF),
    sas_verified=st.booleans(),
    allow_clear=st.booleans(),
    disclosure=st.booleans(),
    enrollment=st.booleans(),
    signature=st.integers(0, 511).flatmap(lambda words: st.binary(min_size=4 * words, max_size=4 * words)),
)


@pytest.mark.parametrize("name", REPLAYED)
def test_recorded_confirms_open(name: str) -> None:
    """Confirm1 and Confirm2 of every recording give the recorded plaintext, and seal to the same bytes."""
    recorded = RecordedSchedule(name)
    for side in "AB":
        recording = Recording(name, 0, side)
        kind = Confirm2 if recording.role is Role.INITIATOR else Confirm1
        raw = recording.message(kind.TYPE)
        assert raw is not None
        message = kind.parse(raw)
        keys = recorded.keys.confirm_keys(recording.role, recorded.cipher)
        confirmation = unseal(message, keys)
        plaintext = recorded.expected["confirm"][kind.__name__]["plaintext"]
        assert bytes(confirmation).hex() == plaintext
        assert seal(confirmation, keys, recording.role, message.iv) == raw


@given(confirmations, st.sampled_from(Role))
def test_sealed_confirmation_opens(confirmation: Confirmation, sender: Role) -> None:
    """Whatever is sealed by either role opens to the same values, a signature of any length included."""
    raw = seal(confirmation, KEYS[sender], sender, IV)
    kind = Confirm2 if sender is Role.INITIATOR else Confirm1
    assert unseal(kind.parse(raw), KEYS[sender]) == confirmation


@pytest.mark.parametrize(
    ("confirmation", "flags"),
    [
        (Confirmation(bytes(32), 0, enrollment=True), 8),
        (Confirmation(bytes(32), 0, sas_verified=True), 4),
        (Confirmation(bytes(32), 0, allow_clear=True), 2),
        (Confirmation(bytes(32), 0, disclosure=True), 1),
    ],
)
def test_flags_stand_in_their_bits(confirmation: Confirmation, flags: int) -> None:
    """E, V, A, D from the left, in the last byte of the word (§5.7)."""
    assert bytes(confirmation)[35] == flags


def test_unused_bits_are_ignored() -> None:
    """The 15 bits before the signature length and the upper flag bits mean nothing."""
    plaintext = bytearray(bytes(Confirmation(bytes(32), 7)))
    plaintext[32:34] = b"\xff\xfe"
    plaintext[35] |= 0xF0
    assert Confirmation.parse(bytes(plaintext)) == Confirmation(bytes(32), 7)


@pytest.mark.parametrize("words", [0, 1, 3, 511])
def test_signature_must_be_as_long_as_stated(words: int) -> None:
    """Two words of signature, stated as some other number."""
    plaintext = bytearray(bytes(Confirmation(bytes(32), 7, signature=bytes(8))))
    plaintext[33:35] = words.to_bytes(2, "big")
    with pytest.raises(MessageError):
        Confirmation.parse(bytes(plaintext))


def test_mac_covers_the_encrypted_part_only() -> None:
    """Another IV leaves the MAC right, and garbles the first block of the plaintext (§4.6)."""
    message = Confirm1.parse(seal(Confirmation(bytes(32), 7), RESPONDER, Role.RESPONDER, IV))
    confirmation = unseal(replace(message, iv=bytes(16)), RESPONDER)
    assert confirmation.h0[:16] != bytes(16)
    assert confirmation.h0[16:] == bytes(16)


@pytest.mark.parametrize("byte", [0, 31, 39])
def test_wrong_mac_is_refused(byte: int) -> None:
    """An altered byte anywhere in the encrypted part gives error 0x70, before anything is decrypted."""
    message = Confirm1.parse(seal(Confirmation(bytes(32), 7), RESPONDER, Role.RESPONDER, IV))
    encrypted = bytearray(message.encrypted)
    encrypted[byte] ^= 1
    with pytest.raises(ProtocolError) as refused:
        unseal(replace(message, encrypted=bytes(encrypted)), RESPONDER)
    assert refused.value.code is ErrorCode.BAD_CONFIRM_MAC
    assert refused.value.cause is Cause.ATTACK


def test_confirm_of_the_other_role_is_refused() -> None:
    """Our own Confirm, reflected as the peer's, has the wrong keys."""
    raw = seal(Confirmation(bytes(32), 7), RESPONDER, Role.RESPONDER, IV)
    with pytest.raises(ProtocolError):
        unseal(Confirm2.parse(raw), KEYS[Role.INITIATOR])


def test_confirmation_does_not_show_h0() -> None:
    """H0 keys the MAC of DHPart; it does not stand in a repr."""
    assert "h0" not in repr(Confirmation(b"\x11" * 32, 7))
