"""The ZRTP engine of one media leg: datagrams and time in; datagrams, timers and events out (RFC 6189).

The owner calls ``receive_datagram`` and ``handle_timer``, and after each of them, in this order, sends what
``datagrams_to_send`` returns, reads ``next_event`` until it returns ``None``, and sets its timer by
``get_timer``. Nothing here knows a clock, a socket or a thread.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Final

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.announcement import VERSION
from phone.zrtp.association import Association
from phone.zrtp.cache import SecretCache
from phone.zrtp.endpoint import DelayedCache, Endpoint, StreamId
from phone.zrtp.errors import ErrorCode, MessageError
from phone.zrtp.events import Cause, Event, Failed, Suspicion
from phone.zrtp.fragments import Reassembly, packets_of
from phone.zrtp.keys import Exporter
from phone.zrtp.messages import Error, ErrorACK, Hello, HelloACK, Message, Ping, PingACK, parse
from phone.zrtp.packet import Packet
from phone.zrtp.randomness import Randomness, SystemRandomness
from phone.zrtp.states import State
from phone.zrtp.stream import Stream
from phone.zrtp.zsa.claim import Claim

MAX_STREAMS: Final = 8
"""Streams kept at a time; the oldest give way."""
_PROVOKED_BURST: Final = 3
_PROVOKED_INTERVAL: Final = 5.0
"""Seconds after which a Hello from the network may make us open one more stream, beyond the burst."""
_SUPPORTED_VERSION: Final = VERSION[:3]
"""The last digit does not matter (§4.1.1)."""
_ZRTP_HASH: Final = re.compile(r"\s*1\.1\S*\s+([0-9A-Fa-f]{64})\s*")
_ENDPOINT_HASH_SIZE: Final = 8
_ENDED: Final = (State.REFUSED, State.FAILED)


class Session:
    """All ZRTP of one media leg.

    It begins with one stream. Another is opened when the peer's address changes while keys are in use
    (``restart_discovery``), and when a Hello shows a new or restarted peer behind the same address. The keys
    of a secure stream stay valid all the while: which stream's keys to use is the owner's decision.
    """

    def __init__(
        self,
        *,
        ssrc: int,
        cache: SecretCache,
        configuration: Configuration | None = None,
        randomness: Randomness | None = None,
        association: Association | None = None,
        aux_secret: Secret | None = None,
        claim: Claim | None = None,
    ) -> None:
        """``association``: of the call's other sessions, whose keys make this one need no DH (§4.4.3).

        ``aux_secret``: known to both ends by other means (§4.3); some peers can do with 32 bytes only.
        ``claim``: to know the secret of an account, to be proved to a peer that keeps it, or asks for it.
        """
        self.ssrc = ssrc
        """SSRC of our RTP stream, in every packet that is sent from now on; 0: not known yet."""
        self.dropped = 0
        """Datagrams that were damaged, forged, late or not understood."""
        randomness = randomness or SystemRandomness()
        self._endpoint = Endpoint(
            cache.zid(),
            configuration or Configuration(),
            randomness,
            DelayedCache(cache),
            association or Association(),
            aux_secret,
            claim,
        )
        self._sequence_number = randomness.sequence_number()
        self._reassembly = Reassembly()
        self._streams: dict[StreamId, Stream] = {}
        self._last_identity = StreamId(0)
        self._provocations = float(_PROVOKED_BURST)
        self._provoked_at = 0.0
        self._hello_hash_suspected = False
        self._saving_due: float | None = None
        self._closed = False
        self._current = self._add_stream(provoked=False).identity

    @property
    def hello_hash(self) -> str:
        """The value of ``a=zrtp-hash`` (§8.1) for the stream that we opened last."""
        return self._streams[self._current].announcement.hello_hash

    def expect_hello_hash(self, value: str | None) -> None:
        """Set the peer's ``a=zrtp-hash`` as the signalling gave it; ``None``: it gave none.

        A Hello that does not match is ignored from now on. A value of another version than 1.1x is none.
        """
        found = _ZRTP_HASH.fullmatch(value or "")
        self._endpoint.peer_hello_hash = bytes.fromhex(found[1]) if found else None
        self._hello_hash_suspected = False
        if found:
            self._newest.expect_peer()
            for stream in self._streams.values():
                stream.forget_unannounced()

    def start(self, now: float) -> None:
        """Begin to send Hello (§4.1). What arrives before this is understood all the same."""
        self._streams[self._current].start(now)

    def restart_discovery(self, now: float) -> None:
        """The peer's address has changed: look anew for who is there.

        A stream that is not secure sends its Hello, or what it last asked for, at once and on a fresh
        schedule. Beside a stream that is secure or has failed a new one is opened, with a new Hello.
        """
        if self._newest.state in (State.SECURE, State.CLEARED, *_ENDED):
            self._add_stream(provoked=False).start(now)
        else:
            self._newest.restart(now)
        self._current = self._newest.identity

    def stop_discovery(self) -> None:
        """The peer was found again under keys that we have: look for nobody else.

        A stream whose Hello has found nobody yet is dropped, so that it starts no needless exchange.
        """
        found = self._open_stream()
        if found is not None and len(self._streams) > 1:
            del self._streams[found.identity]
            self._current = self._newest.identity

    def receive_datagram(self, datagram: bytes, now: float) -> None:
        """Take one datagram from the network; never raises, whatever is in it."""
        if self._closed:
            return
        try:
            packets = self._reassembly.put(Packet.parse(datagram))
        except MessageError:
            self.dropped += 1
            return
        for packet in packets:
            self._receive_packet(packet, now)
        self._note_unsaved(now)

    def _receive_packet(self, packet: Packet, now: float) -> None:
        try:
            message = parse(packet.message)
        except MessageError:
            self.dropped += 1
            return
        if any(stream.announcement.hello == packet.message for stream in self._streams.values()):
            self.dropped += 1  # our own Hello, reflected
            return
        self._newest.expect_peer()
        match message:
            case Hello():
                taken = self._receive_hello(message, packet, now)
            case Ping():
                taken = self._receive_ping(message, packet.ssrc)
            case Error():
                taken = self._receive_error(message)
            case _:
                taken = self._route(message, packet, now)
        self.dropped += not taken

    def srtp_authenticated(self, stream: StreamId, now: float) -> None:
        """Tell that SRTP from the peer authenticated under this stream's keys: as good as Conf2ACK (§4.6)."""
        if stream in self._streams:
            self._streams[stream].srtp_authenticated(now)
            self._note_unsaved(now)

    def get_timer(self) -> float | None:
        """Return when ``handle_timer`` is due; ``None``: nothing is waited for."""
        deadlines = [stream.deadline for stream in self._streams.values()]
        return min((due for due in (*deadlines, self._saving_due) if due is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Do what is due by ``now``."""
        for stream in self._streams.values():
            stream.handle_timer(now)
        self._save()

    def datagrams_to_send(self) -> list[bytes]:
        """Return the datagrams that are due, oldest first."""
        return list(self._frame_outgoing())

    def next_event(self) -> tuple[StreamId, Event] | None:
        """Return the oldest event not yet returned; ``None``: there is none.

        Only then is the cache saved: whoever reads all events has sent the datagrams and has the keys.
        """
        if self._endpoint.events:
            return self._endpoint.events.popleft()
        self._save()
        return None

    def confirm_sas(self, stream: StreamId, matches: bool) -> None:
        """Keep what the user found when comparing the SAS of a secure stream (§7.1, §4.6.1.1).

        ``True`` marks the peer as verified, and stores the retained secret that a cache mismatch held back.
        ``False`` takes the mark away; the retained secrets stay.
        Raise ``KeyError`` for a stream that is not there any more.
        """
        self._streams[stream].judge_sas(matches)
        self._save()

    def enroll(self, stream: StreamId) -> None:
        """Trust the PBX at the other end to relay the SAS of calls behind it: the user consents (§7.3.1).

        Raise ``EnrollmentError`` for a peer that does not ask for it, ``KeyError`` for a stream that is not
        there any more.
        """
        self._streams[stream].enroll()
        self._save()

    def exporter(self, stream: StreamId) -> Exporter:
        """Return what others may take keys of their own from, for a secure stream (§4.5.2)."""
        return self._streams[stream].exporter

    def close(self) -> None:
        """Save what is to be kept and drop all else (§4.7.3)."""
        self._closed = True
        self._endpoint.cache.release_all()
        self._save()
        self._endpoint.association = Association()
        self._streams.clear()
        self._endpoint.outgoing.clear()
        self._endpoint.events.clear()

    # Hellos: whose are they?

    def _receive_hello(self, hello: Hello, packet: Packet, now: float) -> bool:
        raw = packet.message
        stream = self._stream_of(raw)
        if stream is None:
            if not self._is_announced(raw) or not self._is_acceptable(hello, packet.ssrc):
                return False
            stream = self._open_stream() or self._provoked_stream(now)
            if stream is None:
                return False
        stream.receive_hello(hello, raw, packet.ssrc, now)
        return True

    def _stream_of(self, hello: bytes) -> Stream | None:
        """Return the stream to which a Hello that came before belongs.

        A stream that has failed leaves its Hello to one that may still succeed.
        """
        known = [stream for stream in self._streams.values() if stream.knows(hello)]
        alive = [stream for stream in known if stream.state not in _ENDED]
        if alive:
            return alive[-1]
        return (self._open_stream() or known[-1]) if known else None

    def _is_announced(self, hello: bytes) -> bool:
        """Tell whether the signalling allows this Hello; a suspicion is told once (§8.1)."""
        expected = self._endpoint.peer_hello_hash
        if expected is None or hmac.compare_digest(expected, hashlib.sha256(hello).digest()):
            return True
        self._obstruct_discovery(Failed(Cause.HELLO_HASH))
        if not self._hello_hash_suspected:
            self._hello_hash_suspected = True
            suspicion = Suspicion(Cause.HELLO_HASH, "a Hello came that the signalling did not announce")
            self._endpoint.events.append((self._current, suspicion))
        return False

    def _is_acceptable(self, hello: Hello, ssrc: int) -> bool:
        """Tell whether an exchange with this Hello can succeed; if not, tell the peer why (§4.1.1, §5.9).

        We go on looking for another peer: anyone may have sent it.
        """
        version = hello.version[: len(_SUPPORTED_VERSION)]
        if hello.zid == self._endpoint.zid:
            code = ErrorCode.EQUAL_ZIDS
        elif ssrc == self.ssrc != 0:
            code = ErrorCode.SSRC_COLLISION
        elif version < _SUPPORTED_VERSION:
            code = ErrorCode.UNSUPPORTED_VERSION
        elif version > _SUPPORTED_VERSION:
            # that peer can lower its version, we cannot raise ours
            self._send(HelloACK())
            return False
        else:
            return True
        self._obstruct_discovery(Failed(Cause.PROTOCOL, code))
        self._send(HelloACK())
        self._send(Error(code))
        return False

    def _obstruct_discovery(self, obstacle: Failed) -> None:
        """Remember why nobody may be found; once somebody has been, it is forgotten."""
        if self._newest.state is State.DISCOVERING:
            self._newest.obstruct(obstacle)

    def _provoked_stream(self, now: float) -> Stream | None:
        """Open a stream for a new peer behind the same address, unless it comes at a bad time or too often.

        An exchange that is going on would be disturbed by a second Hello of ours, and nothing proves that
        there is a new peer at all; a real one repeats its Hello.
        """
        if any(stream.is_busy(now) for stream in self._streams.values()):
            return None
        earned = (now - self._provoked_at) / _PROVOKED_INTERVAL
        self._provocations = min(self._provocations + earned, _PROVOKED_BURST)
        self._provoked_at = now
        if self._provocations < 1:
            return None
        self._provocations -= 1
        return self._add_stream(provoked=True)

    # messages without a Hello

    def _receive_ping(self, ping: Ping, ssrc: int) -> bool:
        own_hash = self._endpoint.zid[:_ENDPOINT_HASH_SIZE]
        self._send(PingACK(VERSION, own_hash, ping.endpoint_hash, ssrc))
        return True

    def _receive_error(self, error: Error) -> bool:
        """Anyone can send an Error: acknowledge it, and believe it when the timers run out (§9)."""
        for stream in self._streams.values():
            stream.obstruct(Failed(Cause.PEER_ERROR, error.code))
        self._send(ErrorACK())
        return True

    def _route(self, message: Message, packet: Packet, now: float) -> bool:
        """Give the message to the stream whose exchange it fits: one that knows it, else the newest."""
        streams = list(reversed(self._streams.values()))
        streams.sort(key=lambda stream: not stream.has_taken(packet.message))
        return any(stream.receive(message, packet.message, packet.ssrc, now) for stream in streams)

    # streams

    @property
    def _newest(self) -> Stream:
        return next(reversed(self._streams.values()))

    def _open_stream(self) -> Stream | None:
        """Return the stream whose Hello may still find a peer: the newest one, or none."""
        return self._newest if self._newest.is_open else None

    def _add_stream(self, *, provoked: bool) -> Stream:
        if len(self._streams) == MAX_STREAMS:
            self._streams.pop(next(one for one in self._streams if one != self._current))
        self._last_identity = StreamId(self._last_identity + 1)
        stream = Stream(self._last_identity, self._endpoint, provoked=provoked)
        self._streams[stream.identity] = stream
        return stream

    # output

    def _send(self, message: Message) -> None:
        self._endpoint.outgoing.append(bytes(message))

    def _frame_outgoing(self) -> Iterator[bytes]:
        """Number the packets as they leave: one more for each, repeated messages included (§5)."""
        while self._endpoint.outgoing:
            message = self._endpoint.outgoing.popleft()
            for packet in packets_of(message, self._sequence_number, self.ssrc):
                yield bytes(packet)
                self._sequence_number = (packet.sequence_number + 1) & 0xFFFF

    def _note_unsaved(self, now: float) -> None:
        if self._endpoint.cache.unsaved and self._saving_due is None:
            self._saving_due = now

    def _save(self) -> None:
        self._endpoint.cache.flush()
        self._saving_due = None
