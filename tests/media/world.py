"""Legs, phones and peers on loopback, with real sockets and ZRTP sessions; only the clock is not real."""

from __future__ import annotations

import select
from dataclasses import dataclass, field
from typing import Any

from twisted.internet.task import Clock

from phone.dtls.association import Association
from phone.dtls.events import Established, MediaKeys
from phone.dtls.identity import Identity
from phone.media.encryption import LegState, Policy, Protection
from phone.media.leg import MediaLeg
from phone.media.pump import MediaPump
from phone.media.sockets import RtpSocketPair
from phone.wire.demux import Kind, classify
from phone.wire.description import Address, DtlsDescription, Setup
from phone.wire.rtcp import empty_receiver_report
from phone.wire.rtp import RtpPacket
from phone.wire.srtp import AuthTag, PacketBuffer, SrtpReceiver, SrtpSender
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import CacheEntry, Zid
from phone.zrtp.events import Secured, SrtpKeys
from phone.zrtp.session import Session
from phone.zrtp.zsa.capability import Capability, Side
from phone.zrtp.zsa.claim import Claim
from tests.zrtp.zsa import account

IDENTITY = Identity()
"""Of every leg."""
SPEECH = bytes(range(160))
HOLDER = Claim(Capability(Side.HOLDER), account())
KEEPER = Claim(Capability(Side.KEEPER), account())
STRANGER = Claim(Capability(Side.KEEPER), account("another secret"))
"""What the two ends of a call can prove, and what somebody else can."""


class Cache:
    """Retained secrets in memory."""

    def __init__(self, name: str) -> None:
        self._zid = Zid(name.encode().ljust(12, b"\0"))
        self.entries: dict[Zid, CacheEntry] = {}

    def zid(self) -> Zid:
        return self._zid

    def load(self, peer: Zid) -> CacheEntry | None:
        return self.entries.get(peer)

    def save(self, peer: Zid, entry: CacheEntry) -> None:
        self.entries[peer] = entry


class NoReactor:
    """The pump is driven by hand."""

    def addReader(self, reader: Any) -> None: ...  # noqa: N802  # named by Twisted
    def removeReader(self, reader: Any) -> None: ...  # noqa: N802  # named by Twisted


class Sockets:
    """An RTP and an RTCP socket that remember what came."""

    def __init__(self, host: str) -> None:
        self.pair = RtpSocketPair(host)
        self.rtp = Address(host, self.pair.port)
        self.rtcp = Address(host, self.pair.port + 1)

    def heard(self, *, rtcp: bool = False) -> list[tuple[bytes, Address]]:
        """Return what came since the last time, and from where."""
        source = self.pair.rtcp if rtcp else self.pair.rtp
        found = []
        while select.select([source], [], [], 0)[0]:
            try:
                datagram, address = source.recvfrom(5000)
            except ConnectionRefusedError:
                continue
            found.append((datagram, Address(*address)))
        return found

    def close(self) -> None:
        self.pair.close()


class Phone(Sockets):
    """Stands where pjsua2 does: sends RTP to the leg's inner sockets."""

    def __init__(self, ssrc: int, relay: Address) -> None:
        super().__init__("127.0.0.1")
        self.ssrc = ssrc
        self.relay = relay
        self.sequence_number = 100

    def packet(self, payload: bytes = SPEECH) -> bytes:
        self.sequence_number = (self.sequence_number + 1) & 0xFFFF
        return bytes(RtpPacket(0, self.sequence_number, 160 * self.sequence_number, self.ssrc, payload))

    def speak(self, payload: bytes = SPEECH) -> None:
        """Send one RTP packet to the leg."""
        self.pair.rtp.sendto(self.packet(payload), self.relay)

    def report(self) -> None:
        """Send one RTCP packet to the leg."""
        report = empty_receiver_report(self.ssrc)
        self.pair.rtcp.sendto(report, (self.relay.host, self.relay.port + 1))

    def speech(self) -> list[bytes]:
        """Return the payloads that came since the last time."""
        packets = [RtpPacket.parse(datagram) for datagram, _ in self.heard()]
        return [packet.payload for packet in packets if packet.payload]


@dataclass
class Listener:
    """Remembers every state it was told."""

    states: list[LegState] = field(default_factory=list)

    def leg_changed(self, leg: MediaLeg) -> None:
        self.states.append(leg.state)


