"""The peers without Parley: when these hold, a failure elsewhere is Parley's."""

from __future__ import annotations

from tests.end2end.conftest import MakeLinphone, MakeNetwork
from tests.peers import capture
from tests.peers.asterisk import Asterisk
from tests.peers.asterisk_config import ALICE, BOB
from tests.peers.process import eventually


def test_two_linphones_secure_their_call_through_asterisk(
    asterisk: Asterisk, make_linphone: MakeLinphone
) -> None:
    """With direct media both show the same SAS."""
    alice = make_linphone(440, asterisk=asterisk, account=ALICE)
    bob = make_linphone(550, asterisk=asterisk, account=BOB)
    alice.call(asterisk.uri(BOB.extension))
    assert alice.wait_secure() == bob.wait_secure()


def test_plain_call_is_overheard_on_the_wire(make_network: MakeNetwork, make_linphone: MakeLinphone) -> None:
    """The capture sees plain speech, and takes all of it for plain."""
    network = make_network("a", "b")
    alice = make_linphone(440, host=network.hosts["a"], encryption="none")
    bob = make_linphone(550, host=network.hosts["b"], encryption="none")
    alice.call(bob.uri)
    bob.wait_connected()
    eventually(
        lambda: len(capture.plain(network.overheard(), [440, 550])) > 100,
        within=20,
        what="a hundred plain packets cross the wire",
    )
    overheard = network.overheard()
    assert capture.rtp(overheard) == capture.plain(overheard, [440, 550])
