"""Datagrams and session descriptions as values: RTP, RTCP, SRTP, SDP. No input, no output."""

from phone.wire.errors import PacketError

__all__ = ["PacketError"]
