"""The one error of everything that reads datagrams and session descriptions."""

from phone.errors import PhoneError


class PacketError(PhoneError):
    """What came in is not what it should be; the sentence names the first thing wrong with it."""
