"""The DH-mode exchange with the owner of one Hello (RFC 6189 §4.4.1, §4.6).

``Handshake`` knows what to say and whether what is heard fits; when to say it is the stream's business.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from phone.zrtp.algorithms import Cipher, Suite
from phone.zrtp.confirm import Confirmation, seal, unseal
from phone.zrtp.continuity import Continuity
from phone.zrtp.dh import KeyAgreement, KeyPair
from phone.zrtp.endpoint import Endpoint
from phone.zrtp.errors import ErrorCode, ProtocolError
from phone.zrtp.events import Cause, Role, Secured, SrtpKeys
from phone.zrtp.hashchain import HashChain, hash_image, is_signed, opens, sign
from phone.zrtp.keys import KeySchedule, dh_mode_s0, kdf_context
from phone.zrtp.messages import Code, Commit, Confirm1, Confirm2, DHPart1, DHPart2, Hello
from phone.zrtp.negotiation import accept, choose

VERSION: Final = b"1.10"
_CLIENT_IDENTIFIER_SIZE: Final = 16
_HVI_SIZE: Final = 32


class Announcement:
    """Our Hello and what stands behind it: the hash chain, and the key pairs of the key agreements in use."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._key_pairs: dict[tuple[Code, int], KeyPair] = {}
        self.chain = HashChain.from_h0(endpoint.randomness.h0())
        own = endpoint.configuration
        hello = Hello(
            VERSION,
            own.client_identifier.ljust(_CLIENT_IDENTIFIER_SIZE),
            self.chain.h3,
            endpoint.zid,
            tuple(row.code for row in own.hashes),
            tuple(row.code for row in own.ciphers),
            tuple(row.code for row in own.auth_tags),
            tuple(row.code for row in own.key_agreements),
            tuple(row.code for row in own.sas_types),
            passive=own.passive,
        )
        self.hello: Final = sign(bytes(hello), self.chain.h2)
        """The whole message."""

    @property
    def hello_hash(self) -> str:
        """The value of ``a=zrtp-hash`` (§8.1)."""
        return f"{VERSION.decode()} {hashlib.sha256(self.hello).hexdigest()}"

    def key_pair(self, agreement: KeyAgreement, cipher: Cipher) -> KeyPair:
        """Return our key pair for ``agreement`` at the strength that ``cipher`` asks for (§5.1.5).

        In DH mode it is the same one whatever our role turns out to be (§4.2), in KEM mode the initiator's.
        """
        size = agreement.private_size(cipher.key_size)
        pair = self._key_pairs.get((agreement.code, size))
        if pair is None:
            private = self._endpoint.randomness.private_value(size)
            pair = self._key_pairs[agreement.code, size] = agreement.key_pair(private)
        return pair

    def answering_pair(self, agreement: KeyAgreement, cipher: Cipher, committed: bytes) -> KeyPair:
        """Return our key pair as responder to a Commit that carries the public value ``committed``.

        Raise ``ProtocolError`` 0x61 when that is a bad one.
        """
        if agreement.respond is None:
            return self.key_pair(agreement, cipher)
        return agreement.respond(committed, self._endpoint.randomness)

    def forget_key_pairs(self) -> None:
        """Drop the private values: DHResult has been computed."""
        self._key_pairs.clear()


@dataclass(frozen=True, slots=True)
class _Initiation:
    """What we commit to as initiator."""

    suite: Suite
    hvi: bytes
    commit: bytes
    dhpart2: bytes


@dataclass(frozen=True, slots=True)
class _Agreement:
    """What both sides have computed."""

    role: Role
    suite: Suite
    peer_h1: bytes
    peer_dhpart: bytes
    keys: KeySchedule = field(repr=False)
    srtp: SrtpKeys


