"""Lets pjsua2 take part in calls whose session descriptions have the profile of DTLS-SRTP.

``UDP/TLS/RTP/SAVP`` (RFC 5764 §8) is what Asterisk offers under ``media_encryption=dtls``, and pjsua2, which
knows nothing of keys here, refuses it with 488. So a small module of pjsip, between its transports and its
transactions, shows pjsua2 ``DISGUISED`` instead, and puts the profile back into what goes out under that
name. To pjmedia the case of a profile does not matter; to us it does, so that an answer is known to be one to
such an offer, wherever it passes. Our own offers say ``RTP/AVP``.

Nothing here relies on the size of a C structure that the library does not fill in itself: where the m-lines
are is found out with a description of our own. Where that fails such calls are refused, as before.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable

from phone.sip.native import Sent, Text, pjsip_library
from phone.wire.sdp import DISGUISED, DTLS_PROFILE

_log = logging.getLogger("parley.sip")

_PRIORITY = 12
"""Transports have 8, transactions 16: what is received comes here first, and what is sent comes here last."""

_SAMPLE = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 4711 RTP/AVP 0\r\nm=video 4713 RTP/AVP 0\r\n"
)
_SESSION_WORDS = 256
_WORD = ctypes.sizeof(ctypes.c_size_t)
_FIRST_ADDRESS = 1 << 16
_MOST_MEDIA = 16
"""PJMEDIA_MAX_SDP_MEDIA"""
_FINGERPRINT = b"a=fingerprint:"

_profile, _disguise = DTLS_PROFILE.encode(), DISGUISED.encode()
_Take = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _Module(ctypes.Structure):
    """``pjsip_module``."""

    _fields_ = (
        ("list", ctypes.c_void_p * 2),
        ("name", Text),
        ("id", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("load_start_stop_unload", ctypes.c_void_p * 4),
        ("request_received", _Take),
        ("response_received", _Take),
        ("request_sent", _Take),
        ("response_sent", _Take),
        ("transaction_moved", ctypes.c_void_p),
    )


class _Received(ctypes.Structure):
    """``pjsip_rdata_sdp_info``."""

    _fields_ = (("body", Text), ("error", ctypes.c_int), ("session", ctypes.c_void_p))


class _Media(ctypes.Structure):
    """The beginning of a ``pjmedia_sdp_media``."""

    _fields_ = (
        ("kind", Text),
        ("port", ctypes.c_uint16),
        ("port_count", ctypes.c_uint),
        ("profile", Text),
    )


class _Body(ctypes.Structure):
    """The beginning of a ``pjsip_msg_body``."""

    _fields_ = (
        ("type", Text),
        ("subtype", Text),
        ("parameters", ctypes.c_void_p * 6),
        ("data", ctypes.c_void_p),
    )


class _Message(ctypes.Structure):
    """``pjsip_msg``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("line", ctypes.c_void_p * 4),
        ("headers", ctypes.c_void_p * 8),
        ("body", ctypes.POINTER(_Body)),
    )


class Profiles:
    """The module. Must live as long as pjsua2."""

    def __init__(self) -> None:
        """Join pjsip, which must have been initialised."""
        self._media_at = _find_media()
        if self._media_at is None:
            _log.warning("This build of pjsua2 cannot answer calls under DTLS-SRTP.")
            return
        received, sent = _Take(_guarded(self._disguise)), _Take(_guarded(self._restore))
        name = b"parley-profiles"
        self._module = _Module(
            name=Text(name, len(name)),
            id=-1,
            priority=_PRIORITY,
            request_received=received,
            response_received=received,
            request_sent=sent,
            response_sent=sent,
        )
        status = pjsip_library().pjsip_endpt_register_module(
            pjsip_library().pjsua_get_pjsip_endpt(), ctypes.byref(self._module)
        )
        if status:
            _log.warning("Calls under DTLS-SRTP cannot be answered: error %d of pjsip.", status)

    def _disguise(self, message: int) -> None:
        """Change what pjsip has made of a received description, and will use from now on."""
        found = pjsip_library().pjsip_rdata_get_sdp_info(message)
        if found:
            description = _Received.from_address(found)
            if description.session and _FINGERPRINT in _text(description.body):
                self._replace(description.session, _profile, _disguise)

    def _restore(self, message: int) -> None:
        """Change a description before it is written out."""
        sent = Sent.from_address(message)
        if not sent.object_name.startswith(b"tdta") or not sent.message:
            return
        body = _Message.from_address(sent.message).body
        if body and (_text(body.contents.type), _text(body.contents.subtype)) == (b"application", b"sdp"):
            self._replace(body.contents.data, _disguise, _profile)

    def _replace(self, session: int, old: bytes, new: bytes) -> None:
        assert self._media_at is not None
        for media in _media(session + self._media_at):
            if _text(media.profile) == old:
                media.profile = Text(new, len(new))


def _guarded(take: Callable[[int], None]) -> Callable[[int], int]:
    """Let no exception reach pjsip, and every message go on."""

    def guarded(message: int) -> int:
        try:
            take(message)
        except Exception:
            _log.exception("with a message's session description")
        return 0

    return guarded


def _text(found: Text) -> bytes:
    return ctypes.string_at(_start(found), found.length)


def _start(found: Text) -> int:
    return ctypes.c_void_p.from_address(ctypes.addressof(found)).value or 0


def _media(count_at: int) -> list[_Media]:
    """Return the m-lines, whose number stands there with their addresses behind it."""
    count = ctypes.c_uint.from_address(count_at).value
    pointers = (ctypes.c_void_p * min(count, _MOST_MEDIA)).from_address(count_at + _WORD)
    return [_Media.from_address(pointer) for pointer in pointers if pointer]


def _find_media() -> int | None:
    """Return where in a ``pjmedia_sdp_session`` the number of m-lines is; ``None``: it is not as expected."""
    library = pjsip_library()
    pool = library.pjsua_pool_create(b"parley", 4096, 4096)
    try:
        buffer = ctypes.create_string_buffer(_SAMPLE)
        session = ctypes.c_void_p()
        if library.pjmedia_sdp_parse(pool, buffer, len(_SAMPLE), ctypes.byref(session)):
            return None
        start = session.value or 0
        words = (ctypes.c_size_t * _SESSION_WORDS).from_address(start)
        for index in range(_SESSION_WORDS - 2):
            # a length of 2 is followed by other lengths, a number of m-lines by two addresses
            if words[index] == 2 and all(map(_is_address, words[index + 1 : index + 3])):
                first = _Media.from_address(words[index + 1])
                if _start(first.kind) == ctypes.addressof(buffer) + _SAMPLE.index(b"audio"):
                    known = first.port == 4711 and _text(first.profile) == b"RTP/AVP"
                    return index * _WORD if known else None
        return None
    finally:
        library.pj_pool_release(pool)


def _is_address(word: int) -> bool:
    return word > _FIRST_ADDRESS and word % _WORD == 0
