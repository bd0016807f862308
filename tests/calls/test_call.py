"""One call: what its dialog and its media leg mean together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from phone.calls.call import Call
from phone.calls.latch import Best
from phone.calls.security import ENDED_UNPROVED, NEW_DEVICE
from phone.calls.values import Alarm, CallError, CallState, Direction, Level, Pending, Policy
from phone.media.encryption import Protection
from phone.sip.interface import Dialog, Stream
from phone.wire.description import Address
from phone.zrtp.cache import Zid
from phone.zrtp.events import Authenticated, AuthenticationEvent, Cause, Doubt, Failed, NotAuthenticated
from tests.calls.test_security import SECURED
from tests.fakes import IDLE, FakeAcquaintances, FakeLeg, FakePeer, FakeSipCall

PBX = "192.0.2.1"

STREAM = Stream(
    remote_rtp=Address(PBX, 16000),
    remote_rtcp=Address(PBX, 16001),
    local_rtp=Address("127.0.0.1", 4000),
    local_rtcp=Address("127.0.0.1", 4001),
    ssrc=1,
    codec="G722",
    clock_rate=8000,
    payload_type=9,
    remote_zrtp_hash=None,
    remote_dtls=None,
    remote_holds=False,
)


NOTHING_BEFORE = Best()


class Noted:
    """Remembers which levels were written down."""

    def __init__(self) -> None:
        self.levels: list[tuple[str, Level]] = []
        self.lowered: list[tuple[str, Level]] = []

    def note(self, uri: str, level: Level) -> None:
        self.levels.append((uri, level))

    def lower(self, uri: str, level: Level) -> None:
        self.lowered.append((uri, level))


class Scene:
    """A call with stand-ins on both sides."""

    def __init__(
        self,
        *,
        account: str | None = "alice@pbx",
        direction: Direction = Direction.OUTGOING,
        policy: Policy = Policy.PREFER,
        before: Best = NOTHING_BEFORE,
        unattended: bool = False,
    ) -> None:
        self.leg = FakeLeg()
        self.sip = FakeSipCall()
        self.people = FakeAcquaintances()
        self.latches = Noted()
        self.names: dict[str, str] = {}
        self.shown: list[CallState] = []
        self.now = 100.0
        self.verdicts: list[AuthenticationEvent] = []
        self.call = Call(
            identifier="1",
            direction=direction,
            account=account,
            remote_uri="sip:ben@pbx",
            policy=policy,
            latched=Level.CLEAR,
            before=before,
            unattended=unattended,
            passed_on_by=None,
            make_leg=lambda listener: self.leg,  # type: ignore[arg-type,return-value]
            acquaintances=self.people,
            latches=self.latches,  # type: ignore[arg-type]
            name_at=lambda uri: self.names.get(uri, ""),
            route=lambda host: "192.0.2.100",
            changed=lambda call: self.shown.append(call.state),
            judged=self.verdicts.append,
            succeed=lambda old, sip, how: old,
            now=lambda: self.now,
        )
        self.call.attach(self.sip)

    def microphone_shut(self) -> bool:
        """Whether the dialog was told to send silence."""
        return self.sip.muted or self.sip.silent

    def connect(self) -> None:
        """Answer, with sound from the PBX's address."""
        self.call.describe_media(PBX)
        self.call.stream_created(STREAM)
        self.call.dialog_changed(Dialog.CONNECTED, 200, "OK")

    def secure(self, **fields: object) -> None:
        """Let the leg have agreed on keys."""
        secured = replace(SECURED, **fields)  # type: ignore[arg-type]
        self.leg.state = replace(IDLE, protection=Protection.SECURE, secured=secured, time_to_secure_ms=9)
        self.call.leg_changed(self.leg)  # type: ignore[arg-type]


def test_sound_from_the_pbx_is_told_from_sound_of_a_phone() -> None:
    """The remedy differs: the PBX's settings, or another phone."""
    scene = Scene()
    scene.connect()
    scene.leg.state = replace(IDLE, protection=Protection.CLEAR, remote=Address(PBX, 16000), no_zrtp=True)
    at_pbx = scene.call.snapshot().why
    scene.leg.state = replace(
        IDLE, protection=Protection.CLEAR, remote=Address("192.0.2.7", 4000), no_zrtp=True
    )
    at_phone = scene.call.snapshot().why
    assert at_pbx is not None
    assert at_phone is not None
    assert (at_pbx.cause, at_phone.cause) == ("pbx_media", "no_zrtp")


