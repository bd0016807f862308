"""Messages that fit the hash chain and break the rules (RFC 6189 §4.4.1, §5.9, §8.1.1).

Only the peer itself, or someone who reads its packets and outruns them, can send these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from phone.secret import Secret
from phone.zrtp.algorithms import Configuration
from phone.zrtp.dh import DH3K, EC25
from phone.zrtp.events import Cause, Failed, ReceiveKeysReady, Secured
from phone.zrtp.hashchain import HashChain
from phone.zrtp.messages import Commit, Confirm1, DHPart1, DHPart2, Hello, Message, parse
from phone.zrtp.packet import Packet
from phone.zrtp.states import State
from tests.zrtp.link import (
    CLASSIC,
    End,
    Interceptor,
    Link,
    Party,
    SeededRandomness,
    reframed,
    resigned,
    type_of,
)

PASSIVE: Final = Configuration(passive=True)

Change = Callable[[Message, HashChain], bytes]


def chain_of(party: Party) -> HashChain:
    (stream,) = party.session._streams.values()
    return stream.announcement.chain


def call(
    message_type: bytes, change: Callable[[bytes, HashChain], bytes], **settings: object
) -> Link[Party, Party]:
    """Run a call in which Bob's messages of one type are changed; Alice is the one who notices.

    ``initiator``: Bob's role. ``configuration``: of both, apart from who may begin.
    """
    common = settings.get("configuration", CLASSIC)
    assert isinstance(common, Configuration)
    waiting = replace(common, passive=True)
    bob_begins = bool(settings.get("initiator", False))
    a = Party("alice", 1, configuration=waiting if bob_begins else common)
    b = Party("bob", 2, configuration=common if bob_begins else waiting)

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is b and type_of(datagram) == message_type:
            return [change(datagram, chain_of(b))]
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    return link.run()


def refused(link: Link[Party, Party], code: int, cause: Cause) -> bool:
    """Tell whether Alice ended the exchange with this error, and nobody had any keys from it."""
    return (
        link.a.told(Failed) == [Failed(cause, code)]
        and b"Error   " in link.a.said
        and not link.a.told(Secured)
        and link.a.states == [State.FAILED]
        and b"ErrorACK" in link.b.said
    )


def with_pv(pv: bytes) -> Callable[[bytes, HashChain], bytes]:
    def change(datagram: bytes, chain: HashChain) -> bytes:
        part = parse(Packet.parse(datagram).message)
        assert isinstance(part, DHPart1 | DHPart2)
        return resigned(datagram, replace(part, pv=pv), chain.h0)

    return change


@pytest.mark.parametrize(
    ("configuration", "pv"),
    [
        (Configuration(key_agreements=(DH3K,)), (1).to_bytes(384, "big")),
        (Configuration(key_agreements=(EC25,)), bytes(64)),
        (CLASSIC, bytes(32)),
        (CLASSIC, bytes(36)),
    ],
    ids=["DH3k", "EC25", "X255", "size"],
)
def test_bad_public_value_of_the_responder(configuration: Configuration, pv: bytes) -> None:
    """Error 0x61 (§4.4.1.3)."""
    assert refused(call(b"DHPart1 ", with_pv(pv), configuration=configuration), 0x61, Cause.PROTOCOL)


def test_bad_public_value_of_the_initiator() -> None:
    """Error 0x61, also when the initiator had committed to it (§4.4.1.2)."""
    a, b = Party("alice", 1, configuration=PASSIVE), Party("bob", 2, configuration=CLASSIC)
    (stream,) = b.session._streams.values()
    stream.announcement.key_pair = lambda *_: BadPair()  # type: ignore[method-assign]
    link = Link(a, b)
    link.start()
    link.run()
    assert refused(link, 0x61, Cause.PROTOCOL)


class BadPair:
    """A key pair whose public value is of low order."""

    committed = b""
    pv = bytes(32)

    def agree(self, pv: bytes) -> Secret:
        return Secret(bytes(32))


def test_hvi_mismatch_is_an_attack() -> None:
    """A DHPart2 that is not the one committed to: error 0x62 and an alarm (§4.4.1.2)."""
    pair = EC25.key_pair(SeededRandomness("mallory").private_value(40))
    link = call(
        b"DHPart2 ",
        with_pv(pair.pv),
        initiator=True,
        configuration=Configuration(key_agreements=(EC25,)),
    )
    assert refused(link, 0x62, Cause.ATTACK)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("hash", b"N256", 0x51),
        ("cipher", b"2FS1", 0x52),
        ("key_agreement", b"EC52", 0x53),
        ("auth_tag", b"SK64", 0x54),
        ("sas_type", b"XXXX", 0x55),
        ("zid", b"another zid.", 0x10),
    ],
)
def test_commit_to_what_was_not_offered(field: str, value: bytes, code: int) -> None:
    """Errors 0x51 to 0x55; another ZID than the Hello's makes the packet malformed (§5.9)."""

    def change(datagram: bytes, chain: HashChain) -> bytes:
        commit = Commit.parse(Packet.parse(datagram).message)
        return resigned(datagram, replace(commit, **{field: value}), chain.h1)  # type: ignore[arg-type]

    assert refused(call(b"Commit  ", change, initiator=True), code, Cause.PROTOCOL)


