"""Retransmission schedules (RFC 6189 §6)."""

from __future__ import annotations

import pytest

from phone.zrtp.timers import SILENCE, T1, T1_PEER_KNOWN, T2, RetransmissionTimer, Schedule


def times(schedule: Schedule) -> list[float]:
    """Return when ``schedule`` transmits again; the last value is when it has run out."""
    timer = RetransmissionTimer()
    timer.start(schedule, 0.0)
    moments = []
    while (deadline := timer.deadline) is not None:
        moments.append(deadline)
        timer.expire(deadline)
    return moments


def test_t1_schedule() -> None:
    """50 ms, doubling up to 200 ms, 20 times: the last Hello after 3.75 s."""
    moments = times(T1)
    assert moments[:5] == pytest.approx([0.05, 0.15, 0.35, 0.55, 0.75])
    assert len(moments) == 21
    assert moments[19] == pytest.approx(3.75)


def test_t1_schedule_for_a_known_peer() -> None:
    """The same waits, for at least 12 s (§6)."""
    moments = times(T1_PEER_KNOWN)
    assert moments[:21] == pytest.approx(times(T1))
    assert moments[-2] >= 12


def test_t2_schedule() -> None:
    """150 ms, doubling up to 1.2 s, 10 times: the last message after 9.45 s."""
    moments = times(T2)
    assert moments[:5] == pytest.approx([0.15, 0.45, 1.05, 2.25, 3.45])
    assert len(moments) == 11
    assert moments[9] == pytest.approx(9.45)


def test_silence_runs_out_without_retransmission() -> None:
    """A responder waits 10 s and says nothing meanwhile."""
    assert times(SILENCE) == [10.0]


def test_extended_schedule_goes_on_where_it_stood() -> None:
    """A sign of life of the peer neither restarts nor shortens the waits."""
    timer = RetransmissionTimer()
    timer.start(T1, 0.0)
    for _ in range(5):
        assert timer.deadline is not None
        timer.expire(timer.deadline)
    deadline = timer.deadline
    timer.extend(T1_PEER_KNOWN)
    assert timer.deadline == deadline
    moments = []
    while timer.deadline is not None:
        moments.append(timer.deadline)
        timer.expire(timer.deadline)
    assert moments == pytest.approx(times(T1_PEER_KNOWN)[5:])


def test_late_timer_transmits_once() -> None:
    """After a pause of the whole machine there is no burst."""
    timer = RetransmissionTimer()
    timer.start(T2, 0.0)
    assert timer.expire(100.0)
    assert timer.deadline == pytest.approx(100.3)


def test_stopped_timer_never_expires() -> None:
    """No deadline."""
    timer = RetransmissionTimer()
    timer.start(T2, 0.0)
    timer.stop()
    assert timer.deadline is None
