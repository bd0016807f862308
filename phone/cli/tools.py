"""Commands that start something of their own: the desktop, the demo, checks."""

from __future__ import annotations

import argparse
import secrets
import sys
from typing import Any

from phone.cli.grammar import add_command, add_policy
from phone.config import Home
from ui.starting import open_window


def open_desktop(args: argparse.Namespace) -> int:
    """Open the window, or bring the one that is open to the front."""
    home = Home.named(args.home)
    home.prepare()
    return open_window(home.socket, home.log, _program(args), getattr(args, "address", ""))


def _demo(args: argparse.Namespace) -> int:
    from phone.demo import Secrets, run  # noqa: PLC0415  # reads and writes sound

    given = None
    if args.secret or args.wrong_secret:
        kept = args.secret or secrets.token_urlsafe()
        given = Secrets(kept, args.wrong_secret or kept)
    return run(seconds=args.seconds, policy=args.policy, secrets=given, as_json=args.json)


def _doctor(args: argparse.Namespace) -> int:
    from phone.checkup import run  # noqa: PLC0415  # rarely needed

    return run(Home.named(args.home), _program(args), args.account, args.call, as_json=args.json)


def _selftest(args: argparse.Namespace) -> int:
    from phone.selftest import run  # noqa: PLC0415  # the whole backend

    return run(as_json=args.json)


def show_version() -> int:
    """Print the version of what is installed."""
    from importlib.metadata import version  # noqa: PLC0415  # slow

    print(f"parley {version('parley')}")
    return 0


def _program(args: argparse.Namespace) -> list[str]:
    """Return the command that runs Parley with the same home, up to its subcommand."""
    return [sys.executable, "-m", "phone.cli", *(["--home", args.home] if args.home else [])]


def add(commands: Any) -> None:
    """Add them."""
    window = add_command(commands, "open", open_desktop, "open the desktop, as parley alone does")
    window.add_argument(
        "address", nargs="?", default="", metavar="URI", help="whom to call: sip:, sips: or tel:"
    )
    demo = add_command(commands, "demo", _demo, "two phones on this computer secure a call")
    demo.add_argument("--seconds", type=float, default=4.0, help="how long they talk (default: %(default)s)")
    demo.add_argument("--secret", metavar="TEXT", help="the callee, an end without a person, proves it")
    demo.add_argument("--wrong-secret", metavar="TEXT", help="what the caller takes for it")
    add_policy(demo, "of both phones", default="prefer")
    doctor = add_command(commands, "doctor", _doctor, "find out what keeps calls from working")
    doctor.add_argument("account", nargs="?", metavar="ACCOUNT", help="default: every one")
    doctor.add_argument(
        "--call",
        metavar="EXT|URI",
        help="call it too; it has to answer by itself, best with an echo",
    )
    add_command(commands, "selftest", _selftest, "what this installation can do")
