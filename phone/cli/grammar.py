"""What the commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, get_args

from phone.control.contract import Policy

Run = Callable[[argparse.Namespace], int]
"""Carries out a command; returns the exit status."""


def add_command(commands: Any, name: str, run: Run, about: str, **options: Any) -> argparse.ArgumentParser:
    """Add a command that ``run`` carries out, and return its parser.

    ``options``: as ``add_parser`` takes them.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + ".", allow_abbrev=False, **options
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines, and nothing else")
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Any, name: str, about: str) -> Any:
    """Add a command that only has others below it, and return what takes those."""
    parser = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    return parser.add_subparsers(metavar="COMMAND", required=True)


def add_call(parser: argparse.ArgumentParser) -> None:
    """Let it be said which call is meant."""
    parser.add_argument("call", nargs="?", metavar="CALL", help="default: the only one")


def add_policy(parser: argparse._ActionsContainer, whose: str, default: str | None = None) -> None:
    """Let a policy be chosen; ``whose``: for the help."""
    about = f"what calls need before anything is sent or heard; {whose}"
    parser.add_argument("--policy", choices=get_args(Policy), default=default, help=about)


def home_folder(text: str) -> str:
    """Return the name of a folder. Raise ArgumentTypeError."""
    if not text:
        raise argparse.ArgumentTypeError("it has no name")  # an unset variable is not the current folder
    return text


def port_number(text: str) -> int:
    """Return a port. Raise ArgumentTypeError."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)
