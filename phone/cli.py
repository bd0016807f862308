"""The command line: a client of the backend's control socket, and what starts the backend.

``argparse``: it is there, it is quick to import, and nested commands are all that is needed of it.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from phone.config import Home
from phone.control import words
from phone.control.client import Client
from phone.control.contract import (
    AlgorithmKind,
    ControlError,
    Credential,
    EchoMode,
    KeptCredential,
    KeyKind,
    Policy,
    Role,
    Transport,
    WeakProof,
)
from phone.errors import PhoneError
from phone.service.mailbox import Mailbox
from ui.starting import open_window

PROGRESS_S = 5.0
"""How long ``parley call`` waits for the other side to ring, answer or refuse; the call itself goes on."""

TRANSFER_S = 10.0
"""How long ``parley transfer`` waits for the outcome; the transfer itself goes on."""

Run = Callable[[argparse.Namespace], int]

_DIGEST_HELP = (
    "The secret is the password, or with --credential md5 or sha-256 the digest HA1 in hex, as Asterisk keeps"
    " it; it is read from a file, from standard input, or typed. It is never part of the command line."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0 done, 1 failed, 2 wrong usage."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        status = _version(args) if args.version else args.run(args)
        print(end="", flush=True)
    except _UsageError as error:
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


class _UsageError(Exception):
    """Arguments that do not fit together; the message says how they do."""


# asking the backend


def _client(args: argparse.Namespace) -> Client:
    return Client(Home.named(args.home).socket)


def _ask(args: argparse.Namespace, method: str, **params: object) -> Any:
    with _client(args) as client:
        return client.request(method, params)


def _show(args: argparse.Namespace, answer: Any, text: str) -> int:
    """Print an answer: JSON lines for programs, ``text`` for people."""
    if not args.json:
        print(text)
        return 0
    for line in answer if isinstance(answer, list) else [answer]:
        print(json.dumps(line))
    return 0


# calls


def _status(args: argparse.Namespace) -> int:
    answer = _ask(args, "status")
    return _show(args, answer, words.status(answer))


def _call(args: argparse.Namespace) -> int:
    return _follow(args, "call.dial", target=args.target, account=args.account)


def _follow(args: argparse.Namespace, method: str, **params: object) -> int:
    """Place a call, and tell what has become of it so far."""
    with _client(args) as client:
        happened = client.events(within=PROGRESS_S)
        answer: Any = client.request(method, params)
        for event in happened:
            if event.get("call", {}).get("id") != answer["id"]:
                continue
            answer = event["call"]
            if event["event"] == "call.ended":
                raise ControlError(answer["reason"])
            if answer["state"] != "calling":
                break
    return _show(args, answer, words.call(answer))


def _on_call(method: str, begun: str = "", **params: object) -> Run:
    """Return what carries out ``method``; ``begun``: what to tell of it if its end is yet to come."""

    def run(args: argparse.Namespace) -> int:
        answer = _ask(args, method, call=args.call, **params)
        return _show(args, answer, f"call {answer['id']}   {begun}" if begun else words.call(answer))

    return run


def _go_on(method: str) -> Run:
    """Return what carries out ``method`` in a call that asks whether to go on."""
    return lambda args: _on_call(method, always=args.always)(args)


def _dtmf(args: argparse.Namespace) -> int:
    return _on_call("call.dtmf", digits=args.digits)(args)


def _transfer(args: argparse.Namespace) -> int:
    call, target = (args.call, args.target) if args.target or args.to else (None, args.call)
    if (target is None) == (args.to is None) or (args.to is not None and call is None):
        raise _UsageError(
            "name whom to transfer to: parley transfer CALL URI, or parley transfer CALL --to CALL2"
        )
    with _client(args) as client:
        happened = client.events(within=TRANSFER_S)
        if args.to is not None:
            answer: Any = client.request("call.transfer_to", {"call": call, "to": args.to})
        else:
            answer = client.request("call.transfer", {"call": call, "target": target})
        for event in happened:
            if event.get("call", {}).get("id") != answer["id"]:
                continue
            answer = event["call"]
            if event["event"] == "call.ended" or answer["transfer"]["state"] == "failed":
                break
    if answer["transfer"]["state"] in ("asked", "failed"):
        raise ControlError(answer["reason"] or answer["transfer"]["text"])
    return _show(args, answer, f"call {answer['id']}   {words.transfer(answer)}")


def _conference(args: argparse.Namespace) -> int:
    answer = _ask(args, "call.conference", calls=args.calls)
    return _show(args, answer, "\n".join(map(words.call, answer)))


def _verify(args: argparse.Namespace) -> int:
    return _on_call("call.verify", code=args.code, name=args.name)(args)


def _events(args: argparse.Namespace) -> int:
    with _client(args) as client:
        try:
            for event in client.events():
                _show(args, event, words.event(event))
                print(end="", flush=True)
        except KeyboardInterrupt:
            return 0  # the way to end it
    return 0


def _clear_history(args: argparse.Namespace) -> int:
    _ask(args, "history.clear")
    return 0


def _redial(args: argparse.Namespace) -> int:
    return _follow(args, "call.redial")


def _reject(args: argparse.Namespace) -> int:
    if args.to is not None:
        return _on_call("call.reject", "sending away", to=args.to)(args)
    return _on_call("call.reject", "rejecting", how="decline" if args.decline else "busy")(args)


def _messages(args: argparse.Namespace) -> int:
    answer = [account for account in _ask(args, "account.list") if account["messages"] is not None]
    told = [{"account": account["id"], **account["messages"]} for account in answer]
    return _show(args, told, words.messages(answer))


def _list_messages(args: argparse.Namespace) -> int:
    kept = [asdict(message) for message in _mailbox(args).list()]
    return _show(args, kept, words.kept_messages(kept))


def _play_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).play(args.message)
    return _show(args, asdict(message), words.kept_messages([asdict(message)]))


def _delete_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).delete(args.message)
    return _show(args, asdict(message), f"{message.id} is deleted.")


def _export_message(args: argparse.Namespace) -> int:
    message = _mailbox(args).export(args.message, args.file)
    return _show(args, {**asdict(message), "file": str(args.file)}, f"{args.file} has the message.")


def _mailbox(args: argparse.Namespace) -> Mailbox:
    return Mailbox(Home.named(args.home).messages)


def _run_service(args: argparse.Namespace) -> int:
    from phone.service.run import run  # noqa: PLC0415  # the reactor

    run(Home.named(args.home), args.file, verbose=args.verbose)
    return 0


def _history(args: argparse.Namespace) -> int:
    answer = _ask(args, "history", count=args.count)
    return _show(args, answer, words.history(answer))


# accounts


def _add_account(args: argparse.Namespace) -> int:
    secret = _read_secret(args)
    if secret is None and sys.stdin.isatty():
        import getpass  # noqa: PLC0415  # rarely needed

        secret = getpass.getpass(f"Secret of {args.uri} (empty for none): ") or None
    answer = _ask(args, "account.add", uri=args.uri, secret=secret, **_account_fields(args))
    return _show(args, answer, words.account(answer))


def _edit_account(args: argparse.Namespace) -> int:
    params = {"account": args.account, "uri": args.uri, "secret": _read_secret(args), **_account_fields(args)}
    answer = _ask(args, "account.edit", **params)
    return _show(args, answer, words.account(answer))


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
    answer = _ask(args, "account.list")
    return _show(args, answer, words.accounts(answer))


def _show_account(args: argparse.Namespace) -> int:
    answer = _ask(args, "account.show", account=args.account)
    return _show(args, answer, words.account(answer))


def _remove_account(args: argparse.Namespace) -> int:
    _ask(args, "account.remove", account=args.account)
    return 0


def _test_account(args: argparse.Namespace) -> int:
    answer = _ask(args, "account.test", account=args.account)
    if answer["state"] != "registered":
        raise ControlError(f"{answer['id']} is {answer['state']}: {answer['reason']}")
    return _show(args, answer, words.account(answer))


def _new_secret(args: argparse.Namespace) -> int:
    params = {"account": args.account, "realm": args.realm, "use": args.use, "plain": args.plain}
    answer = _ask(args, "account.new_secret", **params)
    return _show(args, answer, words.new_secret(answer))


def _account_key(args: argparse.Namespace) -> int:
    key = _read_secret(args)
    if not (key or args.make or args.remove):
        raise _UsageError("say --make, --remove, --secret-file or --secret-stdin")
    answer = _ask(args, "account.key", kind=args.kind, account=args.account, key=key, make=args.make)
    return _show(args, answer, answer["made"] or words.account(answer["account"]))


# secrets of those who call


def _keep_secret(args: argparse.Namespace) -> int:
    secret = _read_secret(args)
    if secret is None:
        raise _UsageError("give the secret by --secret-file or --secret-stdin")
    names = ("account", "caller", "user", "realm", "credential", "beside")
    given = {name: getattr(args, name) for name in names}
    answer = _ask(args, "secret.keep", secret=secret, **given)
    return _show(args, answer, words.kept([answer]))


def _list_secrets(args: argparse.Namespace) -> int:
    answer = _ask(args, "secret.list")
    return _show(args, answer, words.kept(answer))


def _forget_secret(args: argparse.Namespace) -> int:
    _ask(args, "secret.forget", account=args.account, caller=args.caller)
    return 0


# contacts


def _list_contacts(args: argparse.Namespace) -> int:
    answer = _ask(args, "contacts.list", text=args.text)
    return _show(args, answer, words.contacts(answer))


def _add_contact(args: argparse.Namespace) -> int:
    answer = _ask(args, "contacts.add", name=args.name, address=args.address, policy=args.policy)
    return _show(args, answer, words.contacts([answer]))


def _edit_contact(args: argparse.Namespace) -> int:
    policy = "" if args.no_policy else args.policy
    params = {"contact": args.contact, "name": args.name, "address": args.address, "policy": policy}
    answer = _ask(args, "contacts.edit", **params)
    return _show(args, answer, words.contacts([answer]))


def _remove_contact(args: argparse.Namespace) -> int:
    _ask(args, "contacts.remove", contact=args.contact)
    return 0


def _export_contacts(args: argparse.Namespace) -> int:
    document = _ask(args, "contacts.export")
    if args.file is None:
        print(json.dumps({"csv": document}) if args.json else document, end="\n" if args.json else "")
        return 0
    _write_private(args.file, document)
    return _show(args, {"file": str(args.file)}, f"{args.file} has the contacts.")


def _import_contacts(args: argparse.Namespace) -> int:
    count = _ask(args, "contacts.import", document=_read_document(args.file))
    return _show(args, {"imported": count}, f"{count} contacts are new here.")


def _suggest(args: argparse.Namespace) -> int:
    answer = _ask(args, "call.suggest", text=args.text)
    return _show(args, answer, words.suggestions(answer))


# peers


def _list_peers(args: argparse.Namespace) -> int:
    answer = _ask(args, "peers.list")
    return _show(args, answer, words.peers(answer))


def _on_peer(method: str) -> Run:
    def run(args: argparse.Namespace) -> int:
        answer = _ask(args, method, peer=args.peer)
        return _show(args, answer, words.peer(answer))

    return run


def _rename_peer(args: argparse.Namespace) -> int:
    answer = _ask(args, "peers.rename", peer=args.peer, name=args.name)
    return _show(args, answer, words.peer(answer))


def _forget_peer(args: argparse.Namespace) -> int:
    _ask(args, "peers.forget", peer=args.peer)
    return 0


def _export_peers(args: argparse.Namespace) -> int:
    document = _ask(args, "peers.export")
    if args.file is None:
        print(json.dumps(json.loads(document)) if args.json else document)
        return 0
    _write_private(args.file, document)
    count = len(json.loads(document)["peers"])
    text = (
        f"{args.file} has the names, addresses and dates of {count} phones, and no key: whoever imports it"
        " knows them by name, and has yet to verify them."
    )
    return _show(args, {"file": str(args.file), "peers": count}, text)


def _import_peers(args: argparse.Namespace) -> int:
    count = _ask(args, "peers.import", document=_read_document(args.file))
    return _show(args, {"imported": count}, f"{count} phones are new here; verify them when you talk.")


# algorithms


def _list_algorithms(args: argparse.Namespace) -> int:
    answer = _ask(args, "algorithms.list")
    return _show(args, answer, words.offers(answer))


def _set_algorithms(args: argparse.Namespace) -> int:
    answer = _ask(args, "algorithms.set", kind=args.kind, names=args.codes)
    return _show(args, answer, words.offers([answer]))


def _reset_algorithms(args: argparse.Namespace) -> int:
    answer = _ask(args, "algorithms.reset", kind=args.kind)
    return _show(args, answer, words.offers(answer))


def _write_private(path: Path, document: str) -> None:
    """Write a file that only we can read. Raise ControlError."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(document)
    except OSError as error:
        raise ControlError(f"{path} cannot be written: {error.strerror}.") from error


