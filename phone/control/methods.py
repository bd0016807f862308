"""What each method of the contract does: it asks the switchboard and the books, and returns JSON values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from phone.calls.accounts import AccountBook
from phone.calls.algorithms import AlgorithmBook
from phone.calls.attendance import Attendance
from phone.calls.contacts import ContactBook
from phone.calls.kept import KeptSecrets
from phone.calls.peers import PeerBook
from phone.calls.preparing import make_key
from phone.calls.ritual import words
from phone.calls.sound import SoundDesk
from phone.calls.switchboard import Switchboard
from phone.calls.values import CallError, Does, Edited, Happened, KeyKind, Programme
from phone.control import contract
from phone.control.contract import METHODS, ControlError
from phone.control.jsonrpc import INVALID_PARAMS, METHOD_NOT_FOUND
from phone.doctor.doctor import Doctor
from phone.secret import Secret
from phone.store.history import History

P = TypeVar("P")


class Methods:
    """The backend as its clients see it."""

    def __init__(
        self,
        *,
        switchboard: Switchboard,
        accounts: AccountBook,
        kept: KeptSecrets,
        peers: PeerBook,
        algorithms: AlgorithmBook,
        sound: SoundDesk,
        contacts: ContactBook,
        history: History,
        attendance: Attendance,
        doctor: Doctor,
        sip_address: str,
    ) -> None:
        """``sip_address``: ``HOST:PORT`` that takes calls without a server."""
        self._switchboard = switchboard
        self._accounts = accounts
        self._kept = kept
        self._peers = peers
        self._sip_address = sip_address
        self._table: dict[str, Callable[[Any], object]] = {
            "status": self._status,
            "account.add": self._add_account,
            "account.edit": self._edit_account,
            "account.list": lambda _: accounts.list(),
            "account.show": lambda given: accounts.show(self._which(given.account)),
            "account.remove": lambda given: accounts.remove(self._which(given.account)),
            "account.test": lambda given: accounts.test(self._which(given.account)),
            "account.new_secret": lambda given: accounts.new_secret(
                self._which(given.account), realm=given.realm, use=given.use, plain=given.plain
            ),
            "account.key": self._set_key,
            "secret.keep": self._keep_secret,
            "secret.list": lambda _: kept.list(),
            "secret.forget": self._forget_secret,
            "call.dial": lambda given: switchboard.dial(given.target, given.account),
            "call.redial": lambda _: switchboard.redial(),
            "call.suggest": lambda given: contacts.suggest(given.text),
            "call.answer": lambda given: switchboard.answer(given.call),
            "call.reject": lambda given: switchboard.reject(given.call, given.how, given.to),
            "call.hang_up": lambda given: switchboard.hang_up(given.call),
            "call.hold": lambda given: switchboard.hold(given.call),
            "call.resume": lambda given: switchboard.resume(given.call),
            "call.mute": lambda given: switchboard.mute(given.call, given.muted),
            "call.dtmf": lambda given: switchboard.dtmf(given.call, given.digits),
            "call.transfer": lambda given: switchboard.transfer(given.call, given.target),
            "call.transfer_to": lambda given: switchboard.transfer_to(given.call, given.to),
            "call.conference": lambda given: switchboard.confer(given.calls),
            "call.verify": lambda given: switchboard.verify(given.call, given.code, given.name),
            "call.allow_clear": lambda given: switchboard.allow_clear(given.call, always=given.always),
            "call.proceed": lambda given: switchboard.proceed(given.call, always=given.always),
            "call.enroll": lambda given: switchboard.enroll(given.call),
            "sas.words": lambda _: words(),
            "call.attend": lambda given: attendance.attend(given.call, _programme(given)),
            "call.record": lambda given: switchboard.record(given.call, given.file),
            "recording.announce": lambda given: sound.announce_recording(given.announce),
            "devices.list": lambda _: sound.snapshot(),
            "devices.choose": lambda given: sound.choose(given.role, given.name),
            "devices.volume": lambda given: sound.set_volume(given.role, given.percent),
            "devices.cancel_echo": lambda given: sound.cancel_echo(given.mode),
            "devices.even_out": lambda given: sound.even_out(given.on),
            "devices.try": lambda given: sound.try_out(given.role),
            "codecs.known": lambda _: sound.known_codecs(),
            "codecs.list": lambda _: sound.codecs(),
            "codecs.set": lambda given: sound.set_codecs(given.names),
            "peers.list": lambda _: peers.list(),
            "peers.show": lambda given: peers.show(given.peer),
            "peers.rename": lambda given: peers.rename(given.peer, given.name),
            "peers.forget": lambda given: peers.forget(given.peer),
            "peers.unverify": lambda given: peers.unverify(given.peer),
            "peers.export": lambda _: peers.export(),
            "peers.import": lambda given: peers.import_(given.document),
            "algorithms.list": lambda _: algorithms.offers(),
            "algorithms.set": lambda given: algorithms.choose(given.kind, given.names),
            "algorithms.reset": lambda given: algorithms.reset(given.kind),
            "contacts.list": lambda given: contacts.list(given.text),
            "contacts.add": lambda given: contacts.add(given.name, given.address, given.policy),
            "contacts.edit": lambda given: contacts.edit(
                given.contact, given.name, given.address, given.policy
            ),
            "contacts.remove": lambda given: contacts.remove(given.contact),
            "contacts.export": lambda _: contacts.export(),
            "contacts.import": lambda given: contacts.import_(given.document),
            "doctor.examine": lambda given: doctor.examine(given.account, given.call, whole=given.whole),
            "history": lambda given: contacts.past(given.count),
            "history.clear": lambda _: history.clear(),
        }

    async def call(self, name: str, given: Mapping[str, Any]) -> object:
        """Carry out one method. Raise ControlError or PhoneError."""
        if name not in self._table:
            raise ControlError(f"There is no method {name!r}.", METHOD_NOT_FOUND)
        method = METHODS[name]
        value = self._table[name](_read(method.params, given))
        answer = facts(await value if isinstance(value, Awaitable) else value)
        if method.edits is not None:
            self._switchboard.publish(Happened("edited", Edited(method.edits)))
        return answer

    def subscribe(self, tell: Callable[[Mapping[str, Any]], None]) -> Callable[[], None]:
        """Tell every ``contract.Event``; return what ends that."""
        return self._switchboard.subscribe(lambda happened: tell(_event(happened)))

    def _status(self, _: contract.Nothing) -> object:
        return {
            "sip": self._sip_address,
            "accounts": facts(self._accounts.list()),
            "calls": facts(self._switchboard.calls()),
        }

    def _add_account(self, given: contract.NewAccount) -> object:
        return self._accounts.add(
            uri=given.uri,
            name=given.name,
            secret=_secret(given.secret),
            credential=given.credential,
            realm=given.realm,
            auth_user=given.auth_user,
            transport=given.transport,
            proxy=given.proxy,
            policy=given.policy,
            weak_proof=given.weak_proof,
        )

    def _edit_account(self, given: contract.AccountChanges) -> object:
        changes = {
            member.name: value
            for member in fields(given)
            if member.name not in ("account", "secret") and (value := getattr(given, member.name)) is not None
        }
        if changes.get("proxy") == "":
            changes["proxy"] = None
        return self._accounts.edit(self._which(given.account), secret=_secret(given.secret), **changes)

    def _set_key(self, given: contract.SetKey) -> object:
        if given.make and given.key is not None:
            raise CallError("A key is either given or made.")
        key = make_key() if given.make else _secret(given.key)
        account = self._accounts.set_key(self._which(given.account), KeyKind(given.kind), key)
        made = key.reveal().decode() if given.make and key is not None else None
        return {"account": facts(account), "made": made}

    def _keep_secret(self, given: contract.KeptSecret) -> object:
        return self._kept.keep(
            self._account_id(given.account),
            given.caller or given.user,
            user=given.user,
            realm=given.realm,
            credential=given.credential,
            secret=Secret(given.secret.encode()),
            beside=given.beside,
            remember=given.remember,
        )

    def _forget_secret(self, given: contract.OneCaller) -> None:
        self._kept.forget(self._account_id(given.account), given.caller)

    def _account_id(self, account: str | None) -> str | None:
        return None if account is None else self._accounts.find(account).id

    def _which(self, account: str | None) -> str:
        """Return ``account``, or the only one there is. Raise CallError."""
        if account is not None:
            return account
        known = [snapshot.id for snapshot in self._accounts.list()]
        if len(known) != 1:
            raise CallError(
                f"There are several accounts; say which: {', '.join(known)}."
                if known
                else "There is no account."
            )
        return known[0]


def facts(value: object) -> Any:
    """Return a snapshot, or a list of them, as JSON values."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [facts(member) for member in value]
    if is_dataclass(value):
        return {member.name: facts(getattr(value, member.name)) for member in fields(value)}
    return value


