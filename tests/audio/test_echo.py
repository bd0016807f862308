"""The echo."""

from __future__ import annotations

from phone.audio.echo import DELAY_MS, EchoCard
from phone.audio.interface import FRAME_BYTES, FRAME_MS, SILENCE


def test_echo_says_what_it_heard_after_the_delay() -> None:
    """Frames come back in order, unchanged, ``DELAY_MS`` later."""
    card = EchoCard()
    card.start()
    said = []
    delay = DELAY_MS // FRAME_MS
    frames = [bytes([number + 1]) * FRAME_BYTES for number in range(delay + 3)]
    for frame in frames:
        card.playback(frame)
        said.append(card.capture())
    assert said == [SILENCE] * delay + frames[:3]


def test_echo_begins_anew() -> None:
    """Nothing of one call is heard in the next."""
    card = EchoCard()
    card.start()
    for _ in range(DELAY_MS // FRAME_MS):
        card.playback(b"\1" * FRAME_BYTES)
        card.capture()
    card.stop()
    card.start()
    assert card.capture() == SILENCE