def garbled_tail(datagram: bytes, _: HashChain) -> bytes:
    """Change the MAC at the end of the message."""
    message = Packet.parse(datagram).message
    return reframed(datagram, message[:-1] + bytes([message[-1] ^ 1]))


@pytest.mark.parametrize(
    ("message_type", "initiator", "code"),
    [
        (b"Hello   ", False, 0x40),
        (b"Hello   ", True, 0x40),
        (b"Commit  ", True, 0x10),
    ],
    ids=["Hello of responder", "Hello of initiator", "Commit"],
)
def test_wrong_mac_behind_the_right_preimage_is_an_attack(
    message_type: bytes, initiator: bool, code: int
) -> None:
    """The next message shows it: alarm, and no keys (§8.1.1)."""
    assert refused(call(message_type, garbled_tail, initiator=initiator), code, Cause.ATTACK)


@pytest.mark.parametrize(("initiator", "state"), [(True, State.DHPART2_SENT), (False, State.DHPART1_SENT)])
def test_wrong_mac_of_dhpart_is_an_attack(initiator: bool, state: State) -> None:
    """The whole message counts for the keys, so only who has them could have written it: found at Confirm."""
    a = Party("alice", 1, configuration=PASSIVE if initiator else None)
    b = Party("bob", 2, configuration=None if initiator else PASSIVE)
    (stream,) = b.session._streams.values()
    honest = stream.announcement.chain
    stream.announcement.chain = replace(honest, h0=b"\x55" * 32)
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: b.states == [state])
    stream.announcement.chain = honest
    link.run()
    assert refused(link, 0x10, Cause.ATTACK)


def test_h0_that_does_not_open_h1_is_an_attack() -> None:
    """Who has the keys is not the one who wrote DHPart."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: b.states == [State.DHPART1_SENT])
    (stream,) = b.session._streams.values()
    stream.announcement.chain = replace(stream.announcement.chain, h0=b"\x55" * 32)
    link.run()
    assert refused(link, 0x10, Cause.ATTACK)


@pytest.mark.parametrize(
    ("message_type", "initiator"), [(b"Confirm1", False), (b"Confirm2", True)], ids=["1", "2"]
)
def test_wrong_confirm_mac_is_the_reason_when_time_is_up(message_type: bytes, initiator: bool) -> None:
    """Error 0x70, not before the timers run out: anyone can send a bad Confirm (§9)."""
    link = call(message_type, garbled_tail, initiator=initiator)
    assert refused(link, 0x70, Cause.ATTACK)
    assert link.now > 9


def test_good_confirm_after_a_forged_one() -> None:
    """The forgery is dropped, the exchange goes on (§9)."""
    a, b = Party("alice", 1), Party("bob", 2)

    def intercept(_: End, datagram: bytes) -> list[bytes]:
        if datagram[16:23] == b"Confirm":
            return [garbled_tail(datagram, chain_of(b)), datagram]
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert a.secured.sas == b.secured.sas
    assert not a.told(Failed)
    assert not b.told(Failed)


def test_confirm_with_a_signature_is_understood() -> None:
    """We skip over what we cannot verify (§7.2)."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = Link(a, b, intercept=sign_confirm(b, bytes(400)))
    link.start()
    link.run()
    assert a.told(Secured)


