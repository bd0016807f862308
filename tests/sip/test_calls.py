"""Calls between two stacks, without a server."""

from __future__ import annotations

import itertools

import pytest

from tests.peers.process import eventually
from tests.peers.tones import Recording
from tests.sip.conftest import MakePhone
from tests.sip.phone import STEP_S, Phone


@pytest.fixture
def connected(make_phone: MakePhone) -> tuple[Phone, Phone]:
    """Two phones in a call; the first one has called. They speak 440 and 1000 Hz."""
    caller, callee = make_phone(hz=440), make_phone("--answer", hz=1000)
    caller.do("dial", uri=callee.uri)
    for phone in (caller, callee):
        phone.wait("dialog", state="connected")
    return caller, callee


def hear(phone: Phone, hz: float, *, since: float = 0) -> None:
    """Wait until ``phone`` has heard half a second of the tone after ``since`` seconds of its recording."""

    def heard() -> bool:
        return seconds_of(phone, hz) - since >= 0.5

    eventually(heard, within=STEP_S, what=f"{phone.ip} hears {hz} Hz")


def seconds_of(phone: Phone, hz: float) -> float:
    """Return how much of the tone was heard so far."""
    return Recording.read(phone.recording).seconds_of(hz)


def states(phone: Phone) -> list[str]:
    """Return the dialog's states so far."""
    return [happened["state"] for happened in phone.events() if happened["event"] == "dialog"]


def test_call_is_announced_answered_and_ended(make_phone: MakePhone) -> None:
    """Both sides go through the dialog's states, and each knows the other's address."""
    caller, callee = make_phone(), make_phone()
    caller.do("dial", uri=callee.uri)
    incoming = callee.wait("incoming")
    assert (incoming["account"], incoming["source"]) == (None, caller.ip)
    assert incoming["uri"] == f"sip:parley@{caller.ip}:{caller.port}"
    caller.wait("dialog", state="ringing", status=180)
    callee.call("answer")
    caller.wait("dialog", state="connected", status=200)
    callee.wait("dialog", state="connected")
    callee.call("hang_up")
    for phone in (caller, callee):
        phone.wait("dialog", state="ended")
    assert states(caller) == ["calling", "ringing", "connected", "ended"]
    assert states(callee) == ["connected", "ended"]


def test_sound_goes_both_ways(connected: tuple[Phone, Phone]) -> None:
    """Each hears the tone that the other one speaks."""
    caller, callee = connected
    hear(caller, 1000)
    hear(callee, 440)


def test_stream_is_told_before_the_answer_and_with_the_peers_hash(connected: tuple[Phone, Phone]) -> None:
    """Addresses are the relays' outside and pjsua2's own inside; the hash is the one that the peer sent."""
    for phone, peer in itertools.permutations(connected):
        happened = phone.events()
        kinds = [(event["event"], event.get("state")) for event in happened]
        assert kinds.index(("stream_created", None)) < kinds.index(("dialog", "connected"))
        stream = next(event for event in happened if event["event"] == "stream_created")
        assert stream["remote_rtp"][0] == peer.ip
        assert stream["local_rtp"][0] == "127.0.0.1"
        assert stream["local_rtp"][1] % 2 == 0
        assert stream["local_rtcp"] == ["127.0.0.1", stream["local_rtp"][1] + 1]
        assert stream["remote_zrtp_hash"] == "1.10 " + "0" * 64
        assert stream["ssrc"] is not None
        assert stream["codec"] == "G722"
        assert stream["remote_holds"] is False


def test_media_address_is_asked_for_with_the_peers_host(connected: tuple[Phone, Phone]) -> None:
    """Whoever describes the media learns from which side it will be seen."""
    for phone, peer in itertools.permutations(connected):
        asked = [event for event in phone.events() if event["event"] == "describe_media"]
        assert [event["remote_host"] for event in asked] == [peer.ip]


