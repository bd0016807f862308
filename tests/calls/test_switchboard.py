"""All calls together: who is dialled, who is told, what is left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from twisted.internet.defer import maybeDeferred

from phone.calls.accounts import AccountBook
from phone.calls.call import Call
from phone.calls.contacts import ContactBook
from phone.calls.health import SecretHealth
from phone.calls.kept import KeptSecrets
from phone.calls.latch import Best, Latches
from phone.calls.proofs import Proofs
from phone.calls.switchboard import Switchboard
from phone.calls.values import CallError, CallSnapshot, Happened, KeyKind, Level, Policy
from phone.media import encryption
from phone.media.encryption import Protection, Trust
from phone.media.leg import LegListener, MediaLeg
from phone.secret import Secret
from phone.sip.interface import Dialog, SipCallListener
from phone.store.accounts import Accounts
from phone.store.contacts import Contacts
from phone.store.database import Database
from phone.store.guesses import GuessStore
from phone.store.history import History
from phone.store.kept import KeptStore
from phone.store.levels import BestLevels
from phone.store.secrets import Secrets
from phone.store.trust import TrustStore
from phone.wire.description import Address
from phone.zrtp.cache import Zid
from phone.zrtp.events import Doubt, NotAuthenticated
from phone.zrtp.zsa.claim import Claim
from phone.zrtp.zsa.guesses import FREE_GUESSES
from tests.calls.test_accounts import add
from tests.calls.test_call import STREAM
from tests.calls.test_security import SECURED
from tests.fakes import IDLE, FakeAcquaintances, FakeEndpoint, FakeLeg, FakePeer, FakeSipCall

SOURCE = Address("192.0.2.9", 5060)


class Office:
    """A switchboard on a stand-in SIP stack and stand-in legs, with a real database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.endpoint = FakeEndpoint()
        self.history = History(database)
        secrets = Secrets(folder / "secrets.json", keyring_service=None)
        kept = KeptSecrets(KeptStore(database, secrets), off_reactor=maybeDeferred)
        trust = TrustStore(database, lambda: 1000.0)
        self.proofs = Proofs(GuessStore(database), kept, trust, off_reactor=maybeDeferred, now=lambda: 1000.0)
        self.accounts = AccountBook(
            Accounts(database),
            secrets,
            self.proofs,
            kept=kept,
            health=SecretHealth(maybeDeferred),
            changed=lambda snapshot: None,
        )
        self.legs: list[FakeLeg] = []
        self.policies: list[encryption.Policy] = []
        self.claims: list[Claim | None] = []
        self.aux_secrets: list[Secret | None] = []
        self.latched: list[Trust] = []
        self.people = FakeAcquaintances()
        self.now = 1_772_625_600.0
        self.listeners: list[SipCallListener] = []
        """Of the calls dialled by ``connected``."""
        self.later: list[Callable[[], None]] = []
        self.happened: list[Happened] = []
        self.pressed: list[str] = []
        self.no_port = False
        self.contacts = ContactBook(Contacts(database), self.history, self._look_again)
        self.latches = Latches(BestLevels(database), self.contacts, lambda: self.now)
        self.board = Switchboard(
            accounts=self.accounts,
            contacts=self.contacts,
            acquaintances=self.people,
            latches=self.latches,
            proofs=self.proofs,
            history=self.history,
            make_leg=self._make_leg,
            route=lambda host: "192.0.2.100",
            call_later=lambda delay, call: self.later.append(call),
            now=lambda: 100.0,
            peer_policy=Policy.PREFER,
            pressed=self.pressed.append,
        )
        self.board.attach(self.endpoint)
        self.accounts.attach(self.endpoint)
        self.board.subscribe(self.happened.append)

    def _make_leg(
        self,
        *,
        policy: encryption.Policy,
        listener: LegListener,
        claim: Claim | None,
        aux_secret: Secret | None,
        latched: Trust,
        remembered: Callable[[Zid], Trust],
    ) -> MediaLeg:
        self.remembered = remembered
        self.claims.append(claim)
        self.aux_secrets.append(aux_secret)
        if self.no_port:
            raise OSError(98, "Address already in use")
        self.latched.append(latched)
        self.policies.append(policy)
        self.legs.append(FakeLeg())
        return self.legs[-1]  # type: ignore[return-value]

    def _look_again(self) -> None:
        self.board.trust_changed()

    def ring(self, uri: str = "sip:carol@192.0.2.9") -> SipCallListener:
        """Let somebody call without an account."""
        return self.board.call_incoming(None, FakeSipCall(remote_uri=uri), SOURCE)

    def connected(self, count: int, account: str | None = None) -> list[FakeSipCall]:
        """Dial ``count`` calls, each answered; return their dialogs."""
        for number in range(count):
            self.board.dial(f"sip:ben{len(self.listeners) + number}@192.0.2.7", account)
            self.listeners.append(self.endpoint.listeners[-1])
            self.listeners[-1].dialog_changed(Dialog.CONNECTED, 200, "OK")
        return self.endpoint.calls[-count:]

    def secure(self, number: int) -> None:
        """Let a leg, and its call, be secure."""
        self.legs[number].state = replace(IDLE, protection=Protection.SECURE, secured=SECURED)
        self.board.trust_changed()

    def tell(self, number: int) -> None:
        """Let a leg tell its call, dialled by ``connected``, that it has changed."""
        listener = self.listeners[number]
        assert isinstance(listener, Call)
        listener.leg_changed(self.legs[number])  # type: ignore[arg-type]

    def end(self, number: int) -> None:
        """Let a call that was dialled end."""
        self.listeners[number].dialog_changed(Dialog.ENDED, 200, "OK")

    def events(self) -> list[str]:
        """Return the names of what was told."""
        return [event.event for event in self.happened]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office without accounts."""
    with contextlib.closing(Database(tmp_path / "parley.sqlite3")) as database:
        yield Office(database, tmp_path)


def test_number_is_dialled_at_the_default_account(office: Office) -> None:
    """With the account's own host."""
    add(office.accounts)
    call = office.board.dial(" 102 ", None)
    assert office.endpoint.dialled == [(office.endpoint.latest, "sip:102@pbx.example")]
    assert call.account == "alice@pbx.example"


