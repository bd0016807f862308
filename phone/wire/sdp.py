"""Session descriptions (RFC 8866) as far as Parley changes or reads them: the one audio stream.

A description is edited line by line, and every line that is not ours to answer for stays as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from phone.wire.description import Address, DtlsDescription, Fingerprint, MediaDescription, Setup
from phone.wire.errors import PacketError

HOLD_HOST = "0.0.0.0"  # noqa: S104  # an address that means "do not send" (RFC 3264 §8.4), not one to bind to
DYNAMIC = range(96, 128)
"""Payload types that an rtpmap gives a meaning (RFC 3551 §6)."""

ASTERISK_NUMBERS = {
    ("ilbc", 8000): 97,
    ("telephone-event", 8000): 101,
    ("opus", 48000): 107,
    ("speex", 8000): 110,
    ("g726-32", 8000): 111,
    ("speex", 16000): 117,
    ("l16", 16000): 118,
    ("speex", 32000): 119,
}
"""Payload type that Asterisk gives each codec (encoding name in lower case, Hz). With direct media it sends
one phone's description to another with its own numbers in it, so whoever offers others is misunderstood."""

DTLS_PROFILE = "UDP/TLS/RTP/SAVP"
"""RTP with the keys of DTLS-SRTP (RFC 5764 §8)."""
DISGUISED = "rtp/avp"
"""The same, as pjsua2 is shown it (``phone/sip/profile.py``)."""

_LINE = re.compile(r"([a-z])=(.*)")
_MEDIA = re.compile(r"(\S+) ([0-9]{1,5})(?:/[0-9]+)? (\S+)((?: \S+)+)")
_ORIGIN = re.compile(r"(\S+ [0-9]+ [0-9]+) IN IP[46] \S+")
_CONNECTION = re.compile(r"IN (IP[46]) ([^/\s]+)(?:/\S*)?")
_RTCP = re.compile(r"([0-9]{1,5})(?: IN (IP[46]) (\S+))?")
_SSRC = re.compile(r"([0-9]{1,10})(?: .*)?")
_ZRTP_HASH = re.compile(r"1\.10 [0-9A-Fa-f]{64}")
_FINGERPRINT = re.compile(r"([0-9A-Za-z-]{1,16}) +((?:[0-9A-Fa-f]{2}:){15,63}[0-9A-Fa-f]{2})")
_RTPMAP = re.compile(r"(9[6-9]|1[01][0-9]|12[0-7]) ([^/\s]+)/([0-9]{1,9})(?:/.*)?")
_PER_FORMAT = re.compile(r"(rtpmap|fmtp|rtcp-fb):([0-9]{1,3})( .*)")


class Direction(Enum):
    """Who may send, named from the side that wrote the description (RFC 8866 §6.7)."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class AudioDescription:
    """What one side says about its audio stream."""

    rtp: Address
    """``HOLD_HOST`` as host: an old way to ask for silence. Port 0: the stream is rejected."""
    rtcp: Address
    """As said by ``a=rtcp`` (RFC 3605), else the port above; the RTP address with rtcp-mux (RFC 5761)."""
    rtcp_mux: bool
    direction: Direction
    ssrc: int | None
    """First ``a=ssrc`` (RFC 5576 §4.1)."""
    zrtp_hash: str | None
    """Value of ``a=zrtp-hash`` for version 1.10 (RFC 6189 §8.1); ``None`` also for a malformed one."""

    profile: str
    """As written: ``RTP/AVP``, ``DTLS_PROFILE``, ``DISGUISED``."""
    dtls: DtlsDescription | None
    """Whatever the profile of the m-line is: ``RTP/AVP`` with a fingerprint means DTLS-SRTP where it can be
    had, as Asterisk has it under ``media_encryption_optimistic``. ``None`` also for one that is malformed."""

    @property
    def holds(self) -> bool:
        """Whether this side asks the other not to send."""
        return self.rtp.host == HOLD_HOST or self.direction in (Direction.SENDONLY, Direction.INACTIVE)


@dataclass(frozen=True, slots=True)
class _Section:
    """The session's own lines, or those of one m-line; the first line of the latter is the m-line."""

    lines: tuple[tuple[str, str], ...]

    def first(self, letter: str) -> str | None:
        return next((value for found, value in self.lines if found == letter), None)

    def attributes(self, name: str) -> list[str]:
        prefix = name + ":"
        return [
            value[len(prefix) :] for letter, value in self.lines if letter == "a" and value.startswith(prefix)
        ]

    def flag(self, name: str) -> bool:
        return ("a", name) in self.lines

    def __str__(self) -> str:
        return "".join(f"{letter}={value}\r\n" for letter, value in self.lines)


