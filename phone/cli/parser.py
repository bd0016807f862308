"""One command, from its arguments to its exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from phone.cli import accounts, algorithms, backend, calls, messages, people, sound, tools
from phone.cli.asking import UsageError
from phone.cli.grammar import home_folder
from phone.control import words
from phone.errors import PhoneError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0 done, 1 failed, 2 wrong usage."""
    parser = make_parser()
    args = parser.parse_args(arguments)
    try:
        status = tools.show_version() if args.version else args.run(args)
        print(end="", flush=True)
    except UsageError as error:
        parser.error(str(error))
    except PhoneError as error:
        print(f"parley: {words.clean(str(error))}", file=sys.stderr)
        return 1
    except OSError as error:
        # of our output, mostly; keep the interpreter from complaining when it flushes once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0  # whoever read it has enough
        print(f"parley: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return int(status)


def make_parser() -> argparse.ArgumentParser:
    """Return the grammar of all commands."""
    parser = argparse.ArgumentParser(
        prog="parley",
        description="Calls that are private by themselves. Without a command: open the desktop.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--home", metavar="DIR", type=home_folder, help="folder for accounts, keys and history"
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    parser.set_defaults(run=tools.open_desktop)
    commands = parser.add_subparsers(metavar="COMMAND")
    for room in (tools, backend, accounts, calls, messages, people, sound, algorithms):
        room.add(commands)
    return parser