def _read_document(path: Path) -> str:
    """Return the text of a file. Raise ControlError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ControlError(f"{path} cannot be read: {cause}.") from error


# sound


def _devices(args: argparse.Namespace) -> int:
    answer = _ask(args, "devices.list")
    return _show(args, answer, words.sound(answer))


def _use_device(args: argparse.Namespace) -> int:
    answer = _ask(args, "devices.choose", role=args.role, name=args.name)
    return _show(args, answer, words.sound(answer))


def _volume(args: argparse.Namespace) -> int:
    answer = _ask(args, "devices.volume", role=args.role, percent=args.percent)
    return _show(args, answer, words.sound(answer))


def _cancel_echo(args: argparse.Namespace) -> int:
    answer = _ask(args, "devices.cancel_echo", mode=args.mode)
    return _show(args, answer, words.sound(answer))


def _try_device(args: argparse.Namespace) -> int:
    _ask(args, "devices.try", role=args.role)
    return 0


def _codecs(args: argparse.Namespace) -> int:
    answer = _ask(args, "codecs.list")
    return _show(args, answer, "\n".join(answer))


def _set_codecs(args: argparse.Namespace) -> int:
    answer = _ask(args, "codecs.set", names=args.names)
    return _show(args, answer, "\n".join(answer))


def _record(args: argparse.Namespace) -> int:
    file = args.to or Path(time.strftime("call-%Y%m%d-%H%M%S.wav"))
    answer = _ask(
        args, "call.record", call=args.call, file=str(file.absolute()) if args.do == "start" else None
    )
    return _show(args, answer, words.call(answer))


def _announce_recording(args: argparse.Namespace) -> int:
    answer = _ask(args, "recording.announce", announce=args.switch == "on")
    told = "From the next call on, other phones are told that it may be recorded."
    return _show(args, answer, told if answer else "Other phones are told nothing of recording.")


# what needs no backend, or is one


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


def _demo(args: argparse.Namespace) -> int:
    from phone.demo import Secrets, run  # noqa: PLC0415  # reads and writes sound

    given = None
    if args.secret or args.wrong_secret:
        kept = args.secret or secrets.token_urlsafe()
        given = Secrets(kept, args.wrong_secret or kept)
    return run(seconds=args.seconds, policy=args.policy, secrets=given, as_json=args.json)


def _selftest(args: argparse.Namespace) -> int:
    from phone.selftest import run  # noqa: PLC0415  # the whole backend

    return run(as_json=args.json)


def _doctor(args: argparse.Namespace) -> int:
    from phone.checkup import run  # noqa: PLC0415  # rarely needed

    return run(Home.named(args.home), _program(args), args.account, args.call, as_json=args.json)


def _desktop(args: argparse.Namespace) -> int:
    home = Home.named(args.home)
    home.prepare()
    return open_window(home.socket, home.log, _program(args), getattr(args, "address", ""))


def _program(args: argparse.Namespace) -> list[str]:
    """Return the command that runs Parley with the same home, up to its subcommand."""
    return [sys.executable, "-m", "phone.cli", *(["--home", args.home] if args.home else [])]


def _version(args: argparse.Namespace) -> int:  # noqa: ARG001  # every command takes them
    from importlib.metadata import version  # noqa: PLC0415  # slow

    print(f"parley {version('parley')}")
    return 0


# the grammar


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="parley",
        description="Calls that are private by themselves. Without a command: open the desktop.",
        allow_abbrev=False,
    )
    parser.add_argument("--home", metavar="DIR", type=_named, help="folder for accounts, keys and history")
    parser.add_argument("--version", action="store_true", help="print the version and end")
    parser.set_defaults(run=_desktop)
    commands = parser.add_subparsers(metavar="COMMAND")
    window = _command(commands, "open", _desktop, "open the desktop, as parley alone does")
    window.add_argument(
        "address", nargs="?", default="", metavar="URI", help="whom to call: sip:, sips: or tel:"
    )
    _add_backend_commands(commands)
    _add_account_commands(_group(commands, "account", "the accounts at your servers"))
    _add_secret_commands(_group(commands, "secret", "secrets of those who call, to be proved to them"))
    _add_call_commands(commands)
    _add_contact_commands(_group(commands, "contacts", "the people you call"))
    _add_peer_commands(commands, _group(commands, "peers", "the phones you know"))
    _add_sound_commands(commands)
    _add_algorithm_commands(_group(commands, "algorithms", "what calls offer to encrypt with"))
    return parser


def _command(commands: Any, name: str, run: Run, about: str, **options: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + ".", allow_abbrev=False, **options
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines, and nothing else")
    parser.set_defaults(run=run)
    return parser


def _group(commands: Any, name: str, about: str) -> Any:
    parser = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _add_backend_commands(commands: Any) -> None:
    demo = _command(commands, "demo", _demo, "two phones on this computer secure a call")
    demo.add_argument("--seconds", type=float, default=4.0, help="how long they talk (default: %(default)s)")
    demo.add_argument("--secret", metavar="TEXT", help="the callee, an end without a person, proves it")
    demo.add_argument("--wrong-secret", metavar="TEXT", help="what the caller takes for it")
    _policy(demo, "of both phones", default="prefer")
    keyring = (
        "With PARLEY_KEYRING=file in the environment, account secrets stay out of the desktop's keyring."
    )
    serve = _command(commands, "serve", _serve, "run the backend until it is told to end", epilog=keyring)
    serve.add_argument("--bind", metavar="IP", default="0.0.0.0", help="own address (default: every one)")  # noqa: S104
    serve.add_argument("--sip-port", type=_port, default=0, metavar="N", help="default: a free one")
    serve.add_argument("--play", type=Path, metavar="WAV", help="instead of a microphone: this file, looped")
    serve.add_argument("--record", type=Path, metavar="WAV", help="instead of a loudspeaker: into this file")
    serve.add_argument(
        "--echo", action="store_true", help="instead of either: say what is heard, a moment later"
    )
    _policy(serve, "for calls without an account", default="prefer")
    serve.add_argument(
        "--heed-go-clear",
        action="store_true",
        help="where the policy is prefer, let the other phone switch encryption off; you are asked then",
    )
    serve.add_argument("--front", metavar="HOST:PORT", help="be a worker of the parley service behind it")
    serve.add_argument("--trust-of", type=Path, metavar="DIR", help="share the identity and trust of a home")
    serve.add_argument("--verbose", action="store_true", help="log everything, without secrets")
    _command(commands, "status", _status, "accounts and calls, and how well each call is protected")
    _command(commands, "events", _events, "print what happens, until interrupted")
    history = _command(commands, "history", _history, "past calls, the latest first")
    history.add_argument("--count", type=int, default=20, metavar="N", help="how many (default: %(default)s)")
    further = history.add_subparsers(metavar="COMMAND")
    _command(further, "clear", _clear_history, "forget all of them")
    messages = _command(commands, "messages", _messages, "voice messages that wait, by account")
    _add_message_commands(messages.add_subparsers(metavar="COMMAND"))
    service = _group(commands, "service", "unattended ends: echo, announcement, voicemail, park")
    run = _command(service, "run", _run_service, "run the ends that a file describes, until told to end")
    run.add_argument("file", type=Path, metavar="FILE", help="TOML; docs/service.md explains it")
    run.add_argument("--verbose", action="store_true", help="log everything, without secrets")
    doctor = _command(commands, "doctor", _doctor, "find out what keeps calls from working")
    doctor.add_argument("account", nargs="?", metavar="ACCOUNT", help="default: every one")
    doctor.add_argument(
        "--call", metavar="EXT", help="call this extension too; it has to answer by itself, best with an echo"
    )
    _command(commands, "selftest", _selftest, "what this installation can do")


def _add_message_commands(commands: Any) -> None:
    _command(
        commands, "list", _list_messages, "messages that callers have left with the service of this home"
    )
    play = _command(commands, "play", _play_message, "play one of them")
    play.add_argument(
        "message", nargs="?", metavar="MESSAGE", help="its id, or the beginning (default: the latest)"
    )
    delete = _command(commands, "delete", _delete_message, "throw one of them away")
    delete.add_argument("message", metavar="MESSAGE")
    export = _command(commands, "export", _export_message, "copy one of them to a new WAV file")
    export.add_argument("message", metavar="MESSAGE")
    export.add_argument("file", type=Path, metavar="WAV")


def _add_account_commands(commands: Any) -> None:
    add = _command(commands, "add", _add_account, "add an account and register it", epilog=_DIGEST_HELP)
    add.add_argument("uri", metavar="sip:USER@HOST[:PORT]")
    edit = _command(commands, "edit", _edit_account, "change an account", epilog=_DIGEST_HELP)
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
        _policy(parser, "of its calls")
        parser.add_argument(
            "--weak-proof",
            choices=get_args(WeakProof),
            help="to ends that know only the older proof, from which a password could be guessed",
        )
    _command(commands, "list", _list_accounts, "all accounts and whether they are registered")
    for name, run, about in (
        ("show", _show_account, "everything of one account but its secret"),
        ("remove", _remove_account, "forget an account and its secret"),
        ("test", _test_account, "register an account afresh, and wait for the answer"),
    ):
        _command(commands, name, run, about).add_argument("account", nargs="?", metavar="ACCOUNT")
    about = "make a secret that nobody can guess, and print what the PBX needs of it"
    new_secret = _command(commands, "new-secret", _new_secret, about)
    new_secret.add_argument("account", nargs="?", metavar="ACCOUNT")
    new_secret.add_argument("--use", action="store_true", help="the account has it from now on")
    new_secret.add_argument(
        "--plain", action="store_true", help="let the PBX keep the secret, not its digests"
    )
    new_secret.add_argument("--realm", metavar="R", help="if it is not known, or another one")
    _add_key_command(commands)


def _add_key_command(commands: Any) -> None:
    about = "give an account a random key of 32 bytes that the other end has too, or take it away"
    key = _command(commands, "key", _account_key, about)
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
    keep = _command(commands, "keep", _keep_secret, "prove to a caller that his secret is known here")
    keep.add_argument("user", metavar="USER", help="user name of his logins")
    keep.add_argument("--realm", metavar="R", required=True, help="realm of his logins")
    keep.add_argument("--caller", metavar="C", help="how the PBX names him, often by extension")
    _secret_source(keep)
    keep.add_argument(
        "--credential", choices=get_args(KeptCredential), default="password", help="what the secret is"
    )
    keep.add_argument("--beside", action="store_true", help="what is kept of him in other forms stays")
    forget = _command(commands, "forget", _forget_secret, "forget the secret of a caller")
    forget.add_argument("caller", metavar="CALLER", help="as the list shows him")
    for parser in (keep, forget):
        parser.add_argument("--account", metavar="A", help="which he calls; default: without a server")
    _command(commands, "list", _list_secrets, "whose secrets are kept")


def _secret_source(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add the ways to give a secret; return their group, one of which is taken."""
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--secret-file", type=Path, metavar="F", help="read the secret from a file")
    secret.add_argument("--secret-stdin", action="store_true", help="read the secret from standard input")
    return secret