class Handshake:
    """One exchange, in either role; the messages of both sides pass through here as whole bytes."""

    def __init__(
        self, endpoint: Endpoint, announcement: Announcement, hello: Hello, raw: bytes, ssrc: int
    ) -> None:
        self._endpoint = endpoint
        self._announcement = announcement
        self._continuity: Continuity | None = None
        self._initiation: _Initiation | None = None
        self._suite: Suite | None = None
        self._commit: Commit | None = None
        self._answering_pair: KeyPair | None = None
        self._dhpart1 = b""
        self._agreement: _Agreement | None = None
        self._confirmation: Confirmation | None = None
        self.hello = hello
        """The peer's Hello."""
        self.raw = raw
        """The same as it came."""
        self.ssrc = ssrc
        """Of the packet that it came in."""
        self.heard_lately = True
        """It came after our Hello was last begun to be sent."""
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
        self._announcement.key_pair(self._choice.key_agreement, self._choice.cipher)

    # the initiator's side

    def commit(self) -> bytes:
        """Return our Commit; the same one when asked again."""
        if self._initiation is None:
            suite = self._choice
            pair = self._announcement.key_pair(suite.key_agreement, suite.cipher)
            dhpart2 = self._dhpart(DHPart2, suite, Role.INITIATOR, pair)
            chain = self._announcement.chain
            hvi = _hvi(suite, dhpart2, self.raw)
            commit = Commit(
                chain.h2,
                self._endpoint.zid,
                suite.hash.code,
                suite.cipher.code,
                suite.auth_tag.code,
                suite.key_agreement.code,
                suite.sas_type.code,
                hvi,
                pair.committed,
            )
            self._initiation = _Initiation(suite, hvi, sign(bytes(commit), chain.h1), dhpart2)
        return self._initiation.commit

    @property
    def hvi(self) -> bytes | None:
        """That of our Commit; ``None``: we have not committed to this peer."""
        return None if self._initiation is None else self._initiation.hvi

    def fits_dhpart1(self, message: DHPart1) -> bool:
        """Tell whether the owner of the Hello wrote ``message``, in answer to our Commit."""
        return self._initiation is not None and opens(message.h1, self.hello.h3, 2)

    def take_dhpart1(self, message: DHPart1, raw: bytes) -> bytes:
        """Return our DHPart2; raise ``ProtocolError`` when the exchange must end."""
        assert self._initiation is not None
        if not is_signed(self.raw, hash_image(message.h1)):
            raise _altered("Hello")
        own = self._initiation
        self._agree(Role.INITIATOR, own.suite, message, raw, (own.commit, raw, own.dhpart2))
        return own.dhpart2

    # the responder's side

    def opened_by(self, commit: Commit) -> bool:
        """Tell whether ``commit`` continues the hash chain of the Hello."""
        return opens(commit.h2, self.hello.h3)

    def is_authentic(self, commit: Commit) -> bool:
        """Tell whether the Hello is the one that the sender of ``commit`` wrote (§8.1.1)."""
        return is_signed(self.raw, commit.h2)

    def take_commit(self, message: Commit, raw: bytes) -> bytes:
        """Return our DHPart1; raise ``ProtocolError`` when the exchange must end."""
        if message.zid != self.hello.zid:
            raise ProtocolError(ErrorCode.MALFORMED_PACKET, "the ZIDs of Hello and Commit differ")
        self._suite = accept(self._endpoint.configuration, message)
        self._commit = message
        self.peer_commit = raw
        pair = self._announcement.answering_pair(
            self._suite.key_agreement, self._suite.cipher, message.committed
        )
        self._answering_pair = pair
        self._dhpart1 = self._dhpart(DHPart1, self._suite, Role.RESPONDER, pair)
        return self._dhpart1

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
        """The SRTP keys of the stream; only once both public values are known."""
        return self._agreed.srtp

    def unseal(self, message: Confirm1 | Confirm2) -> Confirmation:
        """Return what ``message`` says; raise ``MessageError`` or ``ProtocolError`` when it is not for us.

        Anyone may have written it then: the exchange goes on.
        """
        return unseal(message, self._agreed.suite, self._agreed.keys)

    def take_confirm(self, confirmation: Confirmation) -> None:
        """Check the last links of the hash chain; raise ``ProtocolError`` when the exchange must end."""
        if not opens(confirmation.h0, self._agreed.peer_h1):
            raise _altered("DHPart")
        if not is_signed(self._agreed.peer_dhpart, confirmation.h0):
            raise _altered("DHPart")
        self._confirmation = confirmation

    def confirm(self) -> bytes:
        """Return our own Confirm."""
        agreed = self._agreed
        confirmation = Confirmation(
            self._announcement.chain.h0,
            self._endpoint.configuration.cache_expiry,
            sas_verified=self._known.sas_verified,
        )
        iv = self._endpoint.randomness.confirm_iv()
        return seal(confirmation, agreed.suite, agreed.keys, agreed.role, iv)

    def complete(self) -> Secured:
        """Renew the cache entry, drop what only the exchange needed, and return what there is to tell."""
        agreed, confirmation, continuity = self._agreed, self._confirmation, self._known
        assert confirmation is not None
        expiry = min(self._endpoint.configuration.cache_expiry, confirmation.expiry)
        entry = continuity.settle(agreed.keys.retained_secret(), expiry)
        if entry is not None:
            self._endpoint.cache.save(self.hello.zid, entry)
        self._agreement = self._confirmation = None
        return Secured(
            keys=agreed.srtp,
            role=agreed.role,
            algorithms=agreed.suite.names(),
            peer_zid=self.hello.zid,
            sas=agreed.suite.sas_type.render(agreed.keys.sas_hash()),
            sas_verified=continuity.sas_verified,
            peer_verified=confirmation.sas_verified,
            cache_mismatch=continuity.mismatch,
            new_peer=continuity.new_peer,
            hello_hash_matched=self.matches_signalling,
            disclosure=confirmation.disclosure,
        )

    def judge_sas(self, matches: bool) -> None:
        """Keep what the user found when comparing the SAS (§4.6.1.1, §7.1)."""
        entry = self._known.judge(matches, self._endpoint.cache.load(self.hello.zid))
        if entry is not None:
            self._endpoint.cache.save(self.hello.zid, entry)

    def forget(self) -> None:
        """Drop every secret: the exchange has failed, or another one has succeeded."""
        self._agreement = self._confirmation = self._continuity = self._initiation = None
        self._answering_pair = None

    @cached_property
    def _choice(self) -> Suite:
        return choose(self._endpoint.configuration, self.hello)

    @property
    def _known(self) -> Continuity:
        if self._continuity is None:
            self._continuity = Continuity(self._endpoint.cache.load(self.hello.zid))
        return self._continuity

    @property
    def _agreed(self) -> _Agreement:
        assert self._agreement is not None
        return self._agreement

    def _dhpart(self, kind: type[DHPart1 | DHPart2], suite: Suite, sender: Role, pair: KeyPair) -> bytes:
        ids = self._known.secret_ids(suite.hash, sender, self._endpoint.randomness)
        chain = self._announcement.chain
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
        self, role: Role, suite: Suite, peer: DHPart1 | DHPart2, raw: bytes, messages: tuple[bytes, ...]
    ) -> None:
        """Compute DHResult, s0 and the keys. ``messages`` are Commit, DHPart1 and DHPart2."""
        pair = (
            self._answering_pair
            if role is Role.RESPONDER
            else self._announcement.key_pair(suite.key_agreement, suite.cipher)
        )
        assert pair is not None
        dh_result = pair.agree(peer.pv)
        own, other = (self._endpoint.zid, self._announcement.hello), (self.hello.zid, self.raw)
        (zid_i, _), (zid_r, hello_r) = (own, other) if role is Role.INITIATOR else (other, own)
        peer_role = Role.RESPONDER if role is Role.INITIATOR else Role.INITIATOR
        self._known.match(suite.hash, peer_role, peer.rs1_id, peer.rs2_id)
        context = kdf_context(suite.hash, zid_i, zid_r, (hello_r, *messages))
        s0 = dh_mode_s0(suite.hash, dh_result, context, (self._known.s1, None, None))
        keys = KeySchedule(suite.hash, s0, context)
        srtp = SrtpKeys(
            keys.srtp_key(role, suite.cipher),
            keys.srtp_salt(role),
            keys.srtp_key(peer_role, suite.cipher),
            keys.srtp_salt(peer_role),
            suite.cipher.code.decode(),
            suite.auth_tag.code.decode(),
        )
        self._agreement = _Agreement(role, suite, peer.h1, raw, keys, srtp)
        self._answering_pair = None
        self._announcement.forget_key_pairs()


def _hvi(suite: Suite, dhpart2: bytes, responder_hello: bytes) -> bytes:
    return suite.hash.digest(dhpart2 + responder_hello)[:_HVI_SIZE]


def _altered(message: str) -> ProtocolError:
    return ProtocolError(
        ErrorCode.HELLO_MISMATCH if message == "Hello" else ErrorCode.MALFORMED_PACKET,
        f"the peer's {message} was altered on the way",
        Cause.ATTACK,
    )
