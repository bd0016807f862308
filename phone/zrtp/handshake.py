"""The exchange with the owner of one Hello (RFC 6189 §4.4, §4.6).

``Handshake`` knows what to say and whether what is heard fits; when to say it is the stream's business.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from phone.secret import Secret
from phone.zrtp.agreement import Agreement, ChainLink, other
from phone.zrtp.algorithms import Suite
from phone.zrtp.announcement import Announcement
from phone.zrtp.association import Bond
from phone.zrtp.cache import FOREVER, CacheEntry, Zid
from phone.zrtp.confirm import Confirmation, seal, unseal
from phone.zrtp.continuity import Continuity, SecretIds
from phone.zrtp.dh import MULT, PRSH, KeyAgreement, KeyPair
from phone.zrtp.endpoint import Endpoint
from phone.zrtp.errors import EnrollmentError, ErrorCode, MessageError, ProtocolError
from phone.zrtp.events import (
    HANDED_OVER,
    Authenticated,
    AuthenticationEvent,
    Cause,
    Doubt,
    Role,
    Secured,
    SrtpKeys,
)
from phone.zrtp.hashchain import hash_image, is_signed, opens, sign
from phone.zrtp.keys import (
    KeySchedule,
    dh_mode_s0,
    kdf_context,
    multistream_s0,
    preshared_key_id,
    preshared_s0,
)
from phone.zrtp.messages import (
    AnyCommit,
    Code,
    Commit,
    Confirm1,
    Confirm2,
    DHPart1,
    DHPart2,
    Hello,
    MultistreamCommit,
    PresharedCommit,
)
from phone.zrtp.negotiation import accept, both_offer, choose
from phone.zrtp.remains import Remains
from phone.zrtp.zsa.proof import Binding, transcript_hash

_HVI_SIZE: Final = 32
_REFUSALS: Final = (
    Doubt.WRONG_TAG,
    Doubt.REFUSED,
    Doubt.OTHER_ACCOUNT,
    Doubt.OTHER_SUITE,
    Doubt.BACKING_OFF,
)
"""What ends a proof by an end's refusal, and not for want of one."""


@dataclass(frozen=True, slots=True)
class _Initiation:
    """What we commit to as initiator."""

    suite: Suite
    commit: AnyCommit
    raw: bytes
    """The same as it is sent."""
    dhpart2: bytes = b""
    """In DH mode; the others have none."""