def test_address_at_the_host_of_an_account_goes_through_it(office: Office) -> None:
    """Its server knows the way, and wants to know who calls."""
    add(office.accounts)
    assert office.board.dial("sip:ben@pbx.example", None).account == "alice@pbx.example"


def test_address_elsewhere_is_called_directly(office: Office) -> None:
    """Peer to peer, whatever accounts there are."""
    add(office.accounts)
    assert office.board.dial("sip:ben@192.0.2.7:5062;transport=tcp", None).account is None
    assert office.endpoint.dialled == [(None, "sip:ben@192.0.2.7:5062;transport=tcp")]


def test_named_account_is_used(office: Office) -> None:
    """Also for an address elsewhere."""
    add(office.accounts)
    assert office.board.dial("sip:ben@192.0.2.7", "alice@pbx.example").account == "alice@pbx.example"


@pytest.mark.parametrize(
    "target", ["", "sip:", "sip:a b@host", "bob@", "http://bob", "sip:bob@host:port", "<sip:x@y>"]
)
def test_what_cannot_be_called_is_refused(office: Office, target: str) -> None:
    """Nothing is opened for it."""
    add(office.accounts)
    with pytest.raises(CallError):
        office.board.dial(target, None)
    assert office.legs == []


def test_number_without_an_account_is_refused(office: Office) -> None:
    """The sentence says what is missing."""
    with pytest.raises(CallError, match="no account"):
        office.board.dial("102", None)


def test_call_that_sip_refuses_leaves_nothing_behind(office: Office) -> None:
    """Its leg is closed, and it is in no list."""
    with pytest.raises(CallError, match="cannot be called"):
        office.board.dial("sip:refused@192.0.2.7", None)
    assert office.legs[0].closed
    assert office.board.calls() == []


