"""The level of a call, from the state of its media leg and its situation."""

from dataclasses import replace

import pytest

from phone.calls import security
from phone.calls.security import Assessment, Situation, assess
from phone.calls.values import Alarm, Level, Pending, Why
from phone.dtls.events import Cause as CarrierCause
from phone.media.encryption import LegState, Protection
from phone.secret import Secret
from phone.zrtp.cache import Zid
from phone.zrtp.events import (
    Algorithms,
    Authenticated,
    Cause,
    Doubt,
    Failed,
    NotAuthenticated,
    Role,
    Sas,
    SasRelayed,
    Secured,
    SrtpKeys,
    Suspicion,
)
from tests.fakes import IDLE

TALKING = Situation(
    has_media=True,
    held=False,
    pbx_media=False,
    verified=False,
    codes_differ=False,
    required=False,
    anew=False,
)

KEYS = SrtpKeys(Secret(b"k"), Secret(b"s"), Secret(b"k"), Secret(b"s"), "AES1", "HS80")
SECURED = Secured(
    keys=KEYS,
    role=Role.INITIATOR,
    algorithms=Algorithms("S256", "AES1", "HS80", "X255", "B32"),
    peer_zid=Zid(b"z" * 12),
    sas=Sas("B32", "b7xq"),
    sas_verified=False,
    peer_verified=False,
    cache_mismatch=False,
    new_peer=True,
    hello_hash_matched=None,
    disclosure=False,
)


def leg(protection: Protection, **fields: object) -> LegState:
    """A media leg in a state, with nothing else to tell."""
    secured = SECURED if protection is Protection.SECURE else None
    return replace(replace(IDLE, protection=protection, secured=secured), **fields)  # type: ignore[arg-type]


def test_secure_leg_is_encrypted_and_asks_for_the_code() -> None:
    """ZRTP alone proves nobody's identity."""
    assert assess(leg(Protection.SECURE), TALKING) == Assessment(
        Level.ENCRYPTED, None, None, security.NOT_VERIFIED
    )


def test_compared_code_makes_verified() -> None:
    """The only way to VERIFIED; there is nothing left to explain."""
    situation = replace(TALKING, verified=True)
    assert assess(leg(Protection.SECURE), situation) == Assessment(Level.VERIFIED, None, None, None)


def test_verification_counts_for_nothing_without_encryption() -> None:
    """However well the peer is known: in clear it could be anybody."""
    for protection in set(Protection) - {Protection.SECURE, Protection.PROVING, Protection.HELD}:
        assert not assess(leg(protection), replace(TALKING, verified=True)).level.is_end_to_end


def test_differing_codes_alarm_even_for_a_verified_peer() -> None:
    """What a person has just heard beats what was stored."""
    situation = replace(TALKING, verified=True, codes_differ=True)
    found = assess(leg(Protection.SECURE), situation)
    assert (found.level, found.alarm) == (Level.ENCRYPTED, Alarm.CODES_DO_NOT_MATCH)


def test_lost_retained_secret_alarms_until_the_code_is_compared() -> None:
    """A cache mismatch warns strongly (RFC 6189 §4.3.2), and a comparison settles it."""
    changed = leg(Protection.SECURE, secured=replace(SECURED, cache_mismatch=True))
    assert assess(changed, TALKING).alarm is Alarm.KEY_CHANGED
    assert assess(changed, replace(TALKING, verified=True)).alarm is None


@pytest.mark.parametrize("protection", [Protection.WAITING, Protection.SECURING])
def test_undecided_leg_is_securing(protection: Protection) -> None:
    """While keys may still come, the display says so and claims nothing."""
    found = assess(leg(protection), TALKING)
    assert (found.level, found.pending) == (Level.CLEAR, Pending.SECURING)


def test_silence_from_the_pbx_names_the_pbx() -> None:
    """Where the PBX carries the sound, its settings are the remedy."""
    found = assess(leg(Protection.CLEAR), replace(TALKING, pbx_media=True))
    assert found.why == security.PBX_MEDIA
    for setting in ("direct_media", "Dial()", "media_encryption"):
        assert setting in security.PBX_MEDIA.remedy


