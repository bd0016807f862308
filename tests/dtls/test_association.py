"""DTLS-SRTP back to back: keys, losses, wrong certificates, hostile datagrams."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL

from phone.dtls import identity
from phone.dtls.association import GIVE_UP_S, LARGEST, Association
from phone.dtls.errors import DtlsError
from phone.dtls.events import Cause, Established, Failed
from phone.dtls.identity import Identity
from phone.dtls.profiles import PROFILES
from phone.wire.demux import Kind, classify
from phone.wire.description import Fingerprint
from tests.dtls.link import CLIENT, SERVER, Link, Passes, run

WRONG = Fingerprint("sha-256", bytes(32))


def test_both_ends_have_the_same_keys() -> None:
    """One's local keys are the other's remote ones; the two directions differ (RFC 5764 §4.2)."""
    link = Link()
    link.carry()
    (ours,), (theirs,) = link.events["client"], link.events["server"]
    assert isinstance(ours, Established)
    assert isinstance(theirs, Established)
    assert (ours.keys.local_key, ours.keys.local_salt) == (theirs.keys.remote_key, theirs.keys.remote_salt)
    assert (ours.keys.remote_key, ours.keys.remote_salt) == (theirs.keys.local_key, theirs.keys.local_salt)
    assert ours.keys.local_key != ours.keys.remote_key
    assert (len(ours.keys.local_key), len(ours.keys.local_salt)) == (16, 14)
    assert ours.keys.auth_tag == theirs.keys.auth_tag == "HS80"


def test_no_key_is_printed() -> None:
    """The event shows how packets are protected, and no more."""
    link = Link()
    link.carry()
    assert repr(link.events["client"]) == "[Established(keys=MediaKeys(auth_tag='HS80'))]"


def test_datagrams_are_short_and_known_as_dtls() -> None:
    """Each fits into every path's MTU, and is told apart from what shares the port (RFC 7983)."""
    link = Link()
    link.carry()
    for datagram in link.sent["client"] + link.sent["server"]:
        assert len(datagram) <= LARGEST
        assert classify(memoryview(datagram), len(datagram)) is Kind.DTLS


def test_one_of_several_fingerprints_is_enough() -> None:
    """An end may name its certificate in several ways, and others besides (RFC 8122 §5)."""
    link = Link(client_expects=(WRONG, Fingerprint("sha-1", bytes(20)), SERVER.fingerprint))
    link.carry()
    assert isinstance(link.events["client"][0], Established)


@pytest.mark.parametrize(
    "expected",
    [(WRONG,), (), (CLIENT.fingerprint,), (Fingerprint("sha-1", bytes(20)),)],
    ids=["another", "none", "our own", "a weak hash"],
)
def test_wrong_certificate_of_the_server_gives_no_keys(expected: tuple[Fingerprint, ...]) -> None:
    """Whoever is at the other end, the signalling did not announce it."""
    link = Link(client_expects=expected)
    link.carry()
    assert link.events["client"] == [Failed(Cause.FINGERPRINT)]


def test_wrong_certificate_of_the_client_gives_no_keys() -> None:
    """Both ends look."""
    link = Link(server_expects=(WRONG,))
    link.carry()
    assert link.events["server"] == [Failed(Cause.FINGERPRINT)]


def test_client_without_certificate_gets_no_keys() -> None:
    """Both ends have to show one (RFC 5763 §5)."""
    client = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
    client.set_connect_state()
    server = Association(SERVER, active=False, fingerprints=(CLIENT.fingerprint,))
    server.start(0.0)
    for _ in range(4):
        with contextlib.suppress(SSL.Error):
            client.do_handshake()
        with contextlib.suppress(SSL.WantReadError):
            while True:
                server.receive_datagram(client.bio_read(5000), 0.0)
        for datagram in server.datagrams_to_send():
            client.bio_write(datagram)
    assert server.next_event() == Failed(Cause.PROTOCOL)
    assert server.next_event() is None