def test_lack_of_ports_is_told(office: Office) -> None:
    """A call without sound would be none."""
    office.no_port = True
    with pytest.raises(CallError, match="No free port"):
        office.board.dial("sip:ben@192.0.2.7", None)


@pytest.mark.parametrize(
    ("policy", "gate"), [("prefer", encryption.Policy.PREFER), ("require", encryption.Policy.REQUIRE)]
)
def test_policy_of_the_account_is_the_gates(office: Office, policy: str, gate: encryption.Policy) -> None:
    """What the account asks for is what its legs are opened with."""
    add(office.accounts, policy=policy)
    office.board.dial("102", None)
    assert office.policies == [gate]


def test_calls_are_named_where_there_are_several(office: Office) -> None:
    """One that rings is meant by ``answer`` all the same."""
    with pytest.raises(CallError, match="no call"):
        office.board.hang_up(None)
    office.board.dial("sip:ben@192.0.2.7", None)
    office.ring()
    with pytest.raises(CallError, match="1, 2"):
        office.board.hang_up(None)
    with pytest.raises(CallError, match="no call 7"):
        office.board.hang_up("7")
    assert office.board.answer(None).id == "2"


def test_ended_call_is_written_down_and_its_keys_go(office: Office) -> None:
    """It is told once, leaves every list, and its leg is closed outside its own callback."""
    listener = office.ring()
    listener.dialog_changed(Dialog.ENDED, 487, "Request Terminated")
    assert office.events() == ["call.incoming", "call.ended"]
    assert office.board.calls() == []
    (past,) = office.history.latest(5)
    assert (past.uri, past.reason, past.duration_s) == ("sip:carol@192.0.2.9", "The caller gave up.", None)
    assert not office.legs[0].closed
    for call in office.later:
        call()
    assert office.legs[0].closed


def test_nothing_is_told_twice(office: Office) -> None:
    """A state that is no other than before is no news."""
    listener = office.ring()
    listener.dialog_changed(Dialog.INCOMING, 0, "")
    assert office.events() == ["call.incoming"]


def test_keys_pressed_here_are_heard(office: Office) -> None:
    """They have a tone, once they have been sent."""
    listener = office.ring()
    office.board.answer(None)
    with pytest.raises(CallError):
        office.board.dtmf(None, "1")
    listener.dialog_changed(Dialog.CONNECTED, 200, "OK")
    listener.stream_created(STREAM)
    office.board.dtmf(None, "4#")
    assert office.pressed == ["4#"]


def test_keys_pressed_by_the_peer_are_told(office: Office) -> None:
    """As an event of their own, beside the call's."""
    office.ring().dtmf_received("5")
    assert office.events() == ["call.incoming", "call", "dtmf"]
    subject = office.happened[-1].subject
    assert isinstance(subject, CallSnapshot)
    assert subject.dtmf == "5"


def test_transfer_opens_a_call_of_its_own(office: Office) -> None:
    """With a leg of its own: nothing agreed with the old peer holds for the new one."""
    listener = office.ring()
    taken = listener.transfer_requested("sip:dave@192.0.2.8", FakeSipCall(remote_uri="sip:dave@192.0.2.8"))
    assert taken is not None
    assert [call.remote_uri for call in office.board.calls()] == ["sip:carol@192.0.2.9", "sip:dave@192.0.2.8"]
    assert len(office.legs) == 2


def test_call_that_takes_the_place_of_a_secure_one_is_latched(office: Office) -> None:
    """Its leg lets nothing pass in clear; that of a call that never was secure may."""
    listener = office.ring()
    listener.transfer_requested("sip:dave@192.0.2.8", FakeSipCall(remote_uri="sip:dave@192.0.2.8"))
    office.secure(0)
    listener.replaced(FakeSipCall(remote_uri="sip:erin@192.0.2.8"))
    assert office.latched == [Trust.NOTHING, Trust.NOTHING, Trust.KEYS]


def test_latch_outlives_a_second_transfer(office: Office) -> None:
    """Also when the call between was never secure."""
    listener = office.ring()
    office.secure(0)
    second = listener.replaced(FakeSipCall(remote_uri="sip:dave@192.0.2.8"))
    assert second is not None
    second.replaced(FakeSipCall(remote_uri="sip:erin@192.0.2.8"))
    assert office.latched == [Trust.NOTHING, Trust.KEYS, Trust.KEYS]


