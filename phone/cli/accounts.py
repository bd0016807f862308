"""Commands for accounts, and for the secrets of those who call."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, get_args

from phone.cli.asking import UsageError, ask, show
from phone.cli.grammar import add_command, add_group, add_policy
from phone.control import words
from phone.control.contract import ControlError, Credential, KeptCredential, KeyKind, Transport, WeakProof

_DIGEST_HELP = (
    "The secret is the password, or with --credential md5 or sha-256 the digest HA1 in hex, as Asterisk keeps"
    " it; it is read from a file, from standard input, or typed. It is never part of the command line."
)


def _add_account(args: argparse.Namespace) -> int:
    secret = _read_secret(args)
    if secret is None and sys.stdin.isatty():
        import getpass  # noqa: PLC0415  # rarely needed

        secret = getpass.getpass(f"Secret of {args.uri} (empty for none): ") or None
    answer = ask(args, "account.add", uri=args.uri, secret=secret, **_account_fields(args))
    return show(args, answer, words.account(answer))


def _edit_account(args: argparse.Namespace) -> int:
    params = {"account": args.account, "uri": args.uri, "secret": _read_secret(args), **_account_fields(args)}
    answer = ask(args, "account.edit", **params)
    return show(args, answer, words.account(answer))


def _account_fields(args: argparse.Namespace) -> dict[str, str]:
    names = ("name", "credential", "realm", "auth_user", "transport", "proxy", "policy", "weak_proof")
    return {name: value for name in names if (value := getattr(args, name)) is not None}


def _read_secret(args: argparse.Namespace) -> str | None:
    try:
        if args.secret_file is not None:
            text = args.secret_file.read_text(encoding="utf-8")
        elif args.secret_stdin:
            text = sys.stdin.read()
        else:
            return None
    except OSError as error:
        raise ControlError(f"The secret in {error.filename} cannot be read: {error.strerror}.") from error
    except UnicodeError:
        # the message would quote what it is about
        raise ControlError("The secret is not UTF-8 text.") from None
    secret = str(text).rstrip("\r\n")
    if not secret:
        raise ControlError("The secret is empty.")
    return secret


def _list_accounts(args: argparse.Namespace) -> int:
    answer = ask(args, "account.list")
    return show(args, answer, words.accounts(answer))


def _show_account(args: argparse.Namespace) -> int:
    answer = ask(args, "account.show", account=args.account)
    return show(args, answer, words.account(answer))


def _remove_account(args: argparse.Namespace) -> int:
    ask(args, "account.remove", account=args.account)
    return 0


def _test_account(args: argparse.Namespace) -> int:
    answer = ask(args, "account.test", account=args.account)
    if answer["state"] != "registered":
        why = f"did not register: {answer['reason']}" if answer["reason"] else f"is {answer['state']}."
        raise ControlError(f"{answer['id']} {why} What would cure it: parley doctor {answer['id']}")
    return show(args, answer, words.account(answer))


def _new_secret(args: argparse.Namespace) -> int:
    params = {"account": args.account, "realm": args.realm, "use": args.use, "plain": args.plain}
    answer = ask(args, "account.new_secret", **params)
    return show(args, answer, words.new_secret(answer))


def _account_key(args: argparse.Namespace) -> int:
    key = _read_secret(args)
    if not (key or args.make or args.remove):
        raise UsageError("say --make, --remove, --secret-file or --secret-stdin")
    answer = ask(args, "account.key", kind=args.kind, account=args.account, key=key, make=args.make)
    return show(args, answer, answer["made"] or words.account(answer["account"]))


def _keep_secret(args: argparse.Namespace) -> int:
    secret = _read_secret(args)
    if secret is None:
        raise UsageError("give the secret by --secret-file or --secret-stdin")
    names = ("account", "caller", "user", "realm", "credential", "beside")
    given = {name: getattr(args, name) for name in names}
    answer = ask(args, "secret.keep", secret=secret, **given)
    return show(args, answer, words.kept([answer]))


def _list_secrets(args: argparse.Namespace) -> int:
    answer = ask(args, "secret.list")
    return show(args, answer, words.kept(answer))


def _forget_secret(args: argparse.Namespace) -> int:
    ask(args, "secret.forget", account=args.account, caller=args.caller)
    return 0


def add(commands: Any) -> None:
    """Add them."""
    _add_account_commands(add_group(commands, "account", "the accounts at your servers"))
    _add_secret_commands(add_group(commands, "secret", "secrets of those who call, to be proved to them"))


def _add_account_commands(commands: Any) -> None:
    add = add_command(commands, "add", _add_account, "add an account and register it", epilog=_DIGEST_HELP)
    add.add_argument("uri", metavar="sip:USER@HOST[:PORT]")
    edit = add_command(commands, "edit", _edit_account, "change an account", epilog=_DIGEST_HELP)
    edit.add_argument("account", nargs="?", metavar="ACCOUNT")
    edit.add_argument("--uri", metavar="sip:USER@HOST[:PORT]", help="its new address")
    for parser in (add, edit):
        parser.add_argument("--name", metavar="N", help="shown to those you call")
        _secret_source(parser)
        parser.add_argument("--credential", choices=get_args(Credential), help="what the secret is")
        parser.add_argument("--realm", metavar="R", help="realm of its logins; '*': learn it from the server")
        parser.add_argument("--auth-user", metavar="USER", help="if it is not the user of the address")
        parser.add_argument("--transport", choices=get_args(Transport))
        parser.add_argument("--proxy", metavar="URI", help="outbound proxy")
        add_policy(parser, "of its calls")
        parser.add_argument(
            "--weak-proof",
            choices=get_args(WeakProof),
            help="to ends that know only the older proof, from which a password could be guessed",
        )
    add_command(commands, "list", _list_accounts, "all accounts and whether they are registered")
    for name, run, about in (
        ("show", _show_account, "everything of one account but its secret"),
        ("remove", _remove_account, "forget an account and its secret"),
        ("test", _test_account, "register an account afresh, and wait for the answer"),
    ):
        add_command(commands, name, run, about).add_argument("account", nargs="?", metavar="ACCOUNT")
    about = "make a secret that nobody can guess, and print what the PBX needs of it"
    new_secret = add_command(commands, "new-secret", _new_secret, about)
    new_secret.add_argument("account", nargs="?", metavar="ACCOUNT")
    new_secret.add_argument("--use", action="store_true", help="the account has it from now on")
    new_secret.add_argument(
        "--plain", action="store_true", help="let the PBX keep the secret, not its digests"
    )
    new_secret.add_argument("--realm", metavar="R", help="if it is not known, or another one")
    _add_key_command(commands)


def _add_key_command(commands: Any) -> None:
    about = "give an account a random key of 32 bytes that the other end has too, or take it away"
    key = add_command(commands, "key", _account_key, about)
    key.add_argument(
        "kind",
        choices=get_args(KeyKind),
        help="proof: what proves it beside the SIP secret; aux: ZRTP's auxiliary secret, for other phones",
    )
    key.add_argument("account", nargs="?", metavar="ACCOUNT")
    how = _secret_source(key)
    how.add_argument("--make", action="store_true", help="make one and print it, for the other end")
    how.add_argument("--remove", action="store_true", help="take it away")


def _add_secret_commands(commands: Any) -> None:
    keep = add_command(commands, "keep", _keep_secret, "prove to a caller that his secret is known here")
    keep.add_argument("user", metavar="USER", help="user name of his logins")
    keep.add_argument("--realm", metavar="R", required=True, help="realm of his logins")
    keep.add_argument("--caller", metavar="C", help="how the PBX names him, often by extension")
    _secret_source(keep)
    keep.add_argument(
        "--credential", choices=get_args(KeptCredential), default="password", help="what the secret is"
    )
    keep.add_argument("--beside", action="store_true", help="what is kept of him in other forms stays")
    forget = add_command(commands, "forget", _forget_secret, "forget the secret of a caller")
    forget.add_argument("caller", metavar="CALLER", help="as the list shows him")
    for parser in (keep, forget):
        parser.add_argument("--account", metavar="A", help="which he calls; default: without a server")
    add_command(commands, "list", _list_secrets, "whose secrets are kept")


def _secret_source(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add the ways to give a secret; return their group, one of which is taken."""
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--secret-file", type=Path, metavar="F", help="read the secret from a file")
    secret.add_argument("--secret-stdin", action="store_true", help="read the secret from standard input")
    return secret