def test_hold_and_resume(connected: tuple[Phone, Phone]) -> None:
    """While one side holds, neither hears the other; the held side knows; afterwards both hear again."""
    holder, held = connected
    hear(holder, 1000)
    holder.call("hold")
    assert held.wait("stream_created", remote_holds=True)
    holder.wait("stream_created", remote_holds=False)
    holder.call("resume")
    before = seconds_of(holder, 1000), seconds_of(held, 440)
    held.wait("stream_created", remote_holds=False)
    hear(holder, 1000, since=before[0])
    hear(held, 440, since=before[1])


def test_both_hold(connected: tuple[Phone, Phone]) -> None:
    """When both hold, each knows of the other, and the sound comes back only after both have resumed."""
    one, other = connected
    one.call("hold")
    other.wait("stream_created", remote_holds=True)
    one.wait("stream_created", remote_holds=False)
    other.call("hold")
    one.wait("stream_created", remote_holds=True)
    other.wait("stream_created", remote_holds=True)
    one.call("resume")
    one.wait("stream_created", remote_holds=True)
    other.wait("stream_created", remote_holds=False)
    other.call("resume")
    one.wait("stream_created", remote_holds=False)
    hear(one, 1000, since=seconds_of(one, 1000))


def test_mute_sends_silence_and_goes_on_hearing(connected: tuple[Phone, Phone]) -> None:
    """The peer hears nothing more, we still hear him, and his stream does not stop."""
    muted, other = connected
    hear(other, 440)
    muted.call("mute", muted=True)
    muted.call("hold")
    muted.wait("stream_created")
    muted.call("resume")
    muted.wait("stream_created")
    hear(muted, 1000, since=seconds_of(muted, 1000))
    before = seconds_of(other, 440)
    hear(muted, 1000, since=seconds_of(muted, 1000))
    assert seconds_of(other, 440) - before < 0.2
    muted.call("mute", muted=False)
    hear(other, 440, since=seconds_of(other, 440))


def test_keys_arrive_once_each(connected: tuple[Phone, Phone]) -> None:
    """Every key pressed is reported once and in order (RFC 4733)."""
    caller, callee = connected
    caller.call("send_dtmf", digits="12#*a0")
    pressed = [callee.wait("dtmf")["digit"] for _ in range(6)]
    assert "".join(pressed) == "12#*A0"


def test_what_is_no_key_is_refused(connected: tuple[Phone, Phone]) -> None:
    """A letter that no telephone has is named in the error."""
    caller, _ = connected
    caller.call("send_dtmf", digits="12x")
    assert "'12x'" in caller.wait("error")["text"]


def test_what_does_not_ring_cannot_be_answered(connected: tuple[Phone, Phone]) -> None:
    """Neither a call of our own nor one that is answered already."""
    for phone in connected:
        phone.call("answer")
        assert "nothing to answer" in phone.wait("error")["text"]


def test_busy(make_phone: MakePhone) -> None:
    """Whoever takes no calls is busy."""
    caller, callee = make_phone(), make_phone("--refuse")
    caller.do("dial", uri=callee.uri)
    assert caller.wait("dialog", state="ended")["status"] == 486


def test_reject(make_phone: MakePhone) -> None:
    """A call that rings can be declined."""
    caller, callee = make_phone(), make_phone()
    caller.do("dial", uri=callee.uri)
    callee.wait("incoming")
    callee.call("reject", status=603)
    assert caller.wait("dialog", state="ended")["status"] == 603
    callee.wait("dialog", state="ended")


def test_cancel(make_phone: MakePhone) -> None:
    """The caller gives up while it rings."""
    caller, callee = make_phone(), make_phone()
    caller.do("dial", uri=callee.uri)
    caller.wait("dialog", state="ringing")
    caller.call("hang_up")
    assert caller.wait("dialog", state="ended")["status"] == 487
    callee.wait("dialog", state="ended")


def test_nobody_listens(make_phone: MakePhone, closed_port: str) -> None:
    """A closed UDP port is told at once."""
    caller = make_phone()
    caller.do("dial", uri=f"sip:x@{closed_port}")
    ended = caller.wait("dialog", state="ended")
    assert ended["status"] == 0
    assert ended["reason"] == f"{closed_port} refuses the connection: nothing listens on that port."