@pytest.mark.parametrize(("pbx_media", "why"), [(True, security.PBX_HEARS), (False, security.SERVER_HEARS)])
def test_keys_with_the_carrier_reach_to_the_server(pbx_media: bool, why: Why) -> None:
    """It is said who hears the call, and what would keep them from it."""
    found = assess(leg(Protection.TO_SERVER, no_zrtp=True), replace(TALKING, pbx_media=pbx_media))
    assert found == Assessment(Level.TO_SERVER, None, None, why)
    assert why.remedy


@pytest.mark.parametrize("pbx_media", [True, False])
def test_another_certificate_is_told(pbx_media: bool) -> None:
    """Somebody is in between, and there is no level above CLEAR."""
    state = leg(Protection.CLEAR, carrier_failure=CarrierCause.FINGERPRINT)
    found = assess(state, replace(TALKING, pbx_media=pbx_media))
    assert found == Assessment(Level.CLEAR, None, None, security.FINGERPRINT_MISMATCH)
    assert security.FINGERPRINT_MISMATCH.cause == "hash_mismatch"


@pytest.mark.parametrize("cause", [cause for cause in CarrierCause if cause is not CarrierCause.FINGERPRINT])
def test_unfinished_exchange_with_the_pbx_is_told(cause: CarrierCause) -> None:
    """Its own lack of encryption is not the reason then."""
    found = assess(leg(Protection.CLEAR, carrier_failure=cause), replace(TALKING, pbx_media=True))
    assert found.why == security.SERVER_SILENT


def test_lapsed_call_is_lost_protection_after_a_while() -> None:
    """As where the call was encrypted to the other phone."""
    assert assess(leg(Protection.LAPSED), TALKING).pending is Pending.SECURING
    assert assess(leg(Protection.LAPSED, no_zrtp=True), TALKING).pending is Pending.PROTECTION_LOST


def test_silence_from_a_phone_names_its_lack_of_zrtp() -> None:
    """A phone that was reached directly simply has no ZRTP."""
    assert assess(leg(Protection.CLEAR, no_zrtp=True), TALKING).why == security.NO_ZRTP


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.NO_PEER])
def test_every_failure_has_a_why(cause: Cause) -> None:
    """Each way to fail is told, and none as a lack of ZRTP."""
    found = assess(leg(Protection.CLEAR, failure=Failed(cause), no_zrtp=False), TALKING)
    assert found.why is not None
    assert found.why not in (security.NO_ZRTP, security.WAITING)


def test_wrong_hello_is_told_although_the_peer_goes_on() -> None:
    """A Hello that the signalling did not announce is ignored (RFC 6189 §8.1), but not in silence."""
    suspicious = leg(Protection.CLEAR, suspicions=(Suspicion(Cause.HELLO_HASH, ""),), no_zrtp=True)
    assert assess(suspicious, TALKING).why == security.HASH_MISMATCH


def test_moved_media_is_lost_protection_after_a_while() -> None:
    """A suspended call first tries to secure itself anew, then says that protection is lost."""
    assert assess(leg(Protection.SUSPENDED), TALKING).pending is Pending.SECURING
    lost = assess(leg(Protection.SUSPENDED, no_zrtp=True), TALKING)
    assert (lost.level, lost.pending, lost.why) == (Level.CLEAR, Pending.PROTECTION_LOST, security.MOVED)


def test_hold_is_no_lost_protection() -> None:
    """On hold the sound goes to the PBX by our own wish, and nothing is sent."""
    held = assess(leg(Protection.SUSPENDED, no_zrtp=True), replace(TALKING, held=True))
    assert (held.pending, held.alarm, held.why) == (None, None, security.HELD)


def test_call_without_media_claims_nothing() -> None:
    """Before any sound is negotiated there is nothing to explain but that."""
    assert assess(leg(Protection.WAITING), replace(TALKING, has_media=False)).why == security.NO_MEDIA


def test_required_encryption_says_that_nothing_passes() -> None:
    """Under ``require`` silence is the policy's doing, and the sentence says so."""
    found = assess(leg(Protection.WAITING, no_zrtp=True), replace(TALKING, required=True))
    assert found.why is not None
    assert security.REQUIRED in found.why.text


def test_peer_that_switched_encryption_off_needs_an_answer() -> None:
    """Protection is lost and said to be, even though the peer asked for it in due form (RFC 6189 §4.7.2)."""
    state = leg(Protection.SUSPENDED, cleared=True)
    assert assess(state, TALKING) == Assessment(Level.CLEAR, Pending.PROTECTION_LOST, None, security.CLEARED)


