"""The conference bridge's sound card: frames between pjmedia and a ``SoundCard``."""

from __future__ import annotations

import array
import ctypes
import logging
import math
import secrets
from itertools import permutations
from typing import Any

import pjsua2 as pj

from phone.audio.interface import FRAME_BYTES, FRAME_MS, RATE, SILENCE, SoundCard
from phone.audio.silent import NullCard
from phone.sip.interface import SoundSink

_log = logging.getLogger("parley.sip")

SILENT_DB = -100.0
"""The level of no sound at all."""


class _Begin(ctypes.Structure):
    """The first two pointers of a ``std::vector``, in every common C++ library."""

    _fields_ = (("begin", ctypes.c_void_p), ("end", ctypes.c_void_p))


def _data_address(vector: Any, length: int) -> int | None:
    """Return where the bytes of a ``ByteVector`` lie; ``None`` unless it holds exactly ``length``."""
    span = _Begin.from_address(int(vector.this))
    begin, end = span.begin, span.end
    return begin if begin and end and end - begin == length else None


def _layout_is_known() -> bool:
    """Prove on a random frame that ``_data_address`` finds it, reading and writing."""
    before, after = secrets.token_bytes(FRAME_BYTES), secrets.token_bytes(FRAME_BYTES)
    vector = pj.ByteVector(before)
    address = _data_address(vector, FRAME_BYTES)
    if address is None or ctypes.string_at(address, FRAME_BYTES) != before:
        return False
    ctypes.memmove(address, after, FRAME_BYTES)
    return bytes(vector) == after


_LAYOUT_IS_KNOWN = _layout_is_known()


def _format() -> Any:
    frame_format = pj.MediaFormatAudio()
    frame_format.init(pj.PJMEDIA_FORMAT_PCM, RATE, 1, FRAME_MS * 1000, 16)
    return frame_format


def _heard(frame: Any) -> bytes:
    """Return what is in a frame of ``FRAME_BYTES``."""
    buffer = frame.buf
    address = _data_address(buffer, FRAME_BYTES) if _LAYOUT_IS_KNOWN else None
    return bytes(buffer) if address is None else ctypes.string_at(address, FRAME_BYTES)


class _Port(pj.AudioMediaPort):  # type: ignore[misc]
    """Called by pjmedia's clock every 20 ms, in its thread."""

    def __init__(self, sound: SoundCard) -> None:
        super().__init__()
        self.sound = sound
        """May be changed at any time, for the next frame."""
        self._out = pj.ByteVector(SILENCE)
        self._out_address = _data_address(self._out, FRAME_BYTES) if _LAYOUT_IS_KNOWN else None
        if self._out_address is None:
            _log.warning("this pjsua2 lays out its frames in an unknown way; copying them slowly")
        self._failed = False
        self.said = SILENCE
        """The last frame of the microphone."""
        self.createPort("parley", _format())

    def onFrameRequested(self, frame: Any) -> None:
        """The bridge wants to hear the microphone."""
        try:
            sound = self.sound.capture()
            if len(sound) != FRAME_BYTES:
                sound = SILENCE
            self.said = sound
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            if self._out_address is None:
                frame.buf = pj.ByteVector(sound)
            else:
                ctypes.memmove(self._out_address, sound, FRAME_BYTES)
                frame.buf = self._out
        except Exception:
            self._complain()

    def onFrameReceived(self, frame: Any) -> None:
        """The bridge has something to be heard; frames are empty when nobody is connected."""
        try:
            if frame.size == FRAME_BYTES:
                self.sound.playback(_heard(frame))
        except Exception:
            self._complain()

    def _complain(self) -> None:
        # once: fifty tracebacks a second would end the call as well
        if not self._failed:
            self._failed = True
            _log.exception("the sound card failed")


Edge = tuple[int, int]
"""Who is heard by whom: two calls, a call and a card, or a call and its recorder."""

CARD = -2
"""No call's number; -1 is that of one that has none yet."""


def _recorder_of(call_id: int) -> int:
    """Return which end of an edge the recorder of a call is."""
    return CARD - 1 - 2 * call_id