def _add_call_commands(commands: Any) -> None:
    call = _command(commands, "call", _call, "call somebody")
    call.add_argument("target", metavar="URI|NUMBER")
    call.add_argument("--account", metavar="A", help="account to call with")
    for name, run, about in (
        ("answer", _on_call("call.answer", "answering"), "answer a call"),
        ("hangup", _on_call("call.hang_up", "hanging up"), "end a call"),
        ("hold", _on_call("call.hold"), "put a call on hold"),
        ("resume", _on_call("call.resume"), "take a call back from hold"),
        ("mute", _on_call("call.mute", muted=True), "shut the microphone for a call"),
        ("unmute", _on_call("call.mute", muted=False), "open the microphone for a call"),
        ("enroll", _on_call("call.enroll"), "trust the PBX that asks for it to decrypt calls"),
    ):
        _which_call(_command(commands, name, run, about))
    for name, run, about in (
        ("clear", _go_on("call.allow_clear"), "go on without encryption in a call that has lost it"),
        (
            "proceed",
            _go_on("call.proceed"),
            "go on in a call that is encrypted, and less protected than before",
        ),
    ):
        going_on = _command(commands, name, run, about)
        _which_call(going_on)
        going_on.add_argument("--always", action="store_true", help="do not ask again at this address")
    _command(commands, "redial", _redial, "call again whoever was called last")
    suggest = _command(commands, "suggest", _suggest, "who may be meant: contacts, and who was talked to")
    suggest.add_argument("text", metavar="TEXT", help="part of a name or address")
    reject = _command(commands, "reject", _reject, "refuse a call, as busy")
    _which_call(reject)
    how = reject.add_mutually_exclusive_group()
    how.add_argument("--decline", action="store_true", help="say that it is not wanted")
    how.add_argument("--to", metavar="URI|NUMBER", help="send the caller there instead")
    dtmf = _command(commands, "dtmf", _dtmf, "press keys in a call")
    _which_call(dtmf)
    dtmf.add_argument("digits", metavar="DIGITS", help="0-9, *, # and A-D")
    transfer = _command(commands, "transfer", _transfer, "let the other side talk to somebody else")
    _which_call(transfer)
    transfer.add_argument("target", nargs="?", metavar="URI|NUMBER", help="whom to")
    transfer.add_argument("--to", metavar="CALL2", help="to the other side of this call")
    conference = _command(commands, "conference", _conference, "let the other sides of calls hear each other")
    conference.add_argument("calls", nargs="+", metavar="CALL")
    verify = _command(commands, "verify", _verify, "compare the code that you hear")
    _which_call(verify)
    verify.add_argument("code", metavar="CODE", help="as you hear it; two words go in quotes")
    verify.add_argument("--name", metavar="N", help="who read it to you")


