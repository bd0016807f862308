"""Accounts: what is kept of them, and how each stands at its registrar."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from twisted.internet.defer import Deferred

from phone.calls.health import SecretHealth
from phone.calls.kept import KeptSecrets
from phone.calls.preparing import KEY, key_bytes
from phone.calls.proofs import Proofs
from phone.calls.strength import make_secret
from phone.calls.values import (
    AccountSnapshot,
    CallError,
    KeyKind,
    MessagesSnapshot,
    NewSecret,
    Policy,
    WeakProof,
)
from phone.secret import Secret
from phone.sip.interface import (
    AccountSettings,
    CredentialKind,
    RegistrarAnswer,
    Registration,
    SipAccount,
    SipEndpoint,
    SipError,
    Transport,
)
from phone.store.accounts import Account, Accounts
from phone.store.pjsip_conf import auth_section
from phone.store.secrets import Secrets
from phone.wire.summary import MessageSummary
from phone.zrtp.zsa.credentials import CredentialsError

_URI = re.compile(r"sip:(?P<user>[^@\s<>\"]+)@(?P<host>[A-Za-z0-9.-]+)(?P<port>:\d{1,5})?")
_PROXY = re.compile(r"sip:[A-Za-z0-9.-]+(:\d{1,5})?(;[^\s<>\"]+)?")
ANY_REALM: Final = "*"
"""Of an account that has a password: whatever the registrar asks for."""
_HA1_DIGITS = {CredentialKind.MD5_HA1: 32, CredentialKind.SHA256_HA1: 64}


@dataclass(slots=True)
class _Live:
    """An account and its registration."""

    record: Account
    sip: SipAccount
    state: Registration
    reason: str = ""
    messages: MessagesSnapshot | None = None
    aux: Secret | None = None
    """The auxiliary secret of its calls."""
    waiting: list[Deferred[AccountSnapshot]] = field(default_factory=list)
    """Who wants to know how the registrar answers."""

    def close(self) -> None:
        """Unregister; who still waits is told."""
        self.sip.close()
        for answered in self.waiting:
            answered.errback(CallError(f"The account {self.record.id} was changed or removed meanwhile."))


class AccountBook:
    """Adds, edits and removes accounts, and follows their registrations."""

    def __init__(
        self,
        accounts: Accounts,
        secrets: Secrets,
        proofs: Proofs,
        *,
        kept: KeptSecrets,
        health: SecretHealth,
        changed: Callable[[AccountSnapshot], None],
    ) -> None:
        self._accounts = accounts
        self._proofs = proofs
        self._kept = kept
        self._health = health
        self._secrets = secrets
        self._changed = changed
        self._endpoint: SipEndpoint | None = None
        self._live: dict[str, _Live] = {}

    def attach(self, endpoint: SipEndpoint) -> None:
        """Join the SIP stack and register every account."""
        self._endpoint = endpoint
        for record in self._accounts.all():
            self._start(record, self._secrets.get(record.id))

    # what people do

    def add(
        self,
        *,
        uri: str,
        name: str,
        secret: Secret | None,
        credential: str,
        realm: str | None,
        auth_user: str | None,
        transport: str,
        proxy: str | None,
        policy: str,
        weak_proof: str,
    ) -> AccountSnapshot:
        """Keep a new account and register it. Raise CallError for a field that cannot be right."""
        match = self._check_uri(uri)
        record = Account(
            id=self._free_id(match),
            uri=uri,
            name=name,
            auth_user=auth_user or match["user"],
            transport=transport,
            proxy=proxy,
            policy=policy,
            credential=credential,
            realm=realm or ANY_REALM,
            weak_proof=weak_proof,
        )
        self._check(record, secret)
        # first, so that what SIP refuses is not kept: it would keep the next backend from starting
        snapshot = self._start(record, secret)
        if secret is not None:
            self._secrets.set(record.id, secret)
        self._accounts.save(record)
        return snapshot

    def edit(self, account_id: str, *, secret: Secret | None = None, **changes: Any) -> AccountSnapshot:
        """Change fields of an account and register it anew."""
        live = self._get(account_id)
        record = replace(live.record, **changes)
        self._check_uri(record.uri)
        if (record.uri, record.proxy) != (live.record.uri, live.record.proxy):
            record = replace(record, learned_realm="")  # of another server
        kept = self._secrets.get(live.record.id)
        self._check(record, secret or kept)
        live.close()
        try:
            snapshot = self._start(record, secret or kept)
        except CallError:
            self._start(live.record, kept)
            raise
        if secret is not None:
            self._secrets.set(record.id, secret)
        self._accounts.save(record)
        return snapshot

    def new_secret(self, account_id: str, *, realm: str | None, use: bool, plain: bool) -> NewSecret:
        """Make a secret that nobody can guess, and what the PBX has to know of it.

        ``realm``: if it is not known yet, or another one; ``use``: let the account have it, which is refused
        by its registrar until the PBX has it too; ``plain``: the PBX is to keep it as it is. Raise CallError.
        """
        record = self._get(account_id).record
        realm = realm or _realm(record)
        if realm is None:
            raise CallError(
                f"The realm of {record.id} is not known: register it once, or name it. (Asterisk's is"
                " asterisk where pjsip.conf says nothing else.)"
            )
        secret = make_secret(secrets.token_bytes)
        try:
            section = auth_section(record.auth_user, realm, secret, plain=plain)
        except CredentialsError as error:
            raise CallError(str(error)) from error
        if use:
            changes = {"credential": CredentialKind.PASSWORD.value, "realm": realm}
            self.edit(account_id, secret=secret, **changes)
        return NewSecret(None if use else secret.reveal().decode(), section)

    def set_key(self, account_id: str, kind: KeyKind, key: Secret | None) -> AccountSnapshot:
        """Give an account a random key in hex, or take it away. Raise CallError."""
        live = self._get(account_id)
        kinds = set(live.record.keys.split()) - {kind.value}
        if key is None:
            self._secrets.remove(_key_name(live.record, kind))
        else:
            try:
                key_bytes(key)
            except CredentialsError as error:
                raise CallError(str(error)) from error
            self._secrets.set(_key_name(live.record, kind), key)
            kinds.add(kind.value)
        live.record = replace(live.record, keys=" ".join(sorted(kinds)))
        self._accounts.save(live.record)
        self._prepare(live, self._secrets.get(live.record.id))
        self._changed(self._snapshot(live))
        return self._snapshot(live)

    def remove(self, account_id: str) -> None:
        """Unregister an account and forget it with its secret."""
        live = self._get(account_id)
        live.close()
        del self._live[live.record.id]
        self._proofs.account_removed(live.record.id)
        self._kept.account_removed(live.record.id)
        self._health.account_removed(live.record.id)
        self._accounts.remove(live.record.id)
        self._secrets.remove(live.record.id)
        for kind in map(KeyKind, live.record.keys.split()):
            self._secrets.remove(_key_name(live.record, kind))

    def list(self) -> list[AccountSnapshot]:
        """Return every account."""
        return [self._snapshot(live) for live in self._live.values()]

    def show(self, account_id: str) -> AccountSnapshot:
        """Return one account. Raise CallError if there is none of that id."""
        return self._snapshot(self._get(account_id))

    def test(self, account_id: str) -> Deferred[AccountSnapshot]:
        """Register afresh; fires with the account as the registrar answered, good or bad."""
        live = self._get(account_id)
        answered: Deferred[AccountSnapshot] = Deferred()
        live.waiting.append(answered)
        live.sip.register()
        return answered

    def answer(self, account_id: str) -> RegistrarAnswer | None:
        """Return how an account's registrar has answered last; ``None``: not at all. Raise CallError."""
        return self._get(account_id).sip.answer

    # what the switchboard asks

    def find(self, account_id: str) -> AccountSnapshot:
        """Return one account by its id or address. Raise CallError."""
        for live in self._live.values():
            if account_id in (live.record.id, live.record.uri):
                return self._snapshot(live)
        raise CallError(f"There is no account {account_id!r}.")

    def at_host(self, uri: str) -> AccountSnapshot | None:
        """Return the account whose registrar is the host that ``uri`` names."""
        host = uri.partition(":")[2].rpartition("@")[2].partition(";")[0]
        for live in self._live.values():
            if live.record.uri.partition("@")[2] == host:
                return self._snapshot(live)
        return None

    def default(self) -> AccountSnapshot | None:
        """Return the first registered account, or else the first."""
        ordered = sorted(self._live.values(), key=lambda live: live.state is not Registration.REGISTERED)
        return self._snapshot(ordered[0]) if ordered else None

    def sip_account(self, account_id: str) -> SipAccount:
        """Return the SIP side of an account."""
        return self._get(account_id).sip

    def aux_secret(self, account_id: str) -> Secret | None:
        """Return the auxiliary secret of an account's calls; ``None``: it has none."""
        return self._get(account_id).aux

    def owner(self, sip: SipAccount) -> AccountSnapshot | None:
        """Return the account that ``sip`` belongs to."""
        for live in self._live.values():
            if live.sip is sip:
                return self._snapshot(live)
        return None

    # what the SIP stack tells

    def registration_changed(self, sip: SipAccount, state: Registration, reason: str) -> None:
        """Note how an account stands."""
        for live in self._live.values():
            if live.sip is sip:
                live.state = state
                live.reason = reason if state is Registration.FAILED else ""
                snapshot = self._snapshot(live)
                self._changed(snapshot)
                if state is not Registration.REGISTERING:
                    told, live.waiting = live.waiting, []
                    for answered in told:
                        answered.callback(snapshot)

    def messages_changed(self, sip: SipAccount, summary: MessageSummary) -> None:
        """Note what waits in an account's mailbox."""
        for live in self._live.values():
            if live.sip is sip:
                live.messages = MessagesSnapshot(summary.waiting, summary.new, summary.old, summary.account)
                self._changed(self._snapshot(live))

    def realm_accepted(self, sip: SipAccount, realm: str) -> None:
        """Note for which realm the registrar has taken an account's secret: to its ends it can be proved."""
        for live in self._live.values():
            if live.sip is sip and live.record.realm == ANY_REALM and live.record.learned_realm != realm:
                live.record = replace(live.record, learned_realm=realm)
                self._accounts.save(live.record)
                self._proofs.realm_changed(live.record.id, realm)
                self._changed(self._snapshot(live))

    # inside

    def _start(self, record: Account, secret: Secret | None) -> AccountSnapshot:
        if self._endpoint is None:
            raise CallError("The backend is not ready yet.")
        try:
            sip = self._endpoint.add_account(
                AccountSettings(
                    uri=record.uri,
                    display_name=record.name,
                    auth_user=record.auth_user,
                    secret=secret,
                    credential=CredentialKind(record.credential),
                    realm=record.realm,
                    transport=Transport(record.transport),
                    proxy=record.proxy,
                )
            )
        except SipError as error:
            raise CallError(str(error)) from error
        self._live[record.id] = live = _Live(record, sip, Registration.REGISTERING)
        self._prepare(live, secret)
        snapshot = self._snapshot(live)
        self._changed(snapshot)
        return snapshot

    def _prepare(self, live: _Live, secret: Secret | None) -> None:
        """Make ready what an account's calls need of its secrets."""
        record = live.record
        aux, key = (self._key(record, kind) for kind in (KeyKind.AUX, KeyKind.PROOF))
        live.aux = None if aux is None else key_bytes(aux)
        forms = {} if secret is None else {record.credential: secret}
        if key is not None:
            forms[KEY] = key
        self._health.account_changed(record, secret, estimated=lambda: self._changed(self._snapshot(live)))
        self._proofs.account_changed(
            record.id,
            record.auth_user,
            _realm(record),
            forms,
            prepared=lambda: self._changed(self._snapshot(live)),
        )

    def _key(self, record: Account, kind: KeyKind) -> Secret | None:
        return self._secrets.get(_key_name(record, kind)) if kind.value in record.keys.split() else None

    def _get(self, account_id: str) -> _Live:
        return self._live[self.find(account_id).id]

    def _free_id(self, match: re.Match[str]) -> str:
        identifier = f"{match['user']}@{match['host']}{match['port'] or ''}"
        if identifier in self._live:
            raise CallError(f"There is already an account {identifier}; edit it, or remove it first.")
        return identifier

    @staticmethod
    def _check_uri(uri: str) -> re.Match[str]:
        match = _URI.fullmatch(uri)
        if match is None and "@[" in uri:
            raise CallError(f"{uri!r} is at an IPv6 address, and Parley speaks IPv4: use its IPv4 address.")
        if match is None or not 0 < int((match["port"] or ":5060")[1:]) < 65536:
            raise CallError(f"{uri!r} is not an account's address: use sip:USER@HOST or sip:USER@HOST:PORT.")
        return match

    @staticmethod
    def _check(record: Account, secret: Secret | None) -> None:
        if record.proxy is not None and not _PROXY.fullmatch(record.proxy):
            raise CallError(f"{record.proxy!r} is not a proxy's address: use sip:HOST or sip:HOST:PORT.")
        kind = CredentialKind(record.credential)
        if kind is CredentialKind.PASSWORD or secret is None:
            return
        if not re.fullmatch(rb"[0-9a-f]{%d}" % _HA1_DIGITS[kind], secret.reveal()):
            raise CallError(f"A {record.credential} HA1 has {_HA1_DIGITS[kind]} lowercase hex digits.")
        if record.realm == ANY_REALM:
            raise CallError(f"A {record.credential} HA1 belongs to one realm: name it.")

    def _snapshot(self, live: _Live) -> AccountSnapshot:
        record = live.record
        return AccountSnapshot(
            id=record.id,
            uri=record.uri,
            name=record.name,
            auth_user=record.auth_user,
            transport=record.transport,
            proxy=record.proxy,
            policy=Policy(record.policy),
            credential=record.credential,
            realm=_realm(record),
            proves_to=self._proofs.realm(record.id),
            weak_proof=WeakProof(record.weak_proof),
            keys=tuple(map(KeyKind, record.keys.split())),
            state=live.state.value,
            reason=live.reason,
            messages=live.messages,
            health=self._health.findings(record.id),
        )


def _key_name(record: Account, kind: KeyKind) -> str:
    """Return what a key is filed under; no account's name has a space."""
    return f"{kind.value} key of {record.id}"


def _realm(record: Account) -> str | None:
    """Return the realm that an account's secret is for; ``None``: that is not known yet."""
    return (record.learned_realm or None) if record.realm == ANY_REALM else record.realm