def _own_card_of(call_id: int) -> int:
    """Return which end of an edge the card is that a call has for itself."""
    return CARD - 2 - 2 * call_id


REST = 10
"""Polls for which a connection that was just changed is left alone.

pjmedia makes and breaks connections at its next frame, but judges at once, by how things still are, whether
there is anything to do: what is broken and made again in between stays broken.
"""


class _Recorder(pj.AudioMediaPort):  # type: ignore[misc]
    """Hears one call, and pairs what it hears with what the microphone said in the same 20 ms."""

    def __init__(self, port: _Port) -> None:
        super().__init__()
        self._port = port
        self.sink: SoundSink | None = None
        """``None``: it hears nobody, for now."""
        self.silent = False
        """The call does not get to hear the microphone."""
        self.createPort("recorder", _format())

    def onFrameReceived(self, frame: Any) -> None:
        """Comes every 20 ms, with an empty frame while nobody is connected."""
        sink = self.sink
        if sink is None:
            return
        try:
            heard = _heard(frame) if frame.size == FRAME_BYTES else SILENCE
            both = array.array("h", bytes(2 * FRAME_BYTES))
            both[0::2] = array.array("h", SILENCE if self.silent else self._port.said)
            both[1::2] = array.array("h", heard)
            sink.write(both.tobytes())
        except Exception:
            _log.exception("a frame could not be recorded")


