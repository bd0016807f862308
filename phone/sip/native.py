"""What pjsua2's Python binding leaves out, asked of the C library inside it.

The pinned wheel exports every function of pjsip. Nothing here relies on the size of a C structure: each is
filled in by the library itself, and searched.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import pjsua2 as pj

from phone.sip.interface import SipError

_CONFIG_WORDS = 8192
"""64 KiB: many times the size of a ``pjsua_acc_config``."""

_DISABLE_TCP_SWITCH = 4
"""Index in ``pjsip_cfg_t``; the timers of RFC 3261 §17.1 at 14 prove that its layout is the one known."""

_WORD = ctypes.sizeof(ctypes.c_void_p)


class _Credentials(ctypes.Structure):
    """The beginning of a ``pjsip_cred_info``; a ``pj_str_t`` is a pointer and a length."""

    _fields_ = (
        ("realm", ctypes.c_void_p),
        ("realm_length", ctypes.c_ssize_t),
        ("scheme", ctypes.c_void_p),
        ("scheme_length", ctypes.c_ssize_t),
        ("username", ctypes.c_void_p),
        ("username_length", ctypes.c_ssize_t),
        ("data_type", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("data_length", ctypes.c_ssize_t),
        ("algorithm_type", ctypes.c_int),
    )


@functools.cache
def _library() -> Any:
    library = ctypes.CDLL(pj._pjsua2.__file__)
    library.pjsua_pool_create.restype = ctypes.c_void_p
    library.pjsua_pool_create.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t)
    library.pjsua_acc_get_config.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    library.pjsua_acc_modify.argtypes = (ctypes.c_int, ctypes.c_void_p)
    library.pj_pool_release.argtypes = (ctypes.c_void_p,)
    library.pjsip_tsx_get_dlg.restype = ctypes.c_void_p
    library.pjsip_tsx_get_dlg.argtypes = (ctypes.c_void_p,)
    pointer = ctypes.c_void_p
    library.pjsip_dlg_respond.argtypes = (pointer, pointer, ctypes.c_int, pointer, pointer, pointer)
    return library


def silence() -> None:
    """Keep pjlib off standard output, where it talks before ``libInit`` tells it where its log goes."""
    _library().pj_log_set_level(0)


def keep_to_udp() -> None:
    """Keep pjsip from trying TCP for requests beyond 1300 bytes (RFC 3261 §18.1.1).

    An INVITE with a digest is that long, and where a firewall swallows TCP the call would never begin.
    Fragments of UDP arrive.
    """
    settings = (ctypes.c_int * 18).in_dll(_library(), "pjsip_sip_cfg_var")
    t1_t2_t4_td = settings[14:18]
    if t1_t2_t4_td == [500, 4000, 5000, 32000]:
        settings[_DISABLE_TCP_SWITCH] = 1


def dialog_of(transaction: Any) -> int:
    """Return which dialog a transaction belongs to, as pjsua2 shows it in ``SipTransaction``."""
    return _library().pjsip_tsx_get_dlg(int(transaction.pjTransaction)) or 0


def disown(request: Any, dialog: int) -> None:
    """Answer 481 to a request of ``dialog``, as pjsua2 shows it in ``SipRxData``, before pjsua does."""
    _library().pjsip_dlg_respond(dialog, int(request.pjRxData), 481, None, None, None)


def set_digest_algorithm(account_id: int, username: str, secret: bytes, algorithm: int) -> None:
    """Tell pjsip which digest the account's hashed ``secret`` was made with. Raise SipError.

    ``AuthCredInfo.algoType`` is lost on its way through pjsua2 2.15.1, and without it pjsip takes MD5.
    """
    library = _library()
    pool = library.pjsua_pool_create(b"parley", 4096, 4096)
    try:
        config = (ctypes.c_void_p * _CONFIG_WORDS)()
        found = library.pjsua_acc_get_config(account_id, pool, config) == 0 and _find(
            config, username, secret
        )
        if not found:
            raise SipError("This build of pjsua2 cannot use a hashed password of this kind.")
        found.algorithm_type = algorithm
        status = library.pjsua_acc_modify(account_id, config)
        if status != 0:
            raise SipError(f"The account cannot be used: error {status} of pjsip.")
    finally:
        library.pj_pool_release(pool)


def _find(config: Any, username: str, secret: bytes) -> _Credentials | None:
    """Return the credentials inside a ``pjsua_acc_config``, by what they must look like."""
    start = ctypes.addressof(config)
    for word in range(_CONFIG_WORDS - ctypes.sizeof(_Credentials) // _WORD):
        candidate = _Credentials.from_address(start + word * _WORD)
        if (
            candidate.data_length == len(secret)
            and candidate.username_length == len(username.encode())
            and candidate.scheme_length == len("digest")
            and candidate.data_type == pj.PJSIP_CRED_DATA_DIGEST
            and candidate.algorithm_type == pj.PJSIP_AUTH_ALGORITHM_NOT_SET
            and candidate.data
            and ctypes.string_at(candidate.data, len(secret)) == secret
        ):
            return candidate
    return None