class Handshake:
    """One exchange, in either role; the messages of both sides pass through here as whole bytes."""

    def __init__(
        self,
        endpoint: Endpoint,
        announcement: Announcement,
        hello: Hello,
        raw: bytes,
        ssrc: int,
        *,
        heard_at: float,
    ) -> None:
        self._endpoint = endpoint
        self._announcement = announcement
        self._continuity: Continuity | None = None
        self._initiation: _Initiation | None = None
        self._suite: Suite | None = None
        self._commit: Commit | None = None
        self._answering_pair: KeyPair | None = None
        self._dhpart1 = b""
        self._agreement: Agreement | None = None
        self._dh_messages: tuple[bytes, bytes, bytes] | None = None
        """Commit, DHPart1 and DHPart2 as they were sent; not in the modes without Diffie-Hellman."""
        self._confirmation: Confirmation | None = None
        self._remains: Remains | None = None
        self.hello = hello
        """The peer's Hello."""
        self.raw = raw
        """The same as it came."""
        self.ssrc = ssrc
        """Of the packet that it came in."""
        self.heard_at: Final = heard_at
        """When it came first."""
        self.heard_lately = True
        """It came after our Hello was last begun to be sent."""
        self.outranked: AnyCommit | None = None
        """The peer's Commit over which our own has prevailed (§4.2)."""
        self.without_preshared = False
        """The peer proposed a preshared key that we do not have: agree on one by Diffie-Hellman."""
        self.peer_commit = b""
        """The Commit that we answer as responder."""
        self.peer_dhpart2 = b""
        self.peer_confirm2 = b""

    @property
    def matches_signalling(self) -> bool | None:
        """Whether the signalling announced this Hello; ``None``: it announced none (§8.1)."""
        expected = self._endpoint.peer_hello_hash
        if expected is None:
            return None
        return hmac.compare_digest(expected, hashlib.sha256(self.raw).digest())

    def has_taken(self, message: bytes) -> bool:
        """Tell whether this is a request of the peer that we have answered as responder."""
        return message in (self.peer_commit, self.peer_dhpart2, self.peer_confirm2)

    def prepare(self) -> None:
        """Make the key pair that both Hellos point to, before it is needed (§4.1.2)."""
        if self._multistream_bond() is None and not self._begins_preshared:
            self._announcement.key_pair(_key_agreement(self._choice), self._choice.cipher)

    # the initiator's side

    def commit(self) -> bytes:
        """Return our Commit; the same one when asked again."""
        if self._initiation is None:
            self._initiation = self._multistream() or self._preshared() or self._diffie_hellman()
        return self._initiation.raw

    def withdraw(self) -> None:
        """Take our Commit back: another stream goes first, and may make Diffie-Hellman needless here."""
        self._initiation = None

    @property
    def own_commit(self) -> AnyCommit | None:
        """Our Commit as a value; ``None``: we have not committed to this peer."""
        return None if self._initiation is None else self._initiation.commit

    @property
    def needs_turn(self) -> bool:
        """Whether our Commit begins an exchange of which there may be only one at a time (§4.4.1)."""
        return self._multistream_bond() is None

    def fits_dhpart1(self, message: DHPart1) -> bool:
        """Tell whether the owner of the Hello wrote ``message``, in answer to our Commit."""
        own = self._initiation
        return own is not None and bool(own.dhpart2) and opens(message.h1, self.hello.h3, 2)

    def take_dhpart1(self, message: DHPart1, raw: bytes) -> bytes:
        """Return our DHPart2; raise ``ProtocolError`` when the exchange must end."""
        assert self._initiation is not None
        if not is_signed(self.raw, hash_image(message.h1)):
            raise _altered("Hello")
        own = self._initiation
        self._agree(Role.INITIATOR, own.suite, message, raw, (own.raw, raw, own.dhpart2))
        return own.dhpart2

    # the responder's side

    def opened_by(self, commit: AnyCommit) -> bool:
        """Tell whether ``commit`` continues the hash chain of the Hello."""
        return opens(commit.h2, self.hello.h3)

    def is_authentic(self, commit: AnyCommit) -> bool:
        """Tell whether the Hello is the one that the sender of ``commit`` wrote (§8.1.1)."""
        return is_signed(self.raw, commit.h2)

    def take_commit(self, message: AnyCommit, raw: bytes) -> bytes | None:
        """Return our answer, DHPart1 or Confirm1; raise ``ProtocolError`` when the exchange must end.

        ``None``: the keys it relies on are not ours, and we have to commit to DH mode (§4.4.2.3).
        """
        if message.zid != self.hello.zid:
            raise ProtocolError(ErrorCode.MALFORMED_PACKET, "the ZIDs of Hello and Commit differ")
        suite = accept(self._endpoint.configuration, message)
        if isinstance(message, Commit):
            self._agreement = None
            self._suite, self._commit, self.peer_commit = suite, message, raw
            pair = self._announcement.answering_pair(_key_agreement(suite), suite.cipher, message.committed)
            self._answering_pair = pair
            self._dhpart1 = self._dhpart(DHPart1, suite, Role.RESPONDER, pair)
            return self._dhpart1
        s0 = self._shared_s0(Role.RESPONDER, suite, message, raw)
        if s0 is None:
            if self._endpoint.configuration.passive:
                raise ProtocolError(ErrorCode.DH_REQUIRED, "the peer's preshared key is not known here")
            self.without_preshared = True
            return None
        self._agree_shared(Role.RESPONDER, suite, s0, raw, ChainLink(message.h2, 2, raw))
        self.peer_commit = raw
        return self.confirm()

    def fits_dhpart2(self, message: DHPart2) -> bool:
        """Tell whether the sender of the Commit wrote ``message``."""
        return self._commit is not None and opens(message.h1, self._commit.h2)

    def take_dhpart2(self, message: DHPart2, raw: bytes) -> bytes:
        """Return our Confirm1; raise ``ProtocolError`` when the exchange must end."""
        assert self._suite is not None
        assert self._commit is not None
        if not is_signed(self.peer_commit, message.h1):
            raise _altered("Commit")
        hvi = _hvi(self._suite, raw, self._announcement.hello)
        if not hmac.compare_digest(hvi, self._commit.hvi):
            raise ProtocolError(
                ErrorCode.HVI_MISMATCH, "the peer's DHPart2 is not the one it committed to", Cause.ATTACK
            )
        self.peer_dhpart2 = raw
        self._agree(Role.RESPONDER, self._suite, message, raw, (self.peer_commit, self._dhpart1, raw))
        return self.confirm()

    # both sides

    @property
    def srtp(self) -> SrtpKeys:
        """The SRTP keys of the stream; only once both sides have them."""
        return self._agreed.srtp

    def unseal(self, message: Confirm1 | Confirm2) -> Confirmation:
        """Return what ``message`` says; raise ``MessageError`` or ``ProtocolError`` when it is not for us.

        Anyone may have written it then: the exchange goes on.
        """
        if self._agreement is None:
            raise MessageError("a Confirm came before there are keys")
        return unseal(message, self._agreement.peer)

    def take_confirm(self, confirmation: Confirmation) -> None:
        """Check the last links of the hash chain; raise ``ProtocolError`` when the exchange must end."""
        if not self._agreed.link.fits(confirmation.h0):
            raise _altered("last message")
        self._confirmation = confirmation

    def confirm(self) -> bytes:
        """Return our own Confirm."""
        agreed, own = self._agreed, self._endpoint.configuration
        further = agreed.suite.key_agreement is MULT
        confirmation = Confirmation(
            self._announcement.chain.h0,
            FOREVER if further else own.cache_expiry,
            sas_verified=not further and self._known.sas_verified,
            allow_clear=own.allow_clear,
            disclosure=own.disclosure,
        )
        return seal(confirmation, agreed.own, agreed.role, self._endpoint.randomness.confirm_iv())

    def complete(self) -> Secured:
        """Renew the cache entry, drop what only the exchange needed, and return what there is to tell."""
        agreed, confirmation = self._agreed, self._confirmation
        assert confirmation is not None
        bond = self._endpoint.association.bond_with(self.hello.zid)
        if agreed.suite.key_agreement is MULT:
            assert bond is not None
            told = replace(
                bond.told,
                keys=agreed.srtp,
                role=agreed.role,
                algorithms=agreed.suite.names(),
                disclosure=confirmation.disclosure,
            )
        else:
            told = self._complete_first(agreed, confirmation)
            bond = self._bond(agreed, told)
            shared = both_offer(self._endpoint.configuration, self.hello, MULT)
            self._endpoint.association.bond = bond if shared else None
        self._remains = Remains.of(agreed, self.hello, told, bond.pbx_secret(), self._binding(agreed))
        self._agreement = self._confirmation = None
        return told

    def _complete_first(self, agreed: Agreement, confirmation: Confirmation) -> Secured:
        continuity = self._known
        expiry = min(self._endpoint.configuration.cache_expiry, confirmation.expiry)
        entry = continuity.settle(
            agreed.schedule.retained_secret(), expiry, preshared=agreed.suite.key_agreement is PRSH
        )
        if entry is not None:
            self._endpoint.cache.save(self.hello.zid, entry)
        return Secured(
            keys=agreed.srtp,
            role=agreed.role,
            algorithms=agreed.suite.names(),
            peer_zid=self.hello.zid,
            sas=agreed.suite.sas_type.render(agreed.schedule.sas_hash()),
            sas_verified=continuity.sas_verified,
            peer_verified=confirmation.sas_verified,
            cache_mismatch=continuity.mismatch,
            new_peer=continuity.new_peer,
            aux_mismatch=continuity.aux_mismatch,
            trusted_mitm=self.hello.mitm and continuity.trusted_mitm,
            enrollment_offered=self.hello.mitm and confirmation.enrollment,
            hello_hash_matched=self.matches_signalling,
            disclosure=confirmation.disclosure,
        )

    def _binding(self, agreed: Agreement) -> Binding | None:
        if self._endpoint.claim is None or self._dh_messages is None:
            return None
        (initiator, hello_i), (responder, hello_r) = self._ends(agreed.role)
        return Binding(
            agreed.schedule.exporter().key,
            transcript_hash((hello_i, hello_r, *self._dh_messages)),
            initiator,
            responder,
            agreed.schedule.sas_hash(),
        )

    def _bond(self, agreed: Agreement, told: Secured) -> Bond:
        (initiator, _), (responder, _) = self._ends(agreed.role)
        return Bond(
            agreed.schedule.zrtp_session(),
            initiator,
            responder,
            self.hello.zid,
            agreed.suite,
            replace(told, keys=HANDED_OVER),
            self._endpoint,
        )

    # once the stream is secure

    def judge_sas(self, matches: bool) -> None:
        """Keep what the user found when comparing the SAS (§4.6.1.1, §7.1)."""
        entry = self._known.judge(matches, self._endpoint.cache.load(self.hello.zid))
        if entry is not None:
            self._endpoint.cache.save(self.hello.zid, entry)
            self._endpoint.cache.release(self.hello.zid)

    def await_proof(self) -> None:
        """Let the new retained secret wait for what comes of the proof, which has begun.

        What was said of the old one after a mismatch (§4.3.2) does not wait.
        """
        if not self._known.mismatch:
            self._endpoint.cache.hold(self.hello.zid)

    def weigh_proof(self, verdict: AuthenticationEvent) -> None:
        """Keep the new retained secret, unless either end has refused the other (``docs/zsa.md``).

        Both ends come to the same, so that none misses in the next call what the other has.
        """
        cache, zid = self._endpoint.cache, self.hello.zid
        if isinstance(verdict, Authenticated):
            proved = self._known.prove()
            if proved is not None:
                cache.save(zid, proved)
            cache.release(zid)
        elif verdict.doubt in _REFUSALS:
            # after a mismatch nothing waits, and what was said of the old one stays
            if not self._known.mismatch:
                cache.drop(zid)
        else:
            cache.release(zid)

    @property
    def remains(self) -> Remains:
        """What is kept; only of a stream that is secure."""
        assert self._remains is not None
        return self._remains

    def enroll(self) -> None:
        """Trust this PBX, which asks for it, to show the SAS of calls behind it (§7.3.1).

        Raise ``EnrollmentError`` for a peer that does not ask.
        """
        if self.remains.pbx_secret is None:
            raise EnrollmentError("The other end is no PBX that asks to be trusted.")
        entry = self._endpoint.cache.load(self.hello.zid) or CacheEntry()
        self._endpoint.cache.save(self.hello.zid, replace(entry, pbx_secret=self.remains.pbx_secret))

    def go_clear(self) -> None:
        """Void the keys: the peer's GoClear is heeded (§4.7.2)."""
        self._endpoint.cache.release(self.hello.zid)
        association = self._endpoint.association
        bond = association.bond_with(self.hello.zid)
        association.bond = bond and bond.clear()
        self._initiation = self._remains = None
        self.peer_commit = self.peer_confirm2 = b""

    def forget(self) -> None:
        """Drop every secret: the exchange has failed, or another one has succeeded."""
        self._agreement = self._confirmation = self._continuity = self._initiation = self._remains = None
        self._answering_pair = None

    # the modes

    def _diffie_hellman(self) -> _Initiation:
        suite = self._choice
        pair = self._announcement.key_pair(_key_agreement(suite), suite.cipher)
        dhpart2 = self._dhpart(DHPart2, suite, Role.INITIATOR, pair)
        commit = Commit(*self._beginning(suite), _hvi(suite, dhpart2, self.raw), pair.committed)
        return _Initiation(suite, commit, sign(bytes(commit), self._announcement.chain.h1), dhpart2)

    def _multistream(self) -> _Initiation | None:
        """Return our Commit for a further stream of a session that we have with the peer (§4.4.3)."""
        bond = self._multistream_bond()
        if bond is None:
            return None
        suite = replace(bond.suite, key_agreement=MULT)
        return self._initiate(
            suite, MultistreamCommit(*self._beginning(suite), self._endpoint.randomness.nonce())
        )

    def _multistream_bond(self) -> Bond | None:
        bond = self._endpoint.association.bond_with(self.hello.zid)
        if bond is None or bond.origin is self._endpoint:
            return None
        return bond if both_offer(self._endpoint.configuration, self.hello, MULT) else None

    def _preshared(self) -> _Initiation | None:
        """Return our Commit to a retained secret, if that is wanted, possible and sound (§4.4.2)."""
        if not self._begins_preshared:
            return None
        suite = replace(self._choice, key_agreement=PRSH)
        key_id = preshared_key_id(suite.hash, self._known.propose_preshared(suite.hash))
        return self._initiate(
            suite, PresharedCommit(*self._beginning(suite), self._endpoint.randomness.nonce(), key_id)
        )

    @property
    def _begins_preshared(self) -> bool:
        wanted = both_offer(self._endpoint.configuration, self.hello, PRSH)
        return wanted and not self.without_preshared and self._known.may_begin_preshared

    def _initiate(self, suite: Suite, commit: MultistreamCommit | PresharedCommit) -> _Initiation:
        raw = sign(bytes(commit), self._announcement.chain.h1)
        s0 = self._shared_s0(Role.INITIATOR, suite, commit, raw)
        assert s0 is not None
        self._agree_shared(Role.INITIATOR, suite, s0, raw, ChainLink(self.hello.h3, 3, self.raw))
        return _Initiation(suite, commit, raw)

    def _beginning(self, suite: Suite) -> tuple[bytes, Zid, Code, Code, Code, Code, Code]:
        """Return what every Commit begins with."""
        return (
            self._announcement.chain.h2,
            self._endpoint.zid,
            suite.hash.code,
            suite.cipher.code,
            suite.auth_tag.code,
            suite.key_agreement.code,
            suite.sas_type.code,
        )

    def _dhpart(self, kind: type[DHPart1 | DHPart2], suite: Suite, sender: Role, pair: KeyPair) -> bytes:
        chain = self._announcement.chain
        ids = self._known.secret_ids(suite.hash, sender, chain.h3, self._endpoint.randomness)
        message = kind(
            chain.h1,
            ids.rs1,
            ids.rs2,
            ids.aux_secret,
            ids.pbx_secret,
            pair.pv,
        )
        return sign(bytes(message), chain.h0)

    def _agree(
        self,
        role: Role,
        suite: Suite,
        peer: DHPart1 | DHPart2,
        raw: bytes,
        messages: tuple[bytes, bytes, bytes],
    ) -> None:
        """Compute DHResult, s0 and the keys. ``messages`` are Commit, DHPart1 and DHPart2."""
        pair = (
            self._answering_pair
            if role is Role.RESPONDER
            else self._announcement.key_pair(_key_agreement(suite), suite.cipher)
        )
        assert pair is not None
        dh_result = pair.agree(peer.pv)
        ids = SecretIds(peer.rs1_id, peer.rs2_id, peer.aux_secret_id, peer.pbx_secret_id)
        self._known.match(suite.hash, other(role), self.hello.h3, ids)
        context = self._context(role, suite, *messages)
        s0 = dh_mode_s0(suite.hash, dh_result, context, self._known.shared_secrets)
        keys = KeySchedule(suite.hash, s0, context)
        self._agreement = Agreement.of(role, suite, keys, ChainLink(peer.h1, 1, raw))
        self._dh_messages = messages
        self._answering_pair = None
        self._announcement.forget_key_pairs()

    def _agree_shared(self, role: Role, suite: Suite, s0: Secret, commit: bytes, link: ChainLink) -> None:
        keys = KeySchedule(suite.hash, s0, self._context(role, suite, commit))
        self._agreement = Agreement.of(role, suite, keys, link)

    def _shared_s0(
        self, role: Role, suite: Suite, commit: MultistreamCommit | PresharedCommit, raw: bytes
    ) -> Secret | None:
        """Return s0 of a mode without Diffie-Hellman; ``None``: we do not have the preshared key."""
        context = self._context(role, suite, raw)
        if isinstance(commit, MultistreamCommit):
            bond = self._endpoint.association.bond_with(self.hello.zid)
            if bond is None:
                raise ProtocolError(ErrorCode.DH_REQUIRED, "there is no session to add a stream to")
            bond.spend(commit.nonce)
            return multistream_s0(suite.hash, bond.zrtp_session, context)
        if role is Role.INITIATOR:
            key: Secret | None = self._known.propose_preshared(suite.hash)
        else:
            key = self._known.accept_preshared(suite.hash, commit.key_id)
        return key and preshared_s0(suite.hash, key, context)

    def _context(self, role: Role, suite: Suite, *messages: bytes) -> bytes:
        """Return KDF_Context; ``messages`` are those after the responder's Hello."""
        (zid_i, _), (zid_r, hello_r) = self._ends(role)
        return kdf_context(suite.hash, zid_i, zid_r, (hello_r, *messages))

    def _ends(self, role: Role) -> tuple[tuple[Zid, bytes], tuple[Zid, bytes]]:
        """Return ZID and Hello of the initiator and of the responder; ``role`` is ours."""
        own, peer = (self._endpoint.zid, self._announcement.hello), (self.hello.zid, self.raw)
        return (own, peer) if role is Role.INITIATOR else (peer, own)

    @cached_property
    def _choice(self) -> Suite:
        """What both Hellos lead to, should we be the initiator."""
        return choose(self._endpoint.configuration, self.hello)

    @property
    def _known(self) -> Continuity:
        if self._continuity is None:
            entry = self._endpoint.cache.load(self.hello.zid)
            self._continuity = Continuity(entry, self._endpoint.aux_secret)
        return self._continuity

    @property
    def _agreed(self) -> Agreement:
        assert self._agreement is not None
        return self._agreement


def _key_agreement(suite: Suite) -> KeyAgreement:
    assert isinstance(suite.key_agreement, KeyAgreement)
    return suite.key_agreement


def _hvi(suite: Suite, dhpart2: bytes, responder_hello: bytes) -> bytes:
    return suite.hash.digest(dhpart2 + responder_hello)[:_HVI_SIZE]


def _altered(message: str) -> ProtocolError:
    return ProtocolError(
        ErrorCode.HELLO_MISMATCH if message == "Hello" else ErrorCode.MALFORMED_PACKET,
        f"the peer's {message} was altered on the way",
        Cause.ATTACK,
    )