class Bridge:
    """Connects calls with each other and with one sound card, which is open only while it is needed."""

    def __init__(self, sound: SoundCard) -> None:
        self._sound = sound
        self._port: _Port | None = _Port(sound)
        self._connected: set[int] = set()
        self._media: dict[int, Any] = {}
        """The audio of the calls whose stream is there."""
        self._muted: set[int] = set()
        """The calls that do not hear the microphone."""
        self._conference: frozenset[int] = frozenset()
        """The calls that hear each other."""
        self._made: set[Edge] = set()
        self._resting: dict[Edge, int] = {}
        """Polls that are left."""
        self._recorders: dict[int, _Recorder] = {}
        self._own: dict[int, _Port] = {}
        """What the calls talk to that have a card of their own."""
        self._spare: list[_Port] = []
        """Ports of calls that are over, for others to come.

        None is destroyed before the end: pjmedia takes a port away at its next frame, when its memory would
        belong to somebody else.
        """
        self._spare_recorders: list[_Recorder] = []

    def set_volume(self, microphone: float, speaker: float) -> None:
        """Make both louder or quieter; 1.0: as it comes."""
        if self._port is not None:
            self._port.adjustTxLevel(microphone)
            self._port.adjustRxLevel(speaker)

    def levels(self) -> tuple[float, float]:
        """Return how loud microphone and speaker are now, dB below full scale."""
        if self._port is None or not self._connected:
            return SILENT_DB, SILENT_DB
        return _level_db(self._port.getRxLevel()), _level_db(self._port.getTxLevel())

    def record(self, call_id: int, sink: SoundSink | None) -> None:
        """Write both sides of a call to ``sink``, also of its streams to come, until ``None`` ends that."""
        recorder = self._recorders.pop(call_id, None)
        edge = (call_id, _recorder_of(call_id))
        if recorder is not None:
            recorder.sink = None
            if edge in self._made:
                self._media[call_id].stopTransmit(recorder)
                self._made.remove(edge)
                self._resting[edge] = REST
        if sink is not None and self._port is not None:
            if recorder is not None:
                # another port takes its place, so that nothing has to rest
                self._resting.pop(edge, None)
            spare = self._spare_recorders
            self._recorders[call_id] = fresh = spare.pop(0) if spare else _Recorder(self._port)
            fresh.sink = sink
            self._settle()
        if recorder is not None:
            self._spare_recorders.append(recorder)

    def give(self, call_id: int, sound: SoundCard) -> None:
        """Let a call talk to this card, and to nobody else, until it gets another one or ends."""
        if self._port is None:
            return
        own = self._own.get(call_id)
        if own is None:
            own = self._own[call_id] = self._spare.pop(0) if self._spare else _Port(sound)
        else:
            own.sound.stop()
        sound.start()
        own.sound = sound
        self._settle()

    def connect(self, call_id: int, media: Any) -> None:
        """Join a call's audio with its card, both ways; again after each change of the stream."""
        if self._port is None:
            return
        self._media[call_id] = media
        self._settle()
        if call_id in self._own:
            return
        if not self._connected:
            self._sound.start()
        self._connected.add(call_id)

    def mute(self, call_id: int, muted: bool) -> None:
        """Keep the microphone from a call, or let it have it again; also for its streams to come."""
        (self._muted.add if muted else self._muted.discard)(call_id)
        self._settle()

    def confer(self, call_ids: frozenset[int]) -> None:
        """Let these calls hear each other, and no others."""
        self._conference = call_ids
        self._settle()

    def tick(self) -> None:
        """Time has passed: once for every poll."""
        if self._resting:
            self._resting = {edge: left - 1 for edge, left in self._resting.items() if left > 1}
            self._settle()

    def stream_gone(self, call_id: int) -> None:
        """Note that a call's stream has gone, and with it its connections; another one may follow."""
        self._media.pop(call_id, None)
        self._made = {edge for edge in self._made if call_id not in edge}
        self._resting = {edge: left for edge, left in self._resting.items() if call_id not in edge}

    def disconnect(self, call_id: int) -> None:
        """Note that a call has no sound any more."""
        self.stream_gone(call_id)
        if call_id in self._connected:
            self._connected.remove(call_id)
            if not self._connected:
                self._sound.stop()

    def forget(self, call_id: int) -> None:
        """A call is over: its number may be that of another one from now on."""
        self.disconnect(call_id)
        self._muted.discard(call_id)
        self._conference -= {call_id}
        self.record(call_id, None)
        own = self._own.pop(call_id, None)
        if own is not None:
            own.sound.stop()
            own.sound = NullCard()
            self._spare.append(own)

    def close(self) -> None:
        """Drop the ports; before ``libDestroy``."""
        self._recorders.clear()
        for own in self._own.values():
            own.sound.stop()
        self._own.clear()
        self._spare.clear()
        self._spare_recorders.clear()
        self._port = None
        self._media.clear()
        if self._connected:
            self._connected.clear()
            self._sound.stop()

    def _wanted(self) -> set[Edge]:
        there = self._media.keys()
        cards = {call_id: _own_card_of(call_id) if call_id in self._own else CARD for call_id in there}
        wanted = set(cards.items())
        wanted |= {(cards[call_id], call_id) for call_id in there - self._muted}
        # each hears itself, at level 0: the stream of who hears nobody else goes on, with silence in it
        wanted |= {(call_id, call_id) for call_id in there}
        wanted |= {(call_id, _recorder_of(call_id)) for call_id in there & self._recorders.keys()}
        return wanted | set(permutations(self._conference & there, 2))

    def _settle(self) -> None:
        if self._port is None:
            return
        for call_id, recorder in self._recorders.items():
            recorder.silent = call_id in self._muted or call_id not in self._media
        for edge in self._wanted() ^ self._made:
            if edge not in self._resting:
                self._switch(*edge)

    def _end(self, number: int) -> Any:
        if number == CARD:
            return self._port
        if number >= 0:
            return self._media[number]
        call_id, is_card = divmod(CARD - 1 - number, 2)
        return self._own[call_id] if is_card else self._recorders[call_id]

    def _switch(self, source: int, sink: int) -> None:
        heard, hearer = self._end(source), self._end(sink)
        if (source, sink) in self._made:
            heard.stopTransmit(hearer)
        else:
            volume = pj.AudioMediaTransmitParam()
            volume.level = 0.0 if source == sink else 1.0
            heard.startTransmit2(hearer, volume)
        self._made ^= {(source, sink)}
        self._resting[source, sink] = REST


def _level_db(level: int) -> float:
    """Return what pjmedia calls a level, the mean amplitude of a frame in u-law steps, as dB."""
    exponent, mantissa = level >> 4 & 7, level & 15
    amplitude = ((mantissa << 3) + 132 << exponent) - 132
    return 20 * math.log10(amplitude / 32768) if amplitude else SILENT_DB
