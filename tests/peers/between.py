"""A proxy that leads a call between two phones, and all its sound, through a hostile relay."""

from __future__ import annotations

import re
import select
import socket
import threading

from phone.wire.description import Address
from tests.peers.process import eventually
from tests.peers.relay import Attack, Relay, Side, honest

_CONNECTION = re.compile(rb"c=IN IP4 (\S+)")
_AUDIO = re.compile(rb"m=audio (\d+)")
_RTCP = re.compile(rb"a=rtcp:\d+[^\r\n]*")
_ZRTP_HASH = re.compile(rb"a=zrtp-hash:[^\r\n]*\r\n")
_LENGTH = re.compile(rb"(?i)(content-length\s*:\s*)\d+")
_POLL_S = 0.02
_STEP_S = 20


class Between:
    """Takes calls of the caller for the callee; only messages with SDP are changed (RFC 3261, RFC 4566).

    Both phones believe that the other one's sound is where the relay is, also when they say so anew later
    in the dialog, which keeps to the way of the INVITE.
    """

    def __init__(self, host: str, callee: tuple[str, int]) -> None:
        """``callee``: where its SIP is."""
        self.relay = Relay(host)
        self._successor: Relay | None = None
        self._hashes = True
        self._callee = callee
        self._caller: tuple[str, int] | None = None
        self._sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sip.bind((host, 0))
        self.uri = f"sip:{host}:{self._sip.getsockname()[1]}"
        """Whom to call in the callee's place."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="between")
        self._thread.start()

    def attack(self, attack: Attack = honest, *, hashes: bool = True) -> None:
        """From now on, let this happen to what passes; forget what has.

        ``hashes``: what is signalled keeps the hashes of the Hellos (RFC 6189 §8.1).
        """
        self.relay.attack = attack
        self.relay.tapped.clear()
        self._hashes = hashes

    def move(self, attack: Attack) -> None:
        """Lead the sound to other ports, as soon as one of the two asks for it anew, and do this to it there.

        Until then it is lost.
        """
        self._successor = Relay(self.relay.host, attack)
        eventually(lambda: self._successor is None, within=_STEP_S, what="the relay has moved")

    def close(self) -> None:
        """Free all ports."""
        self._ended.set()
        self._thread.join()
        self._sip.close()
        self.relay.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            if self._successor is not None:
                self.relay.close()
                self.relay, self._successor = self._successor, None
            self.relay.carry(within=_POLL_S)
            while select.select([self._sip], [], [], 0)[0]:
                self._pass_on(*self._sip.recvfrom(65535))

    def _pass_on(self, message: bytes, source: tuple[str, int]) -> None:
        if source == self._callee:
            if self._caller is not None:
                self._sip.sendto(self._lead(message, Side.RIGHT), self._caller)
        else:
            self._caller = source
            self._sip.sendto(self._stay(self._lead(message, Side.LEFT)), self._callee)

    def _stay(self, message: bytes) -> bytes:
        """Return an INVITE so that all else of its dialog comes this way, too (RFC 3261 §16.6)."""
        line, end, rest = message.partition(b"\r\n")
        if not line.startswith(b"INVITE "):
            return message
        host, port = self._sip.getsockname()
        return line + end + f"Record-Route: <sip:{host}:{port};lr>\r\n".encode() + rest

    def _lead(self, message: bytes, side: Side) -> bytes:
        """Return ``message`` of the phone on this side with the relay's address for its sound."""
        head, gap, body = message.partition(b"\r\n\r\n")
        host, port = _CONNECTION.search(body), _AUDIO.search(body)
        if host is None or port is None:
            return message
        self.relay.aim(side, Address(host[1].decode(), int(port[1])))
        ours = self.relay.address(side.other)
        body = _CONNECTION.sub(b"c=IN IP4 " + ours.host.encode(), body)
        body = _AUDIO.sub(b"m=audio %d" % ours.port, body)
        body = _RTCP.sub(b"a=rtcp:%d" % (ours.port + 1), body)
        if not self._hashes:
            body = _ZRTP_HASH.sub(b"", body)
        return _LENGTH.sub(rb"\g<1>%d" % len(body), head) + gap + body
