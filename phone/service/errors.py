"""The one error of the service."""

from phone.errors import PhoneError


class ServiceError(PhoneError):
    """The service cannot do what its file says; the sentence names what is wrong."""
