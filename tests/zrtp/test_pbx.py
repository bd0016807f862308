"""A PBX in between that is trusted: SASrelay and enrolment (RFC 6189 §5.13, §7.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.cache import CacheEntry
from phone.zrtp.confirm import Confirmation, seal
from phone.zrtp.endpoint import StreamId
from phone.zrtp.errors import EnrollmentError, MessageError
from phone.zrtp.events import Failed, Role, Sas, SasRelayed, Suspicion
from phone.zrtp.hashchain import sign
from phone.zrtp.keys import ConfirmKeys
from phone.zrtp.messages import Confirm1, Hello, SASrelay
from phone.zrtp.packet import Packet
from phone.zrtp.sasrelay import NO_SAS_HASH, RelayedSas
from tests.zrtp.link import Link, Party, reframed
from tests.zrtp.memory import MemoryCache

SHARED = Secret(b"p" * 32)


class Pbx(Party):
    """A passive PBX that says that it may relay a SAS, and, if told, asks to be trusted."""

    def __init__(self, *, mitm: bool = True, enrolls: bool = False, cache: MemoryCache | None = None) -> None:
        super().__init__("pbx", 5, configuration=Configuration(passive=True), cache=cache)
        self._enrolls = enrolls
        self.keys: ConfirmKeys | None = None
        (stream,) = self.session._streams.values()
        self._stream = stream
        hello = replace(Hello.parse(stream.announcement.hello), mitm=mitm)
        object.__setattr__(stream.announcement, "hello", sign(bytes(hello), stream.announcement.chain.h2))

    def collect(self) -> list[bytes]:
        return [self._changed(datagram) for datagram in super().collect()]

    def _changed(self, datagram: bytes) -> bytes:
        if datagram[16:24] != Confirm1.TYPE:
            return datagram
        assert self._stream._exchange is not None
        self.keys = self._stream._exchange._agreed.own
        if not self._enrolls:
            return datagram
        message = Confirm1.parse(Packet.parse(datagram).message)
        plaintext = self.keys.decrypt(message.iv, message.encrypted)
        confirmation = replace(Confirmation.parse(plaintext), enrollment=True)
        return reframed(datagram, seal(confirmation, self.keys, Role.RESPONDER, message.iv))

    def relay(self, relayed: RelayedSas) -> bytes:
        """Return the packet that shows ``relayed``."""
        assert self.keys is not None
        encrypted = self.keys.encrypt(bytes(16), bytes(relayed))
        return bytes(Packet(900, 5, bytes(SASrelay(self.keys.mac(encrypted), bytes(16), encrypted))))


def caches(*, enrolled: bool) -> tuple[MemoryCache, MemoryCache]:
    """Return those of a phone and of a PBX."""
    both = MemoryCache.named("alice"), MemoryCache.named("pbx")
    if enrolled:
        for cache, other in (both, reversed(both)):
            cache.entries[other.zid()] = CacheEntry(pbx_secret=SHARED)
    return both


def call(*, enrolled: bool, **settings: bool) -> tuple[Party, Pbx]:
    """Return a phone in a secure call with its PBX."""
    own, other = caches(enrolled=enrolled)
    phone, pbx = Party("alice", 1, cache=own), Pbx(cache=other, **settings)
    link: Link[Party, Pbx] = Link(phone, pbx)
    link.start()
    link.run()
    assert phone.secured.sas == pbx.secured.sas
    return phone, pbx


RELAYED = RelayedSas(b"B32 ", bytes(range(32)), sas_verified=True)


def shown(phone: Party, datagram: bytes) -> list[SasRelayed]:
    phone.session.receive_datagram(datagram, 60.0)
    phone.sent.clear()
    phone.collect()
    return phone.told(SasRelayed)


def test_enrolled_pbx_relays_the_sas() -> None:
    """Both have pbxsecret: the SAS of the call behind it is shown, and acknowledged (§7.3)."""
    phone, pbx = call(enrolled=True)
    assert phone.secured.trusted_mitm
    assert shown(phone, pbx.relay(RELAYED)) == [SasRelayed(Sas("B32", "yyyo"), True, False)]
    assert phone.said == [b"RelayACK"]


def test_repeated_relay_is_acknowledged_and_told_once() -> None:
    """The RelayACK may have been lost (§5.14)."""
    phone, pbx = call(enrolled=True)
    shown(phone, pbx.relay(RELAYED))
    assert len(shown(phone, pbx.relay(RELAYED))) == 1
    assert phone.said == [b"RelayACK"]


def test_stranger_of_a_pbx_is_acknowledged_and_not_shown() -> None:
    """The right MAC and the M flag, but no pbxsecret: never show it (§7.3)."""
    phone, pbx = call(enrolled=False)
    assert not phone.secured.trusted_mitm
    assert shown(phone, pbx.relay(RELAYED)) == []
    assert phone.said == [b"RelayACK"]


def test_peer_that_is_no_pbx_is_acknowledged_and_not_shown() -> None:
    """No M flag in its Hello (§5.13)."""
    phone, pbx = call(enrolled=True, mitm=False)
    assert not phone.secured.trusted_mitm
    assert shown(phone, pbx.relay(RELAYED)) == []
    assert phone.said == [b"RelayACK"]


def test_relay_without_a_sas_shows_nothing() -> None:
    """All zero: only the rendering scheme is meant, and we have our own (§7.3)."""
    phone, pbx = call(enrolled=True)
    assert shown(phone, pbx.relay(RelayedSas(b"B256", NO_SAS_HASH))) == []
    assert phone.said == [b"RelayACK"]


def test_relay_in_an_unknown_scheme_shows_nothing() -> None:
    """Nobody could read it."""
    phone, pbx = call(enrolled=True)
    assert shown(phone, pbx.relay(replace(RELAYED, scheme=b"XXXX"))) == []


def test_forged_relay_is_dropped() -> None:
    """A wrong MAC: no answer, no alarm, nothing shown."""
    phone, pbx = call(enrolled=True)
    datagram = pbx.relay(RELAYED)
    message = bytearray(Packet.parse(datagram).message)
    message[-1] ^= 1
    assert shown(phone, reframed(datagram, bytes(message))) == []
    assert phone.said == []
    assert not phone.told(Failed)
    assert not phone.told(Suspicion)


def test_relay_before_there_are_keys_is_dropped() -> None:
    """Some stacks answer it even then."""
    _, pbx = call(enrolled=True)
    phone = Party("bob", 1)
    assert shown(phone, pbx.relay(RELAYED)) == []
    assert phone.said == []


def test_enrolment_is_told_and_waits_for_consent() -> None:
    """E in the PBX's Confirm: nothing is stored until the user says so (§7.3.1)."""
    phone, pbx = call(enrolled=False, enrolls=True)
    assert phone.secured.enrollment_offered
    assert phone.cache.entries[pbx.cache.zid()].pbx_secret is None


