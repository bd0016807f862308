"""SRTP and SRTCP by libsrtp, held against RFC 3711 and a computation of our own."""

from __future__ import annotations

import hashlib
import hmac

import pylibsrtp
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CTR
from hypothesis import given
from hypothesis import strategies as st

from phone.secret import Secret
from phone.wire import PacketError, srtp
from phone.wire.rtp import RtpPacket
from phone.wire.srtp import CAPACITY, AuthTag, PacketBuffer, SrtpError, SrtpReceiver, SrtpSender

# RFC 3711 appendix B.3
MASTER_KEY = bytes.fromhex("e1f97a0d3e018be0d64fa32c06de4139")
MASTER_SALT = bytes.fromhex("0ec675ad498afeebb6960b3aabe6")
SESSION_KEY = bytes.fromhex("c61e7a93744f39ee10734afe3ff7a087")
SESSION_SALT = bytes.fromhex("30cbbc08863d8c85d49db34a9ae1")
AUTHENTICATION_KEY = bytes.fromhex("cebe321f6ff7716b6fd4ab49af256a156d38baa4")

KEY, SALT = Secret(MASTER_KEY), Secret(MASTER_SALT)
PACKET = RtpPacket(15, 0x1234, 0xDECAFBAD, 0xCAFEBABE, b"\xab" * 16)


@pytest.fixture(params=["_in_place", "_copying"], autouse=True)
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds for the way in place and for pylibsrtp's public one."""
    monkeypatch.setattr(srtp, "_transform", getattr(srtp, request.param))


@pytest.fixture
def buffer() -> PacketBuffer:
    return PacketBuffer()


def keystream(key: bytes, salt: bytes, label: int, index: int, length: int) -> bytes:
    """Return AES-CM output as RFC 3711 §4.1.1 and §4.3.3 define it."""
    counter = (int.from_bytes(salt, "big") << 16) ^ (label << 64) ^ (index << 16)
    encryptor = Cipher(AES128(key), CTR(counter.to_bytes(16, "big"))).encryptor()
    return encryptor.update(bytes(length))


def protect_by_the_book(packet: RtpPacket, tag_bytes: int) -> bytes:
    """Protect a first packet (rollover counter 0) with RFC 3711's session keys."""
    mask = keystream(SESSION_KEY, SESSION_SALT, packet.ssrc, packet.sequence_number, len(packet.payload))
    protected = bytes(packet)[:12] + bytes(a ^ b for a, b in zip(packet.payload, mask, strict=True))
    tag = hmac.new(AUTHENTICATION_KEY, protected + bytes(4), hashlib.sha1).digest()
    return protected + tag[:tag_bytes]


def sent(sender: SrtpSender, buffer: PacketBuffer, packet: RtpPacket) -> bytes:
    return buffer.get(sender.protect(buffer, buffer.put(bytes(packet))))


def test_key_derivation_by_the_book_agrees_with_the_rfc() -> None:
    """The session keys of RFC 3711 B.3 come out of the computation that the other tests rely on."""
    assert keystream(MASTER_KEY, MASTER_SALT, 0, 0, 16) == SESSION_KEY
    assert keystream(MASTER_KEY, MASTER_SALT, 2, 0, 14) == SESSION_SALT
    assert keystream(MASTER_KEY, MASTER_SALT, 1, 0, 20) == AUTHENTICATION_KEY


@pytest.mark.parametrize(("auth_tag", "tag_bytes"), [(AuthTag.HS80, 10), (AuthTag.HS32, 4)])
def test_protected_packet_is_that_of_the_rfc(auth_tag: AuthTag, tag_bytes: int, buffer: PacketBuffer) -> None:
    """Encryption and tag are byte for byte what RFC 3711 prescribes for these master keys."""
    assert sent(SrtpSender(KEY, SALT, auth_tag), buffer, PACKET) == protect_by_the_book(PACKET, tag_bytes)


def test_second_copy_is_a_replay(buffer: PacketBuffer) -> None:
    """A packet opens once (RFC 3711 §3.3.2), and the error tells this from a forgery."""
    protected = sent(SrtpSender(KEY, SALT, AuthTag.HS80), buffer, PACKET)
    receiver = SrtpReceiver(KEY, SALT, AuthTag.HS80)
    receiver.unprotect(buffer, buffer.put(protected))
    with pytest.raises(SrtpError) as refusal:
        receiver.unprotect(buffer, buffer.put(protected))
    assert refusal.value.replayed
    with pytest.raises(SrtpError) as refusal:
        receiver.unprotect(buffer, buffer.put(protect_by_the_book(PACKET, 10)[:-1] + b"\0"))
    assert refusal.value.replayed


def test_forgery_is_no_replay(buffer: PacketBuffer) -> None:
    """Noise with a fresh number is not authentic."""
    with pytest.raises(SrtpError) as refusal:
        SrtpReceiver(KEY, SALT, AuthTag.HS80).unprotect(buffer, buffer.put(bytes(PACKET) + bytes(10)))
    assert not refusal.value.replayed


def test_one_key_serves_several_sources(buffer: PacketBuffer) -> None:
    """RTP of any SSRC is protected and opened under the same master key."""
    sender, receiver = SrtpSender(KEY, SALT, AuthTag.HS80), SrtpReceiver(KEY, SALT, AuthTag.HS80)
    for packet in (RtpPacket(0, 5, 0, 1, b"one"), RtpPacket(0, 5, 0, 2, b"two")):
        length = len(sent(sender, buffer, packet))
        assert buffer.get(receiver.unprotect(buffer, length)) == bytes(packet)


def test_too_long_a_datagram_does_not_fit(buffer: PacketBuffer) -> None:
    """The buffer has an end, and what is longer is refused."""
    with pytest.raises(PacketError):
        buffer.put(bytes(CAPACITY + 1))


@given(st.binary(max_size=200), st.sampled_from(["unprotect", "unprotect_rtcp"]))
def test_no_noise_is_authentic(noise: bytes, name: str) -> None:
    """Whatever comes, it raises the one error."""
    buffer = PacketBuffer()
    receiver = SrtpReceiver(KEY, SALT, AuthTag.HS80)
    with pytest.raises(SrtpError):
        getattr(receiver, name)(buffer, buffer.put(noise))


def test_public_way_refuses_what_it_cannot_hold(buffer: PacketBuffer) -> None:
    """pylibsrtp's own buffer is shorter than ours; a longer packet is refused, not cut."""
    transform = srtp._copying(pylibsrtp.Session(), "protect")
    with pytest.raises(SrtpError, match="too long"):
        transform(buffer, buffer.put(bytes(1400)))


def test_way_in_place_is_proved() -> None:
    """With the pinned pylibsrtp the fast way holds."""
    assert srtp._proved(srtp._in_place, 16, AuthTag.HS80)


def test_missing_binding_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libsrtp's functions under their private names the fast way is not taken."""
    monkeypatch.setattr(srtp, "_lib", object())
    assert not srtp._proved(srtp._in_place, 16, AuthTag.HS80)


@pytest.mark.parametrize("function", ["srtp_protect", "srtp_unprotect"])
def test_binding_that_does_something_else_is_noticed(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of the right name that leaves the packet as it is does not pass the proof."""

    class Binding:
        srtp_protect = staticmethod(srtp._lib.srtp_protect)
        srtp_unprotect = staticmethod(srtp._lib.srtp_unprotect)

    setattr(Binding, function, staticmethod(lambda *_: 0))
    monkeypatch.setattr(srtp, "_lib", Binding)
    assert not srtp._proved(srtp._in_place, 16, AuthTag.HS80)
