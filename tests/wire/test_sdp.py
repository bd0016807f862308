"""What is read from session descriptions, and what is changed in them, by files from real phones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.wire import PacketError
from phone.wire.description import Address, DtlsDescription, Fingerprint, MediaDescription, Setup
from phone.wire.sdp import DISGUISED, Direction, read_audio, rewrite, setup_for

FILES = {path.stem: path.read_bytes().decode() for path in (Path(__file__).parent / "sdp").glob("*.sdp")}
OURS = MediaDescription(Address("192.0.2.7", 20000), Address("192.0.2.7", 20001), "1.10 " + "0a" * 32)

MINIMAL = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
AUDIO = "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 127.0.0.1\r\n"


FINGERPRINT = Fingerprint("sha-256", bytes(range(32)))
DTLS = f"a=fingerprint:{FINGERPRINT}\r\n"


def lines(sdp: str) -> list[str]:
    return sdp.split("\r\n")


# reading


@pytest.mark.parametrize("name", FILES)
def test_every_real_description_is_read(name: str) -> None:
    """No real phone's description is refused, and each has a place for audio."""
    assert read_audio(FILES[name]).rtp.port > 0


def test_hello_hash_of_linphone_is_found() -> None:
    """The value of a=zrtp-hash comes with its version and without the attribute's name."""
    expected = "1.10 2df62cf7ddaf6256412490642ffda582ba78aa2ef25059df5e65810ae0c6d7ba"
    assert read_audio(FILES["linphone_offer"]).zrtp_hash == expected


def test_asterisk_strips_what_it_does_not_know() -> None:
    """A description that came through Asterisk names neither a Hello hash nor an SSRC."""
    audio = read_audio(FILES["asterisk_direct_media"])
    assert (audio.zrtp_hash, audio.ssrc) == (None, None)


def test_session_level_connection_address_counts() -> None:
    """Linphone and Asterisk put c= above the first m-line."""
    assert read_audio(FILES["asterisk_direct_media"]).rtp == Address("127.117.215.3", 27562)


def test_media_level_connection_address_wins() -> None:
    """An address of the stream's own is preferred to the session's."""
    sdp = MINIMAL + "c=IN IP4 192.0.2.1\r\n" + AUDIO.replace("127.0.0.1", "192.0.2.2")
    assert read_audio(sdp).rtp.host == "192.0.2.2"


def test_ssrc_is_read_from_pjsua2() -> None:
    """The announced SSRC is the number in a=ssrc."""
    assert f"a=ssrc:{read_audio(FILES['pjsua2_offer']).ssrc} " in FILES["pjsua2_offer"]


def test_hold_by_sendonly_is_seen() -> None:
    """Linphone holds by sendonly, and keeps its address."""
    audio = read_audio(FILES["linphone_hold"])
    assert audio.direction is Direction.SENDONLY
    assert audio.holds


def test_hold_by_zero_address_is_seen() -> None:
    """The old way to hold, c=0.0.0.0, means the same (RFC 3264 §8.4)."""
    assert read_audio(MINIMAL + AUDIO.replace("127.0.0.1", "0.0.0.0")).holds


def test_asterisk_hold_does_not_look_like_one() -> None:
    """Who is held by way of Asterisk is only told another address, sendrecv."""
    audio = read_audio(FILES["asterisk_hold"])
    assert not audio.holds


def test_direction_of_the_session_counts_for_the_stream() -> None:
    """A direction above the m-lines is the default of each (RFC 8866 §6.7)."""
    assert read_audio(MINIMAL + "a=inactive\r\n" + AUDIO).direction is Direction.INACTIVE


def test_rtcp_port_is_the_next_one_by_default() -> None:
    """Without a=rtcp RTCP has the port above RTP's (RFC 3550 §11)."""
    assert read_audio(FILES["linphone_offer"]).rtcp == Address("127.117.215.2", 25603)


def test_rtcp_attribute_without_address_is_on_the_media_host() -> None:
    """a=rtcp may name a port alone (RFC 3605 §2.1)."""
    assert read_audio(MINIMAL + AUDIO + "a=rtcp:5005\r\n").rtcp == Address("127.0.0.1", 5005)


def test_rtcp_attribute_with_address_is_believed() -> None:
    """a=rtcp may name another host."""
    assert read_audio(MINIMAL + AUDIO + "a=rtcp:5005 IN IP4 192.0.2.9\r\n").rtcp == Address("192.0.2.9", 5005)


