"""The security level of a call, computed here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from phone.calls.values import Alarm, Level, Pending, Why
from phone.dtls.events import Cause as CarrierCause
from phone.media.encryption import LegState, Protection
from phone.zrtp.events import Authenticated, AuthenticationEvent, Cause, Doubt, NotAuthenticated

WAITING = Why("waiting", "Listening for ZRTP from the other end.", "")
NO_MEDIA = Why("waiting", "No sound has been agreed on yet.", "")
HELD = Why("held", "The call is on hold; nothing is sent.", "")
NO_ZRTP = Why(
    "no_zrtp",
    "The other phone does not answer ZRTP: it cannot encrypt end to end, or something on the way removes it.",
    "Ask the other side to use a phone with ZRTP (Parley, Linphone) and to switch it on.",
)
PBX_MEDIA = Why(
    "pbx_media",
    "The PBX carries the sound itself, so there is no direct path to the other phone to encrypt.",
    "In Asterisk set direct_media=yes and media_encryption=no on both endpoints, and call Dial() without the"
    " options t T k K w W h H x X; both phones need one codec in common. Voicemail, conferences, queues, echo"
    " and announcements always end at the PBX.",
)
PBX_HEARS = Why(
    "pbx_media",
    "The call is encrypted as far as the PBX. The PBX carries the sound itself, so it can hear everything;"
    " whether it encrypts on the other side is not known.",
    PBX_MEDIA.remedy,
)
SERVER_HEARS = Why(
    "no_zrtp",
    "The call is encrypted as far as the end that the call's signalling has named, which may be a server that"
    " hears everything: it does not answer ZRTP.",
    NO_ZRTP.remedy,
)
FINGERPRINT_MISMATCH = Why(
    "hash_mismatch",
    "Whoever carries the sound has another certificate than the call's signalling announced, so nothing is"
    " encrypted for it.",
    "Something on the way changes packets. Do not trust this connection.",
)
SERVER_SILENT = Why(
    "packets_lost",
    "The PBX offers encryption as far as itself (DTLS-SRTP), but the key exchange with it did not finish.",
    "In Asterisk set media_encryption=dtls and dtls_auto_generate_cert=yes, or media_encryption=no for calls"
    " that only the two phones can hear; check the network between here and the PBX.",
)
PACKETS_LOST = Why(
    "packets_lost",
    "The other phone speaks ZRTP, but the key exchange did not finish: packets are being lost.",
    "Check the network between the two phones, then call again.",
)
REFUSED_BY_PEER = Why(
    "handshake_failed",
    "The other phone refused the key exchange.",
    "Check which algorithms it allows, then call again.",
)
BROKEN_EXCHANGE = Why(
    "handshake_failed",
    "The key exchange failed: the other phone, or something on the way, broke its rules.",
    "Hang up and call again; if it happens again, do not trust this connection.",
)
BOTH_PASSIVE = Why(
    "handshake_failed",
    "Neither phone may begin the key exchange: both are set to wait for the other.",
    "Let one of the two begin.",
)
HASH_MISMATCH = Why(
    "hash_mismatch",
    "The other phone's ZRTP Hello is not the one that the call's signalling announced.",
    "Something between the phones changes packets. Do not trust this connection.",
)
CACHE_MISMATCH = Why(
    "cache_mismatch",
    "The key kept from earlier calls with this phone is not there any more: it was reset, or someone is in"
    " between.",
    "Compare the code now: read it to each other and type what you hear.",
)
CODES_DIFFER = Why(
    "codes_differ",
    "The codes do not match: someone may be listening. Nothing is sent any more.",
    "Hang up. If you think the code was misread, have it read once more and type it again.",
)
MOVED = Why(
    "moved",
    "The sound now comes from another place (hold, transfer or recording at the PBX), and nothing has been"
    " agreed with it. Nothing is sent until it proves itself or the call comes back.",
    "Wait for the other side to return, or hang up.",
)
MISSING = Why(
    "protection_missing",
    "Earlier calls with this address were encrypted, and this one is not. Nothing is sent or played until you"
    " go on without encryption.",
    "Hang up, or go on in the clear knowingly.",
)
LESS = Why(
    "protection_missing",
    "The call is encrypted, but less is known of who is at the other end than before. Nothing is sent or"
    " played until you go on.",
    "Hang up, or go on and compare the code before you say what others must not hear.",
)
CLEARED = Why(
    "cleared",
    "The other phone has switched encryption off. Nothing is sent until you agree to go on without it.",
    "Hang up, or go on in the clear knowingly.",
)
AGREED = Why(
    "cleared",
    "The other phone has switched encryption off, and you have agreed to go on without it.",
    "Hang up and call again for an encrypted call.",
)
RELAYED = Why(
    "relayed",
    "Your PBX decrypts this call and encrypts it anew, as you have allowed it to: it hears everything. The"
    " code is that of the call behind it.",
    "For a call that the PBX cannot hear, the two phones must exchange their sound directly.",
)
NOT_VERIFIED = Why(
    "not_verified",
    "The call is encrypted, but nobody has checked yet who is at the other end.",
    "Read the code to each other and type what you hear.",
)

WRONG_SECRET = Why(
    "wrong_secret",
    "The other end does not have the secret of your account: your password and that of the PBX differ, or"
    " someone is in between.",
    "Set the account's password anew; if it is right, do not trust this connection.",
)
WAITING_FOR_PROOF = Why(
    "waiting", "The call is encrypted; the other end has yet to prove that it has the account's secret.", ""
)
WEAK_SECRET = Why(
    "weak_secret",
    "The other end has proved that it has your account's password, in a way from which somebody in between"
    " could guess a password that a person has thought of.",
    "Use a generated secret, or an answering service that knows the newer proof.",
)
NOT_PROVED = Why(
    "not_authenticated",
    "The other end did not prove that it has the secret of your account",
    "Call again; if it happens again, ask the administrator of the PBX.",
)
UNPROVABLE = Why(
    "not_authenticated",
    "The other end cannot prove who it is: it keeps no secret of your account.",
    "Call somebody else, or allow calls without such a proof for this account.",
)

NEW_DEVICE = (
    "This is not the phone of {name} that you verified: it is new, or was set up anew, or someone is in"
    " between. Compare the code."
)
CLEAR_REFUSED = "The other phone asked to switch encryption off. Parley refused: the call stays encrypted."
ENROLLMENT_OFFERED = (
    "The PBX asks to be trusted to decrypt calls and to show the code of the call behind it. Agree only if it"
    " is your own, and best after comparing the code with its administrator."
)
KEY_CHANGED = (
    "The key kept from earlier calls is not there any more, and the other end has proved itself by your"
    " account's secret."
)
AUX_DIFFERS = (
    "The other phone does not have the auxiliary secret of your account, or another one: it adds nothing to"
    " this call."
)
PASSED_ON = "{name} has passed you on to this phone; it is another one, and has yet to prove itself."
CLEAR_COMPANY = (
    "{name} is in this conference over a call that is not encrypted end to end: whoever listens there hears"
    " what is said here."
)
UNTIL_ANSWERED = "Nothing is sent or played until you go on."
REQUIRED = "Encryption is required for this call, so nothing is sent or heard."
ENDED_UNPROVED = "A proof is required for this call, so Parley has ended it."
PROOF_REQUIRED = "A proof is required for this call, so nothing is sent or heard."

_FAILURES = {
    Cause.TIMEOUT: PACKETS_LOST,
    Cause.PEER_ERROR: REFUSED_BY_PEER,
    Cause.HELLO_HASH: HASH_MISMATCH,
    Cause.PASSIVE: BOTH_PASSIVE,
    Cause.PROTOCOL: BROKEN_EXCHANGE,
    Cause.ATTACK: BROKEN_EXCHANGE,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the level depends on besides the media leg."""

    has_media: bool
    held: bool
    """We, or the user, put the call on hold."""
    pbx_media: bool
    """The sound comes from where the account's PBX is."""
    verified: bool
    """The SAS was compared with this very device, and its retained secrets have matched ever since."""
    codes_differ: bool
    """The user typed a code that is not ours."""
    required: bool
    """The policy lets nothing pass in clear."""
    anew: bool
    """Neither this call nor one whose place it takes has been secure."""


