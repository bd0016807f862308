"""Commands for what calls offer to encrypt with."""

from __future__ import annotations

import argparse
from typing import Any, get_args

from phone.cli.asking import ask, show
from phone.cli.grammar import add_command, add_group
from phone.control import words
from phone.control.contract import AlgorithmKind


def _list_algorithms(args: argparse.Namespace) -> int:
    answer = ask(args, "algorithms.list")
    return show(args, answer, words.offers(answer))


def _set_algorithms(args: argparse.Namespace) -> int:
    answer = ask(args, "algorithms.set", kind=args.kind, names=args.codes)
    return show(args, answer, words.offers([answer]))


def _reset_algorithms(args: argparse.Namespace) -> int:
    answer = ask(args, "algorithms.reset", kind=args.kind)
    return show(args, answer, words.offers(answer))


def add(commands: Any) -> None:
    """Add them."""
    algorithms = add_group(commands, "algorithms", "what calls offer to encrypt with")
    add_command(algorithms, "list", _list_algorithms, "what is offered, best first, and what else could be")
    kinds = get_args(AlgorithmKind)
    mandatory = "What RFC 6189 makes mandatory cannot be switched off: left out, it is offered last."
    choose = add_command(
        algorithms, "set", _set_algorithms, "offer these from the next call on", epilog=mandatory
    )
    choose.add_argument("kind", choices=kinds)
    choose.add_argument("codes", nargs="+", metavar="CODE", help="as the list shows them; the best first")
    reset = add_command(algorithms, "reset", _reset_algorithms, "offer what Parley offers by itself")
    reset.add_argument("kind", nargs="?", choices=kinds, help="default: every kind")