def test_nothing_in_common_gives_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """DTLS alone is not enough: the media needs a protection that both know."""
    monkeypatch.setattr(identity, "PROFILES", PROFILES[1:])
    short = Identity()
    monkeypatch.setattr(identity, "PROFILES", PROFILES[:1])
    link = Link(client=short, server=Identity())
    link.carry()
    assert link.events == {"client": [Failed(Cause.PROFILE)], "server": [Failed(Cause.PROFILE)]}


def test_short_tags_where_the_other_end_has_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Asterisk under ``srtp_tag_32`` knows only them."""
    monkeypatch.setattr(identity, "PROFILES", PROFILES[1:])
    link = Link(server=Identity())
    link.carry()
    (event,) = link.events["client"]
    assert isinstance(event, Established)
    assert event.keys.auth_tag == "HS32"


def losing(sender: str, number: int) -> Passes:
    return lambda name, count: (name, count) != (sender, number)


def test_every_lost_datagram_is_made_up_for() -> None:
    """Each alone, and the first of both ends: it takes a second or two, and ends in common keys."""
    whole = Link()
    whole.carry()
    now = time.monotonic()
    links = [
        Link(losing(sender, number), now=now)
        for sender, datagrams in whole.sent.items()
        for number in range(1, len(datagrams) + 1)
    ]
    links.append(Link(lambda _name, number: number > 1, now=now))
    run(links, within=15)
    for link in links:
        (ours,), (theirs,) = link.events["client"], link.events["server"]
        assert isinstance(ours, Established)
        assert isinstance(theirs, Established)
        assert ours.keys.local_key == theirs.keys.remote_key


def test_who_gets_no_answer_gives_up() -> None:
    """Neither end waits for ever, and nothing is due after that."""
    link = Link()
    for association in (link.client, link.server):
        due = association.get_timer()
        assert due is not None
        association.handle_timer(due - 0.1)
        assert association.next_event() is None
        association.handle_timer(GIVE_UP_S)
        assert association.next_event() == Failed(Cause.TIMEOUT)
        assert association.get_timer() is None
        association.handle_timer(GIVE_UP_S + 1)
        association.receive_datagram(bytes(30), GIVE_UP_S + 1)
        assert association.next_event() is None


def test_end_is_said_once_and_heard() -> None:
    """A close_notify ends the association on both sides, without an event: the keys stay good."""
    link = Link()
    link.carry()
    link.client.close()
    link.client.close()
    link.carry()
    assert [len(events) for events in link.events.values()] == [1, 1]
    assert len(link.sent["client"]) == 3
    link.server.close()
    assert link.server.datagrams_to_send() == []
    assert link.server.get_timer() is None


def test_end_before_the_handshake_is_silent() -> None:
    """Nobody is told of what has not begun."""
    link = Link()
    link.client.datagrams_to_send()
    link.client.close()
    assert link.client.datagrams_to_send() == []


def test_repeated_datagrams_change_nothing() -> None:
    """Whoever repeats a whole handshake gets neither other keys nor an error."""
    link = Link()
    link.carry()
    for datagram in list(link.sent["client"]):
        link.server.receive_datagram(datagram, 0.0)
    for datagram in list(link.sent["server"]):
        link.client.receive_datagram(datagram, 0.0)
    link.carry()
    assert [len(events) for events in link.events.values()] == [1, 1]


@pytest.mark.parametrize("established", [False, True])
def test_errors_of_openssl_end_the_association(monkeypatch: pytest.MonkeyPatch, established: bool) -> None:
    """A handshake fails of it; once there are keys it only means that nothing more is said."""

    def refuse(*_arguments: object) -> bool:
        raise SSL.Error([("", "", "refused")])

    link = Link()
    if established:
        link.carry()
    monkeypatch.setattr(SSL.Connection, "do_handshake", refuse)
    monkeypatch.setattr(SSL.Connection, "recv", refuse)
    link.client.receive_datagram(bytes(30), 0.0)
    assert link.client.next_event() == (None if established else Failed(Cause.PROTOCOL))
    assert link.client.get_timer() is None


def test_openssl_may_give_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so after a number of repetitions."""

    def refuse(_connection: SSL.Connection) -> bool:
        raise SSL.Error([("", "", "read timeout expired")])

    link = Link()
    monkeypatch.setattr(SSL.Connection, "DTLSv1_handle_timeout", refuse)
    due = link.client.get_timer()
    assert due is not None
    link.client.handle_timer(due)
    assert link.client.next_event() == Failed(Cause.PROTOCOL)