def test_rtcp_mux_puts_rtcp_on_the_rtp_port() -> None:
    """With a=rtcp-mux there is one address for both (RFC 5761)."""
    audio = read_audio(FILES["pjsua2_mux_answer"])
    assert audio.rtcp_mux
    assert audio.rtcp == audio.rtp


def test_first_live_audio_stream_is_the_one() -> None:
    """A rejected audio stream is passed over when another is live."""
    sdp = MINIMAL + AUDIO.replace("4000", "0") + AUDIO.replace("4000", "4002")
    assert read_audio(sdp).rtp.port == 4002


def test_rejected_audio_is_read_as_port_zero() -> None:
    """Where every audio stream is rejected that is what is told, RTCP included."""
    audio = read_audio(MINIMAL + AUDIO.replace("4000", "0"))
    assert (audio.rtp.port, audio.rtcp.port) == (0, 0)


@pytest.mark.parametrize("value", ["1.10 abc", "1.00 " + "0a" * 32, "1.10 " + "0g" * 32, ""])
def test_malformed_hello_hash_counts_as_none(value: str) -> None:
    """What is no hash of version 1.10 cannot be compared; a good one after it is taken."""
    sdp = MINIMAL + AUDIO + f"a=zrtp-hash:{value}\r\n"
    assert read_audio(sdp).zrtp_hash is None
    assert read_audio(sdp + f"a=zrtp-hash:{OURS.zrtp_hash}\r\n").zrtp_hash == OURS.zrtp_hash


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_any_line_ending_is_read(ending: str) -> None:
    """Some phones end lines with LF alone (RFC 8866 §5)."""
    assert read_audio((MINIMAL + AUDIO).replace("\r\n", ending)).rtp == Address("127.0.0.1", 4000)


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "hello",
        "o=- 1 1 IN IP4 127.0.0.1\r\n",
        MINIMAL,
        MINIMAL + "m=video 4000 RTP/AVP 96\r\nc=IN IP4 127.0.0.1\r\n",
        MINIMAL + "m=audio 4000 RTP/AVP 0\r\n",
        MINIMAL + "m=audio x RTP/AVP 0\r\n",
        MINIMAL + "m=audio 65536 RTP/AVP 0\r\n",
        MINIMAL + "m=audio 4000 RTP/AVP\r\n",
        MINIMAL + "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 ::1\r\n",
        MINIMAL + "m=audio 4000 RTP/AVP 0\r\nc=nonsense\r\n",
        MINIMAL + AUDIO + "a=rtcp:x\r\n",
        MINIMAL + AUDIO + "a=rtcp:70000\r\n",
        MINIMAL + AUDIO + "a=ssrc:x\r\n",
        MINIMAL + AUDIO + "a=ssrc:4294967296 cname:x\r\n",
        MINIMAL + AUDIO + "no equals sign\r\n",
        MINIMAL + AUDIO + "\r\na=sendrecv\r\n",
    ],
)
def test_malformed_description_is_refused(sdp: str) -> None:
    """What cannot be read raises the room's one error."""
    with pytest.raises(PacketError):
        read_audio(sdp)


# rewriting


@pytest.mark.parametrize("name", ["pjsua2_offer", "pjsua2_mux_offer", "pjsua2_answer", "pjsua2_mux_answer"])
@pytest.mark.parametrize("offer", [True, False])
def test_no_loopback_address_goes_out(name: str, offer: bool) -> None:
    """Every address and port of the phone gives way to ours."""
    rewritten = rewrite(FILES[name], OURS, offer=offer)
    assert "127.0.0.1" not in rewritten
    assert read_audio(rewritten).rtp == OURS.rtp
    assert read_audio(rewritten).zrtp_hash == OURS.zrtp_hash


def test_answer_changes_nothing_but_our_lines() -> None:
    """All that an answer says beside addresses, ports and hash stays, in its order."""
    before, after = lines(FILES["pjsua2_answer"]), lines(rewrite(FILES["pjsua2_answer"], OURS, offer=False))
    ours = ("o=", "c=", "m=audio", "a=rtcp:", "a=zrtp-hash:")
    assert [line for line in after if not line.startswith(ours)] == [
        line for line in before if not line.startswith(ours)
    ]