def test_user_who_agreed_is_reminded() -> None:
    """The call goes on in clear, and says why."""
    assert assess(leg(Protection.CLEAR, cleared=True), TALKING).why == security.AGREED


def test_relayed_code_never_verifies() -> None:
    """A PBX that hears the call is no end of it, however well we know it (RFC 6189 §7.3)."""
    state = leg(Protection.SECURE, relayed=SasRelayed(Sas("B32", "zzzz"), True, False))
    assert assess(state, replace(TALKING, verified=True)) == Assessment(
        Level.ENCRYPTED, None, None, security.RELAYED
    )


def test_refused_go_clear_is_told() -> None:
    """The call stays as it is, and the user knows what was tried."""
    state = leg(Protection.SECURE, clear_refused=True)
    assert security.notices(state) == (security.CLEAR_REFUSED,)
    assert assess(state, TALKING).level is Level.ENCRYPTED


@pytest.mark.parametrize("trusted", [False, True])
def test_enrolment_is_offered_until_it_is_done(trusted: bool) -> None:
    """Only while the PBX is not trusted yet."""
    secured = replace(SECURED, enrollment_offered=True, trusted_mitm=trusted)
    told = security.notices(leg(Protection.SECURE, secured=secured))
    assert told == (() if trusted else (security.ENROLLMENT_OFFERED,))
    assert security.asks_for_trust(leg(Protection.SECURE, secured=secured)) is not trusted


PROVED = Authenticated("alice", "asterisk", 2, weak=False, unattended=True, required=False)
WRONG = NotAuthenticated(Doubt.WRONG_TAG, guess=True)


def test_proof_of_the_secret_makes_authenticated() -> None:
    """The PBX is who it says; there is nothing left to explain."""
    found = assess(leg(Protection.SECURE, proof=PROVED), TALKING)
    assert found == Assessment(Level.AUTHENTICATED, None, None, None)
    assert security.authenticated_to(PROVED) == "Authenticated to asterisk"
    assert security.authenticated_to(None) is None


def test_weak_proof_says_that_it_is_weak() -> None:
    """A password that a person has thought of, by the older suite."""
    weak = replace(PROVED, weak=True, suite=1)
    found = assess(leg(Protection.SECURE, proof=weak), TALKING)
    assert (found.level, found.why) == (Level.AUTHENTICATED, security.WEAK_SECRET)
    assert security.authenticated_to(weak) == "Authenticated to asterisk (weak secret)"


def test_verified_stands_above_authenticated() -> None:
    """Two people have compared the code, and the secret fits as well."""
    found = assess(leg(Protection.SECURE, proof=PROVED), replace(TALKING, verified=True))
    assert found.level is Level.VERIFIED


@pytest.mark.parametrize("verified", [False, True])
def test_wrong_secret_alarms(verified: bool) -> None:
    """Even of a phone that was verified: the call goes on under ``prefer``, in red."""
    found = assess(leg(Protection.SECURE, proof=WRONG), replace(TALKING, verified=verified))
    assert found == Assessment(Level.ENCRYPTED, None, Alarm.SECRETS_DIFFER, security.WRONG_SECRET)


@pytest.mark.parametrize(
    "doubt", [each for each in Doubt if each not in (Doubt.WRONG_TAG, Doubt.NOT_OFFERED)]
)
def test_every_other_doubt_is_told_without_alarm(doubt: Doubt) -> None:
    """No answer is no attack; the sentence says what happened."""
    found = assess(leg(Protection.SECURE, proof=NotAuthenticated(doubt, guess=False)), TALKING)
    assert (found.level, found.alarm) == (Level.ENCRYPTED, None)
    assert found.why is not None
    assert doubt.value in found.why.text


def test_a_phone_that_knows_no_proof_is_met_as_before() -> None:
    """Calls between people have no proof, and are to be verified by the code."""
    missing = NotAuthenticated(Doubt.NOT_OFFERED, guess=False)
    assert assess(leg(Protection.SECURE, proof=missing), TALKING).why == security.NOT_VERIFIED