@dataclass(frozen=True, slots=True)
class _Media:
    """An m-line (RFC 8866 §5.14)."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]

    @classmethod
    def parse(cls, section: _Section) -> _Media:
        _, value = section.lines[0]
        found = _MEDIA.fullmatch(value)
        if found is None or int(found[2]) > 65535:
            raise PacketError(f"unreadable m-line: {value[:80]!r}")
        return cls(found[1], int(found[2]), found[3], tuple(found[4].split()))

    def __str__(self) -> str:
        return " ".join((self.kind, str(self.port), self.protocol, *self.formats))


def read_audio(sdp: str) -> AudioDescription:
    """Read what ``sdp`` says about its audio stream. Raise PacketError when it is malformed or has none."""
    session, *sections = _split(sdp)
    index = _audio_index(sections)
    if index is None:
        raise PacketError("the session description has no audio")
    section = sections[index]
    media = _Media.parse(section)
    host = _host(session, section)
    rtp = Address(host, media.port)
    rtcp_mux = section.flag("rtcp-mux")
    ssrc = _first_match(_SSRC, section.attributes("ssrc"))
    if ssrc is not None and int(ssrc[1]) >= 1 << 32:
        raise PacketError(f"SSRC {ssrc[1]} has more than 32 bits")
    hashes = (value for value in section.attributes("zrtp-hash") if _ZRTP_HASH.fullmatch(value))
    return AudioDescription(
        rtp=rtp,
        rtcp=rtp if rtcp_mux else _rtcp(section, rtp),
        rtcp_mux=rtcp_mux,
        direction=_direction(session, section),
        ssrc=int(ssrc[1]) if ssrc else None,
        zrtp_hash=next(hashes, None),
        profile=media.protocol,
        dtls=_dtls(session, section),
    )


def setup_for(remote: DtlsDescription | None) -> Setup | None:
    """Return what to answer to an offer of DTLS-SRTP (RFC 5763 §5); ``None``: there is none."""
    if remote is None:
        return None
    return Setup.PASSIVE if remote.setup is Setup.ACTIVE else Setup.ACTIVE


def rewrite(
    sdp: str,
    description: MediaDescription,
    *,
    offer: bool,
    setup: Setup | None = None,
    profile: str | None = None,
) -> str:
    """Return the phone's own ``sdp`` as it may go out: with our addresses, and our ``a=zrtp-hash``.

    ``offer``: the phone chose the payload types, so they are changed to those that Asterisk uses; an answer
    keeps the peer's. ``setup``: who begins with DTLS; ``None``: nobody, so nothing is said of it.
    ``profile``: in place of the phone's own. The first audio stream stays, every other one is rejected by
    port 0 (RFC 3264 §6). An address that means hold stays one. Raise PacketError when ``sdp`` is malformed.
    """
    session, *sections = _split(sdp)
    host = description.rtp.host
    audio = _audio_index(sections)
    rewritten = [_at(session, host)]
    for index, section in enumerate(sections):
        media = _Media.parse(section)
        if index != audio or media.port == 0:
            rewritten.append(_rejected(_at(section, host), media))
        else:
            media = replace(media, protocol=profile or media.protocol)
            edited = _advertise(_at(section, host), media, description, setup)
            rewritten.append(_renumber(edited) if offer else edited)
    return "".join(map(str, rewritten))


def _split(sdp: str) -> list[_Section]:
    """Return the session's lines, then those of each m-line."""
    sections: list[list[tuple[str, str]]] = [[]]
    for line in re.split(r"\r\n|\n|\r", sdp.rstrip("\r\n")):
        found = _LINE.fullmatch(line)
        if found is None:
            raise PacketError(f"no line of a session description: {line[:80]!r}")
        if found[1] == "m":
            sections.append([])
        sections[-1].append((found[1], found[2]))
    if sections[0][:1] != [("v", "0")]:
        raise PacketError("a session description begins with v=0")
    return [_Section(tuple(lines)) for lines in sections]


def _audio_index(sections: list[_Section]) -> int | None:
    """Return which section is the audio stream: the first that is not rejected, else the first."""
    audio = [
        (index, media) for index, media in enumerate(map(_Media.parse, sections)) if media.kind == "audio"
    ]
    live = [index for index, media in audio if media.port]
    return next(iter(live or [index for index, _ in audio]), None)


def _first_match(pattern: re.Pattern[str], values: list[str]) -> re.Match[str] | None:
    """Match the first of ``values``, if there is one. Raise PacketError when it does not match."""
    if not values:
        return None
    found = pattern.fullmatch(values[0])
    if found is None:
        raise PacketError(f"unreadable attribute: {values[0][:80]!r}")
    return found


def _host(session: _Section, section: _Section) -> str:
    value = section.first("c") or session.first("c")
    found = _CONNECTION.fullmatch(value or "")
    if found is None:
        raise PacketError(f"unreadable connection address: {(value or '')[:80]!r}")
    if found[1] != "IP4":
        raise PacketError("media over IPv6 is not supported")
    return found[2]


