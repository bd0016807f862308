"""DTLS-SRTP (RFC 5763, RFC 5764): keys with whoever carries the media, often a PBX."""
