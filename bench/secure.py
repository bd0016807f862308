"""How long a call takes to be secure: Parley beside Linphone, in one run.

    python -m bench.secure [ROUNDS]

Needs what ``tests/run`` installs (Asterisk, Linphone), and root. Prints medians in milliseconds:

- *Hello to secure*: two media legs of Parley in this one process, so the time holds the work of both sides;
- *200 OK to secure*: from when the caller sees the answer until its call is secure, straight from phone to
  phone and through Asterisk with direct media; for two Parleys, and for two Linphones by their own logs.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor

from phone.config import Home
from phone.control.client import Client
from phone.media.encryption import Policy, Protection
from phone.media.leg import MediaLeg
from phone.media.pump import MediaPump
from phone.media.sockets import RtpSocketPair
from phone.wire.description import Address
from phone.zrtp.algorithms import Configuration
from phone.zrtp.dh import KeyAgreement
from tests.media.world import Cache
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB
from tests.peers.linphone import Linphone, offer
from tests.peers.parley import Parley
from tests.peers.process import Loopback
from tests.peers.tones import write_tone

PAUSE_S = 0.3
_STAMP = r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[:.]\d{3})"


def print_row(what: str, values: list[float]) -> None:
    """Print one line of the table."""
    spread = f"({min(values):.1f} to {max(values):.1f}, {len(values)} times)"
    print(f"{what:58} {statistics.median(values):7.1f}  {spread}", flush=True)


class _Listening:
    """Waits for legs to become secure."""

    def __init__(self) -> None:
        self.legs: list[MediaLeg] = []
        self.finish: Callable[[], None]

    def leg_changed(self, _: MediaLeg, /) -> None:
        if self.legs and all(leg.state.protection is Protection.SECURE for leg in self.legs):
            self.finish()


def handshakes(agreement: KeyAgreement, rounds: int) -> list[float]:
    """Return milliseconds from the first Hello until both of two legs are secure."""
    reactor: Any = installed_reactor
    took: list[float] = []
    pump = MediaPump(reactor)

    def one() -> None:
        listening = _Listening()
        phones = [RtpSocketPair("127.0.0.1") for _ in range(2)]
        legs = listening.legs = [
            MediaLeg(
                pump,
                bind_host="127.0.0.1",
                cache=Cache(name),
                configuration=Configuration(key_agreements=(agreement,)),
                policy=Policy.REQUIRE,
                listener=listening,
                clock=reactor,
            )
            for name in ("ann", "ben")
        ]
        described = [leg.describe("127.0.0.1") for leg in legs]
        began = time.perf_counter()

        def finish() -> None:
            listening.legs = []
            took.append((time.perf_counter() - began) * 1000)
            for leg in legs:
                leg.close()
            for phone in phones:
                phone.close()
            if len(took) < rounds:
                reactor.callLater(0, one)
            else:
                pump.close()
                reactor.crash()

        listening.finish = finish
        for leg, phone, other, ssrc in zip(legs, phones, reversed(described), (1, 2), strict=True):
            leg.connect(
                remote_rtp=other.rtp,
                remote_rtcp=other.rtcp,
                local_rtp=Address("127.0.0.1", phone.port),
                local_rtcp=Address("127.0.0.1", phone.port + 1),
                ssrc=ssrc,
                remote_zrtp_hash=other.zrtp_hash,
            )

    reactor.callWhenRunning(one)
    reactor.run(installSignalHandlers=False)
    return took


@dataclass
class _Watched:
    """A Parley and the events that it tells."""

    phone: Parley
    client: Client
    events: Iterator[Any]

    @classmethod
    def start(cls, stack: ExitStack, phone: Parley) -> _Watched:
        stack.callback(phone.close)
        phone.start()
        socket = Home.named(str(phone.home)).socket
        watcher = stack.enter_context(Client(socket))
        return cls(phone, stack.enter_context(Client(socket)), watcher.events())

    def wait(self, fits: Callable[[Any], bool]) -> float:
        """Return when the event came that fits."""
        for event in self.events:
            if fits(event):
                return time.perf_counter()
        raise AssertionError("the backend has ended")


def parley_calls(caller: _Watched, callee: _Watched, target: str, rounds: int) -> list[float]:
    """Return milliseconds from 200 OK to secure, as the caller sees them."""
    took = []
    for _ in range(rounds):
        caller.client.request("call.dial", {"target": target})
        callee.wait(lambda event: event["event"] == "call.incoming")
        time.sleep(PAUSE_S)
        callee.client.request("call.answer")
        answered = caller.wait(lambda event: event.get("call", {}).get("state") == "connected")
        secure = caller.wait(lambda event: event.get("call", {}).get("level") == "ENCRYPTED")
        took.append((secure - answered) * 1000)
        time.sleep(PAUSE_S)
        caller.client.request("call.hang_up")
        for end in (caller, callee):
            end.wait(lambda event: event["event"] == "call.ended")
    return took


def linphone_calls(caller: Linphone, callee: Linphone, target: str, rounds: int) -> list[float]:
    """Return milliseconds from 200 OK to secure, as the caller's log has them.

    Now and then two Linphones behind Asterisk never become secure; such calls are told and left out.
    """
    took: list[float] = []
    while len(took) < rounds:
        begin = caller.log.stat().st_size
        caller.call(target)
        callee.wait_incoming()
        time.sleep(PAUSE_S)
        callee.answer()
        try:
            caller.wait_secure()
        except AssertionError:
            print("(a call of two Linphones was never secure)", flush=True)
            caller.hang_up()
            callee.wait_ended()
            continue
        time.sleep(PAUSE_S)
        log = caller.log.read_bytes()[begin:].decode("utf-8", "replace")
        answered = re.search(rf"(?m)^{_STAMP}.*to LinphoneCallConnected", log)
        secure = re.search(rf"(?m)^{_STAMP}.*ZRTP secrets on", log)
        assert answered is not None
        assert secure is not None
        took.append((_moment(secure[1]) - _moment(answered[1])) * 1000)
        caller.hang_up()
        callee.wait_ended()
        time.sleep(PAUSE_S)
    return took


def _moment(stamp: str) -> float:
    return datetime.strptime(stamp[:19], "%Y-%m-%d %H:%M:%S").timestamp() + int(stamp[20:]) / 1000


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{'milliseconds':58}  median")
    for agreement in Configuration().exchanges:
        name = agreement.code.decode().strip()
        print_row(f"Hello to secure, Parley, both sides, {name}", handshakes(agreement, rounds))
    loopback = Loopback()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        asterisk = stack.enter_context(closing(Asterisk(loopback.address())))
        ends = []
        for name, account in (("ann", ALICE), ("ben", BOB)):
            (folder / name).mkdir()
            phone = Parley(folder / name, loopback.address(), 440)
            ends.append(_Watched.start(stack, phone))
            phone.add_account(asterisk.uri(account.user), account.password)
            phone.wait_account("registered")
        caller, callee = ends
        rows = parley_calls(caller, callee, f"sip:ben@{callee.phone.ip}:{callee.phone.sip_port}", rounds)
        print_row("200 OK to secure, Parley X255, direct", rows)
        rows = parley_calls(caller, callee, BOB.extension, rounds)
        print_row("200 OK to secure, Parley X255, Asterisk with direct media", rows)
        for name in ("X255", "DH3k"):
            with ExitStack() as pair:
                lins = []
                for account in (ALICE, BOB):
                    place = folder / f"{account.user}-{name}"
                    place.mkdir()
                    linphone = Linphone(
                        place,
                        loopback.address(),
                        write_tone(place / "speech.wav", 440),
                        account=account,
                        asterisk=asterisk,
                        zrtp=offer(key_agreement=(name,)),
                        answers=False,
                    )
                    pair.callback(linphone.close)
                    linphone.wait_registered()
                    lins.append(linphone)
                rows = linphone_calls(lins[0], lins[1], asterisk.uri(BOB.extension), rounds)
                print_row(f"200 OK to secure, Linphone {name}, Asterisk with direct media", rows)
                rows = linphone_calls(lins[0], lins[1], lins[1].uri, rounds)
                print_row(f"200 OK to secure, Linphone {name}, direct", rows)


if __name__ == "__main__":
    main()