def test_consent_stores_the_pbx_secret() -> None:
    """Both ends derive the same one from ZRTPSess (§7.3.1)."""
    phone, pbx = call(enrolled=False, enrolls=True)
    phone.session.enroll(StreamId(1))
    bond = pbx.session._endpoint.association.bond
    assert bond is not None
    assert phone.cache.entries[pbx.cache.zid()].pbx_secret == bond.pbx_secret()


def test_enrolment_outlives_the_next_call() -> None:
    """The secret stays in the entry as retained secrets come and go."""
    phone, pbx = call(enrolled=True)
    assert phone.cache.entries[pbx.cache.zid()].pbx_secret == SHARED


@pytest.mark.parametrize("settings", [{"enrolls": False}, {"enrolls": True, "mitm": False}])
def test_nobody_else_is_enrolled(settings: dict[str, bool]) -> None:
    """A peer that did not ask, or is no PBX."""
    phone, _ = call(enrolled=False, **settings)
    assert not phone.secured.enrollment_offered
    with pytest.raises(EnrollmentError):
        phone.session.enroll(StreamId(1))


@given(
    st.builds(
        RelayedSas,
        st.binary(min_size=4, max_size=4),
        st.binary(min_size=32, max_size=32),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.integers(0, 511).flatmap(lambda words: st.binary(min_size=4 * words, max_size=4 * words)),
    )
)
def test_relayed_sas_round_trip(relayed: RelayedSas) -> None:
    """Fields to bytes to the same fields, a signature of any length included."""
    assert RelayedSas.parse(bytes(relayed)) == relayed


@given(st.binary(min_size=40, max_size=120))
def test_any_plaintext_parses_or_raises_the_one_error(plaintext: bytes) -> None:
    """Unused bits are ignored, a wrong length of the signature is not."""
    try:
        relayed = RelayedSas.parse(plaintext)
    except MessageError:
        return
    assert RelayedSas.parse(bytes(relayed)) == relayed