def test_without_account_there_is_no_pbx_to_blame() -> None:
    """Peer to peer, SIP and sound come from one address and no PBX is in between."""
    scene = Scene(account=None)
    scene.connect()
    scene.leg.state = replace(IDLE, protection=Protection.CLEAR, remote=Address(PBX, 16000), no_zrtp=True)
    why = scene.call.snapshot().why
    assert why is not None
    assert why.cause == "no_zrtp"


@pytest.mark.parametrize("new", [True, False])
def test_new_phone_of_a_known_person_is_told(new: bool) -> None:
    """We verified another one at this address: whoever answers now has to be compared."""
    scene = Scene()
    scene.people.peers[Zid(b"older phone.")] = FakePeer("Ben", "2026-01-31T12:00:00Z")
    scene.connect()
    scene.secure(new_peer=new)
    notices = scene.call.snapshot().notices
    assert notices == ((NEW_DEVICE.format(name="Ben"),) if new else ())


def test_matching_code_verifies_and_names_the_peer() -> None:
    """The code that was typed is the code: remember the device, under the caller's name."""
    scene = Scene()
    scene.connect()
    scene.secure()
    assert scene.call.snapshot().level is Level.ENCRYPTED
    scene.people.peers[SECURED.peer_zid].verified_since = "2026-01-31T12:00:00Z"
    scene.call.verify("B7 XQ", None)
    shown = scene.call.snapshot()
    assert scene.leg.confirmed == [True]
    assert (shown.level, shown.verified) == (Level.VERIFIED, "Verified with Ben since 2026-01-31")


def test_given_name_is_kept_over_the_callers_own() -> None:
    """A name that the user has given is not replaced by what the caller calls himself."""
    scene = Scene()
    scene.connect()
    scene.people.peers[SECURED.peer_zid] = FakePeer(name="Dr Benjamin")
    scene.secure()
    scene.call.verify("b7xq", None)
    assert scene.call.snapshot().remote_name == "Dr Benjamin"


def test_differing_code_stops_sending_until_it_is_read_once_more() -> None:
    """Someone may be listening: silence first, one more try allowed."""
    scene = Scene()
    scene.connect()
    scene.secure()
    with pytest.raises(CallError, match="do not match"):
        scene.call.verify("b7xy", None)
    assert scene.microphone_shut()
    assert scene.call.snapshot().alarm is Alarm.CODES_DO_NOT_MATCH
    scene.call.mute(False)
    assert scene.microphone_shut()
    scene.call.verify("b7xq", None)
    assert not scene.microphone_shut()
    assert scene.leg.confirmed == [False, True]


def test_half_a_code_changes_nothing() -> None:
    """A typing mistake is no alarm."""
    scene = Scene()
    scene.connect()
    scene.secure()
    with pytest.raises(CallError, match="Type it again"):
        scene.call.verify("b7", None)
    assert scene.leg.confirmed == []
    assert scene.call.snapshot().alarm is None


def test_there_is_no_code_in_clear() -> None:
    """Nothing can be verified before there are keys."""
    scene = Scene()
    scene.connect()
    with pytest.raises(CallError, match="not encrypted"):
        scene.call.verify("b7xq", None)


def test_continuity_of_a_compared_device_shows_at_once() -> None:
    """The next call with the same device starts VERIFIED."""
    scene = Scene()
    scene.people.peers[SECURED.peer_zid] = FakePeer("Ben", "2026-01-31T12:00:00Z")
    scene.connect()
    scene.secure(sas_verified=True)
    assert scene.call.snapshot().level is Level.VERIFIED


def test_known_device_without_its_old_key_is_not_verified() -> None:
    """A ZID can be copied; only the retained secret counts."""
    scene = Scene()
    scene.people.peers[SECURED.peer_zid] = FakePeer("Ben", "2026-01-31T12:00:00Z")
    scene.connect()
    scene.secure(cache_mismatch=True)
    shown = scene.call.snapshot()
    assert (shown.level, shown.alarm) == (Level.ENCRYPTED, Alarm.KEY_CHANGED)


def test_suspended_call_shows_no_code() -> None:
    """The code belongs to a connection that is not in use."""
    scene = Scene()
    scene.connect()
    scene.secure()
    scene.leg.state = replace(scene.leg.state, protection=Protection.SUSPENDED, secured=None)
    shown = scene.call.snapshot()
    assert (shown.level, shown.sas, shown.peer_zid) == (Level.CLEAR, None, None)


@pytest.mark.parametrize("digits", ["", "12x", "1 2", "ü"])
def test_what_is_no_key_is_not_sent(digits: str) -> None:
    """A clear error instead of a wrong tone."""
    scene = Scene()
    scene.connect()
    with pytest.raises(CallError, match="telephone keys"):
        scene.call.send_dtmf(digits)
    assert scene.sip.asked == []


