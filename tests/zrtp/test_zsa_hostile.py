"""Whoever stands between the two ends of a proof, or at one of them, gains nothing (docs/zsa.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phone.secret import Secret
from phone.zrtp.cache import Zid
from phone.zrtp.events import Doubt, NotAuthenticated
from phone.zrtp.messages import SecAuth, SecAuth1, SecAuth2, SecAuth3, SecAuthA
from phone.zrtp.zsa.body import NOBODY, Body, Flags, Status
from phone.zrtp.zsa.capability import Capability, Side, Suite
from phone.zrtp.zsa.channel import Channel
from phone.zrtp.zsa.credentials import CredentialKind, Credentials, Identity, Keyring
from phone.zrtp.zsa.guesses import FREE_GUESSES, Guesses
from phone.zrtp.zsa.proof import Binding, transcript_hash
from tests.zrtp.link import End
from tests.zrtp.zsa import (
    BINDING,
    KINDS,
    MESSAGES,
    Prover,
    account,
    holder,
    keeper,
    kind_of,
    lose,
    meet,
    other_binding,
    prepared,
)

SUITES = pytest.mark.parametrize("suite", Suite, ids=lambda suite: suite.name)
NOT_A_POINT = bytes(32)
"""A share that gives everyone the same key."""


class Impostor:
    """Has the keys of the ZRTP exchange, as the man in the middle of one has, and no secret."""

    def __init__(self, side: Side, binding: Binding = BINDING) -> None:
        self.channel = Channel(binding.extraction(), side)

    def say(self, kind: type[SecAuth], suite: Suite, **fields: Any) -> bytes:
        """Return a message with these fields."""
        body: dict[str, Any] = {"credential": 2, "flags": Flags(0), "identity": NOBODY} | fields
        return self.channel.seal(kind, Body(suite, **body))


def tell(end: Prover, message: bytes, now: float = 1.0) -> None:
    """Deliver one message."""
    end.receive_datagram(message, now)
    end.collect()


@SUITES
def test_phone_that_claims_to_be_a_keeper(suite: Suite) -> None:
    """Bob, whom Alice calls, has another secret than hers: she shows him no tag."""
    link = meet(keeper(suite, account("Bob's")), holder(suite))
    assert link.b.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)
    answer, acknowledgement = (bodies(link.b, Side.KEEPER)[kind] for kind in (SecAuth2, SecAuthA))
    assert answer.tag == acknowledgement.tag == b""
    assert answer.identity == acknowledgement.identity == NOBODY


def bodies(end: Prover, reader: Side, binding: Binding = BINDING) -> dict[type[SecAuth], Body]:
    """Return what ``end`` has said, as its peer reads it."""
    channel = Channel(binding.extraction(), reader)
    kinds: dict[bytes, type[SecAuth]] = {kind.TYPE: kind for kind in (SecAuth1, SecAuth2, SecAuth3, SecAuthA)}
    said = {}
    for message in dict.fromkeys(end.sent):
        kind = kinds[kind_of(message)]
        said[kind] = channel.open(kind.parse(message), message)
    return said


@pytest.mark.parametrize(
    ("suite", "proving"), [(Suite.HMAC, SecAuth1), (Suite.PAKE, SecAuth3)], ids=["HMAC", "PAKE"]
)
def test_holder_shows_its_tag_only_behind_a_right_one(suite: Suite, proving: type[SecAuth]) -> None:
    """Whatever the keeper says before its tag, nothing can be checked against the answers."""
    link = meet(keeper(suite), holder(suite), lose(proving.TYPE))
    assert all(not body.tag for body in bodies(link.b, Side.KEEPER).values())


@pytest.mark.parametrize(
    "peer",
    [(), (b"B32 ",), (b"B32 ", b"ZSH1", b"ZSH2"), (b"ZSK3",), (b"ZSX1",)],
    ids=["nothing", "a stranger", "a phone", "a later suite", "neither side"],
)
def test_no_exchange_without_capability(peer: tuple[bytes, ...]) -> None:
    """A holder proves nothing to a Hello that does not say that it keeps secrets."""
    assert Capability(Side.HOLDER).choose(peer) is None


@pytest.mark.parametrize("number", range(5), ids=["Hello_i", "Hello_r", "Commit", "DHPart1", "DHPart2"])
@SUITES
def test_an_edited_message(suite: Suite, number: int) -> None:
    """Every message of the exchange counts, the initiator's Hello too, which total_hash leaves out."""
    edited = list(MESSAGES)
    edited[number] += b"."
    first, second, third, fourth, fifth = edited
    seen = other_binding(transcript=transcript_hash((first, second, third, fourth, fifth)))
    link = meet(keeper(suite), holder(suite, binding=seen))
    assert link.b.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)
    assert not link.a.is_authenticated


