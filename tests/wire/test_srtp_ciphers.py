"""Every SRTP cipher held against RFC 6188, RFC 7714 and a computation of our own."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from hypothesis import given
from hypothesis import strategies as st

from phone.secret import Secret
from phone.wire import srtp
from phone.wire.rtp import RtpPacket
from phone.wire.srtp import AVAILABLE, AuthTag, PacketBuffer, SrtpError, SrtpReceiver, SrtpSender

SUITES = sorted(AVAILABLE, key=lambda suite: (suite[1].value, suite[0]))
PACKETS = [RtpPacket(15, number, 0xDECAFBAD, 0xCAFEBABE, b"\xab" * 160) for number in (65534, 65535, 0, 1)]
REPORT = bytes.fromhex("81c8000dcafebabe") + bytes(range(48))
CM_TAG_BYTES = {AuthTag.HS80: 10, AuthTag.HS32: 4}


@pytest.fixture(params=["_in_place", "_copying"], autouse=True)
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds for the way in place and for pylibsrtp's public one."""
    monkeypatch.setattr(srtp, "_transform", getattr(srtp, request.param))


def keystream(key: bytes, counter: int, length: int) -> bytes:
    """Return AES in counter mode, from ``counter`` on."""
    return Cipher(AES(key), CTR(counter.to_bytes(16, "big"))).encryptor().update(bytes(length))


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def derive(key: bytes, salt: bytes, label: int, length: int) -> bytes:
    """Return a session key (RFC 3711 §4.3.3, RFC 6188 §3); a short salt ends in zeros (RFC 7714 §11)."""
    return keystream(key, int.from_bytes(salt.ljust(16, b"\0"), "big") ^ label << 64, length)


@dataclass
class SessionKeys:
    """What protects the packets of one kind, RTP or RTCP."""

    cipher: bytes
    authentication: bytes
    salt: bytes

    @classmethod
    def derived(cls, key: bytes, salt: bytes, *, rtcp: bool) -> SessionKeys:
        first = 3 if rtcp else 0
        lengths = enumerate((len(key), 20, len(salt)), first)
        return cls(*(derive(key, salt, label, length) for label, length in lengths))

    def mask(self, ssrc: bytes, index: int, payload: bytes) -> bytes:
        """Encrypt or decrypt in counter mode (RFC 3711 §4.1.1)."""
        counter = int.from_bytes(self.salt) << 16 ^ int.from_bytes(ssrc) << 64 ^ index << 16
        return xor(payload, keystream(self.cipher, counter, len(payload)))

    def seal(self, ssrc: bytes, index: int, payload: bytes, associated: bytes) -> bytes:
        """Encrypt and authenticate with AES-GCM (RFC 7714 §8.1, §9.1)."""
        iv = xor(self.salt, bytes(2) + ssrc + index.to_bytes(6, "big"))
        return AESGCM(self.cipher).encrypt(iv, payload, associated)

    def rtp(self, packet: bytes, rollover: int, auth_tag: AuthTag) -> bytes:
        """Protect a packet with a header of 12 bytes."""
        header, payload, ssrc = packet[:12], packet[12:], packet[8:12]
        index = rollover << 16 | int.from_bytes(packet[2:4])
        if auth_tag is AuthTag.GCM:
            return header + self.seal(ssrc, index, payload, header)
        protected = header + self.mask(ssrc, index, payload)
        tag = hmac.digest(self.authentication, protected + rollover.to_bytes(4, "big"), hashlib.sha1)
        return protected + tag[: CM_TAG_BYTES[auth_tag]]

    def rtcp(self, packet: bytes, index: int, auth_tag: AuthTag) -> bytes:
        """Protect a compound packet; the trailer's first bit says that it is encrypted."""
        header, payload, ssrc = packet[:8], packet[8:], packet[4:8]
        trailer = (1 << 31 | index).to_bytes(4, "big")
        if auth_tag is AuthTag.GCM:
            return header + self.seal(ssrc, index, payload, header + trailer) + trailer
        protected = header + self.mask(ssrc, index, payload) + trailer
        return protected + hmac.digest(self.authentication, protected, hashlib.sha1)[:10]


