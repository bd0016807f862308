"""The root of every error that Parley raises on purpose."""


class PhoneError(Exception):
    """Something went wrong that a person can be told in one clear sentence: ``str(error)``.

    Each room has one root of its own below this one.
    """
