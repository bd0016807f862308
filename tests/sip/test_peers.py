"""What a peer may do to a call, said word by word."""

from __future__ import annotations

import re
import time

import pytest

from phone.sip import message
from tests.sip.conftest import MakePeer, MakePhone
from tests.sip.peer import Peer
from tests.sip.phone import Phone


@pytest.fixture
def called(make_phone: MakePhone, make_peer: MakePeer) -> tuple[Phone, Peer, str]:
    """A phone that has called a peer, the peer, and the INVITE."""
    phone, peer = make_phone(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.answer()
    phone.wait("dialog", state="connected")
    return phone, peer, invite


def test_phone_on_every_interface_names_the_one_the_peer_can_reach(
    make_phone: MakePhone, make_peer: MakePeer
) -> None:
    """The Contact is at the address that packets to the peer leave from, with the port one can call back."""
    phone, peer = make_phone(bind="0.0.0.0"), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.receive("INVITE")
    assert message.header(invite, "Contact") == f"<sip:parley@127.0.0.1:{phone.port}>"


def test_offer_uses_the_payload_types_of_asterisk(called: tuple[Phone, Peer, str]) -> None:
    """Under direct media nobody renumbers, so the events have Asterisk's number from the start."""
    _, _, invite = called
    assert "a=rtpmap:101 telephone-event/8000" in message.body(invite)


def test_offer_names_no_address_of_the_inner_sockets(called: tuple[Phone, Peer, str]) -> None:
    """What pjsua2 listens on is nobody's business."""
    phone, _, invite = called
    assert "127.0.0.1" not in invite
    assert f"c=IN IP4 {phone.ip}" in message.body(invite)


def test_refer_is_followed(called: tuple[Phone, Peer, str], make_phone: MakePhone) -> None:
    """A blind transfer: the new call is placed and told, the peer is kept informed, the old call ends."""
    phone, peer, invite = called
    other = make_phone("--answer")
    peer.request("REFER", invite, headers=(f"Refer-To: <{other.uri}>",))
    peer.receive("202")
    assert phone.wait("transfer_requested", call="1")["uri"] == other.uri
    phone.wait("stream_created", call="2")
    phone.wait("dialog", call="2", state="connected")
    fragments: list[str] = []
    while not fragments or "200" not in fragments[-1]:
        notify = peer.receive("NOTIFY")
        peer.respond(notify, "200 OK")
        fragments.append(message.body(notify).split("\r\n")[0])
    assert fragments[0].startswith("SIP/2.0 1")
    peer.respond(peer.receive("BYE"), "200 OK")
    phone.wait("dialog", call="1", state="ended")
    assert other.wait("incoming")["uri"] == f"sip:parley@{phone.ip}:{phone.port}"


def test_refused_refer_leaves_the_call_alone(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """A transfer that nobody wants is declined."""
    phone, peer = make_phone("--refuse"), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.answer()
    peer.request("REFER", invite, headers=(f"Refer-To: <sip:x@{peer.host}>",))
    peer.receive("603")
    peer.reinvite(invite, direction="sendonly")
    phone.wait("stream_created", remote_holds=True)


def test_refer_to_a_name_is_declined_without_a_server(called: tuple[Phone, Peer, str]) -> None:
    """pjsip would block while it looks the name up."""
    _, peer, invite = called
    peer.request("REFER", invite, headers=("Refer-To: <sip:x@no-such-host.invalid>",))
    peer.receive("603")


def test_request_in_a_dialog_that_outlives_its_call(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """pjsua would take it for one of the call that has got the old one's place, and abort."""
    phone, peer, silent = make_phone(), make_peer(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.answer()
    refer = (f"Refer-To: <{silent.uri}>",)
    peer.request("REFER", invite, headers=refer)
    peer.receive("202")
    peer.request("BYE", invite)
    phone.wait("dialog", call="1", state="ended")
    for _ in range(3):
        phone.do("dial", uri=silent.uri)
        phone.wait("dialog", state="calling")
    peer.request("REFER", invite, headers=refer)
    peer.receive("481")


def test_failed_transfer_leaves_the_call_alone(
    called: tuple[Phone, Peer, str], make_phone: MakePhone
) -> None:
    """When the third party refuses, the peer learns why and the old call goes on."""
    phone, peer, invite = called
    other = make_phone("--refuse")
    peer.request("REFER", invite, headers=(f"Refer-To: <{other.uri}>",))
    assert phone.wait("dialog", call="2", state="ended")["status"] == 486
    while "486" not in message.body(notify := peer.receive("NOTIFY")):
        peer.respond(notify, "200 OK")
    peer.respond(notify, "200 OK")
    peer.reinvite(invite, direction="sendonly")
    phone.wait("stream_created", call="1", remote_holds=True)


def test_replaces_takes_the_call_over(called: tuple[Phone, Peer, str], make_peer: MakePeer) -> None:
    """An attended transfer: an INVITE with Replaces is answered at once, and the old call ends."""
    phone, peer, invite = called
    other = make_peer()
    tag = re.search(r"tag=([^;]+)", message.header(invite, "From"))
    assert tag is not None
    dialog = f"Replaces: {message.header(invite, 'Call-ID')};to-tag={tag[1]};from-tag={peer.tag}"
    other.invite(phone.uri, other.sdp(), headers=(dialog, "Supported: replaces"))
    response = other.receive("200")
    other.acknowledge(response)
    replaced = phone.wait("replaced", call="1")
    assert (replaced["new"], replaced["uri"]) == ("2", other.uri)
    assert phone.wait("stream_created", call="2")["remote_rtp"] == [other.host, 40000]
    phone.wait("dialog", call="2", state="connected")
    peer.respond(peer.receive("BYE"), "200 OK")
    phone.wait("dialog", call="1", state="ended")


def test_changed_media_address_is_a_new_stream(called: tuple[Phone, Peer, str]) -> None:
    """As when Asterisk hands the media over to the far phone, or takes it back."""
    phone, peer, invite = called
    peer.reinvite(invite, port=41000)
    phone.wait("stream_created", remote_rtp=[peer.host, 41000])


def test_hold_is_tried_again_when_both_sides_change_the_call(called: tuple[Phone, Peer, str]) -> None:
    """491 is no refusal: the re-INVITE comes again (RFC 3261 §14.1)."""
    phone, peer, _ = called
    phone.call("hold")
    peer.respond(peer.receive("INVITE"), "491 Request Pending")
    peer.receive("ACK")
    again = peer.receive("INVITE")
    assert "a=sendonly" in message.body(again)
    peer.respond(again, "200 OK", peer.sdp(direction="recvonly"))
    peer.receive("ACK")


def test_resume_waits_for_the_answer_to_hold(called: tuple[Phone, Peer, str]) -> None:
    """Whoever changes his mind at once gets what he wanted last."""
    phone, peer, _ = called
    phone.call("hold")
    phone.call("resume")
    for direction, answer in (("sendonly", "recvonly"), ("sendrecv", "sendrecv")):
        invite = peer.receive("INVITE")
        assert f"a={direction}" in message.body(invite)
        peer.respond(invite, "200 OK", peer.sdp(direction=answer))
        peer.receive("ACK")


def test_old_style_hold_is_understood(called: tuple[Phone, Peer, str]) -> None:
    """The address 0.0.0.0 (RFC 2543) asks for silence as ``inactive`` does."""
    phone, peer, invite = called
    peer.reinvite(invite, connection="0.0.0.0")
    phone.wait("stream_created", remote_holds=True)


def test_call_survives_a_change_without_audio(called: tuple[Phone, Peer, str]) -> None:
    """A re-INVITE that takes the only stream away is refused, and the call goes on."""
    phone, peer, invite = called
    peer.request("INVITE", invite, peer.sdp(port=0))
    peer.receive("488")
    sent = []
    for _ in range(2):
        phone.call("statistics")
        sent.append(phone.wait("statistics")["packets_sent"])
        phone.call("send_dtmf", digits="1")
        time.sleep(0.1)
    assert sent[1] > sent[0]


def test_keys_go_by_info_where_the_peer_takes_no_events(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """Without telephone-event in the answer each key is an INFO (RFC 6086)."""
    phone, peer = make_phone(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.receive("INVITE")
    lines = [line for line in peer.sdp().split("\r\n") if ":101" not in line]
    peer.respond(invite, "200 OK", "\r\n".join(lines).replace("AVP 8 101", "AVP 8"))
    phone.wait("stream_created")
    phone.call("send_dtmf", digits="71")
    phone.call("send_dtmf", digits="1")
    info = ""
    for key in "711":
        following = peer.receive("INFO")
        while message.header(following, "CSeq") == message.header(info, "CSeq"):
            following = peer.receive("INFO")  # sent again, since the answer took its time
        info = following
        assert message.header(info, "Content-Type") == "application/dtmf-relay"
        assert f"Signal={key}" in message.body(info).replace(" ", "")
        again = peer.receive("INFO")
        assert message.header(again, "CSeq") == message.header(info, "CSeq"), "the next key has not waited"
        peer.respond(info, "200 OK")


def test_keys_by_info_are_heard(called: tuple[Phone, Peer, str]) -> None:
    """A peer may send its keys by INFO as well."""
    phone, peer, invite = called
    peer.request("INFO", invite, "Signal=5\r\nDuration=160\r\n", kind="application/dtmf-relay")
    assert phone.wait("dtmf")["digit"] == "5"


def test_early_media_is_a_state_of_its_own(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """183 with a session description: there is sound before the answer."""
    phone, peer = make_phone(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.receive("INVITE")
    body = peer.sdp()
    peer.respond(invite, "183 Session Progress", body)
    phone.wait("stream_created")
    phone.wait("dialog", state="early")
    peer.respond(invite, "200 OK", body)
    phone.wait("dialog", state="connected")


def test_what_a_peer_calls_itself_can_be_printed(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """Neither control characters nor stray bytes reach a terminal or a log."""
    phone, peer = make_phone("--refuse"), make_peer()
    peer.invite(phone.uri, peer.sdp(), name="\x1b[2JZo\udceb \u2603")
    peer.receive("486")
    assert phone.wait("incoming")["name"] == "\ufffd[2JZo\ufffd \u2603"


def test_redirection_to_an_address_is_followed(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """302: the call goes on at the Contact (RFC 3261 §8.1.3.4)."""
    phone, peer, other = make_phone(), make_peer(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.receive("INVITE")
    peer.respond(invite, "302 Moved Temporarily", headers=(f"Contact: <{other.uri}>",))
    other.answer()
    phone.wait("dialog", state="connected")


def test_redirection_to_a_name_ends_the_call_in_words(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """pjsip would block while it looks the name up; whoever called is told where to."""
    phone, peer = make_phone(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.receive("INVITE")
    peer.respond(invite, "302 Moved Temporarily", headers=("Contact: <sip:x@no-such-host.invalid>",))
    ended = phone.wait("dialog", state="ended")
    assert "sip:x@no-such-host.invalid" in ended["reason"]


def test_invite_without_offer_is_answered_with_one(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """The offer goes out in the 200, the answer comes in the ACK (RFC 3261 §13.2.1)."""
    phone, peer = make_phone("--answer"), make_peer()
    peer.invite(phone.uri)
    response = peer.receive("200")
    assert f"c=IN IP4 {phone.ip}" in message.body(response)
    peer.acknowledge(response, peer.sdp())
    assert phone.wait("stream_created")["remote_rtp"] == [peer.host, 40000]
    phone.wait("dialog", state="connected")


def test_caller_is_sent_to_somebody_else(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """A 302 names one Contact: the one to call instead (RFC 3261 §21.3.3)."""
    phone, peer = make_phone(), make_peer()
    peer.invite(phone.uri, peer.sdp())
    phone.wait("incoming")
    phone.call("reject", status=302, contact="sip:dave@192.0.2.8")
    response = peer.receive("302")
    assert re.findall(r"(?im)^(?:Contact|m) *: *(.*?)\r?$", response) == ["<sip:dave@192.0.2.8>"]
    phone.wait("dialog", state="ended")


def test_fifth_caller_is_told_that_all_are_busy(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """Four calls is what pjsua2 is built for; the four go on, and a place that is free again is taken."""
    phone = make_phone()
    callers = [make_peer() for _ in range(5)]
    for caller in callers[:4]:
        caller.invite(phone.uri, caller.sdp())
        phone.wait("incoming")
    callers[4].invite(phone.uri, callers[4].sdp())
    callers[4].receive("486")
    phone.call("reject", call="1")
    callers[0].receive("486")
    phone.wait("dialog", call="1", state="ended")
    again = make_peer()
    again.invite(phone.uri, again.sdp())
    again.receive("180")


def test_transfer_without_a_place_for_its_call_fails(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """The peer is told, and the old call goes on."""
    phone, peer, silent = make_phone(), make_peer(), make_peer()
    phone.do("dial", uri=peer.uri)
    invite = peer.answer()
    phone.wait("dialog", state="connected")
    for _ in range(3):
        phone.do("dial", uri=silent.uri)
        phone.wait("dialog", state="calling")
    peer.request("REFER", invite, headers=(f"Refer-To: <{silent.uri}>",))
    peer.receive("202")
    while not message.body(notify := peer.receive("NOTIFY")).startswith(
        ("SIP/2.0 4", "SIP/2.0 5", "SIP/2.0 6")
    ):
        peer.respond(notify, "200 OK")
    peer.respond(notify, "200 OK")
    phone.wait("dialog", call="5", state="ended")
    peer.reinvite(invite, direction="sendonly")
    phone.wait("stream_created", call="1", remote_holds=True)


def test_stranger_cannot_draw_a_digest(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """A caller who is not the account's server gets no answer to his challenge."""
    phone, peer, server = make_phone("--answer"), make_peer(), make_peer()
    phone.do("account", name="a", uri=f"sip:alice@{server.host}:{server.port}", auth_user="alice", secret="x")
    server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")
    peer.invite(f"sip:alice@{phone.ip}:{phone.port}", peer.sdp())
    peer.acknowledge(peer.receive("200"))
    assert phone.wait("incoming")["account"] is None
    phone.wait("dialog", state="connected")
    phone.call("hang_up")
    challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"'
    peer.respond(peer.receive("BYE"), "401 Unauthorized", headers=(challenge,))
    phone.wait("dialog", state="ended")
    assert phone.quit() == 0
    assert not any("Authorization:" in text for text in peer.rest())


def test_servers_call_belongs_to_the_account(make_phone: MakePhone, make_peer: MakePeer) -> None:
    """A call from the account's server is the account's, and its asserted identity counts (RFC 3325)."""
    phone, server = make_phone("--answer"), make_peer()
    phone.do("account", name="a", uri=f"sip:alice@{server.host}:{server.port}", auth_user="alice", secret="x")
    server.respond(server.receive("REGISTER"), "200 OK", headers=("Expires: 300",))
    phone.wait("registration", state="registered")
    asserted = 'P-Asserted-Identity: "Bob" <sip:102@lab.example>'
    server.invite(f"sip:alice@{phone.ip}:{phone.port}", server.sdp(), headers=(asserted,))
    response = server.receive("200")
    server.acknowledge(response)
    incoming = phone.wait("incoming", account="a")
    assert (incoming["uri"], incoming["name"]) == ("sip:102@lab.example", "Bob")
    phone.wait("dialog", state="connected")
    changed = 'P-Asserted-Identity: "Carol" <sip:103@lab.example>'
    server.request("UPDATE", response, headers=(changed,))
    identity = phone.wait("identity")
    assert (identity["uri"], identity["name"]) == ("sip:103@lab.example", "Carol")