@pytest.mark.parametrize(
    "changes",
    [
        {"initiator": BINDING.responder, "responder": BINDING.initiator},
        {"responder": Zid(b"somebody    ")},
        {"sas_hash": bytes(32)},
    ],
    ids=["swapped ZIDs", "another ZID", "another SAS"],
)
@SUITES
def test_another_exchange_under_the_same_keys(suite: Suite, changes: dict[str, Any]) -> None:
    """Whose exchange it was counts, too."""
    link = meet(keeper(suite), holder(suite, binding=other_binding(**changes)))
    assert link.b.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)


@SUITES
def test_man_in_the_middle_with_two_exchanges(suite: Suite) -> None:
    """He has other keys with either end, and what one says tells the other nothing."""
    seen = other_binding(exported_key=Secret(bytes(32)))
    link = meet(keeper(suite), holder(suite, binding=seen))
    assert link.b.verdict == NotAuthenticated(Doubt.NO_ANSWER, guess=False)
    assert link.b.ignored > 0


@SUITES
def test_man_in_the_middle_who_forwards_the_proof(suite: Suite) -> None:
    """He opens what the keeper says to him and says it to the holder: the tag is not for that exchange."""
    seen = other_binding(exported_key=Secret(bytes(32)), transcript=bytes(32))
    link = meet(keeper(suite), Prover(holder(suite, binding=seen).exchange))
    proposal = bodies(link.a, Side.HOLDER)[SecAuth1]
    end = holder(suite, binding=seen)
    end.start(0.0)
    impostor = Impostor(Side.KEEPER, seen)
    tell(end, impostor.channel.seal(SecAuth1, proposal))
    if suite is Suite.PAKE:
        # the share is as good as any, but he has no tag to go with it
        tell(end, impostor.say(SecAuth3, suite, tag=bytes(32)))
    assert end.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)


@SUITES
def test_swapped_roles(suite: Suite) -> None:
    """Two keepers hear nothing of each other, and two holders wait in vain."""
    for a, b in ((keeper(suite), keeper(suite)), (holder(suite), holder(suite))):
        link = meet(a, b)
        assert not link.a.is_authenticated
        assert not link.b.is_authenticated


@SUITES
def test_swapped_identity(suite: Suite) -> None:
    """A keeper that proves Bob's account to Alice's phone, under her own key or his."""
    bob = Identity("bob", "asterisk")
    for keys in (account().keys, prepared("Bob's")):
        link = meet(keeper(suite, Credentials(bob, keys)), holder(suite))
        assert link.b.verdict == NotAuthenticated(Doubt.OTHER_ACCOUNT, guess=False)
        assert not link.a.is_authenticated


@SUITES
def test_swapped_realm(suite: Suite) -> None:
    """The same name at another PBX is another account."""
    elsewhere = Credentials(Identity("alice", "elsewhere"), account().keys)
    link = meet(keeper(suite, elsewhere), holder(suite))
    assert link.b.verdict == NotAuthenticated(Doubt.OTHER_ACCOUNT, guess=False)


@SUITES
def test_old_messages(suite: Suite) -> None:
    """What was said in an earlier call, with other keys, is not even read."""
    earlier = meet(keeper(suite), holder(suite))
    today = other_binding(exported_key=Secret(b"today's".ljust(32)))
    for end, old in ((holder(suite, binding=today), earlier.a), (keeper(suite, binding=today), earlier.b)):
        end.start(0.0)
        for message in old.sent:
            tell(end, message)
        assert end.ignored == len(old.sent)
        assert end.events == []


@SUITES
def test_reflected_messages(suite: Suite) -> None:
    """What an end has said itself does not answer it."""

    def reflect(end: End, message: bytes) -> list[bytes]:
        assert isinstance(end, Prover)
        end.exchange.receive(_parse(message), message, 0.1)
        return [message]

    link = meet(keeper(suite), holder(suite), reflect)
    assert link.a.is_authenticated
    assert link.b.is_authenticated
    alone = meet(keeper(suite), holder(suite), lambda _, message: [])
    for message in list(alone.a.sent):
        tell(alone.a, message)
    assert not alone.a.is_authenticated


def _parse(message: bytes) -> SecAuth:
    kinds: dict[bytes, type[SecAuth]] = {kind.TYPE: kind for kind in (SecAuth1, SecAuth2, SecAuth3, SecAuthA)}
    return kinds[kind_of(message)].parse(message)


@SUITES
@pytest.mark.parametrize("kind", [SecAuth1.TYPE, SecAuth2.TYPE, SecAuth3.TYPE, SecAuthA.TYPE])
def test_dropped_message(suite: Suite, kind: bytes) -> None:
    """Without SecAuth3 nobody is authenticated, without the others at most who has heard everything."""
    link = meet(keeper(suite), holder(suite), lose(kind))
    assert not link.a.is_authenticated
    assert link.b.is_authenticated == (kind == SecAuthA.TYPE)
    assert len(link.a.events) == len(link.b.events) == 1


