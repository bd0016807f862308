"""Where log lines go, and what never gets there."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from phone.errors import PhoneError

_FILE_BYTES = 1 << 20
_OLD_FILES = 3

_SENSITIVE = re.compile(
    r"(authorization\s*[:=]|a=crypto:|a=key-mgmt:|inline:|k=(?:clear|base64|uri|prompt)).*", re.IGNORECASE
)
"""Digest responses (RFC 3261 §20.7, §20.28), SDP keys (RFC 4568 §9.1, RFC 4567, RFC 4566 §5.12)."""


class LogError(PhoneError):
    """The log file cannot be written; the sentence names it."""


class _Discreet(logging.Formatter):
    """Cuts every line off where a digest or a key begins, whoever logged it; in tracebacks too.

    What the program itself holds as ``Secret`` shows its length only.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _SENSITIVE.sub(r"\1 [left out]", super().format(record))


class _PrivateFile(RotatingFileHandler):
    """A log file of mode 0600 from its first byte."""

    def _open(self) -> io.TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_open_private)


def _open_private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def set_up(file: Path, *, verbose: bool) -> None:
    """Send what is logged to ``file``, and warnings to standard error; ``verbose``: everything to both.

    Twisted's log is part of it. Called once, by a process that goes on to run the reactor. Raise LogError.
    """
    try:
        kept: logging.Handler = _PrivateFile(file, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES)
    except OSError as error:
        raise LogError(f"The log file {file} cannot be written: {error.strerror}.") from error
    kept.setLevel(logging.DEBUG if verbose else logging.INFO)
    kept.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel(logging.DEBUG if verbose else logging.WARNING)
    shown.setFormatter(_Discreet("%(name)s: %(message)s" if verbose else "parley: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[kept, shown], force=True)
    logging.getLogger("parley").setLevel(logging.DEBUG)
    logging.captureWarnings(True)
    _observe_twisted()


def _observe_twisted() -> None:
    from twisted.logger import STDLibLogObserver, globalLogBeginner  # noqa: PLC0415  # slow to import

    globalLogBeginner.beginLoggingTo(
        [STDLibLogObserver("twisted")],  # type: ignore[list-item]  # mypy sees no zope interfaces
        discardBuffer=True,
        redirectStandardIO=False,
    )