def test_keys_are_sent_in_capitals() -> None:
    """RFC 4733 knows A to D."""
    scene = Scene()
    scene.connect()
    scene.call.send_dtmf("1a#")
    assert scene.sip.asked == ["dtmf 1A#"]


def test_actions_fit_the_state() -> None:
    """What cannot be done says in which state the call is."""
    scene = Scene(direction=Direction.INCOMING)
    with pytest.raises(CallError, match="incoming"):
        scene.call.hold()
    scene.connect()
    with pytest.raises(CallError, match="connected"):
        scene.call.answer()
    with pytest.raises(CallError, match="not on hold"):
        scene.call.resume()


def test_end_keeps_the_statistics_and_the_reason() -> None:
    """After the last packet it can still be read what there was, and who hung up."""
    scene = Scene()
    scene.connect()
    scene.now += 12
    scene.call.hang_up()
    scene.call.dialog_changed(Dialog.ENDED, 200, "OK")
    scene.now += 60
    shown = scene.call.snapshot()
    assert shown.state is CallState.ENDED
    assert shown.reason == "Hung up here."
    assert shown.statistics is not None
    assert shown.statistics.duration_s == 12


def test_a_proof_is_told_once_and_shown() -> None:
    """The level, the words, and one verdict to be counted, however often the leg changes."""
    scene = Scene()
    scene.connect()
    scene.secure()
    proof = Authenticated("alice", "asterisk", 2, weak=False, unattended=True, required=False)
    for no_zrtp in (False, True):
        scene.leg.state = replace(scene.leg.state, proof=proof, no_zrtp=no_zrtp)
        scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    assert scene.verdicts == [proof]
    snapshot = scene.call.snapshot()
    assert (snapshot.level, snapshot.authenticated) == (Level.AUTHENTICATED, "Authenticated to asterisk")


def test_levels_are_written_down_as_they_come() -> None:
    """With the address that they were had at, once each; and what a comparison adds."""
    scene = Scene()
    scene.connect()
    scene.secure()
    scene.secure()
    assert scene.latches.levels == [("sip:ben@192.0.2.7", Level.ENCRYPTED)]
    scene.call.remote_identity_changed("sip:carol@pbx", "Carol")
    scene.secure()
    assert scene.latches.levels == [("sip:ben@192.0.2.7", Level.ENCRYPTED)]
    scene.people.peers[SECURED.peer_zid].verified_since = "2026-01-31T12:00:00Z"
    scene.call.verify("b7xq", None)
    assert scene.latches.levels[1:] == [("sip:carol@pbx", Level.VERIFIED)]


def test_encryption_to_the_server_is_written_down_too() -> None:
    """It must not turn into none at all in silence; what comes above it is written down after it."""
    scene = Scene()
    scene.connect()
    scene.leg.state = replace(IDLE, protection=Protection.TO_SERVER)
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    scene.secure()
    assert [level for _, level in scene.latches.levels] == [Level.TO_SERVER, Level.ENCRYPTED]


def test_device_that_proves_the_secret_is_remembered() -> None:
    """With its account; the code counts as compared no more than before."""
    scene = Scene()
    scene.connect()
    scene.secure()
    proof = Authenticated("alice", "asterisk", 2, weak=False, unattended=True, required=False)
    scene.leg.state = replace(scene.leg.state, proof=proof)
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    assert ("alice@pbx", SECURED.peer_zid) in scene.people.proofs
    assert scene.people.peers[SECURED.peer_zid].verified_since is None


def held(scene: Scene, **fields: object) -> None:
    """Let the leg hold the call: less is known than before."""
    scene.leg.state = replace(
        IDLE,
        protection=Protection.HELD,
        secured=replace(SECURED, **fields),  # type: ignore[arg-type]
    )
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]


def test_missing_protection_has_a_date_and_waits_for_an_answer() -> None:
    """That of the address, and nothing is written down meanwhile."""
    scene = Scene(before=Best(Level.AUTHENTICATED, "2026-03-04"))
    scene.connect()
    held(scene)
    shown = scene.call.snapshot()
    assert (shown.level, shown.pending) == (Level.ENCRYPTED, Pending.PROTECTION_LOST)
    assert shown.missing == "Protection missing since 2026-03-04"
    assert scene.latches.levels == []
    scene.call.proceed(always=False)
    assert scene.leg.proceeded
    assert scene.latches.lowered == []


