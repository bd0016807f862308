"""The door through which pjsua2 calls, and the mailbox behind it."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from twisted.internet.task import Clock

from phone.sip.callbacks import Mailbox, adopt_thread, callback


class Calls:
    """Something with a callback."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    @callback
    def onSomething(self, prm: object) -> None:  # noqa: N802
        """Remember; raise for zero."""
        self.seen.append(1 / prm)  # type: ignore[operator]


def test_exception_is_logged_and_goes_no_further(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing keeps the traceback, which would keep pjsua2's objects."""
    adopt_thread()
    calls = Calls()
    calls.onSomething(0)
    calls.onSomething(2)
    assert calls.seen == [0.5]
    assert "Calls.onSomething" in caplog.text
    assert not hasattr(sys, "last_traceback")


def test_foreign_thread_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    """A callback in another thread is a mistake, and does nothing."""
    adopt_thread()
    calls = Calls()
    thread = threading.Thread(target=calls.onSomething, args=(2,))
    thread.start()
    thread.join()
    assert calls.seen == []
    assert "outside the reactor's thread" in caplog.text


def test_mail_is_read_in_order_and_later() -> None:
    """Also what is posted while it is read."""
    clock = Clock()
    read: list[str] = []
    mailbox = Mailbox(clock.callLater)

    def first() -> None:
        read.append("first")
        mailbox.post(lambda: read.append("third"))

    mailbox.post(first)
    mailbox.post(lambda: read.append("second"))
    assert read == []
    clock.advance(0)
    assert read == ["first", "second", "third"]


def test_failing_mail_does_not_stop_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged."""
    clock = Clock()
    read: list[object] = []
    mailbox = Mailbox(clock.callLater)
    mailbox.post(lambda: read.append(1 / 0))
    mailbox.post(lambda: read.append("second"))
    with caplog.at_level(logging.ERROR):
        clock.advance(0)
    assert read == ["second"]
    assert "ZeroDivisionError" in caplog.text