def _add_contact_commands(commands: Any) -> None:
    listing = _command(commands, "list", _list_contacts, "all contacts, or those that contain a text")
    listing.add_argument("text", nargs="?", default="", metavar="TEXT", help="part of a name or address")
    add = _command(commands, "add", _add_contact, "give an address a name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("address", metavar="URI|NUMBER")
    _policy(add, "of calls with it; it counts where you call it, and asks for more where it calls you")
    edit = _command(commands, "edit", _edit_contact, "change a contact")
    edit.add_argument("contact", metavar="NAME")
    edit.add_argument("--name", metavar="N", help="its new name")
    edit.add_argument("--address", metavar="URI|NUMBER", help="its new address")
    policy = edit.add_mutually_exclusive_group()
    _policy(policy, "of calls with it; it counts where you call it, and asks for more where it calls you")
    policy.add_argument("--no-policy", action="store_true", help="what the account asks for is enough")
    _command(commands, "remove", _remove_contact, "forget a contact").add_argument("contact", metavar="NAME")
    export = _command(commands, "export", _export_contacts, "write all contacts as CSV")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: standard output")
    take = _command(commands, "import", _import_contacts, "add the contacts of a CSV file")
    take.add_argument("file", type=Path, metavar="FILE", help="with columns name and address, maybe policy")


def _add_peer_commands(commands: Any, peers: Any) -> None:
    _command(peers, "list", _list_peers, "all phones, and since when they are verified")
    for group, name, run, about in (
        (peers, "show", _on_peer("peers.show"), "everything of one phone but its key"),
        (peers, "rename", _rename_peer, "give a phone another name"),
        (peers, "forget", _forget_peer, "forget a phone and its key"),
        (commands, "unverify", _on_peer("peers.unverify"), "take back that a phone was verified"),
    ):
        parser = _command(group, name, run, about)
        parser.add_argument("peer", metavar="PEER", help="its name or ZID")
        if name == "rename":
            parser.add_argument("name", metavar="NAME")
    export = _command(peers, "export", _export_peers, "write names and dates, no keys, to a file")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: standard output")
    take = _command(peers, "import", _import_peers, "learn names from such a file; verifies nothing")
    take.add_argument("file", type=Path, metavar="FILE")


def _add_algorithm_commands(algorithms: Any) -> None:
    _command(algorithms, "list", _list_algorithms, "what is offered, best first, and what else could be")
    kinds = get_args(AlgorithmKind)
    mandatory = "What RFC 6189 makes mandatory cannot be switched off: left out, it is offered last."
    choose = _command(
        algorithms, "set", _set_algorithms, "offer these from the next call on", epilog=mandatory
    )
    choose.add_argument("kind", choices=kinds)
    choose.add_argument("codes", nargs="+", metavar="CODE", help="as the list shows them; the best first")
    reset = _command(algorithms, "reset", _reset_algorithms, "offer what Parley offers by itself")
    reset.add_argument("kind", nargs="?", choices=kinds, help="default: every kind")


def _add_sound_commands(commands: Any) -> None:
    devices = _group(commands, "devices", "microphone, speaker and ringer")
    _command(devices, "list", _devices, "what is there, what is chosen, and how loud it is")
    use = _command(devices, "use", _use_device, "choose a device, for now and later")
    use.add_argument("role", choices=get_args(Role))
    use.add_argument("name", nargs="?", metavar="NAME", help="or a part of it; default: follow the system")
    volume = _command(devices, "volume", _volume, "louder or quieter")
    volume.add_argument("role", choices=("microphone", "speaker"))
    volume.add_argument("percent", type=int, metavar="PERCENT", help="100: as it comes")
    about = "take the loudspeaker's sound, and noise, out of the microphone's, for now and later"
    echo = _command(devices, "cancel-echo", _cancel_echo, about)
    echo.add_argument("mode", choices=get_args(EchoMode), help="auto: unless a headset makes it needless")
    trial = _command(devices, "try", _try_device, "play a short sound")
    trial.add_argument("role", nargs="?", choices=("speaker", "ringer"), default="speaker")
    codecs = _group(commands, "codecs", "what sound is packed with")
    _command(codecs, "list", _codecs, "what calls offer, best first")
    choose = _command(codecs, "set", _set_codecs, "offer these from the next call on, best first")
    choose.add_argument("names", nargs="*", metavar="CODEC", help="default: as Parley comes")
    record = _command(commands, "record", _record, "write both sides of a call to a WAV file")
    _which_call(record)
    record.add_argument("do", choices=("start", "stop"))
    record.add_argument("--to", type=Path, metavar="WAV", help="a new file; default: named after the time")
    announce = _command(
        commands, "announce-recording", _announce_recording, "tell other phones that calls may be recorded"
    )
    announce.add_argument("switch", choices=("on", "off"))


def _which_call(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("call", nargs="?", metavar="CALL", help="default: the only one")


def _policy(parser: argparse._ActionsContainer, whose: str, default: str | None = None) -> None:
    about = f"what calls need before anything is sent or heard; {whose}"
    parser.add_argument("--policy", choices=get_args(Policy), default=default, help=about)


def _named(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("it has no name")  # an unset variable is not the current folder
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
