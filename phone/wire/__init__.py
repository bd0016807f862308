"""Datagrams and session descriptions as values: RTP, RTCP, SRTP, SDP. No input, no output."""
