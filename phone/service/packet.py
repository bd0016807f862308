"""SIP messages as a proxy needs them: a start line, headers in order, a body that it does not look into.

The standard library's parser of mail headers does the reading, since RFC 3261 §7.3.1 takes over their form;
what is not touched goes on as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.policy import compat32

from phone.service.errors import ServiceError

_SHORT = {"v": "via", "i": "call-id", "f": "from", "t": "to", "m": "contact"}
"""Compact forms (RFC 3261 §7.3.3) of the headers that are read here."""

_VERSION = "SIP/2.0"
_USER = re.compile(r"sips?:([^@\s<>;]+)@")

LARGEST = 65_535


class PacketError(ServiceError):
    """A datagram is no SIP message."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One SIP message."""

    start: str
    headers: tuple[tuple[str, str], ...]
    """Names and values as they came, folded lines included."""
    body: bytes

    @classmethod
    def parse(cls, datagram: bytes) -> Packet:
        """Read a message. Raise PacketError."""
        head, separator, body = datagram.partition(b"\r\n\r\n")
        start, _, lines = head.partition(b"\r\n")
        if not separator or len(datagram) > LARGEST:
            raise PacketError("The datagram is no SIP message: its headers have no end.")
        try:
            message = BytesHeaderParser(policy=compat32).parsebytes(lines + b"\r\n\r\n")
            headers = tuple((name, str(value)) for name, value in message.raw_items())
        except (MessageError, ValueError) as error:
            raise PacketError("The datagram's headers cannot be read.") from error
        packet = cls(start.decode("utf-8", "surrogateescape"), headers, body)
        if message.defects or message.get_payload():
            raise PacketError("The datagram has a line that is no header.")
        if _VERSION not in packet.start.split(" ") or len(packet.start.split(" ")) < 3:
            raise PacketError("The datagram is no SIP message: its first line is another one's.")
        if not packet.is_request and not packet.start.split(" ")[1].isdigit():
            raise PacketError("The datagram is an answer without a status.")
        for name in ("via", "call-id", "from", "to", "cseq"):
            if not packet.values(name):
                raise PacketError(f"The SIP message has no {name}.")
        return packet

    def __bytes__(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body

    @property
    def is_request(self) -> bool:
        """Whether something is asked; otherwise it is an answer."""
        return not self.start.startswith(_VERSION)

    @property
    def method(self) -> str:
        """What is asked, or what was."""
        return self.values("cseq")[0].split()[-1]

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.start.split(" ")[1])

    @property
    def call_id(self) -> str:
        """Which dialog it belongs to."""
        return self.values("call-id")[0]

    @property
    def in_dialog(self) -> bool:
        """Whether the dialog has been there before (RFC 3261 §12.2.2)."""
        return ";tag=" in self.values("to")[0].rpartition(">")[2]

    @property
    def caller(self) -> str:
        """Who calls, as the PBX names him: the user of the asserted identity (RFC 3325), else of From."""
        (name_addr, *_) = self.values("p-asserted-identity") or self.values("from")
        match = _USER.search(name_addr)
        return match[1] if match else ""

    @property
    def top_via(self) -> str:
        """The address that the answer goes to next."""
        return self.values("via")[0].partition(",")[0].strip()

    def values(self, name: str) -> list[str]:
        """Return all values of a header, in order; ``name`` in lower case."""
        return [value for key, value in self.headers if _long(key) == name]

    def with_via(self, value: str) -> Packet:
        """Return it with a Via on top."""
        return replace(self, headers=(("Via", value), *self.headers))

    def without_via(self) -> Packet:
        """Return it without the topmost Via."""
        return self._without_first("via", lambda _: True)

    def without_route_to(self, address: str) -> Packet:
        """Return it without the topmost Route if that is ``address`` (RFC 3261 §16.4)."""
        return self._without_first("route", lambda value: f"@{address}" in value or f":{address}" in value)

    def recorded(self, address: str) -> Packet:
        """Return it with ``address`` on top of what later requests of the dialog pass (RFC 3261 §16.6)."""
        return replace(self, headers=(("Record-Route", f"<sip:{address};lr>"), *self.headers))

    def unrecorded(self, address: str) -> Packet:
        """Return it without ``address`` on top of what later requests of the dialog pass."""
        return self._without_first(
            "record-route", lambda value: f"@{address}" in value or f":{address}" in value
        )

    def one_hop_further(self) -> Packet:
        """Return it with one hop less to go (RFC 3261 §16.6). Raise PacketError when none is left."""
        try:
            left = int((self.values("max-forwards") or ["70"])[0]) - 1
        except ValueError as error:
            raise PacketError("The SIP message counts its hops with something that is no number.") from error
        if left < 0:
            raise PacketError("The SIP message has gone in circles.")
        others = tuple(header for header in self.headers if _long(header[0]) != "max-forwards")
        return replace(self, headers=(*others, ("Max-Forwards", str(left))))

    def answered(self, status: int, phrase: str, tag: str) -> Packet:
        """Return the answer to a request (RFC 3261 §8.2.6)."""
        kept = [header for header in self.headers if _long(header[0]) in ("via", "from", "call-id", "cseq")]
        to = self.values("to")[0] + ("" if self.in_dialog else f";tag={tag}")
        headers = (*kept, ("To", to), ("Content-Length", "0"))
        return Packet(f"{_VERSION} {status} {phrase}", headers, b"")

    def _without_first(self, name: str, fits: Callable[[str], bool]) -> Packet:
        headers = list(self.headers)
        for index, (key, value) in enumerate(headers):
            if _long(key) != name:
                continue
            first, _, others = value.partition(",")
            if fits(first):
                headers[index : index + 1] = [(key, others.strip())] if others else []
            break
        return replace(self, headers=tuple(headers))


def _long(name: str) -> str:
    lower = name.lower()
    return _SHORT.get(lower, lower)
