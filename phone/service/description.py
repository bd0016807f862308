"""What the file of ``parley service run`` says, as values. ``docs/service.md`` explains every field."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from phone.secret import Secret
from phone.service.errors import ServiceError
from phone.store.asterisk_conf import AsteriskConfError
from phone.store.pjsip_conf import KeptSecret, read_secrets

T = TypeVar("T", str, bool, int, list[Any])

MOST_CALLS = 64
_URI = re.compile(r"sip:(?P<user>[^@\s<>\";]+)@(?P<host>[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?")
_CREDENTIALS = ("password", "md5", "sha-256", "key")
_POLICIES = ("prefer", "require", "require_auth")


class Kind(Enum):
    """What an end does with its calls."""

    ECHO = "echo"
    ANNOUNCEMENT = "announcement"
    VOICEMAIL = "voicemail"
    PARK = "park"


@dataclass(frozen=True, slots=True)
class End:
    """One unattended end: an account, what it does, and whose secrets it keeps."""

    uri: str
    user: str
    host: str
    port: int
    auth_user: str
    secret: Secret | None = field(repr=False)
    credential: str
    realm: str | None
    policy: str
    kind: Kind
    sound: Path | None
    """To be said: the announcement, the greeting, the music."""
    repeat: bool
    """Say the announcement until the caller hangs up."""
    calls: int
    """At once."""
    bind: str | None
    """Own IPv4 address; ``None``: the one that leads to the PBX."""
    sip_port: int
    longest_s: int
    """Of a call; of a message where messages are taken."""
    silence_s: int
    """After which a message is over."""
    callers: tuple[KeptSecret, ...]


def read(path: Path) -> list[End]:
    """Return the ends that the file describes. Raise ServiceError with the file and the field in it."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
        with open(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            table = tomllib.load(file)
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ServiceError(f"{path} is not TOML: {error}.") from error
    fields = _Fields(path, "", table)
    ends = [_end(each) for each in fields.tables("account")]
    if not ends:
        raise ServiceError(f"{path} has no [[account]].")
    fields.check_known()
    if _holds_secrets(table) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ServiceError(f"{path} has secrets in it and is open to other users: chmod 600 {path}.")
    return ends


class _Fields:
    """A table of the file; remembers what was asked for, so that a misspelt field is told."""

    def __init__(self, path: Path, where: str, table: Mapping[str, Any]) -> None:
        self.path = path
        self._where = where
        self._table = table
        self._asked: set[str] = set()

    def get(self, name: str, kind: type[T], default: T | None = None) -> T | None:
        """Return a field. Raise ServiceError when it is of another type."""
        self._asked.add(name)
        value = self._table.get(name, default)
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            words: dict[type, str] = {
                str: "a text",
                bool: "true or false",
                int: "a whole number",
                list: "a list",
            }
            raise self.wrong(name, f"has to be {words[kind]}")
        return value

    def need(self, name: str) -> str:
        """Return a text that has to be there."""
        value = self.get(name, str)
        if not value:
            raise self.wrong(name, "is missing")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """Return one of ``choices``."""
        value = self.get(name, str, default)
        if value not in choices:
            raise self.wrong(name, f"has to be one of {', '.join(choices)}")
        return value

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """Return a number within bounds."""
        value = self.get(name, int, default)
        assert value is not None
        if not least <= value <= most:
            raise self.wrong(name, f"has to be from {least} to {most}")
        return value

    def file(self, name: str) -> Path | None:
        """Return a file, named relative to the one that is read, that can be read."""
        value = self.get(name, str)
        if value is None:
            return None
        path = (self.path.parent / value).resolve()
        if not os.access(path, os.R_OK) or not path.is_file():
            raise self.wrong(name, f"names {path}, which cannot be read")
        return path

    def secret(self) -> Secret | None:
        """Return the secret, which is in the file or in one of its own."""
        inline, path = self.get("secret", str), self.file("secret_file")
        if inline is not None and path is not None:
            raise self.wrong("secret", "is given twice: leave it out, or secret_file")
        if path is None:
            return Secret(inline.encode()) if inline else None
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise self.wrong("secret_file", f"is open to other users: chmod 600 {path}")
        kept = path.read_bytes().rstrip(b"\r\n")
        if not kept:
            raise self.wrong("secret_file", "is empty")
        return Secret(kept)

    def tables(self, name: str) -> list[_Fields]:
        """Return the tables of an array, in order."""
        values = self.get(name, list, [])
        assert values is not None
        if not all(isinstance(value, dict) for value in values):
            raise self.wrong(name, f"has to be written [[{name}]]")
        return [
            _Fields(self.path, f"{self._where}{name} {number}: ", value)
            for number, value in enumerate(values, 1)
        ]

    def check_known(self) -> None:
        """Raise ServiceError over a field that nobody has asked for."""
        for name in self._table:
            if name not in self._asked:
                raise self.wrong(name, "is not known")

    def wrong(self, name: str, what: str) -> ServiceError:
        """Return the error that ``name`` is wrong."""
        return ServiceError(f"{self.path}: {self._where}{name} {what}.")


def _end(fields: _Fields) -> End:
    uri = fields.need("uri")
    match = _URI.fullmatch(uri)
    if match is None or not 0 < int(match["port"] or 5060) < 65536:
        raise fields.wrong("uri", "has to be sip:USER@HOST or sip:USER@HOST:PORT")
    kind = Kind(fields.choice("does", tuple(each.value for each in Kind), "echo"))
    sound = fields.file("sound")
    if kind is Kind.ANNOUNCEMENT and sound is None:
        raise fields.wrong("sound", "is missing: the WAV file to announce")
    end = End(
        uri=uri,
        user=match["user"],
        host=match["host"],
        port=int(match["port"] or 5060),
        auth_user=fields.get("auth_user", str) or match["user"],
        secret=fields.secret(),
        credential=fields.choice("credential", _CREDENTIALS[:3], "password"),
        realm=fields.get("realm", str),
        policy=fields.choice("policy", _POLICIES, "prefer"),
        kind=kind,
        sound=sound,
        repeat=bool(fields.get("repeat", bool, False)),
        calls=fields.number("calls", 4, least=1, most=MOST_CALLS),
        bind=fields.get("bind", str),
        sip_port=fields.number("sip_port", 0, least=0, most=65535),
        longest_s=fields.number("longest_s", 120 if kind is Kind.VOICEMAIL else 3600, least=1, most=86400),
        silence_s=fields.number("silence_s", 5, least=1, most=3600),
        callers=tuple(_callers(fields)),
    )
    fields.check_known()
    return end


def _callers(fields: _Fields) -> list[KeptSecret]:
    found: list[KeptSecret] = []
    for caller in fields.tables("caller"):
        user, secret = caller.need("user"), caller.secret()
        if secret is None:
            raise caller.wrong("secret", "is missing; so is secret_file")
        found.append(
            KeptSecret(
                caller=caller.get("number", str) or user,
                user=user,
                realm=caller.need("realm"),
                credential=caller.choice("credential", _CREDENTIALS, "password"),
                secret=secret,
            )
        )
        caller.check_known()
    path = fields.file("pjsip_conf")
    realm = fields.get("pjsip_realm", str, "asterisk")
    if path is not None and realm is not None:
        try:
            found += read_secrets(path, realm=realm)
        except AsteriskConfError as error:
            raise fields.wrong("pjsip_conf", f"cannot be used: {error}") from error
    return found


def _holds_secrets(table: Any) -> bool:
    if isinstance(table, dict):
        return "secret" in table or any(map(_holds_secrets, table.values()))
    return isinstance(table, list) and any(map(_holds_secrets, table))