def test_origin_keeps_identity_and_version() -> None:
    """Only the address in o= changes: its numbers tell a new offer from a repeated one (RFC 3264 §8)."""
    before, after = (
        lines(FILES["pjsua2_offer"])[1],
        lines(rewrite(FILES["pjsua2_offer"], OURS, offer=True))[1],
    )
    assert before.removesuffix("127.0.0.1") == after.removesuffix("192.0.2.7")


def test_offer_without_mux_names_the_rtcp_port() -> None:
    """a=rtcp is put in the place of the phone's own."""
    assert "a=rtcp:20001 IN IP4 192.0.2.7" in lines(rewrite(FILES["pjsua2_offer"], OURS, offer=True))


def test_offer_of_mux_keeps_an_rtcp_port_to_fall_back_on() -> None:
    """Who offers rtcp-mux must expect that it is not taken (RFC 5761 §5.1.1)."""
    rewritten = lines(rewrite(FILES["pjsua2_mux_offer"], OURS, offer=True))
    assert "a=rtcp-mux" in rewritten
    assert "a=rtcp:20001 IN IP4 192.0.2.7" in rewritten


def test_answer_with_mux_names_no_rtcp_port() -> None:
    """Once rtcp-mux is settled there is no second port."""
    rewritten = lines(rewrite(FILES["pjsua2_mux_answer"], OURS, offer=False))
    assert not [line for line in rewritten if line.startswith("a=rtcp:")]


def test_foreign_hello_hash_is_replaced() -> None:
    """There is one a=zrtp-hash in what goes out, and it is ours."""
    rewritten = rewrite(MINIMAL + AUDIO + "a=zrtp-hash:1.10 " + "ff" * 32 + "\r\n", OURS, offer=False)
    assert [line for line in lines(rewritten) if "zrtp-hash" in line] == [f"a=zrtp-hash:{OURS.zrtp_hash}"]


def test_hold_address_stays_one() -> None:
    """0.0.0.0 is a request, not an address, so it is not replaced."""
    rewritten = rewrite(MINIMAL + AUDIO.replace("127.0.0.1", "0.0.0.0"), OURS, offer=True)
    assert "c=IN IP4 0.0.0.0" in lines(rewritten)


def test_other_streams_are_rejected() -> None:
    """A video stream keeps its place, with port 0 and without attributes (RFC 3264 §6)."""
    video = "m=video 5000 RTP/AVP 96\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:96 VP8/90000\r\n"
    rewritten = rewrite(MINIMAL + video + AUDIO, OURS, offer=False)
    assert "m=video 0 RTP/AVP 96\r\nc=IN IP4 192.0.2.7\r\nm=audio 20000" in rewritten


def test_second_audio_stream_is_rejected() -> None:
    """There is one leg, so there is one stream."""
    rewritten = rewrite(MINIMAL + AUDIO + AUDIO, OURS, offer=False)
    assert [line for line in lines(rewritten) if line[:2] == "m="] == [
        "m=audio 20000 RTP/AVP 0",
        "m=audio 0 RTP/AVP 0",
    ]


def test_rejected_audio_stays_rejected() -> None:
    """Where the phone refuses audio no port of ours is named."""
    rewritten = rewrite(MINIMAL + AUDIO.replace("4000", "0"), OURS, offer=False)
    assert "m=audio 0 RTP/AVP 0" in lines(rewritten)
    assert "zrtp-hash" not in rewritten


@pytest.mark.parametrize("offer", [True, False])
def test_description_without_audio_is_no_error(offer: bool) -> None:
    """A description without any stream has only its own addresses changed."""
    assert lines(rewrite(MINIMAL, OURS, offer=offer))[1] == "o=- 1 1 IN IP4 192.0.2.7"


def test_unreadable_origin_is_refused() -> None:
    """Without a readable o= we do not know what we would send."""
    with pytest.raises(PacketError, match="origin"):
        rewrite(MINIMAL.replace("o=- 1 1", "o=-"), OURS, offer=True)


def test_unreadable_connection_is_overwritten() -> None:
    """Whatever the phone wrote as its own address, ours goes out."""
    assert "c=IN IP4 192.0.2.7" in rewrite(MINIMAL + AUDIO.replace("IN IP4 127.0.0.1", "x"), OURS, offer=True)


# payload types


def numbers(sdp: str) -> dict[str, str]:
    """Return the payload type of each codec."""
    return {
        codec: number
        for line in lines(sdp)
        if line.startswith("a=rtpmap:")
        for number, codec in [line[9:].split()]
    }