@pytest.mark.parametrize("way", [Call.proceed, Call.allow_clear])
def test_question_can_be_answered_for_all_calls_to_come(way: Callable[..., None]) -> None:
    """Of address and device no more is expected than there is now; an alarm is no such question."""
    scene = Scene(before=Best(Level.AUTHENTICATED, "2026-03-04"))
    zid = SECURED.peer_zid
    scene.people.peers[zid] = FakePeer(verified_since="2026-03-03T12:00:00Z")
    scene.people.proofs["alice@pbx", zid] = "2026-03-03T12:00:00Z"
    scene.connect()
    held(scene, cache_mismatch=True)
    with pytest.raises(CallError, match="nothing that could be settled"):
        way(scene.call, always=True)
    answers = {"proceeded", "clear_allowed"}
    assert not any(getattr(scene.leg, answer) for answer in answers)
    held(scene)
    way(scene.call, always=True)
    assert any(getattr(scene.leg, answer) for answer in answers)
    assert scene.latches.lowered == [("sip:ben@192.0.2.7", Level.ENCRYPTED)]
    assert scene.people.peers[zid].verified_since is None
    assert scene.people.proofs == {}


def test_what_is_still_there_is_expected_of_a_device() -> None:
    """A code that is not known any more takes nothing from the secret that was proved."""
    scene = Scene()
    proofs = scene.people.proofs
    scene.connect()
    held(scene)
    proof = Authenticated("alice", "pbx", suite=2, weak=False, unattended=True, required=False)
    scene.leg.state = replace(scene.leg.state, proof=proof)
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    scene.call.proceed(always=True)
    assert scene.latches.lowered == [("sip:ben@192.0.2.7", Level.AUTHENTICATED)]
    assert proofs


def test_missing_protection_of_a_device_has_its_own_date() -> None:
    """When it has last proved the secret, wherever it was then."""
    scene = Scene()
    scene.people.proofs["alice@pbx", SECURED.peer_zid] = "2026-03-03T12:00:00Z"
    scene.connect()
    held(scene)
    assert scene.call.snapshot().missing == "Protection missing since 2026-03-03"


def test_fall_within_the_call_has_no_date() -> None:
    """It has only just happened."""
    scene = Scene()
    scene.connect()
    scene.secure()
    scene.leg.state = replace(IDLE, protection=Protection.SUSPENDED, no_zrtp=True)
    shown = scene.call.snapshot()
    assert (shown.pending, shown.missing) == (Pending.PROTECTION_LOST, None)


def test_where_nobody_can_be_asked_the_call_ends() -> None:
    """An answering service does not hold the line for ever."""
    scene = Scene(direction=Direction.INCOMING, unattended=True)
    scene.connect()
    held(scene)
    assert scene.sip.asked == ["hang up"]
    scene.call.dialog_changed(Dialog.ENDED, 200, "OK")
    assert "less is known" in scene.call.snapshot().reason


def test_caller_whose_sound_moves_is_waited_for() -> None:
    """The PBX has put him on hold, and takes him back."""
    scene = Scene(direction=Direction.INCOMING, unattended=True)
    scene.connect()
    scene.secure()
    scene.leg.state = replace(scene.leg.state, protection=Protection.SUSPENDED, no_zrtp=True)
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    assert scene.call.snapshot().pending is Pending.PROTECTION_LOST
    assert scene.sip.asked == []


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (NotAuthenticated(Doubt.WRONG_TAG, guess=True), "does not have the secret"),
        (NotAuthenticated(Doubt.NOT_OFFERED, guess=False), "keeps no secret"),
        (None, "keeps no secret"),
    ],
)
def test_call_that_requires_a_proof_ends_without(proof: NotAuthenticated | None, words: str) -> None:
    """Once, and with its reason."""
    scene = Scene(policy=Policy.REQUIRE_AUTH)
    scene.connect()
    for no_zrtp in (False, True):
        scene.leg.state = replace(IDLE, protection=Protection.REFUSED, proof=proof, no_zrtp=no_zrtp)
        scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    assert scene.sip.asked == ["hang up"]
    scene.call.dialog_changed(Dialog.ENDED, 200, "OK")
    assert words in scene.call.snapshot().reason
    assert scene.call.snapshot().reason.endswith(ENDED_UNPROVED)


def test_call_that_gets_no_keys_stays_to_say_why() -> None:
    """The reason is on the screen, and a peer may yet come that can."""
    scene = Scene(policy=Policy.REQUIRE_AUTH)
    scene.connect()
    scene.leg.state = replace(IDLE, protection=Protection.REFUSED, failure=Failed(Cause.TIMEOUT))
    scene.call.leg_changed(scene.leg)  # type: ignore[arg-type]
    assert scene.sip.asked == []