def notices(
    leg: LegState,
    *,
    familiar: str | None = None,
    passed_on_by: str | None = None,
    in_clear: str | None = None,
) -> tuple[str, ...]:
    """Return what the user should hear of besides the level.

    ``familiar``: whose phone was verified at the same address, though it is not this one; ``passed_on_by``:
    who has sent us to the other end; ``in_clear``: who hears this call, in a conference, over an unencrypted
    one.
    """
    said = [NEW_DEVICE.format(name=familiar)] if familiar is not None else []
    said += [PASSED_ON.format(name=passed_on_by)] if passed_on_by is not None else []
    said += [CLEAR_COMPANY.format(name=in_clear)] if in_clear is not None else []
    said += [CLEAR_REFUSED] if leg.clear_refused else []
    said += [ENROLLMENT_OFFERED] if asks_for_trust(leg) else []
    if leg.secured is not None and leg.secured.aux_mismatch:
        said.append(AUX_DIFFERS)
    if leg.secured is not None and leg.secured.cache_mismatch and isinstance(leg.proof, Authenticated):
        said.append(KEY_CHANGED)
    return tuple(said)


def asks_for_trust(leg: LegState) -> bool:
    """Return whether the PBX asks to be trusted (RFC 6189 §7.3.1), and is not yet."""
    return leg.secured is not None and leg.secured.enrollment_offered and not leg.secured.trusted_mitm


