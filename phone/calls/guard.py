"""What is known of the other end of one call, and the level that follows from it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from phone.calls import security
from phone.calls.latch import Best, Latches
from phone.calls.ritual import Comparison, compare
from phone.calls.values import CallError, Level, Pending, Policy
from phone.media.encryption import LegState, Protection
from phone.media.leg import MediaLeg
from phone.zrtp.cache import Zid
from phone.zrtp.events import Authenticated, AuthenticationEvent, Sas, Secured

_log = logging.getLogger("parley.calls")


class Peer(Protocol):
    """What the trust store tells of one device."""

    @property
    def name(self) -> str: ...
    @property
    def verified_since(self) -> str | None: ...


class Acquaintances(Protocol):
    """Where a call looks up and writes down whom it meets."""

    def met(self, zid: Zid, uri: str) -> None:
        """Note that this device was talked to just now."""
        ...

    def peer(self, zid: Zid) -> Peer | None: ...

    def verified_at(self, uri: str, *, besides: Zid) -> Peer | None:
        """Return another device that was last talked to at ``uri`` and is verified."""
        ...

    def proved(self, account: str, zid: Zid, suite: int) -> None:
        """Note that this device has just proved that it knows the secret of an account."""
        ...

    def proved_since(self, account: str, zid: Zid) -> str | None:
        """Return when it last did."""
        ...

    def set_name(self, zid: Zid, name: str) -> None: ...

    def unverify(self, zid: Zid) -> None: ...

    def unprove(self, account: str, zid: Zid) -> None: ...


class Guard:
    """Watches over one call: who is there, what is known of him, and that it does not get less in silence."""

    def __init__(
        self,
        leg: MediaLeg,
        *,
        account: str | None,
        policy: Policy,
        latched: Level,
        before: Best,
        passed_on_by: str | None,
        acquaintances: Acquaintances,
        latches: Latches,
        spoken_name: Callable[[], str],
        judged: Callable[[AuthenticationEvent], None],
    ) -> None:
        """``latched``: the level that the call whose place it takes has had. ``before``: what earlier calls
        with the same address had. ``passed_on_by``: who has sent us to the peer. ``spoken_name``: what to
        call whoever is there. ``judged``: told what came of a proof.
        """
        self.policy = policy
        self._leg = leg
        self._account = account or ""
        self._latched = latched
        self._before = before
        self._passed_on_by = passed_on_by
        self._acquaintances = acquaintances
        self._latches = latches
        self._spoken_name = spoken_name
        self._judged = judged
        self._best = Level.CLEAR
        self._missing_since: str | None = None
        """When the device that is there, or another one at its address, last had more to show."""
        self._met: Zid | None = None
        self._compared: Zid | None = None
        self._remembered: tuple[Zid | None, AuthenticationEvent | None, Level] | None = None
        """Whom the level was last written down for."""
        self._familiar: str | None = None
        """Whose phone, another one than this, we have verified at the same address."""
        self._proof: AuthenticationEvent | None = None
        self.codes_differ = False
        """The user has typed a code that is not ours; nothing is to be sent."""

    @property
    def best(self) -> Level:
        """The highest level that this call has had."""
        return self._best

    @property
    def latch(self) -> Level:
        """The level below which whatever takes this call's place must not fall silently."""
        return max(self._latched, self._best, key=lambda level: level.rank)

    @property
    def requires_encryption(self) -> bool:
        """Whether nothing may pass in clear."""
        return self.policy is not Policy.PREFER

    # what the media leg tells

    def look(self, uri: str) -> None:
        """The leg has changed, in a call with ``uri``: note who is there, and what is proved of him."""
        leg = self._leg.state
        if leg.secured is not None and leg.secured.peer_zid != self._met:
            self._meet(leg.secured, uri)
        if leg.proof is not None and leg.proof is not self._proof:
            self._proof = leg.proof
            self._weigh(leg, leg.proof)
        self._remember(uri)

    def _meet(self, secured: Secured, uri: str) -> None:
        zid = self._met = secured.peer_zid
        self.codes_differ = False
        self._familiar = None
        known = self._acquaintances.peer(zid)
        proved = self._acquaintances.proved_since(self._account, zid)
        self._missing_since = (known.verified_since if known else None) or proved
        if secured.new_peer:
            familiar = self._acquaintances.verified_at(uri, besides=zid)
            self._familiar = None if familiar is None else familiar.name or self._spoken_name()
        self._acquaintances.met(zid, uri)

    def _weigh(self, leg: LegState, proof: AuthenticationEvent) -> None:
        self._judged(proof)
        if isinstance(proof, Authenticated) and leg.secured is not None:
            self._acquaintances.proved(self._account, leg.secured.peer_zid, proof.suite)
            if leg.secured.cache_mismatch:
                _log.warning("%s The new one is kept.", security.KEY_CHANGED)

    def _remember(self, uri: str) -> None:
        """Write down the level of a new peer, or a new level; not that of the last one under a new name."""
        leg = self._leg.state
        if leg.protection not in (Protection.SECURE, Protection.TO_SERVER):
            return
        level = self._judge(leg).level
        now = (leg.secured.peer_zid if leg.secured else None, leg.proof, level)
        if now != self._remembered:
            self._remembered = now
            self._latches.note(uri, level)

    # what the user does

    def verify(self, heard: str, name: str | None, *, uri: str) -> None:
        """Compare the code that was heard. Raise CallError when it cannot be, or differs."""
        leg = self._leg.state
        secured = leg.secured
        if secured is None:
            raise CallError("This call is not encrypted, so there is no code to compare.")
        shown = shown_sas(leg, secured)
        match compare(shown, heard):
            case Comparison.UNREADABLE:
                shape = "two words" if shown.scheme == "B256" else "four letters or digits"
                raise CallError(f"A code is {shape}; {heard!r} is not. Type it again.")
            case Comparison.DIFFERS:
                self.codes_differ = True
                self._compared = None
                if leg.relayed is None:
                    self._leg.confirm_sas(False)
                raise CallError(
                    "The codes do not match: someone may be listening. Nothing is sent any more; hang up,"
                    " or have the code read once more and type it again."
                )
            case Comparison.MATCHES if leg.relayed is not None:
                # of the call behind the PBX: nothing is proved of the PBX, nor of a phone that we talk to
                self.codes_differ = False
            case Comparison.MATCHES:
                self.codes_differ = False
                self._compared = secured.peer_zid
                self._leg.confirm_sas(True)
                known = self._acquaintances.peer(secured.peer_zid)
                if name or known is None or not known.name:
                    self._acquaintances.set_name(secured.peer_zid, name or self._spoken_name())
                self._remember(uri)

    def expect_no_more(self, uri: str) -> None:
        """From now on, no more than the call has now is to be expected of ``uri`` and of this device."""
        secured = self._leg.state.secured
        level = self._judge(self._leg.state).level
        self._latches.lower(uri, level)
        if secured is not None and level is not Level.VERIFIED:
            self._acquaintances.unverify(secured.peer_zid)
        if secured is not None and level.rank < Level.AUTHENTICATED.rank:
            self._acquaintances.unprove(self._account, secured.peer_zid)

    # what everybody sees

    @property
    def peer(self) -> Peer | None:
        """The device at the other end, if it is known."""
        secured = self._leg.state.secured
        return self._acquaintances.peer(secured.peer_zid) if secured else None

    def assess(self, *, has_media: bool, held: bool, pbx_media: bool) -> security.Assessment:
        """Compute the level; see ``security.Situation`` for the arguments."""
        found = self._judge(self._leg.state, has_media=has_media, held=held, pbx_media=pbx_media)
        self._best = max(self._best, found.level, key=lambda level: level.rank)
        return found

    def _judge(
        self, leg: LegState, *, has_media: bool = True, held: bool = False, pbx_media: bool = False
    ) -> security.Assessment:
        secured, peer = leg.secured, self.peer
        continuous = secured is not None and (secured.sas_verified or secured.peer_zid == self._compared)
        return security.assess(
            leg,
            security.Situation(
                has_media=has_media,
                held=held,
                pbx_media=pbx_media,
                verified=continuous and peer is not None and peer.verified_since is not None,
                codes_differ=self.codes_differ,
                required=self.requires_encryption,
                anew=self._latched is Level.CLEAR and self._best is Level.CLEAR,
            ),
        )

    def verified(self, level: Level) -> str | None:
        """Return the words for a call that is verified."""
        peer = self.peer
        if level is not Level.VERIFIED or peer is None:
            return None
        return f"Verified with {peer.name or self._spoken_name()} since {(peer.verified_since or '')[:10]}"

    def missing(self, found: security.Assessment) -> str | None:
        """Return the words for a protection that earlier calls had, and this one has not."""
        if found.pending is not Pending.PROTECTION_LOST:
            return None
        better_before = self._before.level.rank > found.level.rank
        since = self._before.since if better_before else self._missing_since
        return f"Protection missing since {since[:10]}" if since else None

    def notices(self, *, in_clear: str | None) -> tuple[str, ...]:
        """Return what the user should hear of besides the level; ``in_clear``: see ``security.notices``."""
        return security.notices(
            self._leg.state, familiar=self._familiar, passed_on_by=self._passed_on_by, in_clear=in_clear
        )

    def verdict(self) -> str | None:
        """Return why the call has to end; ``None``: it has not."""
        leg = self._leg.state
        if leg.protection is not Protection.REFUSED or leg.failure is not None:
            return None
        if self.policy is not Policy.REQUIRE_AUTH:
            return None
        return security.end_for_want_of_proof(leg.proof)


def shown_sas(leg: LegState, secured: Secured) -> Sas:
    """Return the code to read aloud: that of the call behind a trusted PBX, else our own (RFC 6189 §7.3)."""
    return leg.relayed.sas if leg.relayed is not None else secured.sas
