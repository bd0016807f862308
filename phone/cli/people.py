"""Commands for contacts and for the phones one knows."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from phone.cli.asking import ask, read_document, show, write_private
from phone.cli.grammar import Run, add_command, add_group, add_policy
from phone.control import words


def _list_contacts(args: argparse.Namespace) -> int:
    answer = ask(args, "contacts.list", text=args.text)
    return show(args, answer, words.contacts(answer))


def _add_contact(args: argparse.Namespace) -> int:
    answer = ask(args, "contacts.add", name=args.name, address=args.address, policy=args.policy)
    return show(args, answer, words.contacts([answer]))


def _edit_contact(args: argparse.Namespace) -> int:
    policy = "" if args.no_policy else args.policy
    params = {"contact": args.contact, "name": args.name, "address": args.address, "policy": policy}
    answer = ask(args, "contacts.edit", **params)
    return show(args, answer, words.contacts([answer]))


def _remove_contact(args: argparse.Namespace) -> int:
    ask(args, "contacts.remove", contact=args.contact)
    return 0


def _export_contacts(args: argparse.Namespace) -> int:
    document = ask(args, "contacts.export")
    if args.file is None:
        print(json.dumps({"csv": document}) if args.json else document, end="\n" if args.json else "")
        return 0
    write_private(args.file, document)
    return show(args, {"file": str(args.file)}, f"{args.file} has the contacts.")


def _import_contacts(args: argparse.Namespace) -> int:
    count = ask(args, "contacts.import", document=read_document(args.file))
    return show(args, {"imported": count}, f"{count} contacts are new here.")


def _list_peers(args: argparse.Namespace) -> int:
    answer = ask(args, "peers.list")
    return show(args, answer, words.peers(answer))


def _on_peer(method: str) -> Run:
    def run(args: argparse.Namespace) -> int:
        answer = ask(args, method, peer=args.peer)
        return show(args, answer, words.peer(answer))

    return run


def _rename_peer(args: argparse.Namespace) -> int:
    answer = ask(args, "peers.rename", peer=args.peer, name=args.name)
    return show(args, answer, words.peer(answer))


def _forget_peer(args: argparse.Namespace) -> int:
    ask(args, "peers.forget", peer=args.peer)
    return 0


def _export_peers(args: argparse.Namespace) -> int:
    document = ask(args, "peers.export")
    if args.file is None:
        print(json.dumps(json.loads(document)) if args.json else document)
        return 0
    write_private(args.file, document)
    count = len(json.loads(document)["peers"])
    text = (
        f"{args.file} has the names, addresses and dates of {count} phones, and no key: whoever imports it"
        " knows them by name, and has yet to verify them."
    )
    return show(args, {"file": str(args.file), "peers": count}, text)


def _import_peers(args: argparse.Namespace) -> int:
    count = ask(args, "peers.import", document=read_document(args.file))
    return show(args, {"imported": count}, f"{count} phones are new here; verify them when you talk.")


def add(commands: Any) -> None:
    """Add them."""
    _add_contact_commands(add_group(commands, "contacts", "the people you call"))
    _add_peer_commands(commands, add_group(commands, "peers", "the phones you know"))


def _add_contact_commands(commands: Any) -> None:
    listing = add_command(commands, "list", _list_contacts, "all contacts, or those that contain a text")
    listing.add_argument("text", nargs="?", default="", metavar="TEXT", help="part of a name or address")
    add = add_command(commands, "add", _add_contact, "give an address a name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("address", metavar="URI|NUMBER")
    add_policy(add, "of calls with it; it counts where you call it, and asks for more where it calls you")
    edit = add_command(commands, "edit", _edit_contact, "change a contact")
    edit.add_argument("contact", metavar="NAME")
    edit.add_argument("--name", metavar="N", help="its new name")
    edit.add_argument("--address", metavar="URI|NUMBER", help="its new address")
    policy = edit.add_mutually_exclusive_group()
    add_policy(policy, "of calls with it; it counts where you call it, and asks for more where it calls you")
    policy.add_argument("--no-policy", action="store_true", help="what the account asks for is enough")
    add_command(commands, "remove", _remove_contact, "forget a contact").add_argument(
        "contact", metavar="NAME"
    )
    export = add_command(commands, "export", _export_contacts, "write all contacts as CSV")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: standard output")
    take = add_command(commands, "import", _import_contacts, "add the contacts of a CSV file")
    take.add_argument("file", type=Path, metavar="FILE", help="with columns name and address, maybe policy")


def _add_peer_commands(commands: Any, peers: Any) -> None:
    add_command(peers, "list", _list_peers, "all phones, and since when they are verified")
    for group, name, run, about in (
        (peers, "show", _on_peer("peers.show"), "everything of one phone but its key"),
        (peers, "rename", _rename_peer, "give a phone another name"),
        (peers, "forget", _forget_peer, "forget a phone and its key"),
        (commands, "unverify", _on_peer("peers.unverify"), "take back that a phone was verified"),
    ):
        parser = add_command(group, name, run, about)
        parser.add_argument("peer", metavar="PEER", help="its name or ZID")
        if name == "rename":
            parser.add_argument("name", metavar="NAME")
    export = add_command(peers, "export", _export_peers, "write names and dates, no keys, to a file")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: standard output")
    take = add_command(peers, "import", _import_peers, "learn names from such a file; verifies nothing")
    take.add_argument("file", type=Path, metavar="FILE")
