"""The SRTP contexts of every key exchange that may still be of use."""

from __future__ import annotations

from collections.abc import Iterator

from phone.media.encryption import Trust
from phone.secret import Secret
from phone.wire.description import Address
from phone.wire.srtp import AVAILABLE, AuthTag, PacketBuffer, SrtpError, SrtpReceiver, SrtpSender
from phone.zrtp.endpoint import StreamId
from phone.zrtp.events import Authenticated, AuthenticationEvent, Doubt, NotAuthenticated, Secured, SrtpKeys

SRTP_SUITES = frozenset((key_bytes, auth_tag.value) for key_bytes, auth_tag in AVAILABLE)
"""What ZRTP may agree on for SRTP: bytes of the master key, with ZRTP's code of the auth tag."""
STREAMS_KEPT = 8
"""Keys of the last peers; each is tried on a packet that no other opens."""
LARGEST_GAP = 1 << 14
"""RTP sequence numbers that may be skipped. A receiver that has missed 2^15 of them, eleven minutes of a held
call, guesses the wrong rollover counter and hears nothing any more (RFC 3711 §3.3.1)."""


class Protector:
    """Protects what we send under one key: numbers go on where they stopped, whatever the phone counts."""

    def __init__(self, key: Secret, salt: Secret, auth_tag: AuthTag) -> None:
        self._sender = SrtpSender(key, salt, auth_tag)
        self._shift = 0
        self._last: int | None = None

    def protect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Protect in place; return the new length. Raise SrtpError."""
        if rtcp:
            return self._sender.protect_rtcp(buffer, length)
        view = buffer.view
        sequence = ((view[2] << 8 | view[3]) + self._shift) & 0xFFFF
        if self._last is not None and not 0 < (sequence - self._last) & 0xFFFF <= LARGEST_GAP:
            self._shift += self._last + 1 - sequence
            sequence = (self._last + 1) & 0xFFFF
        if self._shift:
            view[2], view[3] = sequence >> 8, sequence & 0xFF
        self._last = sequence
        return self._sender.protect(buffer, length)


class SecureStream:
    """What one ZRTP stream agreed on."""

    def __init__(self, identifier: StreamId, keys: SrtpKeys) -> None:
        """Install the receive keys, which come first (RFC 6189 §4.6)."""
        self.identifier = identifier
        self.secured: Secured | None = None
        """``None``: we may receive under these keys, but not send yet."""
        self.proved = False
        """A packet has authenticated under these keys."""
        self.proof: AuthenticationEvent | None = None
        """Whether the other end knows the secret of the account; ``None``: not yet, or there is none."""
        self.compared = False
        """The code was compared, in this call or in an earlier one."""
        self.time_to_secure_ms: int | None = None
        self.homes: dict[Address, Address] = {}
        """Where this peer was while these keys were in use: by the signalled address, and the one seen."""
        self._receiver = SrtpReceiver(keys.remote_key, keys.remote_salt, AuthTag(keys.auth_tag))
        self._protector: Protector | None = None

    def secure(self, secured: Secured, time_to_secure_ms: int) -> None:
        """Install the send keys."""
        keys = secured.keys
        self.secured = secured
        self.compared = secured.sas_verified
        self.time_to_secure_ms = time_to_secure_ms
        self._protector = Protector(keys.local_key, keys.local_salt, AuthTag(keys.auth_tag))

    @property
    def trust(self) -> Trust:
        """What is known of the other end; with a wrong secret a code compared earlier counts for nothing."""
        if isinstance(self.proof, NotAuthenticated) and self.proof.doubt is Doubt.WRONG_TAG:
            return Trust.KEYS
        if self.compared:
            return Trust.CODE
        return Trust.SECRET if isinstance(self.proof, Authenticated) else Trust.KEYS

    def protect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Protect what the phone sends, in place; return the new length. Raise SrtpError.

        Sequence numbers go on where this stream stopped, however many the phone has used up elsewhere.
        """
        assert self._protector is not None
        return self._protector.protect(buffer, length, rtcp=rtcp)

    def unprotect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Open what the peer sent, in place; return the new length. Raise SrtpError, and change nothing."""
        if rtcp:
            return self._receiver.unprotect_rtcp(buffer, length)
        return self._receiver.unprotect(buffer, length)


class SecureStreams:
    """The streams of one leg."""

    def __init__(self) -> None:
        self.current: SecureStream | None = None
        """In use, or, while the leg is suspended, the last that was."""
        self._streams: dict[StreamId, SecureStream] = {}

    def __bool__(self) -> bool:
        return bool(self._streams)

    def receive_under(self, identifier: StreamId, keys: SrtpKeys) -> None:
        """A key exchange is far enough to receive."""
        self._streams[identifier] = SecureStream(identifier, keys)

    def use(self, identifier: StreamId, secured: Secured, time_to_secure_ms: int) -> None:
        """A key exchange is complete: use this stream."""
        self.current = self._streams[identifier]
        self.current.secure(secured, time_to_secure_ms)
        for oldest in list(self._streams)[:-STREAMS_KEPT]:
            if self._streams[oldest] is not self.current:
                del self._streams[oldest]

    def note_proof(self, identifier: StreamId, proof: AuthenticationEvent) -> None:
        """The other end of this stream has proved who it is, or will not."""
        stream = self._streams.get(identifier)
        if stream is not None:
            stream.proof = proof

    def fail(self, identifier: StreamId) -> None:
        """A key exchange ended without keys: forget what it had."""
        stream = self._streams.get(identifier)
        if stream is not None and stream.secured is None:
            del self._streams[identifier]

    @property
    def confirming(self) -> bool:
        """Whether an exchange is so far that the peer encrypts what it sends."""
        return any(stream.secured is None for stream in self._streams.values())

    def at(self, signalled: Address) -> SecureStream | None:
        """Return the newest stream that was in use at this address."""
        at_home = [s for s in self._streams.values() if signalled in s.homes]
        return at_home[-1] if at_home else None

    def unprotect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> tuple[int, SecureStream]:
        """Open a packet under whatever keys fit; there must be some. Raise SrtpError when none does."""
        refusals = []
        for stream in self._in_order():
            try:
                return stream.unprotect(buffer, length, rtcp=rtcp), stream
            except SrtpError as error:
                refusals.append(error)
        raise next((error for error in refusals if error.replayed), refusals[0])

    def _in_order(self) -> Iterator[SecureStream]:
        if self.current is not None:
            yield self.current
        yield from (s for s in self._streams.values() if s is not self.current)
