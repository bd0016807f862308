"""Commands for voice messages, and for the service that takes them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from phone.cli.asking import ask, show
from phone.cli.grammar import add_command, add_group
from phone.config import Home
from phone.control import words
from phone.service.mailbox import Mailbox


def _messages(args: argparse.Namespace) -> int:
    answer = [account for account in ask(args, "account.list") if account["messages"] is not None]
    told = [{"account": account["id"], **account["messages"]} for account in answer]
    return show(args, told, words.messages(answer))


def _list_messages(args: argparse.Namespace) -> int:
    kept = [asdict(message) for message in _mailbox(args).list()]
    return show(args, kept, words.kept_messages(kept))


def _play_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).play(args.message)
    return show(args, asdict(message), words.kept_messages([asdict(message)]))


def _delete_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).delete(args.message)
    return show(args, asdict(message), f"{message.id} is deleted.")


def _export_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).export(args.message, args.file)
    return show(args, {**asdict(message), "file": str(args.file)}, f"{args.file} has the message.")


def _mailbox(args: argparse.Namespace) -> Mailbox:
    return Mailbox(Home.named(args.home).messages)


def _run_service(args: argparse.Namespace) -> int:
    from phone.service.run import run  # noqa: PLC0415  # the reactor

    run(Home.named(args.home), args.file, verbose=args.verbose)
    return 0


def add(commands: Any) -> None:
    """Add them."""
    messages = add_command(commands, "messages", _messages, "voice messages that wait, by account")
    _add_message_commands(messages.add_subparsers(metavar="COMMAND"))
    service = add_group(commands, "service", "unattended ends: echo, announcement, voicemail, park")
    run = add_command(service, "run", _run_service, "run the ends that a file describes, until told to end")
    run.add_argument("file", type=Path, metavar="FILE", help="TOML; docs/service.md explains it")
    run.add_argument("--verbose", action="store_true", help="log everything, without secrets")


def _add_message_commands(commands: Any) -> None:
    add_command(
        commands, "list", _list_messages, "messages that callers have left with the service of this home"
    )
    play = add_command(commands, "play", _play_message, "play one of them")
    play.add_argument(
        "message", nargs="?", metavar="MESSAGE", help="its id, or the beginning (default: the latest)"
    )
    delete = add_command(commands, "delete", _delete_message, "throw one of them away")
    delete.add_argument("message", metavar="MESSAGE")
    export = add_command(commands, "export", _export_message, "copy one of them to a new WAV file")
    export.add_argument("message", metavar="MESSAGE")
    export.add_argument("file", type=Path, metavar="WAV")
