"""DTLS-SRTP with whoever carries the media, for as long as nothing better is to be had."""

from __future__ import annotations

from phone.dtls.association import Association
from phone.dtls.events import Cause, Established, Event, Failed
from phone.dtls.identity import Identity
from phone.media.streams import Protector
from phone.wire.description import DtlsDescription, Setup
from phone.wire.srtp import AuthTag, PacketBuffer, SrtpReceiver

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_RANDOM = slice(27, 59)
"""In the first datagram of a client: after the headers of record and message, and a version (RFC 6347 §4)."""


class Carrier:
    """The association with the present remote, and the keys that it has brought.

    The signalling vouches for the other end's certificate, so the keys are worth as much as the server is:
    it carries the media, and hears it. A remote that wants other keys, as Asterisk does when a call is taken
    back from hold, agrees on them in a second association; the first lasts until then.
    """

    def __init__(self, identity: Identity | None) -> None:
        """``identity``: ours; ``None``: we do without DTLS."""
        self.identity = identity
        self.failure: Cause | None = None
        """Why the association with the present remote has no keys."""
        self._announced: DtlsDescription | None = None
        self._association: Association | None = None
        self._next: Association | None = None
        self._hello = b""
        """What told us to begin anew."""
        self._protector: Protector | None = None
        self._receiver: SrtpReceiver | None = None

    @property
    def has_keys(self) -> bool:
        """Whether packets can be protected and opened."""
        return self._receiver is not None

    @property
    def is_under_way(self) -> bool:
        """Whether there may be first keys soon."""
        return self._association is not None and not self.has_keys

    def is_news(self, announced: DtlsDescription | None) -> bool:
        """Tell whether the remote now has another certificate, or none."""
        known = self._announced.fingerprints if self._announced else ()
        return (announced.fingerprints if announced else ()) != known

    def meet(self, announced: DtlsDescription | None, now: float) -> None:
        """Begin anew with a remote that says this of itself."""
        self.leave()
        self.failure = None
        self._announced = announced
        if announced is not None:
            self._association = self._begin(active=announced.setup is not Setup.ACTIVE, now=now)

    def renew(self, announced: DtlsDescription, now: float) -> None:
        """Agree on other keys if the same remote wants us to; where it begins itself that is soon enough."""
        if announced.is_new and announced.setup is not Setup.ACTIVE and self.has_keys:
            self._next = self._begin(active=True, now=now)

    def leave(self) -> list[bytes]:
        """Forget association and keys; return what tells the other end."""
        associations = self._associations
        self._association = self._next = None
        self._protector = self._receiver = None
        for association in associations:
            association.close()
        return [datagram for one in associations for datagram in one.datagrams_to_send()]

    def receive(self, datagram: bytes, now: float) -> None:
        """Take a DTLS datagram of the remote."""
        hello = _client_random(datagram)
        if self.has_keys and hello and hello != self._hello:
            self._next = self._begin(active=False, now=now)
        self._hello = hello or self._hello
        association = self._next or self._association
        if association is not None:
            association.receive_datagram(datagram, now)

    def due(self, now: float) -> None:
        """Do what was due at ``timer``."""
        for association in self._associations:
            association.handle_timer(now)

    @property
    def timer(self) -> float | None:
        """When to call ``due``."""
        timers = [association.get_timer() for association in self._associations]
        return min((timer for timer in timers if timer is not None), default=None)

    def service(self) -> list[bytes]:
        """Take what has happened; return what has to be sent."""
        datagrams = []
        for association in self._associations:
            datagrams += association.datagrams_to_send()
            while (event := association.next_event()) is not None:
                self._take(association, event)
        return datagrams

    @property
    def _associations(self) -> list[Association]:
        return [association for association in (self._association, self._next) if association is not None]

    def _begin(self, *, active: bool, now: float) -> Association | None:
        if self.identity is None or self._announced is None:
            return None
        association = Association(self.identity, active=active, fingerprints=self._announced.fingerprints)
        association.start(now)
        return association

    def _take(self, association: Association, event: Event) -> None:
        match event:
            case Established(keys):
                tag = AuthTag(keys.auth_tag)
                self._protector = Protector(keys.local_key, keys.local_salt, tag)
                self._receiver = SrtpReceiver(keys.remote_key, keys.remote_salt, tag)
                self._association, self._next = association, None
            case Failed() if association is self._next:
                self._next = None
            case Failed(cause):
                self.failure = cause
                self._association = None

    def protect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Protect what the phone sends, in place; return the new length. Raise SrtpError."""
        assert self._protector is not None
        return self._protector.protect(buffer, length, rtcp=rtcp)

    def unprotect(self, buffer: PacketBuffer, length: int, *, rtcp: bool) -> int:
        """Open what the remote sent, in place; return the new length. Raise SrtpError, and change nothing."""
        assert self._receiver is not None
        if rtcp:
            return self._receiver.unprotect_rtcp(buffer, length)
        return self._receiver.unprotect(buffer, length)


def _client_random(datagram: bytes) -> bytes:
    """Return what tells one handshake of a client from another; empty for all but its first datagram."""
    epoch_and_message = (datagram[0], datagram[3:5], datagram[13:14])
    if epoch_and_message != (_HANDSHAKE, bytes(2), bytes((_CLIENT_HELLO,))):
        return b""
    return datagram[_RANDOM]