@dataclass
class Masters:
    """Master keys of a suite, and what they open into."""

    key: bytes
    salt: bytes
    auth_tag: AuthTag

    def sender(self) -> SrtpSender:
        return SrtpSender(Secret(self.key), Secret(self.salt), self.auth_tag)

    def receiver(self) -> SrtpReceiver:
        return SrtpReceiver(Secret(self.key), Secret(self.salt), self.auth_tag)

    def session(self, *, rtcp: bool) -> SessionKeys:
        return SessionKeys.derived(self.key, self.salt, rtcp=rtcp)

    def protected(self) -> list[bytes]:
        """Return ``PACKETS`` protected by the book; their numbers roll over after the second."""
        keys = self.session(rtcp=False)
        return [keys.rtp(bytes(p), p.sequence_number < 2, self.auth_tag) for p in PACKETS]


@pytest.fixture
def masters(suite: tuple[int, AuthTag]) -> Masters:
    key_bytes, auth_tag = suite
    salt = bytes(range(0xA0, 0xA0 + (12 if auth_tag is AuthTag.GCM else 14)))
    return Masters(bytes(range(7, 7 + key_bytes)), salt, auth_tag)


@pytest.fixture
def buffer() -> PacketBuffer:
    return PacketBuffer()


# RFC 6188 §7.2, §7.4: master key, master salt; cipher key, authentication key, cipher salt
DERIVATIONS = [
    (
        "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
        "3b04803de51ee7c96423ab5b78d2",
        "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
        "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05",
        "fa31791685ca444a9e07c6c64e93",
    ),
    (
        "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1",
        "c8522f3acd4ce86d5add78edbb11",
        "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb",
        "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb",
        "2372b82d639b6d8503a47adc0a6c",
    ),
]
# RFC 6188 §7.1, §7.3: key, its first two blocks with salt f0f1..fd and counter 0
KEYSTREAMS = [
    (
        "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
        "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac",
    ),
    (
        "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7",
        "35096cba4610028dc1b57503804ce37c5de986291dcce161d5165ec4568f5c9a",
    ),
]


@pytest.mark.parametrize("vector", DERIVATIONS)
def test_derivation_by_the_book_agrees_with_rfc_6188(vector: tuple[str, ...]) -> None:
    """The session keys of RFC 6188 §7.2 and §7.4 come out of the computation the other tests rely on."""
    key, salt, *expected = (bytes.fromhex(field) for field in vector)
    keys = SessionKeys.derived(key, salt, rtcp=False)
    assert [keys.cipher, keys.authentication, keys.salt] == expected