@SUITES
@pytest.mark.parametrize("kind", [SecAuth1.TYPE, SecAuth2.TYPE, SecAuth3.TYPE, SecAuthA.TYPE])
def test_every_bit_of_a_message_counts(suite: Suite, kind: bytes) -> None:
    """A bit that is turned, in the header or in what is encrypted, makes the message nobody's."""
    link = meet(keeper(suite), holder(suite))
    original = next(message for end in (link.a, link.b) for message in end.sent if kind_of(message) == kind)
    for byte in (*range(12, 16), *range(16, len(original))):
        edited = bytearray(original)
        edited[byte] ^= 1

        def edit(_: End, message: bytes, edited: bytes = bytes(edited)) -> list[bytes]:
            return [edited] if kind_of(message) == kind else [message]

        outcome = meet(keeper(suite), holder(suite), edit)
        assert not outcome.a.is_authenticated
        assert outcome.b.is_authenticated == (kind == SecAuthA.TYPE)


@SUITES
def test_a_later_message_does_not_come_first(suite: Suite) -> None:
    """A message that is not the next one is not read, though the peer has written it."""
    end = holder(suite)
    end.start(0.0)
    impostor = Impostor(Side.KEEPER)
    impostor.say(SecAuth1, suite)
    tell(end, impostor.say(SecAuth1, suite))
    assert end.ignored == 1


@SUITES
@pytest.mark.parametrize("fields", [{}, {"share": NOT_A_POINT}, {"tag": bytes(32)}], ids=str)
def test_a_keeper_with_nothing_to_show(suite: Suite, fields: dict[str, bytes]) -> None:
    """No share, no tag, a share that fixes the key, or a tag of zeros: none is a proof."""
    end = holder(suite)
    end.start(0.0)
    tell(end, Impostor(Side.KEEPER).say(SecAuth1, suite, identity=account().identity, **fields))
    assert end.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=True)


@SUITES
@pytest.mark.parametrize("fields", [{}, {"share": NOT_A_POINT}, {"tag": bytes(32)}], ids=str)
def test_a_holder_with_nothing_to_show(suite: Suite, fields: dict[str, bytes]) -> None:
    """The same from the other side; behind the tag of suite 1 it is a guess."""
    end = keeper(suite)
    end.start(0.0)
    tell(end, Impostor(Side.HOLDER).say(SecAuth2, suite, **fields))
    assert end.verdict == NotAuthenticated(Doubt.WRONG_TAG, guess=suite is Suite.HMAC)


def agreed_share(end: Prover) -> bytes:
    """Return a share that is a point of the curve."""
    return bodies(end, Side.HOLDER)[SecAuth1].share


@pytest.mark.parametrize("status", [Status.OK, Status.REFUSED])
def test_a_guess_by_the_pake_is_counted(status: Status) -> None:
    """Who has no secret may try one by the keeper's tag; it is counted, whatever he says then."""
    end = keeper(Suite.PAKE)
    end.start(0.0)
    end.collect()
    impostor = Impostor(Side.HOLDER)
    tell(end, impostor.say(SecAuth2, Suite.PAKE, share=agreed_share(end)))
    tell(end, impostor.say(SecAuthA, Suite.PAKE, status=status, tag=bytes(32)))
    assert isinstance(end.verdict, NotAuthenticated)
    assert end.verdict.guess


def test_a_holder_that_goes_back_on_its_proof() -> None:
    """A final status that is not 0 is a failure, also behind a right tag."""
    link = meet(keeper(), holder(), lose(SecAuthA.TYPE, times=1))
    end = keeper()
    end.start(0.0)
    end.collect()
    tell(end, link.b.sent[0])
    impostor = Impostor(Side.HOLDER)
    impostor.say(SecAuth2, Suite.HMAC)
    tell(end, impostor.say(SecAuthA, Suite.HMAC, status=Status.REFUSED))
    assert end.verdict == NotAuthenticated(Doubt.REFUSED, guess=True)


def test_a_keeper_that_goes_back_on_its_proof() -> None:
    """The same for the keeper."""
    link = meet(keeper(), holder(), lose(SecAuth3.TYPE))
    end = holder()
    end.start(0.0)
    tell(end, link.a.sent[0])
    impostor = Impostor(Side.KEEPER)
    impostor.say(SecAuth1, Suite.HMAC)
    tell(end, impostor.say(SecAuth3, Suite.HMAC, status=Status.REFUSED))
    assert end.verdict == NotAuthenticated(Doubt.REFUSED, guess=False)


