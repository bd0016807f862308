"""ZRTP (RFC 6189) without input or output: datagrams and time in; datagrams, timers and events out."""
