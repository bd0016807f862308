"""What pjsua2's Python binding leaves out, asked of the C library inside it.

The pinned wheel exports every function of pjsip. Nothing here relies on the size of a C structure: each is
filled in by the library itself, and searched; but for ``header_answered``, which knows the beginnings of two.
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


class Text(ctypes.Structure):
    """``pj_str_t``."""

    _fields_ = (("start", ctypes.c_char_p), ("length", ctypes.c_ssize_t))


class _Method(ctypes.Structure):
    """``pjsip_method``."""

    _fields_ = (("id", ctypes.c_int), ("name", Text))


class _HostInfo(ctypes.Structure):
    """``pjsip_host_info``."""

    _fields_ = (("flag", ctypes.c_uint), ("type", ctypes.c_int), ("host", Text), ("port", ctypes.c_int))


_SocketAddress = ctypes.c_uint32 * 7
"""``pj_sockaddr``, as long as an IPv6 address makes it."""


class _ResponseAddress(ctypes.Structure):
    """``pjsip_response_addr``."""

    _fields_ = (
        ("transport", ctypes.c_void_p),
        ("address", _SocketAddress),
        ("address_length", ctypes.c_int),
        ("host", _HostInfo),
    )


class _TransportSelector(ctypes.Structure):
    """``pjsip_tpselector``."""

    _fields_ = (("type", ctypes.c_int), ("alone", ctypes.c_int), ("chosen", ctypes.c_void_p))


class _Transaction(ctypes.Structure):
    """The beginning of a ``pjsip_transaction`` of the version that ``steering`` insists on."""

    _fields_ = (
        ("pool_user_endpoint", ctypes.c_void_p * 3),
        ("terminating", ctypes.c_int),
        ("locks", ctypes.c_void_p * 2),
        ("object_name", ctypes.c_char * 32),
        ("role", ctypes.c_int),
        ("method", _Method),
        ("cseq", ctypes.c_int32),
        ("keys", Text * 2),
        ("hashed_keys", ctypes.c_uint32 * 2),
        ("branch", Text),
        ("status_code", ctypes.c_int),
        ("status_text", Text),
        ("state_and_flags", ctypes.c_int * 3),
        ("handler_and_transport", ctypes.c_void_p * 2),
        ("is_reliable", ctypes.c_int),
        ("address", _SocketAddress),
        ("address_length", ctypes.c_int),
        ("response_address", _ResponseAddress),
        ("transport_flag", ctypes.c_uint),
        ("transport_error", ctypes.c_int),
        ("selector", _TransportSelector),
        ("pending_and_key", ctypes.c_void_p * 2),
        ("last_sent", ctypes.c_void_p),
    )


class Sent(ctypes.Structure):
    """The beginning of a ``pjsip_tx_data`` of that version."""

    _fields_ = (
        ("list_and_pool", ctypes.c_void_p * 3),
        ("object_name", ctypes.c_char * 32),
        ("info", ctypes.c_void_p),
        ("received_at", ctypes.c_long * 2),
        ("transport_manager", ctypes.c_void_p),
        ("operation", ctypes.c_void_p * 37),
        ("lock", ctypes.c_void_p),
        ("message", ctypes.c_void_p),
    )


_LONGEST_HEADER = 4096
"""Bytes; pjsip sends no longer message over UDP."""


@functools.cache
def pjsip_library() -> Any:
    """Return the library, with the types of what is called in it."""
    library = ctypes.CDLL(pj._pjsua2.__file__)
    library.pjsua_pool_create.restype = ctypes.c_void_p
    library.pjsua_pool_create.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t)
    library.pjsua_acc_get_config.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    library.pjsua_acc_modify.argtypes = (ctypes.c_int, ctypes.c_void_p)
    library.pj_pool_release.argtypes = (ctypes.c_void_p,)
    library.pjsip_tsx_get_dlg.restype = ctypes.c_void_p
    library.pjsip_tsx_get_dlg.argtypes = (ctypes.c_void_p,)
    pointer = ctypes.c_void_p
    library.pjsip_rdata_get_tsx.restype = pointer
    library.pjsip_rdata_get_tsx.argtypes = (pointer,)
    library.pjsip_msg_find_hdr_by_name.restype = pointer
    library.pjsip_msg_find_hdr_by_name.argtypes = (pointer, ctypes.POINTER(Text), pointer)
    library.pjsip_hdr_print_on.argtypes = (pointer, ctypes.c_char_p, ctypes.c_size_t)
    library.pjsua_get_pjsip_endpt.restype = pointer
    library.pjsip_endpt_register_module.argtypes = (pointer, pointer)
    library.pjsip_rdata_get_sdp_info.restype = pointer
    library.pjsip_rdata_get_sdp_info.argtypes = (pointer,)
    library.pjmedia_sdp_parse.argtypes = (pointer, pointer, ctypes.c_size_t, pointer)
    library.pjsua_get_pjmedia_endpt.restype = pointer
    library.pjmedia_endpt_get_codec_mgr.restype = pointer
    library.pjmedia_endpt_get_codec_mgr.argtypes = (pointer,)
    library.pjmedia_codec_mgr_find_codecs_by_id.argtypes = (pointer,) * 5
    library.pjmedia_codec_mgr_get_default_param.argtypes = (pointer,) * 3
    library.pjmedia_codec_mgr_alloc_codec.argtypes = (pointer,) * 3
    library.pjmedia_codec_mgr_dealloc_codec.argtypes = (pointer, pointer)
    library.pjsip_dlg_respond.argtypes = (pointer, pointer, ctypes.c_int, pointer, pointer, pointer)
    return library


def silence() -> None:
    """Keep pjlib off standard output, where it talks before ``libInit`` tells it where its log goes."""
    pjsip_library().pj_log_set_level(0)


def keep_to_udp() -> None:
    """Keep pjsip from trying TCP for requests beyond 1300 bytes (RFC 3261 §18.1.1).

    An INVITE with a digest is that long, and where a firewall swallows TCP the call would never begin.
    Fragments of UDP arrive.
    """
    settings = (ctypes.c_int * 18).in_dll(pjsip_library(), "pjsip_sip_cfg_var")
    t1_t2_t4_td = settings[14:18]
    if t1_t2_t4_td == [500, 4000, 5000, 32000]:
        settings[_DISABLE_TCP_SWITCH] = 1


def dialog_of(transaction: Any) -> int:
    """Return which dialog a transaction belongs to, as pjsua2 shows it in ``SipTransaction``."""
    return pjsip_library().pjsip_tsx_get_dlg(int(transaction.pjTransaction)) or 0


def disown(request: Any, dialog: int) -> None:
    """Answer 481 to a request of ``dialog``, as pjsua2 shows it in ``SipRxData``, before pjsua does."""
    pjsip_library().pjsip_dlg_respond(dialog, int(request.pjRxData), 481, None, None, None)


def header_answered(response: Any, name: str) -> str:
    """Return a header of the request that ``response`` answers, as pjsua2 shows it in ``SipRxData``.

    ``NAME: VALUE``; empty if that request has none, or is not known any more.
    """
    library = pjsip_library()
    transaction = library.pjsip_rdata_get_tsx(int(response.pjRxData))
    if not transaction:
        return ""
    found = _Transaction.from_address(transaction)
    sent = found.last_sent
    if not found.object_name.startswith(b"tsx") or not sent:
        return ""
    message = Sent.from_address(sent)
    if not message.object_name.startswith(b"tdta") or not message.message:
        return ""
    wanted = Text(name.encode(), len(name))
    header = library.pjsip_msg_find_hdr_by_name(message.message, ctypes.byref(wanted), None)
    if not header:
        return ""
    printed = ctypes.create_string_buffer(_LONGEST_HEADER)
    length = library.pjsip_hdr_print_on(header, printed, _LONGEST_HEADER)
    return printed.raw[: max(length, 0)].decode(errors="replace")


def set_digest_algorithm(account_id: int, username: str, secret: bytes, algorithm: int) -> None:
    """Tell pjsip which digest the account's hashed ``secret`` was made with. Raise SipError.

    ``AuthCredInfo.algoType`` is lost on its way through pjsua2 2.15.1, and without it pjsip takes MD5.
    """
    library = pjsip_library()
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
