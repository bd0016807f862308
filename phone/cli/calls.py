"""Commands for calls."""

from __future__ import annotations

import argparse
from typing import Any

from phone.cli.asking import UsageError, ask, connect, show
from phone.cli.grammar import Run, add_call, add_command
from phone.control import words
from phone.control.contract import ControlError

PROGRESS_S = 5.0
"""How long ``parley call`` waits for the other side to ring, answer or refuse; the call itself goes on."""

TRANSFER_S = 10.0
"""How long ``parley transfer`` waits for the outcome; the transfer itself goes on."""


def _call(args: argparse.Namespace) -> int:
    return _follow(args, "call.dial", target=args.target, account=args.account)


def _follow(args: argparse.Namespace, method: str, **params: object) -> int:
    """Place a call, and tell what has become of it so far."""
    with connect(args) as client:
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
    return show(args, answer, words.call(answer))


def _on_call(method: str, begun: str = "", **params: object) -> Run:
    """Return what carries out ``method``; ``begun``: what to tell of it if its end is yet to come."""

    def run(args: argparse.Namespace) -> int:
        answer = ask(args, method, call=args.call, **params)
        return show(args, answer, f"call {answer['id']}   {begun}" if begun else words.call(answer))

    return run


def _go_on(method: str) -> Run:
    """Return what carries out ``method`` in a call that asks whether to go on."""
    return lambda args: _on_call(method, always=args.always)(args)


def _dtmf(args: argparse.Namespace) -> int:
    return _on_call("call.dtmf", digits=args.digits)(args)


def _transfer(args: argparse.Namespace) -> int:
    call, target = (args.call, args.target) if args.target or args.to else (None, args.call)
    if (target is None) == (args.to is None) or (args.to is not None and call is None):
        raise UsageError(
            "name whom to transfer to: parley transfer CALL URI, or parley transfer CALL --to CALL2"
        )
    with connect(args) as client:
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
    return show(args, answer, f"call {answer['id']}   {words.transfer(answer)}")


def _conference(args: argparse.Namespace) -> int:
    answer = ask(args, "call.conference", calls=args.calls)
    return show(args, answer, "\n".join(map(words.call, answer)))


def _verify(args: argparse.Namespace) -> int:
    return _on_call("call.verify", code=args.code, name=args.name)(args)


def _redial(args: argparse.Namespace) -> int:
    return _follow(args, "call.redial")


def _reject(args: argparse.Namespace) -> int:
    if args.to is not None:
        return _on_call("call.reject", "sending away", to=args.to)(args)
    return _on_call("call.reject", "rejecting", how="decline" if args.decline else "busy")(args)


def _suggest(args: argparse.Namespace) -> int:
    answer = ask(args, "call.suggest", text=args.text)
    return show(args, answer, words.suggestions(answer))


def add(commands: Any) -> None:
    """Add them."""
    call = add_command(commands, "call", _call, "call somebody")
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
        add_call(add_command(commands, name, run, about))
    for name, run, about in (
        ("clear", _go_on("call.allow_clear"), "go on without encryption in a call that has lost it"),
        (
            "proceed",
            _go_on("call.proceed"),
            "go on in a call that is encrypted, and less protected than before",
        ),
    ):
        going_on = add_command(commands, name, run, about)
        add_call(going_on)
        going_on.add_argument("--always", action="store_true", help="do not ask again at this address")
    add_command(commands, "redial", _redial, "call again whoever was called last")
    suggest = add_command(commands, "suggest", _suggest, "who may be meant: contacts, and who was talked to")
    suggest.add_argument("text", metavar="TEXT", help="part of a name or address")
    reject = add_command(commands, "reject", _reject, "refuse a call, as busy")
    add_call(reject)
    how = reject.add_mutually_exclusive_group()
    how.add_argument("--decline", action="store_true", help="say that it is not wanted")
    how.add_argument("--to", metavar="URI|NUMBER", help="send the caller there instead")
    dtmf = add_command(commands, "dtmf", _dtmf, "press keys in a call")
    add_call(dtmf)
    dtmf.add_argument("digits", metavar="DIGITS", help="0-9, *, # and A-D")
    transfer = add_command(commands, "transfer", _transfer, "let the other side talk to somebody else")
    add_call(transfer)
    transfer.add_argument("target", nargs="?", metavar="URI|NUMBER", help="whom to")
    transfer.add_argument("--to", metavar="CALL2", help="to the other side of this call")
    conference = add_command(
        commands, "conference", _conference, "let the other sides of calls hear each other"
    )
    conference.add_argument("calls", nargs="+", metavar="CALL")
    verify = add_command(commands, "verify", _verify, "compare the code that you hear")
    add_call(verify)
    verify.add_argument("code", metavar="CODE", help="as you hear it; two words go in quotes")
    verify.add_argument("--name", metavar="N", help="who read it to you")