def _rtcp(section: _Section, rtp: Address) -> Address:
    found = _first_match(_RTCP, section.attributes("rtcp"))
    if found is None:
        return Address(rtp.host, rtp.port + 1 if rtp.port else 0)
    if int(found[1]) > 65535:
        raise PacketError(f"RTCP port {found[1]}")
    return Address(found[3] if found[2] == "IP4" else rtp.host, int(found[1]))


def _direction(session: _Section, section: _Section) -> Direction:
    for lines in (section, session):
        for direction in Direction:
            if lines.flag(direction.value):
                return direction
    return Direction.SENDRECV


def _dtls(session: _Section, section: _Section) -> DtlsDescription | None:
    """Read the fingerprints (RFC 8122 §5) and who begins; those of the stream before those of the session."""
    values = section.attributes("fingerprint") or session.attributes("fingerprint")
    found = filter(None, map(_FINGERPRINT.fullmatch, values))
    fingerprints = tuple(Fingerprint(one[1].lower(), bytes.fromhex(one[2].replace(":", ""))) for one in found)
    said = (section.attributes("setup") or session.attributes("setup"))[:1]
    setup = next((setup for setup in Setup if [setup.value] == said), None)
    is_new = "new" in (section.attributes("connection") or session.attributes("connection"))
    return DtlsDescription(fingerprints, setup, is_new) if fingerprints and setup else None


def _at(section: _Section, host: str) -> _Section:
    """Put ``host`` into the o= and c= lines."""
    lines = []
    for letter, value in section.lines:
        if letter == "o":
            origin = _ORIGIN.fullmatch(value)
            if origin is None:
                raise PacketError(f"unreadable origin: {value[:80]!r}")
            lines.append((letter, f"{origin[1]} IN IP4 {host}"))
        elif letter == "c":
            connection = _CONNECTION.fullmatch(value)
            held = connection is not None and connection[2] == HOLD_HOST
            lines.append((letter, f"IN IP4 {HOLD_HOST if held else host}"))
        else:
            lines.append((letter, value))
    return _Section(tuple(lines))


def _rejected(section: _Section, media: _Media) -> _Section:
    """Return the m-line with port 0 and the c= line alone: no attribute of a rejected stream counts."""
    connection = tuple(line for line in section.lines if line[0] == "c")
    return _Section((("m", str(replace(media, port=0))), *connection))


def _advertise(
    section: _Section, media: _Media, description: MediaDescription, setup: Setup | None
) -> _Section:
    """Put our ports, our Hello's hash and our certificate's fingerprint into the audio section."""
    lines = [("m", str(replace(media, port=description.rtp.port)))]
    for letter, value in section.lines[1:]:
        if not (letter == "a" and value.startswith(("rtcp:", "zrtp-hash:"))):
            lines.append((letter, value))
    # an answer that settles rtcp-mux has no port for RTCP any more
    if section.attributes("rtcp") or not section.flag("rtcp-mux"):
        lines.append(("a", f"rtcp:{description.rtcp.port} IN IP4 {description.rtcp.host}"))
    lines.append(("a", f"zrtp-hash:{description.zrtp_hash}"))
    if setup is not None and description.fingerprint is not None:
        lines.append(("a", f"fingerprint:{description.fingerprint}"))
        lines.append(("a", f"setup:{setup.value}"))
    return _Section(tuple(lines))


def _renumber(section: _Section) -> _Section:
    """Change the dynamic payload types of an offer to Asterisk's; one that is in their way moves aside."""
    media = _Media.parse(section)
    wanted: dict[str, str] = {}
    for found in map(_RTPMAP.fullmatch, section.attributes("rtpmap")):
        number = ASTERISK_NUMBERS.get((found[2].lower(), int(found[3]))) if found else None
        if found and number and found[1] in media.formats and str(number) not in wanted.values():
            wanted[found[1]] = str(number)
    staying = set(media.formats) - wanted.keys()
    taken = staying | set(wanted.values())
    free = [number for number in map(str, reversed(DYNAMIC)) if number not in taken]
    aside = dict(zip(sorted(staying & set(wanted.values())), free, strict=False))
    numbers = wanted | aside
    formats = tuple(numbers.get(old, old) for old in media.formats)
    lines = [("m", str(replace(media, formats=formats)))]
    for letter, value in section.lines[1:]:
        per_format = _PER_FORMAT.fullmatch(value) if letter == "a" else None
        if per_format:
            name, old, rest = per_format.groups()
            lines.append(("a", f"{name}:{numbers.get(old, old)}{rest}"))
        else:
            lines.append((letter, value))
    return _Section(tuple(lines))