def test_confirm_with_a_signature_of_another_length_is_dropped() -> None:
    """Right MAC, wrong structure: the peer's own mistake, and no keys from it."""
    a, b = Party("alice", 1), Party("bob", 2, configuration=PASSIVE)
    link = Link(a, b, intercept=sign_confirm(b, bytes(400), stated=3))
    link.start()
    link.run()
    assert not a.told(ReceiveKeysReady)
    assert a.told(Failed) == [Failed(Cause.TIMEOUT, 0xB0)]


def sign_confirm(signer: Party, signature: bytes, stated: int | None = None) -> Interceptor:
    """Add a signature to each Confirm1 of ``signer``, with a true or a false length."""

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is not signer or type_of(datagram) != Confirm1.TYPE:
            return [datagram]
        (stream,) = signer.session._streams.values()
        assert stream._exchange is not None
        agreed = stream._exchange._agreed
        message = Confirm1.parse(Packet.parse(datagram).message)
        plaintext = bytearray(agreed.own.decrypt(message.iv, message.encrypted) + signature)
        plaintext[34] = len(signature) // 4 if stated is None else stated
        encrypted = agreed.own.encrypt(message.iv, bytes(plaintext))
        mac = agreed.own.mac(encrypted)
        return [reframed(datagram, bytes(Confirm1(mac, message.iv, encrypted)))]

    return intercept


def test_altered_lists_in_a_hello_are_noticed() -> None:
    """A Hello stripped of its better algorithms does not pass as its sender's (§8.1.1)."""

    def change(datagram: bytes, _: HashChain) -> bytes:
        hello = Hello.parse(Packet.parse(datagram).message)
        return reframed(datagram, bytes(replace(hello, key_agreements=(b"DH3k",))))

    assert refused(call(b"Hello   ", change), 0x40, Cause.ATTACK)


def test_real_hello_beside_an_altered_one() -> None:
    """Who can only add packets, not stop them, changes nothing: the MAC shows which Hello is real."""
    a, b = Party("alice", 1, configuration=PASSIVE), Party("bob", 2)

    def intercept(sender: End, datagram: bytes) -> list[bytes]:
        if sender is b and type_of(datagram) == b"Hello   ":
            return [garbled_tail(datagram, chain_of(b)), datagram]
        return [datagram]

    link = Link(a, b, intercept=intercept)
    link.start()
    link.run()
    assert a.secured.sas == b.secured.sas


def test_another_dhpart2_after_the_real_one_is_ignored() -> None:
    """A repeated message with other content is no repetition."""
    a, b = Party("alice", 1, configuration=PASSIVE), Party("bob", 2)
    link = Link(a, b)
    link.start()
    link.run(stop=lambda: a.states == [State.CONFIRM1_SENT])
    dhpart2 = next(datagram for datagram in b.sent if type_of(datagram) == b"DHPart2 ")
    sent = len(a.sent)
    a.session.receive_datagram(garbled_tail(dhpart2, chain_of(b)), link.now)
    a.collect()
    assert len(a.sent) == sent
    link.run()
    assert a.secured.sas == b.secured.sas


def test_refusal_reaches_the_peer_as_the_reason() -> None:
    """The other side waits for its timers, and then tells what it was told."""

    def change(datagram: bytes, chain: HashChain) -> bytes:
        commit = Commit.parse(Packet.parse(datagram).message)
        return resigned(datagram, replace(commit, cipher=b"2FS1"), chain.h1)

    link = call(b"Commit  ", change, initiator=True)
    assert link.b.told(Failed) == [Failed(Cause.PEER_ERROR, 0x52)]