class End:
    """One leg with its phone."""

    def __init__(self, world: World, name: str, policy: Policy, **options: Any) -> None:
        """``options``: those of ``MediaLeg``."""
        self.host = world.next_host()
        self.listener = Listener()
        self.cache = Cache(name)
        self.leg = MediaLeg(
            world.pump,
            bind_host=self.host,
            cache=self.cache,
            policy=policy,
            listener=self.listener,
            clock=world.clock,
            identity=IDENTITY,
            **options,
        )
        self.phone = Phone(0x1000 + len(world.ends), self.leg.inner[0])
        description = self.leg.describe(self.host)
        self.rtp, self.rtcp = description.rtp, description.rtcp

    def protection(self) -> Protection:
        return self.leg.state.protection

    def connect(
        self,
        rtp: Address,
        rtcp: Address | None = None,
        zrtp_hash: str | None = None,
        ssrc: int | None = None,
        dtls: DtlsDescription | None = None,
    ) -> None:
        """Do what a created stream does: join the phone and this remote."""
        self.leg.connect(
            remote_rtp=rtp,
            remote_rtcp=rtcp or Address(rtp.host, rtp.port + 1),
            local_rtp=self.phone.rtp,
            local_rtcp=self.phone.rtcp,
            ssrc=self.phone.ssrc if ssrc is None else ssrc,
            remote_zrtp_hash=zrtp_hash,
            remote_dtls=dtls,
        )