@pytest.mark.parametrize(("key", "expected"), KEYSTREAMS)
def test_keystream_by_the_book_agrees_with_rfc_6188(key: str, expected: str) -> None:
    """The counter mode of RFC 6188 §7.1 and §7.3 comes out of the computation the other tests rely on."""
    keys = SessionKeys(bytes.fromhex(key), b"", bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfd"))
    assert keys.mask(bytes(4), 0, bytes(32)).hex() == expected


# RFC 7714 §16, §17: the packets, and what is left of them behind their headers; "Quid pro quo" is the salt
GCM_RTP = "8040f17b8041f8d35501a0b2" + b"Gallia est omnis divisa in partes tres".hex()
GCM_RTCP = (
    "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
)
GCM_VECTORS = [
    (
        16,
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
        "899d7f27beb16a9152cf765ee4390cce",
        "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
        "c84aa45896cf4d2fc5abf87245d9eade800005d4",
    ),
    (
        32,
        "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
        "7aa3db36dfffd6b0f9bb7878d7a76c13",
        "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
        "1d1eb30c4446839f57ff6f6cb26ac3be800005d4",
    ),
]


@pytest.mark.parametrize(("key_bytes", "rtp", "rtcp"), GCM_VECTORS)
def test_gcm_by_the_book_agrees_with_rfc_7714(key_bytes: int, rtp: str, rtcp: str) -> None:
    """The packets of RFC 7714 §16 and §17 come out of the computation the other tests rely on."""
    keys = SessionKeys(bytes(range(key_bytes)), b"", b"Quid pro quo")
    assert keys.rtp(bytes.fromhex(GCM_RTP), 0, AuthTag.GCM).hex() == GCM_RTP[:24] + rtp
    assert keys.rtcp(bytes.fromhex(GCM_RTCP), 0x5D4, AuthTag.GCM).hex() == GCM_RTCP[:16] + rtcp


def test_every_cipher_is_available() -> None:
    """With the pinned pylibsrtp each proof holds."""
    assert {(n, tag) for n in (16, 32) for tag in AuthTag} == AVAILABLE


@pytest.mark.parametrize("suite", SUITES)
def test_packets_are_those_of_the_book(masters: Masters, buffer: PacketBuffer) -> None:
    """Each packet, across the rollover of its number, is byte for byte what the RFC prescribes."""
    sender = masters.sender()
    sent = [buffer.get(sender.protect(buffer, buffer.put(bytes(packet)))) for packet in PACKETS]
    assert sent == masters.protected()


@pytest.mark.parametrize("suite", SUITES)
def test_packets_of_the_book_are_opened(masters: Masters, buffer: PacketBuffer) -> None:
    """What is protected by the book is opened to what it was."""
    receiver = masters.receiver()
    opened = [buffer.get(receiver.unprotect(buffer, buffer.put(p))) for p in masters.protected()]
    assert opened == [bytes(packet) for packet in PACKETS]


@pytest.mark.parametrize("suite", SUITES)
def test_rtcp_is_that_of_the_book(masters: Masters, buffer: PacketBuffer) -> None:
    """SRTCP has its own keys and index, and the long tag always."""
    sender, receiver, keys = masters.sender(), masters.receiver(), masters.session(rtcp=True)
    for index in (1, 2):
        length = sender.protect_rtcp(buffer, buffer.put(REPORT))
        assert buffer.get(length) == keys.rtcp(REPORT, index, masters.auth_tag)
        assert buffer.get(receiver.unprotect_rtcp(buffer, length)) == REPORT


@pytest.mark.parametrize("suite", SUITES)
def test_refused_packet_stays_as_it_was(masters: Masters, buffer: PacketBuffer) -> None:
    """Nothing of it is changed or decrypted, so that other keys may be tried on it."""
    receiver = masters.receiver()
    report = masters.session(rtcp=True).rtcp(REPORT, 1, masters.auth_tag)
    # the tag stands before the trailer with GCM, behind it else
    forged_report = report[:-5] + bytes([report[-5] ^ 1]) + report[-4:]
    packet = masters.protected()[0]
    forged = packet[:-1] + bytes([packet[-1] ^ 1])
    for unprotect, refused in ((receiver.unprotect, forged), (receiver.unprotect_rtcp, forged_report)):
        with pytest.raises(SrtpError):
            unprotect(buffer, buffer.put(refused))
        assert buffer.get(len(refused)) == refused
    for protected, expected in zip(masters.protected(), PACKETS, strict=True):
        assert buffer.get(receiver.unprotect(buffer, buffer.put(protected))) == bytes(expected)
    assert buffer.get(receiver.unprotect_rtcp(buffer, buffer.put(report))) == REPORT


@pytest.mark.parametrize("suite", SUITES)
def test_second_copy_is_a_replay(masters: Masters, buffer: PacketBuffer) -> None:
    """A packet opens once (RFC 3711 §3.3.2)."""
    receiver, packet = masters.receiver(), masters.protected()[0]
    receiver.unprotect(buffer, buffer.put(packet))
    with pytest.raises(SrtpError) as refusal:
        receiver.unprotect(buffer, buffer.put(packet))
    assert refusal.value.replayed


@given(st.sampled_from(SUITES), st.integers(0, 8 * (12 + 160 + 4) - 1))
def test_any_flipped_bit_is_refused(suite: tuple[int, AuthTag], bit: int) -> None:
    """One bit changed anywhere, header, payload or tag: the packet is not authentic."""
    key_bytes, auth_tag = suite
    keys = Masters(bytes(key_bytes), bytes(12 if auth_tag is AuthTag.GCM else 14), auth_tag)
    forged, buffer = bytearray(keys.protected()[0]), PacketBuffer()
    forged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SrtpError):
        keys.receiver().unprotect(buffer, buffer.put(bytes(forged)))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("length", range(64))
def test_too_short_a_packet_is_refused(masters: Masters, length: int, buffer: PacketBuffer) -> None:
    """A packet without room for header and tag raises the one error."""
    receiver = masters.receiver()
    for unprotect in (receiver.unprotect, receiver.unprotect_rtcp):
        with pytest.raises(SrtpError):
            unprotect(buffer, buffer.put(bytes(length)))


@pytest.mark.parametrize(
    ("key_bytes", "salt_bytes", "auth_tag"),
    [
        (0, 14, AuthTag.HS80),
        (17, 14, AuthTag.HS32),
        (16, 12, AuthTag.HS80),
        (24, 14, AuthTag.HS80),
        (32, 14, AuthTag.GCM),
    ],
)
def test_keys_of_no_cipher_are_a_mistake(key_bytes: int, salt_bytes: int, auth_tag: AuthTag) -> None:
    """Nothing is cut or filled to fit."""
    with pytest.raises(ValueError, match="SRTP cipher"):
        SrtpSender(Secret(bytes(key_bytes)), Secret(bytes(salt_bytes)), auth_tag)
