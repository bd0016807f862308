"""Commands that are the backend, or look at it as a whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from phone.cli.asking import ask, connect, show
from phone.cli.grammar import add_command, add_policy, port_number
from phone.config import Home
from phone.control import words


def _status(args: argparse.Namespace) -> int:
    answer = ask(args, "status")
    return show(args, answer, words.status(answer))


def _events(args: argparse.Namespace) -> int:
    with connect(args) as client:
        try:
            for event in client.events():
                show(args, event, words.event(event))
                print(end="", flush=True)
        except KeyboardInterrupt:
            return 0  # the way to end it
    return 0


def _history(args: argparse.Namespace) -> int:
    answer = ask(args, "history", count=args.count)
    return show(args, answer, words.history(answer))


def _clear_history(args: argparse.Namespace) -> int:
    ask(args, "history.clear")
    return 0


def _serve(args: argparse.Namespace) -> int:
    from phone.daemon import serve  # noqa: PLC0415  # the whole backend

    serve(
        Home.named(args.home),
        bind=args.bind,
        sip_port=args.sip_port,
        front=args.front,
        trust_of=args.trust_of,
        play=args.play,
        record=args.record,
        echo=args.echo,
        policy=args.policy,
        heed_go_clear=args.heed_go_clear,
        verbose=args.verbose,
    )
    return 0


def add(commands: Any) -> None:
    """Add them."""
    keyring = (
        "With PARLEY_KEYRING=file in the environment, account secrets stay out of the desktop's keyring."
    )
    serve = add_command(commands, "serve", _serve, "run the backend until it is told to end", epilog=keyring)
    serve.add_argument("--bind", metavar="IP", default="0.0.0.0", help="own address (default: every one)")  # noqa: S104
    serve.add_argument("--sip-port", type=port_number, default=0, metavar="N", help="default: a free one")
    serve.add_argument("--play", type=Path, metavar="WAV", help="instead of a microphone: this file, looped")
    serve.add_argument("--record", type=Path, metavar="WAV", help="instead of a loudspeaker: into this file")
    serve.add_argument(
        "--echo", action="store_true", help="instead of either: say what is heard, a moment later"
    )
    add_policy(serve, "for calls without an account", default="prefer")
    serve.add_argument(
        "--heed-go-clear",
        action="store_true",
        help="where the policy is prefer, let the other phone switch encryption off; you are asked then",
    )
    serve.add_argument("--front", metavar="HOST:PORT", help="be a worker of the parley service behind it")
    serve.add_argument("--trust-of", type=Path, metavar="DIR", help="share the identity and trust of a home")
    serve.add_argument("--verbose", action="store_true", help="log everything, without secrets")
    add_command(commands, "status", _status, "accounts and calls, and how well each call is protected")
    add_command(commands, "events", _events, "print what happens, until interrupted")
    history = add_command(commands, "history", _history, "past calls, the latest first")
    history.add_argument("--count", type=int, default=20, metavar="N", help="how many (default: %(default)s)")
    further = history.add_subparsers(metavar="COMMAND")
    add_command(further, "clear", _clear_history, "forget all of them")