def test_offer_carries_the_numbers_of_asterisk() -> None:
    """DTMF and the dynamic codecs have the payload types that Asterisk gives them."""
    found = numbers(rewrite(FILES["pjsua2_offer"], OURS, offer=True))
    for codec, number in {
        "telephone-event/8000": "101",
        "iLBC/8000": "97",
        "speex/8000": "110",
        "speex/16000": "117",
        "speex/32000": "119",
    }.items():
        assert found[codec] == number


def test_renumbered_offer_is_consistent() -> None:
    """m-line, rtpmap and fmtp agree, no number is used twice, and the order of preference stays."""
    before, after = FILES["pjsua2_offer"], rewrite(FILES["pjsua2_offer"], OURS, offer=True)
    old, new = numbers(before), numbers(after)
    assert len(set(new.values())) == len(new)
    (before_line,) = [line for line in lines(before) if line[:2] == "m="]
    (after_line,) = [line for line in lines(after) if line[:2] == "m="]
    codec_of = {number: codec for codec, number in old.items()}
    assert after_line.split()[3:] == [new[codec_of[number]] for number in before_line.split()[3:]]
    assert f"a=fmtp:{new['iLBC/8000']} mode=30" in lines(after)
    assert "a=fmtp:101 0-16" in lines(after)


def test_answer_keeps_the_numbers_of_the_offer() -> None:
    """In an answer the payload types are the peer's."""
    assert numbers(rewrite(FILES["pjsua2_answer"], OURS, offer=False)) == numbers(FILES["pjsua2_answer"])


def test_codec_in_the_way_moves_aside() -> None:
    """An unknown codec on a number that is needed gets another, its parameters with it."""
    sdp = (
        MINIMAL
        + "m=audio 4000 RTP/AVP 101 127 96\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:101 unknown/8000\r\n"
        + "a=fmtp:101 x=1\r\na=rtpmap:127 other/8000\r\na=rtpmap:96 telephone-event/8000\r\n"
    )
    rewritten = rewrite(sdp, OURS, offer=True)
    assert numbers(rewritten) == {"unknown/8000": "126", "other/8000": "127", "telephone-event/8000": "101"}
    assert "m=audio 20000 RTP/AVP 126 127 101" in lines(rewritten)
    assert "a=fmtp:126 x=1" in lines(rewritten)


def test_same_codec_twice_is_renumbered_once() -> None:
    """Two payload types for one codec cannot share a number."""
    sdp = (
        MINIMAL
        + "m=audio 4000 RTP/AVP 96 97\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:96 speex/8000\r\n"
        + "a=rtpmap:97 speex/8000/1\r\na=rtpmap:98 iLBC/8000\r\n"
    )
    assert "m=audio 20000 RTP/AVP 110 97" in lines(rewrite(sdp, OURS, offer=True))


@given(st.permutations(range(96, 128)), st.permutations(["telephone-event", "speex", "iLBC"] + ["x"] * 29))
def test_crowded_offer_keeps_its_numbers_apart(payload_types: list[int], codecs: list[str]) -> None:
    """Even with all 32 dynamic numbers in use every codec has one of its own after renumbering."""
    offered = dict(zip(payload_types, codecs, strict=True))
    sdp = MINIMAL + f"m=audio 4000 RTP/AVP {' '.join(map(str, offered))}\r\nc=IN IP4 127.0.0.1\r\n"
    sdp += "".join(f"a=rtpmap:{number} {codec}/8000\r\n" for number, codec in offered.items())
    rewritten = rewrite(sdp, OURS, offer=True)
    (media,) = [line for line in lines(rewritten) if line[:2] == "m="]
    assert sorted(map(int, media.split()[3:])) == sorted(offered)
    assert numbers(rewritten)["telephone-event/8000"] == "101"


# anything at all

LINES = st.lists(
    st.one_of(
        st.sampled_from(sorted({line for text in FILES.values() for line in lines(text)})),
        st.from_regex(r"[a-z]=[ -~]{0,40}", fullmatch=True),
        st.text(max_size=20),
    ),
    max_size=30,
).map(lambda chosen: "v=0\r\n" + "\r\n".join(chosen))


@given(st.one_of(st.text(), LINES))
def test_reading_anything_gives_a_description_or_the_one_error(sdp: str) -> None:
    """Whatever comes in a message body, nothing but PacketError comes out of reading it."""
    try:
        audio = read_audio(sdp)
    except PacketError:
        return
    assert 0 <= audio.rtp.port <= 65535