class World:
    """Everything that one test opened, and its time."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.pump = MediaPump(NoReactor())
        self.ends: list[End] = []
        self._sockets: list[Sockets] = []
        self._hosts = 10

    def next_host(self) -> str:
        self._hosts += 1
        return f"127.77.3.{self._hosts}"

    def end(
        self,
        name: str,
        policy: Policy = Policy.PREFER,
        configuration: Configuration | None = None,
        *,
        claim: Claim | None = None,
        **options: Any,
    ) -> End:
        end = End(self, name, policy, configuration=configuration or Configuration(), claim=claim, **options)
        self.ends.append(end)
        return end

    def peer(self, host: str | None = None) -> Sockets:
        """Open a pair of sockets that knows nothing of ZRTP."""
        peer = Sockets(host or self.next_host())
        self._sockets.append(peer)
        return peer

    def zrtp_peer(
        self, name: str, configuration: Configuration | None = None, *, claim: Claim | None = None
    ) -> ZrtpPeer:
        """Open a peer whose ZRTP the test holds in its hands."""
        peer = ZrtpPeer(self, name, configuration or Configuration(), claim)
        self._sockets.append(peer)
        return peer

    def pbx(self) -> Pbx:
        """Open a peer that has DTLS-SRTP and no ZRTP."""
        peer = Pbx(self)
        self._sockets.append(peer)
        return peer

    def settle(self) -> None:
        """Carry everything that is under way, without letting time pass."""
        while select.select([self.pump], [], [], 0)[0]:
            self.pump.doRead()
            self.clock.advance(0)
        self.clock.advance(0)

    def run(self, seconds: float, step: float = 0.01) -> None:
        """Let time pass."""
        for _ in range(round(seconds / step)):
            self.settle()
            self.clock.advance(step)
        self.settle()

    def secure(self, first: End, second: End) -> None:
        """Join two ends and let them agree on keys."""
        first.connect(second.rtp)
        second.connect(first.rtp)
        self.run(0.5)
        assert first.protection() is second.protection() is Protection.SECURE

    def hang_up(self, end: End) -> None:
        """Close one end before the others."""
        self.ends.remove(end)
        end.leg.close()
        end.phone.close()

    def close(self) -> None:
        for end in list(self.ends):
            self.hang_up(end)
        for peer in self._sockets:
            peer.close()
        self.pump.close()


class ZrtpPeer(Sockets):
    """A peer that agrees on keys like any other and notes what reaches it, as a tap on the wire would."""

    def __init__(self, world: World, name: str, configuration: Configuration, claim: Claim | None) -> None:
        super().__init__(world.next_host())
        self._clock = world.clock
        self._configuration = configuration
        self._claim = claim
        self._sender: SrtpSender | None = None
        self.restart(name)
        self.keys: SrtpKeys | None = None
        self.tapped: list[bytes] = []
        """All that is not ZRTP, RTP port and RTCP port together."""

    def protected(self, number: int) -> bytes:
        """Return an RTP packet with ``SPEECH`` as this peer would send it, protected under its keys."""
        assert self.keys is not None
        if self._sender is None:
            self._sender = SrtpSender(self.keys.local_key, self.keys.local_salt, AuthTag(self.keys.auth_tag))
        buffer = PacketBuffer()
        packet = RtpPacket(0, number, 160 * number, 0x9999, SPEECH)
        return buffer.get(self._sender.protect(buffer, buffer.put(bytes(packet))))

    def restart(self, name: str) -> None:
        """Forget everything, like a phone that is switched off and on."""
        self.session = Session(
            ssrc=0x9999, cache=Cache(name), configuration=self._configuration, claim=self._claim
        )
        self._started = False
        self._sender = None

    def serve(self, leg: Address, *, answer: bool = True, withhold: bytes = b"nothing") -> None:
        """Take what came, and send the leg what the ZRTP session wants sent.

        Without ``answer`` nothing is sent; a message of the type ``withhold`` never is.
        """
        now = self._clock.seconds()
        if not self._started:
            self._started = True
            self.session.start(now)
        for datagram, _ in self.heard() + self.heard(rtcp=True):
            if classify(memoryview(datagram), len(datagram)) is Kind.ZRTP:
                self.session.receive_datagram(datagram, now)
            else:
                self.tapped.append(datagram)
        self.session.handle_timer(now)
        for datagram in self.session.datagrams_to_send():
            if answer and datagram[16:24].rstrip() != withhold:
                self.pair.rtp.sendto(datagram, leg)
        while (happened := self.session.next_event()) is not None:
            if isinstance(happened[1], Secured):
                self.keys = happened[1].keys


class Pbx(Sockets):
    """A peer that carries media under DTLS-SRTP, begins the handshake itself, and never speaks ZRTP."""

    def __init__(self, world: World) -> None:
        super().__init__(world.next_host())
        self._clock = world.clock
        self.identity = Identity()
        self.keys: MediaKeys | None = None
        self.tapped: list[bytes] = []
        """All that is neither DTLS nor ZRTP."""
        self._number = 0

    def description(self, setup: Setup = Setup.ACTIVE, *, is_new: bool = False) -> DtlsDescription:
        """Return what its SDP says."""
        return DtlsDescription((self.identity.fingerprint,), setup, is_new)

    def meet(self, leg: Address, *, active: bool = True) -> None:
        """Begin a handshake with the leg."""
        self._leg = leg
        self._association = Association(self.identity, active=active, fingerprints=(IDENTITY.fingerprint,))
        self._association.start(self._clock.seconds())
        self._sender: SrtpSender | None = None
        self.serve()

    def serve(self) -> None:
        """Take what came, and answer."""
        for datagram, _ in self.heard() + self.heard(rtcp=True):
            kind = classify(memoryview(datagram), len(datagram))
            if kind is Kind.DTLS:
                self._association.receive_datagram(datagram, self._clock.seconds())
            elif kind is not Kind.ZRTP:
                self.tapped.append(datagram)
        for datagram in self._association.datagrams_to_send():
            self.pair.rtp.sendto(datagram, self._leg)
        event = self._association.next_event()
        if isinstance(event, Established):
            self.keys = event.keys
            self._sender = SrtpSender(event.keys.local_key, event.keys.local_salt, AuthTag.HS80)
            self._receiver = SrtpReceiver(event.keys.remote_key, event.keys.remote_salt, AuthTag.HS80)

    def agree(self, world: World, leg: Address, *, active: bool = True) -> None:
        """Carry a handshake through, in no time."""
        self.meet(leg, active=active)
        for _ in range(4):
            world.settle()
            self.serve()
        world.settle()

    def speak(self, *, times: int = 1) -> None:
        """Send one protected RTP packet to the leg, as often as that."""
        assert self._sender is not None
        self._number += 1
        buffer = PacketBuffer()
        packet = RtpPacket(0, self._number, 160 * self._number, 0x7777, SPEECH)
        protected = buffer.get(self._sender.protect(buffer, buffer.put(bytes(packet))))
        for _ in range(times):
            self.pair.rtp.sendto(protected, self._leg)

    def understood(self) -> list[bytes]:
        """Return the payloads that came protected since the last time."""
        self.serve()
        found, self.tapped = self.tapped, []
        buffer = PacketBuffer()
        return [
            RtpPacket.parse(buffer.get(self._receiver.unprotect(buffer, buffer.put(one)))).payload
            for one in found
            if classify(memoryview(one), len(one)) is Kind.RTP
        ]


def kinds(datagrams: list[tuple[bytes, Address]]) -> list[Kind]:
    """Tell what each datagram claims to be."""
    return [classify(memoryview(datagram), len(datagram)) for datagram, _ in datagrams]
