"""One DTLS association that agrees on SRTP keys: bytes and time in, bytes and events out."""

from __future__ import annotations

import hmac
import logging
from collections import deque

from OpenSSL import SSL

from phone.dtls.events import Cause, Established, Event, Failed, MediaKeys
from phone.dtls.identity import Identity, fingerprint, is_usable
from phone.dtls.profiles import PROFILES, Profile
from phone.secret import Secret
from phone.wire.description import Fingerprint

LARGEST = 1200
"""Datagrams that we send are no longer, bytes: every path carries that."""
GIVE_UP_S = 20.0
"""OpenSSL would go on for minutes."""

_HEADER = 13
"""Type, version, epoch, sequence number and length of a record, bytes (RFC 6347 §4.1)."""
_READ = 1 << 15
_LABEL = b"EXTRACTOR-dtls_srtp"

_log = logging.getLogger("parley.dtls")


class Association:
    """One handshake with one peer (RFC 6347), whose end are keys for SRTP or a cause why there are none.

    OpenSSL keeps the time of its retransmissions by a clock of its own, so ``get_timer`` says when it is
    worth to ask it, and asking too early changes nothing. Datagrams of the peer never raise: what is no DTLS
    is ignored, and what breaks the handshake ends it with ``Failed``.
    """

    def __init__(self, identity: Identity, *, active: bool, fingerprints: tuple[Fingerprint, ...]) -> None:
        """``active``: we begin, as the DTLS client. ``fingerprints``: one of them must be of the peer's
        certificate; with none that is usable no peer is the right one."""
        self._fingerprints = tuple(filter(is_usable, fingerprints))
        self._active = active
        self._connection = SSL.Connection(identity.context)
        self._connection.set_ciphertext_mtu(LARGEST)
        if active:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()
        self._events: deque[Event] = deque()
        self._out: list[bytes] = []
        self._timer: float | None = None
        self._give_up_at: float | None = None
        self._established = self._over = False

    # what the owner does

    def start(self, now: float) -> None:
        """Begin, or wait for the peer to begin; ``now``: seconds, monotonic."""
        self._give_up_at = now + GIVE_UP_S
        self._proceed(now)

    def receive_datagram(self, datagram: bytes, now: float) -> None:
        """Take a datagram of the peer."""
        if not self._over and len(datagram) > _HEADER:
            self._connection.bio_write(datagram)
            self._proceed(now)

    def datagrams_to_send(self) -> list[bytes]:
        """Return what has to be sent, and forget it."""
        datagrams, self._out = self._out, []
        return datagrams

    def next_event(self) -> Event | None:
        """Return what happened, oldest first."""
        return self._events.popleft() if self._events else None

    def get_timer(self) -> float | None:
        """Return when ``handle_timer`` is due; ``None``: not at all."""
        return self._timer

    def handle_timer(self, now: float) -> None:
        """Send again what has been lost, or give up. Does nothing before it is due."""
        if self._over or self._timer is None or now < self._timer:
            return
        if not self._established and self._give_up_at is not None and now >= self._give_up_at:
            self._fail(Cause.TIMEOUT)
            return
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error as error:
            self._fail(Cause.PROTOCOL, error)
            return
        self._proceed(now)

    def close(self) -> None:
        """Tell the peer that the association is over, if there is one."""
        if self._established and not self._over:
            try:
                self._connection.shutdown()
            except SSL.Error as error:
                _log.debug("the end of DTLS: %s", error)
            self._collect()
        self._over = True
        self._timer = None

    # inside

    def _proceed(self, now: float) -> None:
        """Let OpenSSL take what came and say what goes out."""
        try:
            if not self._established:
                self._connection.do_handshake()
                self._agree()
            while not self._over:
                # nothing is said in it but what ends it; that and what was repeated is OpenSSL's own business
                self._connection.recv(_READ)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self._over = True
        except SSL.Error as error:
            if self._established:
                # who has the keys goes on without: RTP is what tells whether the peer is still there
                self._over = True
            else:
                self._fail(Cause.PROTOCOL, error)
        self._collect()
        self._set_timer(now)

    def _agree(self) -> None:
        """The handshake is complete: look who it was with, and take the keys."""
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        named = self._connection.get_selected_srtp_profile()
        profile = next((one for one in PROFILES if one.name == named), None)
        if certificate is None or not any(
            hmac.compare_digest(one.digest, fingerprint(certificate, one.algorithm).digest)
            for one in self._fingerprints
        ):
            self._fail(Cause.FINGERPRINT)
        elif profile is None:
            self._fail(Cause.PROFILE)
        else:
            self._established = True
            self._events.append(Established(self._keys(profile)))

    def _keys(self, profile: Profile) -> MediaKeys:
        """Return the client's and the server's key, then their salts (RFC 5764 §4.2)."""
        key, salt = profile.key_bytes, profile.salt_bytes
        material = self._connection.export_keying_material(_LABEL, 2 * (key + salt))
        keys = (Secret(material[:key]), Secret(material[key : 2 * key]))
        salts = (Secret(material[2 * key : 2 * key + salt]), Secret(material[2 * key + salt :]))
        local, remote = (0, 1) if self._active else (1, 0)
        return MediaKeys(keys[local], salts[local], keys[remote], salts[remote], profile.auth_tag)

    def _fail(self, cause: Cause, error: SSL.Error | None = None) -> None:
        _log.info("DTLS: %s%s", cause.value, f" ({error})" if error else "")
        self._over = True
        self._timer = None
        self._events.append(Failed(cause))

    def _set_timer(self, now: float) -> None:
        left = None if self._over else self._connection.DTLSv1_get_timeout()
        due = [now + left] if left is not None else []
        if not (self._established or self._over) and self._give_up_at is not None:
            due.append(self._give_up_at)
        self._timer = min(due, default=None)

    def _collect(self) -> None:
        """Take what OpenSSL has written: a stream of records, put into as few datagrams as hold them."""
        written = b""
        try:
            while True:
                written += self._connection.bio_read(_READ)
        except SSL.WantReadError:
            pass
        self._put(written)

    def _put(self, written: bytes) -> None:
        """Send these records."""
        datagram = b""
        while written:
            end = _HEADER + int.from_bytes(written[_HEADER - 2 : _HEADER], "big")
            record, written = written[:end], written[end:]
            if datagram and len(datagram) + len(record) > LARGEST:
                self._out.append(datagram)
                datagram = b""
            datagram += record
        if datagram:
            self._out.append(datagram)
