"""The judge of the leak tests: sees plain speech, and takes SRTP for what it is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.peers import capture
from tests.peers.capture import Datagram
from tests.peers.tones import Recording, write_tone

HEADER = bytes.fromhex("8000 0001 0000 00a0 1234 5678")


def packet(payload: bytes, header: bytes = HEADER) -> Datagram:
    """Return an RTP datagram with this payload."""
    return Datagram(0.0, ("192.0.2.1", 4000), ("192.0.2.2", 4000), header + payload)


def encode(samples: list[int], table: list[int]) -> bytes:
    """Encode to G.711 by looking for the nearest value."""
    return bytes(min(range(256), key=lambda byte: abs(table[byte] - sample)) for sample in samples)


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """20 ms of 437 Hz, which has no short period at 8 kHz."""
    recording = Recording.read(write_tone(tmp_path_factory.mktemp("tone") / "a.wav", 437))
    return list(recording.samples[:160])


@pytest.mark.parametrize("table", [capture.PCMU, capture.PCMA], ids=["PCMU", "PCMA"])
def test_tone_is_plain_even_with_a_tag(tone: list[int], table: list[int]) -> None:
    """A payload that can be heard is a leak, whatever its length."""
    assert packet(encode(tone, table)).is_plain([437])
    assert packet(encode(tone, table) + random.Random(1).randbytes(10)).is_plain([437])


def test_silence_is_plain_even_with_a_tag() -> None:
    """Few byte values are no ciphertext."""
    assert packet(b"\xff" * 160 + random.Random(1).randbytes(10)).is_plain([])


def test_untagged_noise_is_plain() -> None:
    """A whole number of frames has no SRTP tag."""
    assert packet(random.Random(1).randbytes(160)).is_plain([])


@pytest.mark.parametrize("size", [4 + 4, 4 + 10, 80 + 4, 160 + 4, 160 + 10, 240 + 10])
def test_ciphertext_with_a_tag_is_not_plain(size: int) -> None:
    """Ten thousand random payloads of each SRTP length raise no false alarm."""
    noise = random.Random(size)
    alarms = sum(
        packet(noise.randbytes(size)).is_plain([437, 550]) for _ in range(10_000 if size < 80 else 2_000)
    )
    assert alarms == 0


def test_header_extension_is_not_payload() -> None:
    """The payload starts after sources and extension."""
    header = bytes([0x91]) + HEADER[1:] + bytes(4) + bytes.fromhex("bede 0001 0000 0000")
    assert packet(b"payload", header).payload == b"payload"


def test_zrtp_and_rtcp_are_not_rtp() -> None:
    """What goes beside the media on the same port is not taken for it."""
    zrtp = Datagram(0.0, ("a", 1), ("b", 1), bytes.fromhex("1000 0001") + b"ZRTP" + bytes(20))
    assert zrtp.is_zrtp
    assert not zrtp.is_rtp
    assert not packet(b"", bytes([0x80, 200 & 0x7F | 0x80]) + bytes(10)).is_rtp


def test_rtcp_is_told_from_srtcp() -> None:
    """A receiver report with an SDES, as it is, and with the index and tag that SRTCP adds."""
    report = bytes.fromhex("80c9 0001 12345678") + bytes.fromhex("81ca 0003 12345678 0101 7000 00000000")
    clear, protected = packet(b"", report), packet(b"", report[:8] + random.Random(1).randbytes(12 + 14))
    assert capture.plain_rtcp([clear, protected]) == [clear]


def test_g711_tables_hold_the_values_of_the_standard() -> None:
    """G.711 table 2a/2b: zero, and both full-scale ends."""
    assert (capture.PCMU[0xFF], capture.PCMU[0x80], capture.PCMU[0x00]) == (0, 32124, -32124)
    assert (capture.PCMA[0xD5], capture.PCMA[0xAA], capture.PCMA[0x2A]) == (8, 32256, -32256)


def test_capture_file_is_read(tmp_path: Path) -> None:
    """A pcap with one UDP datagram and the beginning of a next one."""
    ip = bytes.fromhex("45000020 00000000 40110000 c0000201 c0000202")
    udp = bytes.fromhex("0fa0 0fa2 000c 0000") + b"talk"
    frame = bytes(12) + b"\x08\x00" + ip + udp
    header = bytes.fromhex("d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000")
    record = b"\x01\0\0\0" + b"\x20\xa1\x07\0" + 2 * len(frame).to_bytes(4, "little")
    (tmp_path / "a.pcap").write_bytes(header + record + frame + record)
    assert capture.read_capture(tmp_path / "a.pcap") == [
        Datagram(1.5, ("192.0.2.1", 4000), ("192.0.2.2", 4002), b"talk")
    ]