def test_another_form_is_tried_only_once() -> None:
    """A holder that always wants another one gets no third proof."""
    end = keeper(credentials=account(kinds=tuple(CredentialKind)))
    end.start(0.0)
    end.collect()
    impostor = Impostor(Side.HOLDER)
    for kind in (CredentialKind.MD5_HA1, CredentialKind.SHA256_HA1):
        wish = {"status": Status.OTHER_CREDENTIAL, "share": bytes([kind])}
        tell(end, impostor.say(SecAuth2, Suite.HMAC, **wish))
    assert end.said == [SecAuth1.TYPE, SecAuth1.TYPE, SecAuth3.TYPE]
    assert end.verdict == NotAuthenticated(Doubt.NO_COMMON_CREDENTIAL, guess=True)


@SUITES
def test_an_unknown_account_looks_like_a_wrong_secret(suite: Suite) -> None:
    """The same messages of the same sizes, and the same counting."""
    keyring = Keyring("asterisk", prepared("nobody knows", KINDS))
    keyring.add("alice", account())
    stranger = Identity("karla", "asterisk")
    known = meet(keeper(suite, keyring.look_up("alice")), holder(suite, account("wrong")))
    unknown = meet(
        keeper(suite, keyring.look_up("karla")),
        holder(suite, Credentials(stranger, prepared("whatever"))),
    )
    assert [len(message) for message in known.a.sent] == [len(message) for message in unknown.a.sent]
    assert known.a.events == unknown.a.events
    assert known.b.events == unknown.b.events


@SUITES
def test_the_sixth_guess(suite: Suite) -> None:
    """Five wrong secrets of one source, and the sixth is refused without computing; so after a restart."""
    guesses, now = Guesses(), 1_800_000_000.0
    for _ in range(FREE_GUESSES):
        assert not guesses.is_blocked(now)
        link = meet(keeper(suite), holder(suite, account("a guess")))
        assert isinstance(link.a.verdict, NotAuthenticated)
        assert link.a.verdict.guess
        guesses = guesses.after_wrong(now)
    stored = (guesses.wrong, guesses.blocked_until)
    sixth = keeper(suite, blocked=Guesses(*stored).is_blocked(now + 1))
    # even the right secret has to wait
    link = meet(sixth, holder(suite))
    assert sixth.exchange._proof is None
    assert link.a.verdict == NotAuthenticated(Doubt.BACKING_OFF, guess=False)
    assert not link.b.is_authenticated


@given(
    st.lists(st.tuples(st.sampled_from([SecAuth1, SecAuth2, SecAuth3, SecAuthA]), st.binary(max_size=90))),
    st.sampled_from(Suite),
)
def test_a_peer_may_say_anything(script: list[tuple[type[SecAuth], bytes]], suite: Suite) -> None:
    """Bytes that the peer has really encrypted: no crash, and no proof."""
    for end, side in ((keeper(suite), Side.HOLDER), (holder(suite), Side.KEEPER)):
        channel = Channel(BINDING.extraction(), side)
        end.start(0.0)
        for kind, text in script:
            tell(end, channel.seal(kind, _Raw(text)))  # type: ignore[arg-type]
        assert not end.is_authenticated


class _Raw:
    """Stands for a body."""

    def __init__(self, data: bytes) -> None:
        self._data = data.ljust(12, b"\0")

    def __bytes__(self) -> bytes:
        return self._data + bytes(-len(self._data) % 4)


any_body = st.builds(
    Body,
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 255).map(Flags),
    st.sampled_from(Status),
    st.sampled_from([NOBODY, account().identity]),
    st.binary(max_size=40),
    st.binary(max_size=40),
)


@settings(deadline=None)  # the first example prepares a secret
@given(
    st.lists(st.tuples(st.sampled_from([SecAuth1, SecAuth2, SecAuth3, SecAuthA]), any_body), max_size=4),
    st.sampled_from(Suite),
    st.booleans(),
)
def test_a_peer_may_say_anything_well_formed(
    script: list[tuple[type[SecAuth], Body]], suite: Suite, blocked: bool
) -> None:
    """The same with bodies that can be read, in any order: at most one event, and it is no proof."""
    ends = (
        (keeper(suite, blocked=blocked), Side.HOLDER),
        (holder(suite, blocked=blocked), Side.KEEPER),
    )
    for end, side in ends:
        channel = Channel(BINDING.extraction(), side)
        end.start(0.0)
        end.collect()
        for kind, body in script:
            # who is not heard has not used up a number
            before = channel._own.number
            ignored = end.ignored
            tell(end, channel.seal(kind, replace(body, suite=suite)))
            if end.ignored > ignored:
                channel._own.number = before
        end.handle_timer(9.0)
        end.collect()
        assert not end.is_authenticated
        assert len(end.events) <= 1