def test_error_of_openssl_when_it_closes_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The association is over either way."""

    def refuse(_connection: SSL.Connection) -> bool:
        raise SSL.Error([("", "", "shutdown while in init")])

    link = Link()
    link.carry()
    monkeypatch.setattr(SSL.Connection, "shutdown", refuse)
    link.client.close()
    assert link.client.datagrams_to_send() == []


def test_records_that_do_not_fit_into_one_datagram_are_sent_in_several() -> None:
    """None is cut, and those that fit together go together."""
    association = Association(CLIENT, active=True, fingerprints=())
    long = bytes.fromhex("16fefd0000000000000000") + (700).to_bytes(2, "big") + bytes(700)
    short = bytes.fromhex("14fefd0000000000000000") + (1).to_bytes(2, "big") + bytes(1)
    association._put(long * 2 + short + long)
    assert association.datagrams_to_send() == [long, long + short, long]


RECORDS = st.builds(
    lambda kind, epoch, length, body: bytes((kind,)) + b"\xfe\xfd" + epoch + bytes(6) + length + body,
    st.sampled_from([20, 21, 22, 23, 25]),
    st.sampled_from([b"\0\0", b"\0\1"]),
    st.binary(min_size=2, max_size=2),
    st.binary(max_size=100),
)


@settings(max_examples=150)
@given(st.lists(st.one_of(st.binary(max_size=200), RECORDS), max_size=4), st.booleans())
def test_hostile_datagrams_never_raise_and_give_no_keys(datagrams: list[bytes], active: bool) -> None:
    """Whatever comes: the handshake goes on, or ends with its one cause."""
    association = Association(CLIENT, active=active, fingerprints=(SERVER.fingerprint,))
    association.start(0.0)
    for datagram in datagrams:
        association.receive_datagram(datagram, 0.0)
    assert association.next_event() in (None, Failed(Cause.PROTOCOL))


@settings(max_examples=60)
@given(st.sampled_from(["client", "server"]), st.integers(1, 2), st.integers(0, 1 << 13))
def test_changed_datagrams_never_give_keys_that_differ(victim: str, number: int, bit: int) -> None:
    """One bit anywhere in any datagram: no error, and no keys that the two ends do not share."""
    link = Link(losing(victim, number))
    link.carry()
    changed = bytearray(link.sent[victim][number - 1])
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    receiver = link.server if victim == "client" else link.client
    receiver.receive_datagram(bytes(changed), 0.0)
    link.carry()
    found = [event for events in link.events.values() for event in events]
    keys = [event.keys for event in found if isinstance(event, Established)]
    if len(keys) == 2:
        assert keys[0].local_key == keys[1].remote_key


def test_every_run_has_its_own_certificate() -> None:
    """Nobody is known again by it."""
    assert Identity().fingerprint != Identity().fingerprint


def test_openssl_without_srtp_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One error, in words."""

    def refuse(_context: SSL.Context, _profiles: bytes) -> None:
        raise SSL.Error([("", "", "no srtp profiles")])

    monkeypatch.setattr(SSL.Context, "set_tlsext_use_srtp", refuse)
    with pytest.raises(DtlsError, match="DTLS-SRTP"):
        Identity()
