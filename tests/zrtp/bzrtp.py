"""libbzrtp, the ZRTP of Linphone, as the other end of a link: the real thing, in virtual time.

Debian's ``libbzrtp0`` (5.1.64) comes with ``linphone-cli``. Numbers and structures are those of its header.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_int32, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pytest

SECURE: Final = 0x1004
HASHES: Final = {"S256": 0x11, "S384": 0x12}
CIPHERS: Final = {"AES1": 0x21, "AES3": 0x23}
AUTH_TAGS: Final = {"HS32": 0x31, "HS80": 0x32}
KEY_AGREEMENTS: Final = {"DH2k": 0x41, "X255": 0x42, "X448": 0x44, "DH3k": 0x45, "Mult": 0x4F}
SAS_TYPES: Final = {"B32": 0x51, "B256": 0x52}
_KINDS: Final = ((1, HASHES), (2, CIPHERS), (4, AUTH_TAGS), (8, KEY_AGREEMENTS), (16, SAS_TYPES))
_TICK: Final = 0.01
"""Seconds between two looks at its timers."""


class _Secrets(ctypes.Structure):
    _fields_ = (
        ("self_key", POINTER(c_uint8)),
        ("self_key_length", c_uint8),
        ("self_salt", POINTER(c_uint8)),
        ("self_salt_length", c_uint8),
        ("peer_key", POINTER(c_uint8)),
        ("peer_key_length", c_uint8),
        ("peer_salt", POINTER(c_uint8)),
        ("peer_salt_length", c_uint8),
        ("cipher", c_uint8),
        ("cipher_key_length", c_uint8),
        ("auth_tag", c_uint8),
        ("sas", c_char_p),
        ("sas_length", c_uint8),
        ("hash", c_uint8),
        ("key_agreement", c_uint8),
        ("sas_type", c_uint8),
        ("cache_mismatch", c_uint8),
        ("aux_mismatch", c_uint8),
    )


_Status = ctypes.CFUNCTYPE(c_int, c_void_p, c_uint8, c_uint8, c_char_p)
_Send = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_uint16)
_Available = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(_Secrets), c_uint8)
_Started = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(_Secrets), c_int32)
_Exported = ctypes.CFUNCTYPE(c_int, c_void_p, c_int, c_uint8)


class _Callbacks(ctypes.Structure):
    _fields_ = (
        ("status", _Status),
        ("level", c_int),
        ("send", _Send),
        ("available", _Available),
        ("started", _Started),
        ("exported", _Exported),
    )


@cache
def _library() -> Any:
    try:
        library = ctypes.CDLL("libbzrtp.so.0")
    except OSError:
        pytest.skip("libbzrtp is not installed")
    library.bzrtp_createBzrtpContext.restype = c_void_p
    context, ssrc = c_void_p, c_uint32
    arguments: dict[str, tuple[Any, ...]] = {
        "bzrtp_setCallbacks": (context, POINTER(_Callbacks)),
        "bzrtp_setZIDCache": (context, c_void_p, c_char_p, c_char_p),
        "bzrtp_setSupportedCryptoTypes": (context, c_uint8, POINTER(c_uint8), c_uint8),
        "bzrtp_initBzrtpContext": (context, ssrc),
        "bzrtp_setClientData": (context, ssrc, c_void_p),
        "bzrtp_setPeerHelloHash": (context, ssrc, c_char_p, ctypes.c_size_t),
        "bzrtp_getSelfHelloHash": (context, ssrc, c_char_p, ctypes.c_size_t),
        "bzrtp_startChannelEngine": (context, ssrc),
        "bzrtp_iterate": (context, ssrc, c_uint64),
        "bzrtp_processMessage": (context, ssrc, c_char_p, c_uint16),
        "bzrtp_getChannelStatus": (context, ssrc),
        "bzrtp_SASVerified": (context,),
        "bzrtp_destroyBzrtpContext": (context, ssrc),
    }
    for name, types in arguments.items():
        getattr(library, name).argtypes = types
    return library


class SqliteCache:
    """What bzrtp remembers between calls."""

    def __init__(self) -> None:
        self._sqlite = ctypes.CDLL("libsqlite3.so.0")
        self.pointer = c_void_p()
        assert self._sqlite.sqlite3_open(b":memory:", ctypes.byref(self.pointer)) == 0


@dataclass(frozen=True)
class Outcome:
    """What bzrtp agreed on."""

    local_key: bytes
    local_salt: bytes
    remote_key: bytes
    remote_salt: bytes
    sas: str
    key_agreement: int
    verified: bool
    cache_mismatch: bool


class BzrtpParty:
    """One end of a link. Also its own session: it has the calls that a link makes."""

    def __init__(self, ssrc: int, *, cache: SqliteCache | None = None, **algorithms: list[str]) -> None:
        """``algorithms`` are lists of names: hashes, ciphers, auth_tags, key_agreements, sas_types."""
        self.session = self
        self.sent: list[bytes] = []
        self.outcome: Outcome | None = None
        self._library = _library()
        self._ssrc = ssrc
        self._cache = cache
        self._outgoing: list[bytes] = []
        self._secrets: dict[str, Any] = {}
        self._started = False
        self._now = 0.0
        self._context = self._library.bzrtp_createBzrtpContext()
        self._callbacks = _Callbacks(
            _Status(lambda *_: 0), 0, _Send(self._send), _Available(self._available), _Started(self._secured)
        )
        self._check("bzrtp_setCallbacks", ctypes.byref(self._callbacks))
        if cache is not None:
            self._call("bzrtp_setZIDCache", cache.pointer, b"sip:bzrtp@test", b"sip:parley@test")
        for kind, codes in _KINDS:
            names = algorithms.get(
                {1: "hashes", 2: "ciphers", 4: "auth_tags", 8: "key_agreements", 16: "sas_types"}[kind]
            )
            if names is not None:
                listed = (c_uint8 * 7)(*(codes[name] for name in names))
                self._check("bzrtp_setSupportedCryptoTypes", kind, listed, len(names))
        self._check("bzrtp_initBzrtpContext", ssrc)

    @property
    def secure(self) -> bool:
        return bool(self._call("bzrtp_getChannelStatus", self._ssrc) == SECURE)

    @property
    def hello_hash(self) -> str:
        """Its value for ``a=zrtp-hash``."""
        text = ctypes.create_string_buffer(80)
        self._check("bzrtp_getSelfHelloHash", self._ssrc, text, 80)
        return text.value.decode()

    def expect_hello_hash(self, value: str) -> None:
        """Tell it ours."""
        self._check("bzrtp_setPeerHelloHash", self._ssrc, value.encode(), len(value))

    def verify(self) -> None:
        """Its user has compared the SAS."""
        self._library.bzrtp_SASVerified(self._context)

    # what a link calls

    def start(self, now: float) -> None:
        self._now = now
        self._check("bzrtp_startChannelEngine", self._ssrc)
        self._started = True
        self._call("bzrtp_iterate", self._ssrc, round(now * 1000))

    def receive_datagram(self, datagram: bytes, now: float) -> None:
        self._now = now
        self._call("bzrtp_processMessage", self._ssrc, datagram, len(datagram))

    def get_timer(self) -> float | None:
        if not self._started or self.secure:
            return None
        return (math.floor(self._now / _TICK + 1e-6) + 1) * _TICK

    def handle_timer(self, now: float) -> None:
        self._now = now
        self._call("bzrtp_iterate", self._ssrc, round(now * 1000))

    def collect(self) -> list[bytes]:
        datagrams, self._outgoing = self._outgoing, []
        self.sent += datagrams
        return datagrams

    def close(self) -> None:
        self._library.bzrtp_destroyBzrtpContext(self._context, self._ssrc)

    # what it calls

    def _send(self, _: object, data: int, length: int) -> int:
        self._outgoing.append(ctypes.string_at(data, length))
        return 0

    def _available(self, _: object, pointer: Any, part: int) -> int:
        secrets = pointer.contents
        if part & 1:
            self._secrets["local_key"] = bytes(secrets.self_key[: secrets.self_key_length])
            self._secrets["local_salt"] = bytes(secrets.self_salt[: secrets.self_salt_length])
        if part & 2:
            self._secrets["remote_key"] = bytes(secrets.peer_key[: secrets.peer_key_length])
            self._secrets["remote_salt"] = bytes(secrets.peer_salt[: secrets.peer_salt_length])
        return 0

    def _secured(self, _: object, pointer: Any, verified: int) -> int:
        secrets = pointer.contents
        self.outcome = Outcome(
            **self._secrets,
            sas=secrets.sas.decode(),
            key_agreement=secrets.key_agreement,
            verified=bool(verified),
            cache_mismatch=bool(secrets.cache_mismatch),
        )
        return 0

    def _call(self, name: str, *arguments: Any) -> int:
        function: Callable[..., int] = getattr(self._library, name)
        return function(self._context, *arguments)

    def _check(self, name: str, *arguments: Any) -> None:
        assert self._call(name, *arguments) == 0, name
