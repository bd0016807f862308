"""Keeps a call by G722 as loud as it was.

G722 has samples of 14 bits, so pjmedia makes what it decodes four times as large, and divides by four what it
encodes. As soon as one decoded sample does not fit that, it takes half of the factor, for both directions and
the rest of the stream: one loud word of which packets were lost, and the other side is 6 dB softer from then
on, and hears us 6 dB louder. Meant for phones that send all of 16 bits, it is right only where it happens
again and again. So the factor is put back, ever more hesitantly.

Nothing here relies on where in a codec's data the factor is: it is found by what stands next to it. Where
that fails all stays as pjmedia has it.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from phone.sip.native import Text, pjsip_library

_log = logging.getLogger("parley.sip")

FACTOR, LEAST, MOST = 4, -(1 << 13), (1 << 13) - 1
"""What ``g722_codec_open`` sets, in the order in which it stands there, as 16 bit numbers."""

PAUSE_S, MOST_PAUSE_S = 2.0, 64.0
"""The factor is put back after the first, then after twice as long each time, up to the second."""

_CODEC = b"G722/16000"
_OPEN = 1
"""Index of ``open`` in ``pjmedia_codec_op``."""
_DATA_BYTES = 1536
"""Of a codec's data so much is searched: the states of both directions' filters come before the factor."""
_PARAM_BYTES = 4096
"""Many times the size of a ``pjmedia_codec_param``."""


class _Codec(ctypes.Structure):
    """``pjmedia_codec``."""

    _fields_ = (
        ("list", ctypes.c_void_p * 2),
        ("data", ctypes.c_void_p),
        ("factory", ctypes.c_void_p),
        ("operations", ctypes.POINTER(ctypes.c_void_p)),
    )


class Scale(ctypes.Structure):
    """The part of a ``g722_data`` that is meant here."""

    _fields_ = (("factor", ctypes.c_int16), ("least", ctypes.c_int16), ("most", ctypes.c_int16))


@dataclass(slots=True)
class _Watched:
    """One codec."""

    scale: Scale
    pause_s: float = PAUSE_S
    due: float | None = None
    """When the factor is put back; ``None``: it is as it should be."""
    seen: float = 0.0
    """When it last was not."""


class Loudness:
    """Watches every G722 codec there will be. Must not be asked after pjsua2's end."""

    def __init__(self, scales: Sequence[Scale]) -> None:
        """``scales``: of all codecs, from ``find_scales``."""
        self._watched = [_Watched(scale) for scale in scales]
        if not self._watched:
            _log.warning("With this build of pjsua2 calls by G722 stay softer after a loud moment.")

    def look(self, now: float) -> None:
        """Put back what has been changed long enough ago; about once a second. ``now``: seconds."""
        for watched in self._watched:
            scale = watched.scale
            if scale.factor == FACTOR:
                watched.due = None
                if now - watched.seen > 2 * watched.pause_s:
                    watched.pause_s = PAUSE_S
            elif watched.due is None:
                watched.due, watched.seen = now + watched.pause_s, now
            elif now >= watched.due:
                watched.due, watched.seen = None, now
                watched.pause_s = min(2 * watched.pause_s, MOST_PAUSE_S)
                scale.least, scale.most = LEAST, MOST
                scale.factor = FACTOR


def find_scales(most: int) -> list[Scale]:
    """Have codecs made, which pjmedia takes again and again, and return what is to be watched in them.

    ``most``: so many are in use at once. Nothing is returned where it cannot be found.
    """
    library = pjsip_library()
    manager = library.pjmedia_endpt_get_codec_mgr(library.pjsua_get_pjmedia_endpt())
    name = Text(_CODEC, len(_CODEC))
    count, info = ctypes.c_uint(1), ctypes.c_void_p()
    if library.pjmedia_codec_mgr_find_codecs_by_id(
        manager, ctypes.byref(name), ctypes.byref(count), ctypes.byref(info), None
    ):
        return []
    parameters = ctypes.create_string_buffer(_PARAM_BYTES)
    if library.pjmedia_codec_mgr_get_default_param(manager, info, parameters):
        return []
    made: list[int] = []
    try:
        for _ in range(most):
            codec = ctypes.c_void_p()
            if library.pjmedia_codec_mgr_alloc_codec(manager, info, ctypes.byref(codec)):
                return []
            made.append(codec.value or 0)
        return [scale for codec in made if (scale := _open(codec, parameters))]
    finally:
        for address in made:
            library.pjmedia_codec_mgr_dealloc_codec(manager, address)


_Open = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def _open(address: int, parameters: ctypes.Array[ctypes.c_char]) -> Scale | None:
    codec = _Codec.from_address(address)
    if not codec.data or _Open(codec.operations[_OPEN])(address, ctypes.addressof(parameters)):
        return None
    wanted = bytes(Scale(FACTOR, LEAST, MOST))
    data = ctypes.string_at(codec.data, _DATA_BYTES)
    at = data.find(wanted)
    return Scale.from_address(codec.data + at) if at >= 0 and data.find(wanted, at + 1) < 0 else None
