"""ZSA: the ZRTP exchange is authenticated by the SIP secret of an account; ``docs/zsa.md`` specifies it.

Sans-IO, as all of ``zrtp``: messages and time in; messages, timers and events out. ``capability`` says which
suite runs, ``Keeper`` and ``Holder`` run it.
"""