def test_one_call_is_talked_to_at_a_time(office: Office) -> None:
    """Dialling, answering and resuming put the others on hold."""
    first, second = office.connected(2)
    assert second.asked == []
    assert first.asked == ["hold"]
    office.board.resume("1")
    assert (first.asked, second.asked) == (["hold", "resume"], ["hold"])
    office.ring()
    office.board.answer("3")
    assert first.asked == ["hold", "resume", "hold"]


def test_conference_joins_and_takes_back_from_hold(office: Office) -> None:
    """All members are heard; each names the others; a further call can join, and one that ends is out."""
    first, second = office.connected(2)
    told = office.board.confer(["1", "2"])
    assert [call.conference for call in told] == [("2",), ("1",)]
    assert [call.held for call in told] == [False, False]
    third = office.connected(1)[0]
    assert [call.held for call in office.board.confer(["3", "1"])] == [False, False, False]
    assert office.endpoint.conferences[-1] == [call.remote_uri for call in (third, first, second)]
    office.end(2)
    assert [call.conference for call in office.board.calls()] == [("2",), ("1",)]
    office.end(1)
    assert office.endpoint.conferences[-1] == []
    assert office.board.calls()[0].conference == ()


@pytest.mark.parametrize(
    ("ids", "words"), [(["1"], "at least two"), (["1", "1"], "two"), (["1", "9"], "no call 9")]
)
def test_conference_that_makes_no_sense_is_refused(office: Office, ids: list[str], words: str) -> None:
    """In words."""
    office.connected(2)
    with pytest.raises(CallError, match=words):
        office.board.confer(ids)


def test_only_connected_calls_are_joined(office: Office) -> None:
    """One that rings has to be answered first."""
    office.connected(1)
    office.ring()
    with pytest.raises(CallError, match="only connected calls"):
        office.board.confer(["1", "2"])


def test_call_that_requires_encryption_is_not_heard_over_a_plain_one(office: Office) -> None:
    """Neither by joining, nor by going on in clear within a conference."""
    add(office.accounts, policy="require")
    office.connected(1)
    office.connected(1, account="alice@pbx.example")
    office.secure(1)
    with pytest.raises(CallError, match="Call 2 requires encryption"):
        office.board.confer(["1", "2"])
    office.secure(0)
    office.board.confer(["1", "2"])
    with pytest.raises(CallError, match="Call 2 requires encryption"):
        office.board.allow_clear("1")
    assert not office.legs[0].clear_allowed


def test_plain_call_in_a_conference_is_told_to_the_others(office: Office) -> None:
    """Their own protection does not reach over it."""
    office.connected(2)
    office.secure(0)
    secure, plain = office.board.confer(["1", "2"])
    assert [any("not encrypted" in notice for notice in call.notices) for call in (secure, plain)] == [
        True,
        False,
    ]
    office.secure(1)
    assert office.board.call("1").notices == ()


def test_attended_transfer_names_two_calls(office: Office) -> None:
    """And tells the first dialog of the second."""
    first, second = office.connected(2)
    with pytest.raises(CallError, match="itself"):
        office.board.transfer_to("1", "1")
    office.board.transfer_to("1", "2")
    assert first.asked[-1] == f"transfer to {second.remote_uri}"
    with pytest.raises(CallError, match="already"):
        office.board.transfer("1", "sip:x@192.0.2.1")


def test_transfer_is_told_and_ends_the_call(office: Office) -> None:
    """Each step is an event; when the third party has answered, our call is hung up."""
    (sip,) = office.connected(1)
    office.board.transfer("1", "sip:carol@192.0.2.9")
    listener = office.listeners[0]
    listener.transfer_progress(180, "Ringing", final=False)
    listener.transfer_progress(200, "OK", final=True)
    assert sip.asked == ["transfer sip:carol@192.0.2.9", "hang up"]
    office.end(0)
    assert office.events().count("transfer") == 3
    assert office.history.latest(1)[0].reason == "Passed on to sip:carol@192.0.2.9."