@given(st.one_of(st.text(), LINES), st.booleans())
def test_rewriting_anything_gives_a_description_or_the_one_error(sdp: str, offer: bool) -> None:
    """What is rewritten can be rewritten again, and is the same then."""
    try:
        rewritten = rewrite(sdp, OURS, offer=offer)
    except PacketError:
        return
    assert rewrite(rewritten, OURS, offer=offer) == rewritten


# DTLS-SRTP


def test_fingerprint_of_asterisk_is_found() -> None:
    """It writes the hash's name in capitals, and that it will begin."""
    dtls = read_audio(FILES["asterisk_dtls_answer"]).dtls
    assert dtls is not None
    assert dtls.setup is Setup.ACTIVE
    assert dtls.is_new
    (found,) = dtls.fingerprints
    assert (found.algorithm, found.digest[:4].hex(), len(found.digest)) == ("sha-256", "b38f2c8b", 32)


def test_fingerprint_of_the_session_counts_unless_the_stream_has_one() -> None:
    """RFC 8122 §5."""
    other = Fingerprint("sha-512", bytes(64))
    session = MINIMAL + f"a=fingerprint:{other}\r\na=setup:passive\r\n" + AUDIO
    assert read_audio(session).dtls == DtlsDescription((other,), Setup.PASSIVE)
    assert read_audio(session + DTLS).dtls == DtlsDescription((FINGERPRINT,), Setup.PASSIVE)
    both = session + DTLS + f"a=fingerprint:{other}\r\n"
    assert read_audio(both).dtls == DtlsDescription((FINGERPRINT, other), Setup.PASSIVE)


@pytest.mark.parametrize(
    "attributes",
    [
        DTLS,
        "a=setup:active\r\n",
        DTLS + "a=setup:holdconn\r\n",
        "a=setup:active\r\na=fingerprint:sha-256 01:02\r\n",
        "a=setup:active\r\na=fingerprint:sha-256\r\n",
    ],
)
def test_half_of_dtls_is_none(attributes: str) -> None:
    """Without a certificate, or a word on who begins, there is no handshake; the rest is read."""
    assert read_audio(MINIMAL + AUDIO + attributes).dtls is None


@pytest.mark.parametrize(
    ("said", "answered"),
    [(Setup.ACTPASS, Setup.ACTIVE), (Setup.PASSIVE, Setup.ACTIVE), (Setup.ACTIVE, Setup.PASSIVE)],
)
def test_answer_takes_the_other_part(said: Setup, answered: Setup) -> None:
    """Whoever may choose begins (RFC 5763 §5)."""
    assert setup_for(DtlsDescription((FINGERPRINT,), said)) is answered


def test_answer_without_an_offer_says_nothing() -> None:
    """There is nothing to take part in."""
    assert setup_for(None) is None


@pytest.mark.parametrize("setup", Setup)
def test_our_fingerprint_is_advertised(setup: Setup) -> None:
    """What goes out is read as it was meant; the profile stays as it is, for those who have no DTLS."""
    ours = replace(OURS, fingerprint=FINGERPRINT)
    rewritten = rewrite(MINIMAL + AUDIO, ours, offer=True, setup=setup)
    assert read_audio(rewritten).dtls == DtlsDescription((FINGERPRINT,), setup)
    assert "m=audio 20000 RTP/AVP 0" in rewritten


def test_nothing_is_advertised_to_who_has_no_dtls() -> None:
    """Nor by who has no certificate."""
    ours = replace(OURS, fingerprint=FINGERPRINT)
    assert read_audio(rewrite(MINIMAL + AUDIO, ours, offer=False)).dtls is None
    assert read_audio(rewrite(MINIMAL + AUDIO, OURS, offer=True, setup=Setup.ACTPASS)).dtls is None


def test_answer_keeps_the_profile_that_it_is_told() -> None:
    """pjsua2 writes RTP/AVP into everything; an answer has the profile of its offer (RFC 3264 §6)."""
    rewritten = rewrite(MINIMAL + AUDIO, OURS, offer=False, profile=DISGUISED)
    assert read_audio(rewritten).profile == DISGUISED
    assert read_audio(rewrite(MINIMAL + AUDIO, OURS, offer=False)).profile == "RTP/AVP"
