"""A SIP peer that says exactly what a test wants, over UDP, and nothing by itself."""

from __future__ import annotations

import re
import secrets
import socket
from typing import Any

from phone.sip import message

STEP_S = 20

SDP = """v=0\r
o=- 1 {version} IN IP4 {host}\r
s=-\r
c=IN IP4 {connection}\r
t=0 0\r
m=audio {port} RTP/AVP 8 101\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-16\r
a={direction}\r
"""


class Peer:
    """One UDP socket on ``host``."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(STEP_S)
        self.port: int = self._socket.getsockname()[1]
        self._source: Any = None
        self._version = 1
        self._cseq = 100
        self.tag = secrets.token_hex(4)

    @property
    def uri(self) -> str:
        """Its address."""
        return f"sip:peer@{self.host}:{self.port}"

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def sdp(self, **changes: Any) -> str:
        """Return a session description; ``direction``, ``connection`` and ``port`` may differ."""
        self._version += 1
        values = {"connection": self.host, "port": 40000, "direction": "sendrecv", **changes}
        return SDP.format(host=self.host, version=self._version, **values)

    def receive(self, method_or_status: str) -> str:
        """Return the next request of this method, or response of this status; pass over what else comes."""
        while True:
            datagram, self._source = self._socket.recvfrom(65535)
            text = datagram.decode("utf-8", "surrogateescape")
            first = text.split("\r\n", 1)[0]
            if first.startswith((f"{method_or_status} ", f"SIP/2.0 {method_or_status} ")):
                return text

    def respond(self, request: str, status: str, body: str = "", headers: tuple[str, ...] = ()) -> None:
        """Answer ``request`` with e.g. ``200 OK``."""
        to = message.header(request, "To")
        lines = [f"SIP/2.0 {status}"]
        lines += [f"{name}: {message.header(request, name)}" for name in ("Via", "From", "Call-ID", "CSeq")]
        lines += [f"To: {to}" if ";tag=" in to else f"To: {to};tag={self.tag}"]
        if not status.startswith("3"):
            lines.append(f"Contact: <{self.uri}>")
        self._send([*lines, *headers], body)

    def request(
        self,
        method: str,
        dialog: str,
        body: str = "",
        headers: tuple[str, ...] = (),
        kind: str = "application/sdp",
    ) -> None:
        """Send a request within a dialog; ``dialog``: the phone's INVITE, or its 200 for ours."""
        ours, theirs = f"{message.header(dialog, 'To')};tag={self.tag}", message.header(dialog, "From")
        if dialog.startswith("SIP/2.0"):
            ours, theirs = theirs, message.header(dialog, "To")
        target = re.search(r"<([^>]+)>", message.header(dialog, "Contact"))
        assert target is not None
        self._cseq += 1
        self._send(
            [
                f"{method} {target[1]} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)};rport",
                f"From: {ours}",
                f"To: {theirs}",
                f"Call-ID: {message.header(dialog, 'Call-ID')}",
                f"CSeq: {self._cseq} {method}",
                "Max-Forwards: 70",
                f"Contact: <{self.uri}>",
                *headers,
            ],
            body,
            kind,
        )

    def invite(self, target: str, body: str = "", headers: tuple[str, ...] = (), name: str = "Peer") -> None:
        """Send an INVITE outside any dialog to ``sip:USER@HOST:PORT``."""
        host, port = target.partition("@")[2].split(":")
        self._source = (host, int(port))
        self._send(
            [
                f"INVITE {target} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)};rport",
                f'From: "{name}" <{self.uri}>;tag={self.tag}',
                f"To: <{target}>",
                f"Call-ID: {secrets.token_hex(8)}",
                "CSeq: 1 INVITE",
                "Max-Forwards: 70",
                f"Contact: <{self.uri}>",
                *headers,
            ],
            body,
        )

    def acknowledge(self, response: str, body: str = "") -> None:
        """Send the ACK that belongs to a 200 for our INVITE."""
        target = re.search(r"<([^>]+)>", message.header(response, "Contact"))
        assert target is not None
        number = message.header(response, "CSeq").split()[0]
        self._send(
            [
                f"ACK {target[1]} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)};rport",
                *(f"{name}: {message.header(response, name)}" for name in ("From", "To", "Call-ID")),
                f"CSeq: {number} ACK",
                "Max-Forwards: 70",
            ],
            body,
        )

    def answer(self, **changes: Any) -> str:
        """Take the phone's call; return its INVITE."""
        invite = self.receive("INVITE")
        self.respond(invite, "200 OK", self.sdp(**changes))
        self.receive("ACK")
        return invite

    def reinvite(self, dialog: str, headers: tuple[str, ...] = (), **changes: Any) -> str:
        """Change the session; return the phone's 200."""
        self.request("INVITE", dialog, self.sdp(**changes), headers)
        response = self.receive("200")
        self.acknowledge(response)
        return response

    def rest(self) -> list[str]:
        """Return all that has come and that nobody has looked at."""
        self._socket.setblocking(False)
        texts = []
        while True:
            try:
                texts.append(self._socket.recv(65535).decode())
            except BlockingIOError:
                return texts

    def _send(self, lines: list[str], body: str, kind: str = "application/sdp") -> None:
        if body:
            lines.append(f"Content-Type: {kind}")
        lines.append(f"Content-Length: {len(body)}")
        text = "\r\n".join(lines) + "\r\n\r\n" + body
        self._socket.sendto(text.encode("utf-8", "surrogateescape"), self._source)