def test_contact_is_called_by_name_and_recognised(office: Office) -> None:
    """Whatever the case of its letters; the name is shown in place of what the caller calls himself."""
    office.contacts.add("Ben Nevis", "sip:ben@192.0.2.7", None)
    assert office.board.dial("ben nevis", None).remote_uri == "sip:ben@192.0.2.7"
    office.ring("sip:ben@192.0.2.7:5070")
    assert office.board.call("2").remote_name == "Ben Nevis"
    office.contacts.edit("Ben Nevis", "Benjamin", None, None)
    assert office.board.call("2").remote_name == "Benjamin"


def test_contact_with_a_number_is_called_at_an_account(office: Office) -> None:
    """The name comes before an extension of the same letters."""
    add(office.accounts)
    office.contacts.add("boss", "103", None)
    assert office.board.dial("boss", None).remote_uri == "sip:103@pbx.example"


@pytest.mark.parametrize(
    ("account", "contact", "dialled", "rings"),
    [
        ("prefer", "require", "require", "require"),
        ("require", "prefer", "prefer", "require"),
        ("require", "require_auth", "require_auth", "require_auth"),
        ("require", None, "require", "require"),
    ],
)
def test_contacts_policy_holds_where_the_user_calls(
    office: Office, account: str, contact: str | None, dialled: str, rings: str
) -> None:
    """His own word counts for whom he calls; who calls in may be anybody, and gets nothing less by a name."""
    add(office.accounts, policy=account)
    office.contacts.add("Carol", "sip:carol@192.0.2.9", contact)
    office.board.dial("Carol", "alice@pbx.example")
    sip = FakeSipCall(remote_uri="sip:carol@192.0.2.9")
    office.board.call_incoming(office.endpoint.latest, sip, SOURCE)
    assert [policy.value for policy in office.policies] == [dialled, rings]


def test_whoever_we_are_sent_to_needs_as_much(office: Office) -> None:
    """A transfer lowers no policy: neither that of the call it comes from, nor by the contact it leads to."""
    office.contacts.add("Carol", "sip:carol@192.0.2.9", "require")
    office.contacts.add("Dave", "sip:dave@192.0.2.8", "prefer")
    listener = office.ring()
    listener.transfer_requested("sip:dave@192.0.2.8", FakeSipCall(remote_uri="sip:dave@192.0.2.8"))
    assert office.policies == [encryption.Policy.REQUIRE] * 2


def test_next_call_to_the_address_is_latched(office: Office) -> None:
    """Whatever the direction, the port and the contact's name; until the user forgets it."""
    office.connected(1)
    office.secure(0)
    office.tell(0)
    office.end(0)
    office.board.dial("sip:ben0@192.0.2.7:5070", None)
    office.ring("sip:ben0@192.0.2.7;transport=tcp")
    office.ring("sip:ben1@192.0.2.7")
    assert office.latched == [Trust.NOTHING, Trust.KEYS, Trust.KEYS, Trust.NOTHING]
    assert office.latches.best("sip:ben0@192.0.2.7") == Best(Level.ENCRYPTED, "2026-03-04")


def test_best_level_is_kept_whatever_comes_after(office: Office) -> None:
    """A lesser call takes nothing away, a later one as good moves the date; the user's word lowers it."""
    office.contacts.add("Ben", "104", None)
    office.latches.note("sip:104@pbx.example", Level.VERIFIED)
    office.now += 86400
    office.latches.note("sip:104@pbx.example", Level.ENCRYPTED)
    assert office.latches.best("sip:104@other.example") == Best(Level.VERIFIED, "2026-03-04")
    office.latches.note("sip:104@pbx.example", Level.VERIFIED)
    assert office.latches.best("sip:104@pbx.example") == Best(Level.VERIFIED, "2026-03-05")
    office.latches.lower("sip:104@pbx.example", Level.AUTHENTICATED)
    assert office.latches.best("sip:104@pbx.example").level is Level.AUTHENTICATED
    office.latches.lower("sip:104@pbx.example", Level.CLEAR)
    assert office.latches.best("sip:104@pbx.example") == Best()


