"""GoClear: a peer that wants to go on without encryption (RFC 6189 §4.7.2)."""

from __future__ import annotations

import pytest

from phone.zrtp.algorithms import Configuration
from phone.zrtp.confirm import Confirmation
from phone.zrtp.events import Cleared, ClearRefused, Failed, Secured
from phone.zrtp.keys import session_after_clear
from phone.zrtp.messages import Confirm1, Error, GoClear
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import End, Link, Party, connect, same_keys
from tests.zrtp.test_states import cleared, go_clear

ALLOWED = Configuration(allow_clear=True)


def secure(configuration: Configuration | None = None) -> tuple[Party, Link[Party, Party]]:
    """Return one end of a secure call that has said nothing since."""
    a = Party("alice", 1, configuration=configuration)
    link = connect(a, Party("bob", 2))
    a.sent.clear()
    return a, link


def receive(party: Party, datagram: bytes, now: float) -> list[bytes]:
    party.session.receive_datagram(datagram, now)
    party.sent.clear()
    return party.collect()


def test_go_clear_is_refused_by_default() -> None:
    """Error 0x100; the stream stays secure, and the user hears of it once (§5.9)."""
    a, link = secure()
    request = go_clear(a)
    for _ in range(3):
        (answer,) = receive(a, request, link.now)
        assert Error.parse(Packet.parse(answer).message).code == 0x100
    assert a.states == [State.SECURE]
    assert a.told(ClearRefused) == [ClearRefused()]


def test_forged_go_clear_does_nothing() -> None:
    """A wrong MAC: no ClearACK, no Error, no word to the user (§4.7.2)."""
    for configuration in (None, ALLOWED):
        a, link = secure(configuration)
        forged = bytes(Packet(9, 2, bytes(GoClear(bytes(8)))))
        assert receive(a, forged, link.now) == []
        assert a.states == [State.SECURE]
        assert not a.told(Cleared)
        assert not a.told(ClearRefused)


def test_go_clear_is_heeded_where_the_user_allows_it() -> None:
    """ClearACK, and the owner is told that the keys are void."""
    a, link = secure(ALLOWED)
    request = go_clear(a)
    assert [answer[16:24] for answer in receive(a, request, link.now)] == [b"ClearACK"]
    assert [answer[16:24] for answer in receive(a, request, link.now)] == [b"ClearACK"]
    assert a.states == [State.CLEARED]
    assert a.told(Cleared) == [Cleared()]


@pytest.mark.parametrize(("configuration", "allowed"), [(Configuration(), False), (ALLOWED, True)])
def test_a_flag_is_sent_only_where_it_is_allowed(configuration: Configuration, allowed: bool) -> None:
    """The peer learns from our Confirm whether it is worth asking (§5.7)."""
    a, b = Party("alice", 1, configuration=configuration), Party("bob", 2)
    flags = []

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is a and datagram[16:23] == b"Confirm":
            (stream,) = a.session._streams.values()
            if stream._exchange is None or stream._exchange._agreement is None:
                return [datagram]  # sent again once the stream is secure
            message = Confirm1.parse(Packet.parse(datagram).message)
            plaintext = stream._exchange._agreed.own.decrypt(message.iv, message.encrypted)
            flags.append(Confirmation.parse(plaintext).allow_clear)
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert flags
    assert set(flags) == {allowed}


def test_session_key_is_replaced() -> None:
    """ZRTPSess becomes KDF(ZRTPSess, "New ZRTP Session", ZIDi || ZIDr) (§4.7.2.1)."""
    a, link = secure(ALLOWED)
    before = a.session._endpoint.association.bond
    assert before is not None
    receive(a, go_clear(a), link.now)
    after = a.session._endpoint.association.bond
    assert after is not None
    assert after.zrtp_session == session_after_clear(
        before.suite.hash, before.zrtp_session, before.initiator, before.responder
    )
    assert after.zrtp_session != before.zrtp_session


def test_secure_again_without_diffie_hellman() -> None:
    """Both look for each other anew, and take up the session that they had (§4.7.2.1)."""
    link = cleared()
    for party in (link.a, link.b):
        party.session.restart_discovery(link.now)
        link.flush(party)
    link.run(link.now + 60)
    first, second = link.a.told(Secured)
    assert second.algorithms.key_agreement == "Mult"
    assert second.sas == first.sas
    assert second.keys.local_key == link.b.told(Secured)[1].keys.remote_key
    assert not link.a.told(Failed)


def test_call_without_go_clear_is_unaffected() -> None:
    """To allow it changes nothing else."""
    a, b = Party("alice", 1, configuration=ALLOWED), Party("bob", 2, configuration=ALLOWED)
    connect(a, b)
    assert same_keys(a, b)
