"""``parley selftest``: what this installation can do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred, ensureDeferred

from phone.audio.devices import Device, enumerate_devices
from phone.audio.silent import NullCard
from phone.errors import PhoneError
from phone.media.streams import SRTP_SUITES
from phone.sip.endpoint import Endpoint
from phone.sip.interface import Registration, SipAccount, SipCall
from phone.wire.description import Address
from phone.wire.srtp import AuthTag, PacketBuffer, SrtpReceiver, SrtpSender
from phone.wire.summary import MessageSummary
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import CacheEntry, Zid
from phone.zrtp.dh import KeyAgreement
from phone.zrtp.events import Secured
from phone.zrtp.session import Session

_ROUNDS = 20
_RTP = bytes.fromhex("8009000100000001000000aa") + bytes(160)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to."""

    check: str
    ok: bool
    text: str


def run(*, as_json: bool) -> int:
    """Check everything and print it; return the exit status: 0 only if calls can be made and secured."""
    findings: list[Finding] = []
    for finding in _checks():
        findings.append(finding)
        if as_json:
            print(json.dumps(asdict(finding)), flush=True)
        else:
            print(f"{'ok    ' if finding.ok else 'FAILED'}  {finding.check}: {finding.text}", flush=True)
    return 0 if all(finding.ok for finding in findings) else 1


def _checks() -> Iterator[Finding]:
    yield Finding("python", True, sys.version.split()[0])
    for agreement in Configuration().exchanges:
        yield _checked(f"ZRTP {agreement.code.decode().strip()}", partial(_secure, agreement))
    yield _checked("SIP and codecs", _codecs)
    yield Finding("sound", True, _sound())
    yield Finding("keyring", True, _keyring())


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except PhoneError as error:
        return Finding(name, False, str(error))


class _Forgetful:
    """A cache that keeps nothing beyond this test."""

    def __init__(self, zid: bytes) -> None:
        self._zid = Zid(zid)

    def zid(self) -> Zid:
        return self._zid

    def load(self, peer: Zid) -> CacheEntry | None:  # noqa: ARG002
        return None

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        """Nothing is kept."""


class SelfTestError(PhoneError):
    """A check did not hold."""


def _secure(agreement: KeyAgreement) -> str:
    """Let two engines agree on keys, and send an RTP packet under them."""
    configuration = Configuration(key_agreements=(agreement,)).limited_to(SRTP_SUITES)
    ends = [
        Session(ssrc=ssrc, cache=_Forgetful(bytes([ssrc]) * 12), configuration=configuration)
        for ssrc in (1, 2)
    ]
    secured: dict[Session, Secured] = {}
    now = 0.0
    for end in ends:
        end.start(now)
    for _ in range(_ROUNDS):
        now += 0.01
        for end, other in (ends, ends[::-1]):
            end.handle_timer(now)
            for datagram in end.datagrams_to_send():
                other.receive_datagram(datagram, now)
            while (happened := end.next_event()) is not None:
                if isinstance(happened[1], Secured):
                    secured[end] = happened[1]
    if len(secured) < len(ends):
        raise SelfTestError("the two ends did not agree on keys.")
    ours, theirs = (secured[end] for end in ends)
    if ours.sas != theirs.sas:
        raise SelfTestError("the two ends have different codes.")
    keys, tag = ours.keys, AuthTag(ours.keys.auth_tag)
    buffer = PacketBuffer()
    length = SrtpSender(keys.local_key, keys.local_salt, tag).protect(buffer, buffer.put(_RTP))
    opened = SrtpReceiver(theirs.keys.remote_key, theirs.keys.remote_salt, tag).unprotect(buffer, length)
    if buffer.get(opened) != _RTP:
        raise SelfTestError("a packet did not come out as it went in.")
    names = ours.algorithms
    return f"{names.hash}, {names.cipher}, {names.auth_tag}, {names.sas}"


class _Nobody:
    """Takes no calls."""

    def registration_changed(
        self, account: SipAccount, state: Registration, status: int, reason: str
    ) -> None:
        """There are no accounts."""

    def messages_changed(self, account: SipAccount, messages: MessageSummary) -> None:
        """Nor mailboxes."""

    def realm_accepted(self, account: SipAccount, realm: str) -> None:
        """Nor registrars."""

    def call_incoming(self, account: SipAccount | None, call: SipCall, source: Address) -> None:
        """Nobody is here."""


def _codecs() -> str:
    reactor: Any = installed_reactor
    outcome: list[str | Exception] = []

    async def look() -> None:
        try:
            endpoint = Endpoint(
                bind="127.0.0.1", port=0, reactor=reactor, listener=_Nobody(), sound=NullCard()
            )
            codecs = endpoint.codecs()
            await endpoint.close()
            outcome.append(", ".join(codecs))
        except Exception as error:  # told outside the reactor
            outcome.append(error)
        reactor.stop()

    def begin() -> Deferred[None]:
        return ensureDeferred(look())

    reactor.callWhenRunning(begin)
    reactor.run()
    (found,) = outcome
    if isinstance(found, Exception):
        raise found
    return found


def _sound() -> str:
    devices = enumerate_devices()
    if not devices.backend:
        return "no sound device; calls are silent, or use WAV files (parley serve --play F --record F)"
    return (
        f"{devices.backend}; microphones: {_names(devices.captures)}; speakers: {_names(devices.playbacks)}"
    )


def _names(devices: tuple[Device, ...]) -> str:
    return ", ".join(device.name for device in devices) or "none"


def _keyring() -> str:
    import keyring  # noqa: PLC0415  # searches for backends

    backend = keyring.get_keyring()
    if backend.priority < 1:
        return "none; passwords go to a file that only you can read"
    return str(backend.name)
