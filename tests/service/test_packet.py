"""SIP messages as the front reads and changes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.service.packet import Packet, PacketError

INVITE = (
    b"INVITE sip:echo@192.0.2.9:5060 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKone, SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKtwo\r\n"
    b"v: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKthree\r\n"
    b'From: "Al\xc3\xafce" <sip:101@192.0.2.1>;tag=a\r\n'
    b"t: <sip:echo@192.0.2.9>\r\n"
    b"i: one-call\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"Subject: folded\r\n over two lines\r\n"
    b"Max-Forwards: 70\r\n"
    b"Content-Length: 5\r\n"
    b"\r\n"
    b"v=0\r\n"
)
ANSWER = INVITE.replace(b"INVITE sip:echo@192.0.2.9:5060 SIP/2.0", b"SIP/2.0 180 Ringing")


def test_what_is_not_touched_goes_on_as_it_came() -> None:
    """Folded lines, letters that are no ASCII, the body."""
    assert bytes(Packet.parse(INVITE)) == INVITE


def test_fields_are_found_in_both_forms() -> None:
    """Compact names are names (RFC 3261 §7.3.3)."""
    packet = Packet.parse(INVITE)
    assert (packet.is_request, packet.method, packet.call_id, packet.caller) == (
        True,
        "INVITE",
        "one-call",
        "101",
    )
    assert packet.top_via == "SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKone"
    assert not packet.in_dialog
    assert Packet.parse(ANSWER).status == 180


def test_asserted_identity_names_the_caller() -> None:
    """The PBX says so (RFC 3325), whatever From says."""
    told = INVITE.replace(b"CSeq", b"P-Asserted-Identity: <sip:102@192.0.2.1>\r\nCSeq")
    assert Packet.parse(told).caller == "102"


def test_vias_come_and_go_one_by_one() -> None:
    """Also where several share a line."""
    packet = Packet.parse(ANSWER).with_via("SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bKours")
    assert packet.top_via.endswith("ours")
    branches = []
    while packet.values("via"):
        branches.append(packet.top_via.rpartition("bK")[2])
        packet = packet.without_via()
    assert branches == ["ours", "one", "two", "three"]


def test_route_is_taken_away_if_it_is_ours() -> None:
    """Another one stays."""
    routed = INVITE.replace(b"CSeq", b"Route: <sip:127.0.0.1:7;lr>, <sip:192.0.2.5;lr>\r\nCSeq")
    packet = Packet.parse(routed)
    assert packet.without_route_to("127.0.0.1:7").values("route") == ["<sip:192.0.2.5;lr>"]
    assert packet.without_route_to("127.0.0.1:70").values("route") == packet.values("route")


def test_hops_are_counted() -> None:
    """What goes in circles ends."""
    packet = Packet.parse(INVITE)
    for left in range(69, -1, -1):
        packet = packet.one_hop_further()
        assert packet.values("max-forwards") == [str(left)]
    with pytest.raises(PacketError, match="circles"):
        packet.one_hop_further()


def test_refusal_goes_to_whoever_asked() -> None:
    """With a tag of ours (RFC 3261 §8.2.6.2), and without a body."""
    answer = Packet.parse(bytes(Packet.parse(INVITE).answered(486, "Busy Here", "ours")))
    assert (answer.status, answer.call_id, answer.method) == (486, "one-call", "INVITE")
    assert answer.values("via") == Packet.parse(INVITE).values("via")
    assert answer.values("to") == ["<sip:echo@192.0.2.9>;tag=ours"]


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\r\n\r\n",
        b"INVITE\r\n\r\n",
        INVITE.replace(b"SIP/2.0\r\n", b"HTTP/1.1\r\n", 1),
        INVITE.replace(b"i: one-call\r\n", b""),
        INVITE.replace(b"CSeq: 7 INVITE", b"CSeq 7 INVITE"),
        INVITE.partition(b"\r\n\r\n")[0],
        ANSWER.replace(b"180", b"ten"),
    ],
    ids=["nothing", "keep-alive", "no uri", "http", "no call-id", "no header", "cut off", "no status"],
)
def test_what_is_no_sip_is_refused(datagram: bytes) -> None:
    """With the one error."""
    with pytest.raises(PacketError):
        Packet.parse(datagram)


@given(
    st.binary(max_size=300)
    | st.integers(0, len(INVITE)).flatmap(
        lambda at: st.binary(max_size=8).map(lambda junk: INVITE[:at] + junk + INVITE[at + len(junk) :])
    )
)
def test_any_datagram_is_read_or_refused(datagram: bytes) -> None:
    """And whatever was read can be passed on, and answered."""
    try:
        packet = Packet.parse(datagram)
        passed = packet.one_hop_further().with_via("SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bKours")
    except PacketError:
        return
    assert packet.method
    assert packet.caller is not None
    assert bytes(passed.without_via())
    assert bytes(packet.without_route_to("127.0.0.1:7"))
    assert bytes(packet.answered(486, "Busy Here", "ours"))
