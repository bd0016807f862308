"""Asking the backend, and printing what it answers."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from phone.config import Home
from phone.control.client import Client
from phone.control.contract import ControlError


class UsageError(Exception):
    """Arguments that do not fit together; the message says how they do."""


def connect(args: argparse.Namespace) -> Client:
    """Return a connection to the backend of this home. Raise ControlError."""
    return Client(Home.named(args.home).socket)


def ask(args: argparse.Namespace, method: str, **params: object) -> Any:
    """Return what the backend answers to one request. Raise ControlError."""
    with connect(args) as client:
        return client.request(method, params)


def show(args: argparse.Namespace, answer: Any, text: str) -> int:
    """Print an answer: JSON lines for programs, ``text`` for people."""
    if not args.json:
        print(text)
        return 0
    for line in answer if isinstance(answer, list) else [answer]:
        print(json.dumps(line))
    return 0


def write_private(path: Path, document: str) -> None:
    """Write a file that only we can read. Raise ControlError."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(document)
    except OSError as error:
        raise ControlError(f"{path} cannot be written: {error.strerror}.") from error


def read_document(path: Path) -> str:
    """Return the text of a file. Raise ControlError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ControlError(f"{path} cannot be read: {cause}.") from error