def test_less_than_before_asks() -> None:
    """There are keys; what is missing is said, and an alarm keeps its own words."""
    held = leg(Protection.HELD, secured=SECURED)
    assert assess(held, TALKING) == Assessment(Level.ENCRYPTED, Pending.PROTECTION_LOST, None, security.LESS)
    wrong = assess(replace(held, proof=WRONG), TALKING)
    assert (wrong.level, wrong.pending) == (Level.ENCRYPTED, Pending.PROTECTION_LOST)
    assert wrong.alarm is Alarm.SECRETS_DIFFER
    assert wrong.why is not None
    assert security.UNTIL_ANSWERED in wrong.why.text
    differing = assess(held, replace(TALKING, codes_differ=True))
    assert (differing.alarm, differing.why) == (Alarm.CODES_DO_NOT_MATCH, security.CODES_DIFFER)


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("pbx", [False, True])
def test_call_that_begins_without_what_earlier_ones_had(required: bool, pbx: bool) -> None:
    """First it waits, then it asks and says what is in the way; a policy that requires leaves no choice."""
    situation = replace(TALKING, anew=True, required=required, pbx_media=pbx)
    assert assess(leg(Protection.SUSPENDED), situation).why is security.WAITING
    lost = assess(leg(Protection.SUSPENDED, no_zrtp=True), situation)
    assert (lost.level, lost.pending) == (Level.CLEAR, Pending.PROTECTION_LOST)
    reason = security.PBX_MEDIA if pbx else security.NO_ZRTP
    assert lost.why is not None
    assert reason.text in lost.why.text
    assert lost.why.cause == (reason.cause if required else "protection_missing")


def test_key_exchange_that_fails_after_a_secure_call_asks_at_once() -> None:
    """Nobody waits for three seconds of silence that will not come."""
    failed = leg(Protection.SUSPENDED, failure=Failed(Cause.TIMEOUT))
    assert assess(failed, TALKING).pending is Pending.PROTECTION_LOST


def test_waiting_for_proof_is_said() -> None:
    """Under ``require_auth`` nothing passes meanwhile."""
    found = assess(leg(Protection.PROVING, secured=SECURED), TALKING)
    assert found == Assessment(Level.ENCRYPTED, Pending.PROVING, None, security.WAITING_FOR_PROOF)


@pytest.mark.parametrize(
    ("proof", "cause", "alarm"),
    [
        (WRONG, "wrong_secret", Alarm.SECRETS_DIFFER),
        (NotAuthenticated(Doubt.NO_ANSWER, guess=False), "not_authenticated", None),
        (NotAuthenticated(Doubt.NOT_OFFERED, guess=False), "not_authenticated", None),
        (None, "not_authenticated", None),
    ],
)
def test_refused_for_want_of_a_proof(proof: NotAuthenticated | None, cause: str, alarm: Alarm | None) -> None:
    """There were keys: what is missing is a proof, and silence is the policy's doing."""
    found = assess(leg(Protection.REFUSED, proof=proof), replace(TALKING, required=True))
    assert (found.level, found.alarm) == (Level.CLEAR, alarm)
    assert found.why is not None
    assert found.why.cause == cause
    assert security.PROOF_REQUIRED in found.why.text


def test_refused_for_want_of_keys_is_told_as_before() -> None:
    """A key exchange that failed has its own reason, also under ``require_auth``."""
    found = assess(leg(Protection.REFUSED, failure=Failed(Cause.TIMEOUT)), replace(TALKING, required=True))
    assert found.why is not None
    assert found.why.cause == "packets_lost"


@pytest.mark.parametrize("differs", [False, True])
def test_auxiliary_secret_that_differs_is_told(differs: bool) -> None:
    """It neither raises nor lowers a level (RFC 6189 §4.3.2)."""
    state = leg(Protection.SECURE, secured=replace(SECURED, aux_mismatch=differs))
    assert security.notices(state) == ((security.AUX_DIFFERS,) if differs else ())
    assert assess(state, TALKING).level is Level.ENCRYPTED


def test_changed_key_with_a_proof_is_a_notice() -> None:
    """The PBX was set up anew, and has proved itself by the secret: no alarm."""
    state = leg(Protection.SECURE, secured=replace(SECURED, cache_mismatch=True), proof=PROVED)
    found = assess(state, TALKING)
    assert (found.level, found.alarm) == (Level.AUTHENTICATED, None)
    assert security.notices(state) == (security.KEY_CHANGED,)
