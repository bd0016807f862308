"""The secrets of an Asterisk's accounts, out of its ``pjsip.conf``.

No library that is kept up reads these files: pyst2 knows neither templates nor other files, and asterisklint,
a checker, leaves templates and appended sections out and calls sections of one name an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from phone.secret import Secret
from phone.store.asterisk_conf import AsteriskConfError, Section, Setting, read_sections
from phone.zrtp.zsa.credentials import MAX_NAME_SIZE, CredentialKind, Identity, ha1

_NUMBER: Final = re.compile(r"<\s*([^<>]+?)\s*>?\s*$")
"""Where ``callerid`` has the number: ``"Name" <number>``."""
_BARE_NUMBER: Final = re.compile(r"[0-9*#+ ().-]+")
_HEX_DIGITS: Final = {"md5": 32, "sha-256": 64, "sha-512-256": 64}
"""Of the digests that Asterisk knows."""
_PROVABLE: Final = {"md5": CredentialKind.MD5_HA1, "sha-256": CredentialKind.SHA256_HA1}
"""Those that ZSA knows (docs/zsa.md)."""
_NO_TEXT: Final = "This name is not UTF-8 text that can be printed."


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """The secret of a caller in one form."""

    caller: str
    """As Asterisk names him to those he calls: the number of ``callerid``, else the endpoint's name."""
    user: str
    """Digest user name."""
    realm: str
    credential: str
    """``password``, ``md5`` or ``sha-256``."""
    secret: Secret = field(repr=False)
    """The password, as UTF-8 text, or the HA1 in lowercase hex."""


def read_secrets(path: Path, *, realm: str) -> list[KeptSecret]:
    """Return the secrets of every endpoint that authenticates, in the order of the file.

    ``realm``: of accounts for which neither their ``auth`` section nor ``default_realm`` in ``[global]``
    names one; Asterisk's own is ``asterisk``. One caller has several entries where Asterisk has several
    forms of his secret; a digest holds against what the password would make of it. Raise AsteriskConfError
    for what Asterisk would not load, and for what it would leave out.
    """
    sections = read_sections(path)
    for section in _of_type(sections, "global"):
        default = section.last("default_realm")
        realm = realm if default is None else _text(default)
    auths = {section.name: section for section in _of_type(sections, "auth")}
    return [
        secret
        for endpoint in _of_type(sections, "endpoint")
        for auth in _auths_of(endpoint, auths)
        for secret in _secrets_of(_caller(endpoint), auth, realm)
    ]


def auth_section(user: str, realm: str, secret: Secret, *, plain: bool) -> str:
    """Return the ``auth`` section that makes Asterisk 22 take ``secret``, a password, and nothing else.

    By its digests alone, unless ``plain``: then by the password, from which Asterisk makes any digest.
    """
    identity = Identity(user, realm)
    lines = [f"[{user}]", "type=auth", "auth_type=digest", f"username={user}", f"realm={realm}"]
    if plain:
        lines.append(f"password={secret.reveal().decode()}")
    else:
        for name, kind in _PROVABLE.items():
            lines.append(f"password_digest={name.upper()}:{ha1(kind, identity, secret).reveal().decode()}")
    return "".join(line.replace(";", "\\;") + "\n" for line in lines)


def _of_type(sections: list[Section], kind: str) -> Iterator[Section]:
    for section in sections:
        given = section.last("type")
        if given is not None and given.value == kind:
            yield section


def _auths_of(endpoint: Section, auths: dict[str, Section]) -> Iterator[Section]:
    setting = endpoint.last("auth")
    names = [] if setting is None else setting.value.split(",")
    for name in filter(None, map(str.strip, names)):
        if name not in auths:
            assert setting is not None
            raise AsteriskConfError(setting.place, "There is no auth section of this name.")
        yield auths[name]


def _caller(endpoint: Section) -> str:
    identity = endpoint.last("callerid")
    if identity is not None:
        if number := _NUMBER.search(identity.value):
            return _text(identity, number[1])
        if _BARE_NUMBER.fullmatch(identity.value):
            # as Asterisk's ast_shrink_phone_number does
            return re.sub(r"[ ().-]", "", identity.value)
    if not endpoint.name.isprintable():
        raise AsteriskConfError(endpoint.place, _NO_TEXT)
    return endpoint.name


def _secrets_of(caller: str, auth: Section, realm: str) -> Iterator[KeptSecret]:
    kind = auth.last("auth_type")
    if kind is not None and kind.value.lower() == "google_oauth":
        return
    user, password, own_realm = (auth.last(name) for name in ("username", "password", "realm"))
    if user is None:
        raise AsteriskConfError(auth.place, "This auth section has no username.")
    digests = _digests(auth)
    if password is None and not digests:
        raise AsteriskConfError(auth.place, "This auth section has neither a password nor a digest.")
    names = (caller, _text(user), realm if own_realm is None else _text(own_realm))
    if password is not None:
        secret = Secret(password.value.encode(errors="surrogateescape"))
        if password.value.isprintable():
            yield KeptSecret(*names, "password", secret)
        else:
            # no text to be passed on as such: its digests say the same
            identity = Identity(*names[1:])
            digests = {name: ha1(kind, identity, secret) for name, kind in _PROVABLE.items()} | digests
    for credential in _PROVABLE:
        if credential in digests:
            yield KeptSecret(*names, credential, digests[credential])


def _digests(auth: Section) -> dict[str, Secret]:
    """Return the HA1 that an ``auth`` section has, by algorithm; the last of each holds."""
    found: dict[str, Secret] = {}
    # for Asterisk both names mean the same, and the algorithm is MD5 where it is not named
    for setting in (one for one in auth.settings if one.name in ("password_digest", "md5_cred")):
        for entry in filter(None, map(str.strip, setting.value.split(","))):
            named, colon, rest = entry.partition(":")
            algorithm, digest = (named.strip().lower(), rest) if colon else ("md5", named)
            digits = _HEX_DIGITS.get(algorithm)
            if digits is None:
                raise AsteriskConfError(setting.place, "Asterisk knows no such digest algorithm.")
            if not re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", digest):
                raise AsteriskConfError(setting.place, f"Such a digest has {digits} hex digits.")
            found[algorithm] = Secret(digest.lower().encode())
    return found


def _text(setting: Setting, part: str | None = None) -> str:
    """Return a value that is a name; raise AsteriskConfError if it is no UTF-8."""
    value = setting.value if part is None else part
    if not value.isprintable():
        raise AsteriskConfError(setting.place, _NO_TEXT)
    if len(value.encode()) > MAX_NAME_SIZE:
        raise AsteriskConfError(setting.place, f"A name of more than {MAX_NAME_SIZE} bytes cannot be proved.")
    return value
