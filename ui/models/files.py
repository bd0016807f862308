"""Lists that the user writes to a file or reads from one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl

from phone.control.contract import LINE_BYTES

translate = QCoreApplication.translate


class FileError(Exception):
    """The file cannot be used; a sentence for people."""


def write(url: QUrl, document: str) -> None:
    """Write a file that only its owner can read. Raise FileError."""
    try:
        file = Path(url.toLocalFile())
        file.touch(mode=0o600)
        file.write_text(document, encoding="utf-8")
    except OSError as error:
        raise FileError(
            translate("Files", "The file cannot be written: {reason}.").format(reason=error.strerror)
        ) from error


def read(url: QUrl) -> str:
    """Return what is in a file. Raise FileError."""
    try:
        file = Path(url.toLocalFile())
        if file.stat().st_size > LINE_BYTES // 2:
            raise FileError(translate("Files", "The file is too large."))
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise FileError(translate("Files", "The file cannot be read.")) from error