@pytest.mark.parametrize("uri", ["sip:anonymous@anonymous.invalid", "sip:anonymous@pbx.example"])
def test_anonymous_callers_have_nothing_in_common(office: Office, uri: str) -> None:
    """One who was secure says nothing of the next."""
    office.latches.note(uri, Level.VERIFIED)
    assert office.latches.best(uri) == Best()


def test_what_is_known_of_a_device_counts_at_every_address(office: Office) -> None:
    """A compared code before a proved secret, and that only at the account it belongs to."""
    add(office.accounts)
    office.connected(1, account="alice@pbx.example")
    zid = SECURED.peer_zid
    assert office.remembered(zid) is Trust.NOTHING
    office.people.proofs["other@pbx.example", zid] = "2026-03-04T12:00:00Z"
    assert office.remembered(zid) is Trust.NOTHING
    office.people.proofs["alice@pbx.example", zid] = "2026-03-04T12:00:00Z"
    assert office.remembered(zid) is Trust.SECRET
    office.people.peers[zid] = FakePeer("Ben", "2026-03-04T12:00:00Z")
    assert office.remembered(zid) is Trust.CODE


def test_redial_calls_whoever_was_called_last(office: Office) -> None:
    """With the same account; incoming calls do not count."""
    with pytest.raises(CallError, match="Nobody has been called"):
        office.board.redial()
    add(office.accounts)
    office.connected(1, account="alice@pbx.example")
    office.end(0)
    office.ring().dialog_changed(Dialog.ENDED, 487, "")
    again = office.board.redial()
    assert (again.remote_uri, again.account) == ("sip:ben0@192.0.2.7", "alice@pbx.example")


@pytest.mark.parametrize(
    ("how", "to", "asked"),
    [
        ("busy", None, "reject 486"),
        ("decline", None, "reject 603"),
        ("busy", "sip:dave@192.0.2.8", "reject 302 sip:dave@192.0.2.8"),
    ],
)
def test_call_that_rings_is_refused_as_asked(office: Office, how: str, to: str | None, asked: str) -> None:
    """Busy, declined, or sent to somebody else."""
    sip = FakeSipCall()
    office.board.call_incoming(None, sip, SOURCE)
    office.board.reject(None, how, to)
    assert sip.asked == [asked]


def test_end_of_the_backend_hangs_up_everything(office: Office) -> None:
    """Each peer is told."""
    office.board.dial("sip:ben@192.0.2.7", None)
    office.board.close()
    assert office.endpoint.calls[0].asked == ["hang up"]


def test_auxiliary_secret_is_for_calls_of_its_account(office: Office) -> None:
    """Only those, and only while it has one."""
    add(office.accounts, realm="asterisk")
    (account,) = office.accounts.list()
    office.board.dial("sip:ben@192.0.2.7", None)
    office.board.dial("102", account.id)
    office.accounts.set_key(account.id, KeyKind.AUX, Secret(b"5a" * 32))
    office.board.dial("103", account.id)
    office.accounts.set_key(account.id, KeyKind.AUX, None)
    office.board.dial("104", account.id)
    assert office.aux_secrets == [None, None, Secret(b"\x5a" * 32), None]


def test_calls_of_an_account_claim_to_know_its_secret(office: Office) -> None:
    """Whoever called; a wrong secret is counted for the address that was called."""
    add(office.accounts, realm="asterisk")
    (account,) = office.accounts.list()
    call = office.board.dial("600", None)
    (claim,) = office.claims
    assert claim is not None
    assert claim.credentials.identity.user == account.auth_user
    for _ in range(FREE_GUESSES):
        office.proofs.weigh(claim, call.remote_uri, NotAuthenticated(Doubt.WRONG_TAG, guess=True))
    office.board.dial("600", None)
    office.board.dial("601", None)
    assert [claim.blocked for claim in office.claims if claim] == [False, True, False]