def _event(happened: Happened) -> dict[str, Any]:
    if isinstance(happened.subject, Edited):
        return {"event": happened.event, "edited": happened.subject.kind}
    kind = happened.event if happened.event in ("account", "sound", "checkup") else "call"
    return {"event": happened.event, kind: facts(happened.subject)}


def _programme(given: contract.Attend) -> Programme:
    return Programme(
        Does(given.does),
        None if given.file is None else Path(given.file),
        given.loop,
        given.longest_s,
        given.silence_s,
    )


def _secret(text: str | None) -> Secret | None:
    return None if text is None else Secret(text.encode())


def _read(kind: type[P], given: Mapping[str, Any]) -> P:
    """Return ``given`` as the parameters of a method. Raise ControlError with a sentence that names one."""
    hints = get_type_hints(kind)
    known = {member.name: member for member in fields(kind)}  # type: ignore[arg-type]  # all are dataclasses
    for name, value in given.items():
        if name not in known:
            raise ControlError(f"There is no parameter {name!r}.", INVALID_PARAMS)
        if not _fits(value, hints[name]):
            raise ControlError(f"The parameter {name} cannot have this value.", INVALID_PARAMS)
    for name, member in known.items():
        if member.default is MISSING and name not in given:
            raise ControlError(f"The parameter {name} is missing.", INVALID_PARAMS)
    return kind(**given)


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, choice) for choice in get_args(hint))
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is list:
        return isinstance(value, list) and all(_fits(member, *get_args(hint)) for member in value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        return False  # a bool is an int to Python, but not here
    if isinstance(value, int):
        return abs(value) < 1 << 63  # what the database can take
    # half a surrogate pair is JSON but no text: nothing can store or send it
    return not isinstance(value, str) or not any("\ud800" <= letter <= "\udfff" for letter in value)