def authenticated_to(proof: AuthenticationEvent | None) -> str | None:
    """Return the words for a proof; ``None``: there is none."""
    if not isinstance(proof, Authenticated):
        return None
    return f"Authenticated to {proof.realm}" + (" (weak secret)" if proof.weak else "")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level, and what stands on top of it."""

    level: Level
    pending: Pending | None
    alarm: Alarm | None
    why: Why | None


def assess(leg: LegState, situation: Situation) -> Assessment:
    """Compute the level of a call from the state of its media leg and its situation."""
    if leg.protection is Protection.SECURE:
        return _assess_secure(leg, situation)
    if leg.protection is Protection.HELD:
        return _assess_held(leg, situation)
    if leg.protection is Protection.TO_SERVER:
        return Assessment(Level.TO_SERVER, None, None, PBX_HEARS if situation.pbx_media else SERVER_HEARS)
    if leg.protection is Protection.PROVING:
        return Assessment(Level.ENCRYPTED, Pending.PROVING, None, WAITING_FOR_PROOF)
    return _assess_insecure(leg, situation)


def _assess_insecure(leg: LegState, situation: Situation) -> Assessment:
    if not situation.has_media:
        return Assessment(Level.CLEAR, None, None, NO_MEDIA)
    if leg.protection in (Protection.SUSPENDED, Protection.LAPSED):
        return _assess_suspended(leg, situation)
    if leg.protection is Protection.SECURING:
        return Assessment(Level.CLEAR, Pending.SECURING, None, WAITING)
    if leg.protection is Protection.REFUSED and leg.failure is None:
        return _assess_unproved(leg.proof)
    why = _reason(leg, situation)
    if why is None:
        return Assessment(Level.CLEAR, Pending.SECURING, None, WAITING)
    if situation.required:
        why = replace(why, text=f"{why.text} {REQUIRED}")
    return Assessment(Level.CLEAR, None, None, why)


def _assess_unproved(proof: AuthenticationEvent | None) -> Assessment:
    """There were keys, and the policy wants to know whose."""
    why = _doubt(proof) or UNPROVABLE
    alarm = Alarm.SECRETS_DIFFER if why is WRONG_SECRET else None
    return Assessment(Level.CLEAR, None, alarm, replace(why, text=f"{why.text} {PROOF_REQUIRED}"))


def end_for_want_of_proof(proof: AuthenticationEvent | None) -> str:
    """Return why a call ends whose policy wants a proof that is not to be had."""
    why = _doubt(proof) or UNPROVABLE
    return f"{why.text} {ENDED_UNPROVED}"


def _doubt(proof: AuthenticationEvent | None) -> Why | None:
    """Return what speaks against the other end; ``None``: nothing, or it has nothing to do with proofs."""
    if not isinstance(proof, NotAuthenticated) or proof.doubt is Doubt.NOT_OFFERED:
        return None
    if proof.doubt is Doubt.WRONG_TAG:
        return WRONG_SECRET
    return replace(NOT_PROVED, text=f"{NOT_PROVED.text}: {proof.doubt.value}.")


def _assess_suspended(leg: LegState, situation: Situation) -> Assessment:
    if leg.cleared:
        return Assessment(Level.CLEAR, Pending.PROTECTION_LOST, None, CLEARED)
    if situation.held:
        return Assessment(Level.CLEAR, None, None, HELD)
    lost = leg.no_zrtp or leg.failure is not None
    pending = Pending.PROTECTION_LOST if lost else Pending.SECURING
    if not situation.anew:
        return Assessment(Level.CLEAR, pending, None, MOVED)
    if not lost:
        return Assessment(Level.CLEAR, pending, None, WAITING)
    reason = _reason(leg, situation)
    if situation.required:
        assert reason is not None
        return Assessment(Level.CLEAR, pending, None, replace(reason, text=f"{reason.text} {REQUIRED}"))
    why = MISSING if reason is None else replace(MISSING, text=f"{MISSING.text} {reason.text}")
    return Assessment(Level.CLEAR, pending, None, why)


def _assess_held(leg: LegState, situation: Situation) -> Assessment:
    """There are keys, and less is known of whose they are than before."""
    now = _assess_secure(leg, situation)
    why = LESS
    if now.alarm is Alarm.CODES_DO_NOT_MATCH:
        # going on would not help: nothing is sent then, either
        return Assessment(now.level, Pending.PROTECTION_LOST, now.alarm, now.why)
    if now.alarm is not None and now.why is not None:
        why = replace(now.why, text=f"{now.why.text} {UNTIL_ANSWERED}")
    return Assessment(now.level, Pending.PROTECTION_LOST, now.alarm, why)


def _reason(leg: LegState, situation: Situation) -> Why | None:
    """Return why there will be no keys; ``None`` while there may be."""
    if leg.cleared:
        return AGREED
    if leg.failure is not None and leg.failure.cause in _FAILURES:
        return _FAILURES[leg.failure.cause]
    if any(suspicion.cause is Cause.HELLO_HASH for suspicion in leg.suspicions):
        return HASH_MISMATCH
    return _reason_without_zrtp(leg, situation)


def _reason_without_zrtp(leg: LegState, situation: Situation) -> Why | None:
    if leg.carrier_failure is CarrierCause.FINGERPRINT:
        return FINGERPRINT_MISMATCH
    if situation.pbx_media and (leg.no_zrtp or leg.protection is Protection.CLEAR):
        return PBX_MEDIA if leg.carrier_failure is None else SERVER_SILENT
    return NO_ZRTP if leg.no_zrtp else None


def _assess_secure(leg: LegState, situation: Situation) -> Assessment:
    assert leg.secured is not None
    if situation.codes_differ:
        return Assessment(Level.ENCRYPTED, None, Alarm.CODES_DO_NOT_MATCH, CODES_DIFFER)
    if leg.relayed is not None:
        return Assessment(Level.ENCRYPTED, None, None, RELAYED)
    doubt = _doubt(leg.proof)
    if doubt is WRONG_SECRET:
        return Assessment(Level.ENCRYPTED, None, Alarm.SECRETS_DIFFER, doubt)
    if situation.verified:
        return Assessment(Level.VERIFIED, None, None, None)
    if isinstance(leg.proof, Authenticated):
        return Assessment(Level.AUTHENTICATED, None, None, WEAK_SECRET if leg.proof.weak else None)
    changed = leg.secured.cache_mismatch
    alarm, why = (Alarm.KEY_CHANGED, CACHE_MISMATCH) if changed else (None, doubt or NOT_VERIFIED)
    return Assessment(Level.ENCRYPTED, None, alarm, why)