def test_nobody_listens_over_tcp(make_phone: MakePhone, closed_port: str) -> None:
    """So is a closed TCP port."""
    caller = make_phone()
    caller.do("dial", uri=f"sip:x@{closed_port};transport=tcp")
    ended = caller.wait("dialog", state="ended")
    assert ended["status"] == 0
    assert ended["reason"] == f"{closed_port} refuses the connection: nothing listens on that port."


def test_unknown_host(make_phone: MakePhone) -> None:
    """A name that does not exist is told as such (RFC 6761 §6.4)."""
    caller = make_phone()
    caller.do("dial", uri="sip:x@no-such-host.invalid")
    assert "no-such-host.invalid is not known" in caller.wait("dialog", state="ended")["reason"]


@pytest.mark.parametrize(
    "uri", ["x", "sip:", "sip:x@host:99999", "sips:x@host", "sip:x@host;transport=carrier"]
)
def test_what_is_no_address_is_refused(make_phone: MakePhone, uri: str) -> None:
    """Malformed addresses never get as far as the network."""
    caller = make_phone()
    caller.do("dial", uri=uri)
    caller.wait("error")


def test_call_over_tcp(make_phone: MakePhone) -> None:
    """SIP travels over TCP when the address says so."""
    caller, callee = make_phone(), make_phone("--answer")
    caller.do("dial", uri=f"{callee.uri};transport=tcp")
    caller.wait("dialog", state="connected")
    callee.call("hang_up")
    caller.wait("dialog", state="ended")


def test_without_ports_for_media_the_call_ends(make_phone: MakePhone) -> None:
    """When the media cannot be described the stream is refused, and the call is over."""
    caller, callee = make_phone("--broken-media"), make_phone("--answer")
    caller.do("dial", uri=callee.uri)
    caller.wait("dialog", state="ended")
    assert not any(event["event"] == "stream_created" for event in caller.events())
    caller.errors.write_text("")  # it complains, with a traceback


def test_statistics_outlive_the_call(connected: tuple[Phone, Phone]) -> None:
    """What passed can still be asked after the end."""
    caller, callee = connected
    hear(caller, 1000)
    callee.call("hang_up")
    caller.wait("dialog", state="ended")
    caller.call("statistics")
    counted = caller.wait("statistics")
    assert counted["packets_received"] > 20
    assert counted["packets_sent"] > 20


def test_hanging_up_twice_is_harmless(connected: tuple[Phone, Phone]) -> None:
    """The second time there is nothing to do."""
    caller, callee = connected
    caller.call("hang_up")
    caller.call("hang_up")
    callee.wait("dialog", state="ended")
    caller.wait("dialog", state="ended")
    caller.call("hang_up")
    caller.call("hold")
    assert "Only a call that is connected" in caller.wait("error")["text"]
    assert states(caller).count("ended") == 1


def test_two_calls_at_once(make_phone: MakePhone) -> None:
    """Two callers are both heard, and both hear."""
    one, other, callee = make_phone(hz=440), make_phone(hz=1000), make_phone("--answer", hz=1500)
    for caller in (one, other):
        caller.do("dial", uri=callee.uri)
        caller.wait("dialog", state="connected")
        hear(caller, 1500)
    one.call("hang_up")
    callee.wait("dialog", state="ended")
    hear(callee, 1000)


def test_fifth_call_is_busy(make_phone: MakePhone) -> None:
    """pjsua2 carries four calls; the fifth is refused, and none of the others ends."""
    callee = make_phone("--answer")
    callers = [make_phone() for _ in range(5)]
    for caller in callers[:4]:
        caller.do("dial", uri=callee.uri)
        caller.wait("dialog", state="connected")
    callers[4].do("dial", uri=callee.uri)
    assert callers[4].wait("dialog", state="ended")["status"] == 486
    assert states(callee).count("ended") == 0
    callee.do("dial", uri=callers[4].uri)
    assert "no more than 4 calls" in callee.wait("dialog", call="5", state="ended")["reason"]
